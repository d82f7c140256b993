//! Mirrors of repositories and organizations.

use crate::types::{SyncStatus, Timestamp};
use serde::Deserialize;

/// A mirror of a repository of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct MirrorSeed {
    /// The mirrored repository, such as `quay.io/coreos/etcd`.
    pub reference: String,
    /// The robot account that pushes, with its namespace.
    pub robot: String,
    /// Globs, such as `v1.*`: a tag is mirrored if it matches any of them. By default, all tags
    /// are.
    #[serde(default)]
    pub tags: Vec<String>,
    /// The status of the last synchronization; none by default.
    #[serde(default)]
    pub status: Option<SyncStatus>,
    /// The time of the last synchronization.
    #[serde(default)]
    pub synced: Option<Timestamp>,
    /// The number of attempts that remain: three by default.
    #[serde(default)]
    pub retries: Option<u64>,
}

/// A mirror of an organization of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct OrganizationMirrorSeed {
    /// The address of the other registry, which is a Quay server.
    pub url: String,
    /// The namespace in the other registry.
    pub namespace: String,
    /// The robot account that pushes, with its namespace.
    pub robot: String,
    /// The repositories that were found in the other registry.
    #[serde(default)]
    pub found: Vec<FoundRepositorySeed>,
}

/// A repository that a mirror of an organization found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct FoundRepositorySeed {
    /// The name in the other registry.
    pub name: String,
    /// The status of its last synchronization; none by default.
    #[serde(default)]
    pub status: Option<SyncStatus>,
}

impl MirrorSeed {
    /// Creates a mirror of all tags that was never synchronized.
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

    /// Adds a glob: a tag is mirrored if it matches any of the globs.
    pub fn tags(mut self, glob: impl Into<String>) -> Self {
        self.tags.push(glob.into());
        self
    }

    /// Sets the status and the time of the last synchronization.
    pub fn synced(mut self, status: SyncStatus, moment: Timestamp) -> Self {
        (self.status, self.synced) = (Some(status), Some(moment));
        self
    }

    /// Sets the number of attempts that remain.
    pub fn retries(mut self, count: u64) -> Self {
        self.retries = Some(count);
        self
    }
}

impl OrganizationMirrorSeed {
    /// Creates a mirror of a namespace of another registry that was never synchronized.
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

    /// Adds a repository that was found in the other registry.
    pub fn found(mut self, name: impl Into<String>, status: impl Into<Option<SyncStatus>>) -> Self {
        self.found.push(FoundRepositorySeed {
            name: name.into(),
            status: status.into(),
        });
        self
    }
}
