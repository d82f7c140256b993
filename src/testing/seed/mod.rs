//! Data that a test adds to a sandbox, written in Rust or in JSON.
//!
//! ```
//! # async fn example() -> quay_api::Result<()> {
//! use quay_api::testing::Sandbox;
//! use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TagSeed, TeamSeed};
//! use quay_api::types::{RepositoryRole, TeamRole};
//!
//! let sandbox = Sandbox::start().await?;
//! let seed = Seed::new()
//!     .user("alice")
//!     .organization(
//!         OrganizationSeed::new("initech")
//!             .team(TeamSeed::new("devs", TeamRole::Creator).member("alice"))
//!             .robot("ci"),
//!     )
//!     .repository(
//!         RepositorySeed::new("initech/tps")
//!             .tag(TagSeed::new("v1", 4096))
//!             .grant("initech+ci", RepositoryRole::Read),
//!     );
//! sandbox.seed(&seed)?;
//! assert_eq!(sandbox.quay().repository("initech/tps")?.tags().list().await?.len(), 1);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! JSON uses the names of the fields of these types. Lists and fields with a default can be left
//! out:
//!
//! ```
//! use quay_api::testing::seed::Seed;
//!
//! let seed = Seed::from_json(r#"{
//!     "users": [{"name": "alice"}],
//!     "organizations": [{"name": "initech", "teams": [{"name": "devs", "role": "creator", "members": ["alice"]}], "robots": [{"name": "ci"}]}],
//!     "repositories": [{"name": "initech/tps", "visibility": "public", "tags": [{"name": "v1", "size": 4096, "pushed": "2026-11-24T00:00:00Z"}]}]
//! }"#)?;
//! assert_eq!(seed.repositories[0].tags[0].name, "v1");
//! # Ok::<(), quay_api::Error>(())
//! ```

mod accounts;
mod apply;
mod logs;
mod mirrors;
mod notices;
mod repositories;
mod scans;

pub use accounts::{OrganizationSeed, RobotSeed, TeamSeed, UserSeed};
pub(in crate::testing) use apply::{apply, push};
pub use logs::LogEntrySeed;
pub use mirrors::{FoundRepositorySeed, MirrorSeed, OrganizationMirrorSeed};
pub use notices::NoticeSeed;
pub use repositories::{RepositorySeed, TagSeed, TriggerSeed};
pub use scans::{PackageSeed, ScanSeed, VulnerabilitySeed};

use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use std::path::Path;

/// Data that a test adds to a sandbox: see the [module](self).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct Seed {
    /// Users, in addition to the superuser of every sandbox.
    pub users: Vec<UserSeed>,
    /// Organizations, which the superuser owns.
    pub organizations: Vec<OrganizationSeed>,
    /// Repositories of users and organizations.
    pub repositories: Vec<RepositorySeed>,
    /// Entries of the usage logs.
    pub logs: Vec<LogEntrySeed>,
    /// Notices of users and organizations.
    pub notices: Vec<NoticeSeed>,
}

impl Seed {
    /// Creates an empty seed.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if it is not JSON, or has a field that seeds do not have.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| {
            Error::new(
                ErrorKind::InvalidInput,
                format!("the seed can't be read: {e}"),
            )
        })
    }

    /// Reads a file of JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the file can't be read, or is not a seed.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path).map_err(|e| {
            Error::invalid_input(format!("the seed {} can't be read", path.display()))
                .with_source(e)
        })?;
        Self::from_json(&text)
    }

    /// Adds a user.
    pub fn user(mut self, user: impl Into<UserSeed>) -> Self {
        self.users.push(user.into());
        self
    }

    /// Adds an organization.
    pub fn organization(mut self, organization: impl Into<OrganizationSeed>) -> Self {
        self.organizations.push(organization.into());
        self
    }

    /// Adds a repository.
    pub fn repository(mut self, repository: impl Into<RepositorySeed>) -> Self {
        self.repositories.push(repository.into());
        self
    }

    /// Adds an entry of the usage logs.
    pub fn log(mut self, entry: LogEntrySeed) -> Self {
        self.logs.push(entry);
        self
    }

    /// Adds a notice of a user or an organization.
    pub fn notice(mut self, notice: NoticeSeed) -> Self {
        self.notices.push(notice);
        self
    }
}

/// Seeds that need a name only can be made from one.
macro_rules! named {
    ($($type:ident)*) => {$(
        impl From<&str> for $type {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
    )*};
}
named!(UserSeed OrganizationSeed RobotSeed RepositorySeed);
