//! Helpers that many calls share: for arguments, results, and checks of the parent.

use super::parent::Parent;
use crate::error::expect_missing;
use crate::generated::params;
use crate::pagination::{ListRequest, Listing};
use crate::types::check_segment;
use crate::{Delivery, Error, ErrorKind, Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// Checks a name that becomes one segment of a path.
pub(crate) fn path_segment(kind: &'static str, value: &str) -> Result<Arc<str>> {
    Ok(Arc::from(check_segment(kind, value)?))
}

/// Returns the value of a query parameter that is true or absent.
pub(crate) fn query_flag(value: bool) -> Option<&'static str> {
    value.then_some("true")
}

/// Returns the value of a query parameter that is true or false.
pub(crate) fn query_bool(value: bool) -> Option<&'static str> {
    Some(if value { "true" } else { "false" })
}

/// Awaits a lookup, and turns the error of a missing resource into `None`. The lookup is passed as
/// a future, so that its span does not record a failure.
pub(crate) async fn none_if_not_found<T>(
    lookup: impl IntoFuture<Output = Result<T>>,
) -> Result<Option<T>> {
    match expect_missing(lookup.into_future()).await {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Searches a listing for a row that the server has no operation to read. The parent must exist.
pub(crate) async fn find_row<Q: ListRequest>(
    listing: Listing<Q>,
    is_it: impl Fn(&Q::Row) -> bool,
) -> Result<Option<Q::Row>> {
    Ok(listing.await?.into_iter().find(is_it))
}

/// Awaits a deletion, and returns true if the resource existed.
///
/// False is certain. If the response to an attempt was lost and a retry finds nothing, the result
/// is true, since the first attempt may have deleted it.
pub(crate) async fn existed(deletion: impl IntoFuture<Output = Result<()>>) -> Result<bool> {
    match expect_missing(deletion.into_future()).await {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(error.may_have_been_done()),
        Err(error) => Err(error),
    }
}

/// A check that something exists. Nothing is sent before it is awaited.
pub(crate) type ExistenceCheck = BoxFuture<'static, Result<()>>;

impl Parent {
    /// Returns the value in the paths of the operations of the parent.
    pub(crate) fn path_values(&self) -> Vec<(&'static str, &str)> {
        match self {
            Self::Repository(name) => vec![("repository", name.as_str())],
            Self::Organization(name) => vec![("orgname", name)],
            Self::User(name) => vec![("username", name)],
            Self::Me | Self::Server => Vec::new(),
        }
    }

    /// Returns the kind and the name of the parent.
    pub(crate) fn named(&self) -> String {
        match self {
            Self::Repository(name) => format!("repository {name}"),
            Self::Organization(name) => format!("organization {name}"),
            Self::User(name) => format!("user {name}"),
            Self::Me | Self::Server => self.to_string(),
        }
    }

    /// Returns a check that the parent exists, for responses that do not show this: for a
    /// superuser, Quay responds with an empty list if the parent is missing, and to some writes
    /// with status 500.
    ///
    /// The check fails with [`ErrorKind::NotFound`] if the parent does not exist. It passes if the
    /// caller may not see the parent: then the server's own response is the best information.
    pub(crate) fn check_exists(&self, quay: &Quay) -> ExistenceCheck {
        let (quay, parent) = (quay.clone(), self.clone());
        async move {
            let found = match &parent {
                Self::Repository(name) => {
                    let request = quay.api().get_repo(params::GetRepo {
                        repository: name.as_str(),
                        include_stats: None,
                        include_tags: query_bool(false),
                    });
                    quay.send_for_any(request).await
                }
                Self::Organization(name) => {
                    let request = quay.api().get_organization(name);
                    quay.send_for_any(request).await
                }
                Self::User(name) => {
                    let request = quay.api().get_user_information(name);
                    quay.send_for_any(request).await
                }
                Self::Me | Self::Server => return Ok(()),
            };
            match found {
                // The server's own error is no source: it says the same.
                Err(error) if error.is_not_found() => {
                    Err(missing(&parent.named()).with_subject_of(&error))
                }
                Err(error) if may_not_look(&error) => Ok(()),
                other => other,
            }
        }
        .boxed()
    }
}

/// Returns a check that an organization or a user of this name exists.
pub(crate) fn check_namespace_exists(quay: &Quay, name: &Arc<str>) -> ExistenceCheck {
    let organization = Parent::Organization(Arc::clone(name)).check_exists(quay);
    let user = Parent::User(Arc::clone(name)).check_exists(quay);
    let name = Arc::clone(name);
    async move {
        match organization.await {
            Err(error) if error.is_not_found() => {}
            other => return other,
        }
        match user.await {
            Err(error) if error.is_not_found() => {
                let missing = missing(&format!("organization or user {name}"));
                Err(missing.with_subject_of(&error))
            }
            other => other,
        }
    }
    .boxed()
}

/// Returns the error for a row that a listing does not contain.
pub(crate) fn missing_in<Q: ListRequest>(
    listing: &Listing<Q>,
    what: &str,
    values: &[(&'static str, &str)],
) -> Error {
    missing(what).with_response_to(listing.operation(), values)
}

/// Returns the error for a resource that does not exist.
///
/// The caller adds the operation whose response shows it.
pub(crate) fn missing(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no {what}"))
        .with_delivery(Delivery::Responded)
}

/// Returns true for the error of a caller who may not see whether a resource exists.
pub(crate) fn may_not_look(error: &Error) -> bool {
    error.is_forbidden() || error.is_unauthenticated()
}

/// Replaces the error of a server that failed because a resource does not exist.
///
/// Quay responds with status 500 to some requests that name a missing resource. Nothing was written
/// then.
pub(crate) async fn missing_if_server_failed<T>(
    result: Result<T>,
    check: ExistenceCheck,
) -> Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::Server => match check.await {
            Err(missing) if missing.is_not_found() => Err(missing.with_subject_of(&error)),
            _ => Err(error),
        },
        other => other,
    }
}

/// Returns the check for a listing: if the list is empty, the parent must exist.
pub(crate) fn exists_if_empty(
    quay: &Quay,
    parent: &Parent,
) -> impl Fn() -> ExistenceCheck + Send + Sync + 'static {
    let (quay, parent) = (quay.clone(), parent.clone());
    move || parent.check_exists(&quay)
}
