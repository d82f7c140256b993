//! Notices of users and organizations.

use crate::types::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// A notice of a [`Seed`](super::Seed), for a user or the administrators of an organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct NoticeSeed {
    /// The user or the organization.
    pub namespace: String,
    /// The kind of the notice, such as `repo_push`.
    pub kind: String,
    /// The time; now by default.
    #[serde(default)]
    pub when: Option<Timestamp>,
    /// The metadata.
    #[serde(default)]
    pub metadata: Option<Value>,
}

impl NoticeSeed {
    /// Creates a notice of a kind for a user or an organization.
    pub fn new(namespace: impl Into<String>, kind: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            kind: kind.into(),
            when: None,
            metadata: None,
        }
    }

    /// Sets the time.
    pub fn when(mut self, moment: Timestamp) -> Self {
        self.when = Some(moment);
        self
    }

    /// Sets the metadata.
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }
}
