//! Entries of the usage logs.

use crate::types::Timestamp;
use serde::Deserialize;
use serde_json::Value;

/// An entry of the usage logs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LogEntrySeed {
    /// What was done, such as `pull_repo`.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// The repository, without its namespace.
    #[serde(default)]
    pub repository: Option<String>,
    /// The user or robot account who did it.
    #[serde(default)]
    pub performer: Option<String>,
    /// When; now unless given.
    #[serde(default)]
    pub when: Option<Timestamp>,
    /// What else is known.
    #[serde(default)]
    pub metadata: Option<Value>,
}

impl LogEntrySeed {
    /// Something that was done in a namespace.
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

    /// To a repository, named without the namespace.
    pub fn repository(mut self, name: impl Into<String>) -> Self {
        self.repository = Some(name.into());
        self
    }

    /// By somebody.
    pub fn performer(mut self, name: impl Into<String>) -> Self {
        self.performer = Some(name.into());
        self
    }

    /// At a moment.
    pub fn when(mut self, moment: Timestamp) -> Self {
        self.when = Some(moment);
        self
    }
}
