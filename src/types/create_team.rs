//! A team to be created.

use super::TeamRole;
use serde::{Deserialize, Serialize};

/// A team to be created. The server creates and changes teams with the same operation, whose
/// request is [`UpdateTeam`](super::UpdateTeam).
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
    /// What its members may do in the organization.
    pub role: TeamRole,
    /// Description in Markdown; empty unless set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

impl CreateTeam {
    /// Starts with what is required (`role`).
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
