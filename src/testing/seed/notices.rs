//! What users and organizations are told.

use crate::types::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// Something that a user, or who administers an organization, is told.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NoticeSeed {
    /// The user or the organization.
    pub namespace: String,
    /// What it is about, such as `repo_push`.
    pub kind: String,
    /// Since when; now unless given.
    #[serde(default)]
    pub when: Option<Timestamp>,
    /// What else is known.
    #[serde(default)]
    pub metadata: Option<Value>,
}

impl NoticeSeed {
    /// Something that a user or an organization is told.
    pub fn new(namespace: impl Into<String>, kind: impl Into<String>) -> Self {
        Self {
            namespace: namespace.into(),
            kind: kind.into(),
            when: None,
            metadata: None,
        }
    }

    /// Since a moment.
    pub fn when(mut self, moment: Timestamp) -> Self {
        self.when = Some(moment);
        self
    }

    /// With what else is known.
    pub fn metadata(mut self, metadata: Value) -> Self {
        self.metadata = Some(metadata);
        self
    }
}
