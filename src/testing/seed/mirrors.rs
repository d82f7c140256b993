//! Mirrors of repositories and organizations.

use crate::types::{SyncStatus, Timestamp};
use serde::Deserialize;

/// What a repository copies from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct MirrorSeed {
    /// The other repository, as in `quay.io/coreos/etcd`.
    pub reference: String,
    /// The robot account that pushes, with its namespace.
    pub robot: String,
    /// Globs; tags that fit any of them are copied. All unless given.
    #[serde(default)]
    pub tags: Vec<String>,
    /// How the last synchronization went; there was none unless given.
    #[serde(default)]
    pub status: Option<SyncStatus>,
    /// When that was.
    #[serde(default)]
    pub synced: Option<Timestamp>,
    /// How many more tries there are: three unless given.
    #[serde(default)]
    pub retries: Option<u64>,
}

/// What an organization copies from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OrganizationMirrorSeed {
    /// Address of the other registry, a Quay.
    pub url: String,
    /// The namespace there.
    pub namespace: String,
    /// The robot account that pushes, with its namespace.
    pub robot: String,
    /// The repositories that were found there.
    #[serde(default)]
    pub found: Vec<FoundRepositorySeed>,
}

/// A repository that a mirror of an organization found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FoundRepositorySeed {
    /// Its name there.
    pub name: String,
    /// How its last synchronization went; there was none unless given.
    #[serde(default)]
    pub status: Option<SyncStatus>,
}

impl MirrorSeed {
    /// A mirror of all tags that was never synchronized.
    pub fn new(reference: impl Into<String>, robot: impl Into<String>) -> Self {
        Self {
            reference: reference.into(),
            robot: robot.into(),
            tags: Vec::new(),
            status: None,
            synced: None,
            retries: None,
        }
    }

    /// Of the tags that fit a glob; given several times, any of them.
    pub fn tags(mut self, glob: impl Into<String>) -> Self {
        self.tags.push(glob.into());
        self
    }

    /// Whose last synchronization went so, at a moment.
    pub fn synced(mut self, status: SyncStatus, moment: Timestamp) -> Self {
        (self.status, self.synced) = (Some(status), Some(moment));
        self
    }

    /// With so many more tries.
    pub fn retries(mut self, count: u64) -> Self {
        self.retries = Some(count);
        self
    }
}

impl OrganizationMirrorSeed {
    /// A mirror of a namespace of another registry that was never synchronized.
    pub fn new(
        url: impl Into<String>,
        namespace: impl Into<String>,
        robot: impl Into<String>,
    ) -> Self {
        Self {
            url: url.into(),
            namespace: namespace.into(),
            robot: robot.into(),
            found: Vec::new(),
        }
    }

    /// With a repository that was found there.
    pub fn found(mut self, name: impl Into<String>, status: impl Into<Option<SyncStatus>>) -> Self {
        self.found.push(FoundRepositorySeed {
            name: name.into(),
            status: status.into(),
        });
        self
    }
}
