//! Entries of the usage logs.

use crate::types::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// An entry of the usage logs of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct LogEntrySeed {
    /// The kind of the entry, such as `pull_repo`.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// The repository, without its namespace.
    #[serde(default)]
    pub repository: Option<String>,
    /// The user or robot account that performed the action.
    #[serde(default)]
    pub performer: Option<String>,
    /// The time; now by default.
    #[serde(default)]
    pub when: Option<Timestamp>,
    /// The metadata.
    #[serde(default)]
    pub metadata: Option<Value>,
}

impl LogEntrySeed {
    /// Creates an entry of a kind in a namespace.
    pub fn new(kind: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self {
            kind: kind.into(),
            namespace: namespace.into(),
            repository: None,
            performer: None,
            when: None,
            metadata: None,
        }
    }

    /// Sets the repository, without its namespace.
    pub fn repository(mut self, name: impl Into<String>) -> Self {
        self.repository = Some(name.into());
        self
    }

    /// Sets the user or robot account that performed the action.
    pub fn performer(mut self, name: impl Into<String>) -> Self {
        self.performer = Some(name.into());
        self
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
