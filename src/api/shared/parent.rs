//! The owner of what a handle is about.

use crate::generated::params;
use crate::types::RepositoryName;
use crate::{Error, Quay, Result};
use std::fmt;
use std::sync::Arc;

/// The owner of what a handle is about. Handles that several kinds of owners share hold one of
/// these, and match it where they choose an operation.
#[derive(Debug, Clone)]
pub(crate) enum Parent {
    Organization(Arc<str>),
    Repository(Arc<RepositoryName>),
    /// The caller.
    Me,
    /// A user, seen by a superuser.
    User(Arc<str>),
    /// The whole server, seen by a superuser.
    Server,
}

impl Parent {
    /// Returns the error for an operation that the API does not have for this kind of owner.
    /// `Quay` and the other handles only make handles whose owner has what they are about.
    pub fn has_no<T>(&self, what: &str) -> Result<T> {
        Err(Error::invalid_input(format!("{self} has no {what}")))
    }

    /// Returns the error of a missing owner, if it is missing. The server gives a superuser an empty
    /// list of what belongs to it.
    pub async fn check_exists(&self, quay: &Quay) -> Result<()> {
        let api = quay.api();
        match self {
            Self::Organization(name) => quay.send(api.get_organization(name)).await.map(drop),
            Self::Repository(name) => {
                let request = api.get_repo(params::GetRepo {
                    repository: name.as_str(),
                    include_stats: None,
                    include_tags: Some("false"),
                });
                quay.send(request).await.map(drop)
            }
            Self::User(name) => quay.send(api.get_install_user(name)).await.map(drop),
            Self::Me | Self::Server => Ok(()),
        }
    }
}

impl fmt::Display for Parent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Organization(_) => "an organization",
            Self::Repository(_) => "a repository",
            Self::Me => "the caller",
            Self::User(_) => "a user",
            Self::Server => "the server",
        })
    }
}
