//! The parent of a resource.

use crate::types::RepositoryName;
use crate::{Error, Result};
use std::fmt;
use std::sync::Arc;

/// The parent of a resource. Handles that several kinds of parents share contain one of these, and
/// match it to choose an operation.
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
    /// Returns the error for an operation that the API does not have for this kind of parent.
    ///
    /// Through the public API, only the export of the server's log reaches it.
    pub fn has_no<T>(&self, what: &str) -> Result<T> {
        Err(Error::invalid_input(format!("{self} has no {what}")))
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
