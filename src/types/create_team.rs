//! The request that creates a team.

use super::TeamRole;
use serde::{Deserialize, Serialize};

/// The request that creates a team.
///
/// The server creates and changes teams with the same operation, whose request is
/// [`UpdateTeam`](super::UpdateTeam).
///
/// # Examples
///
/// ```
/// use quay_api::types::{CreateTeam, TeamRole};
///
/// let team = CreateTeam::new(TeamRole::Member).description("Developers");
/// assert_eq!(team.description.as_deref(), Some("Developers"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CreateTeam {
    /// The role of its members in the organization.
    pub role: TeamRole,
    /// The description in Markdown. The default is an empty description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CreateTeam {
    /// Creates a request with the required field, `role`.
    #[must_use]
    pub fn new(role: impl Into<TeamRole>) -> Self {
        Self {
            role: role.into(),
            description: None,
        }
    }

    /// Sets the description, in Markdown.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }
}
