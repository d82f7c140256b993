//! Steps that many calls share: their arguments, their results, and what they are below.

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

/// Returns the value of a query parameter that is true, or left out.
pub(crate) fn query_flag(value: bool) -> Option<&'static str> {
    value.then_some("true")
}

/// Returns the value of a query parameter that is true or false.
pub(crate) fn query_bool(value: bool) -> Option<&'static str> {
    Some(if value { "true" } else { "false" })
}

/// Awaits a lookup, and turns the error of a missing resource into `None`. The lookup is given as a
/// future, so that its call knows that this is no failure.
pub(crate) async fn none_if_not_found<T>(
    lookup: impl IntoFuture<Output = Result<T>>,
) -> Result<Option<T>> {
    match expect_missing(lookup.into_future()).await {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns the row of a listing that is looked for, for what the server has no operation to read.
/// What the listing is below has to exist.
pub(crate) async fn find_row<Q: ListRequest>(
    listing: Listing<Q>,
    is_it: impl Fn(&Q::Row) -> bool,
) -> Result<Option<Q::Row>> {
    Ok(listing.await?.into_iter().find(is_it))
}

/// Awaits a deletion, and returns whether what was to be deleted existed.
///
/// False is certain. After a lost response the request is repeated, and finds nothing if the first
/// one was done: that is true.
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
    /// Returns the kind and the name of the owner.
    pub(crate) fn named(&self) -> String {
        match self {
            Self::Repository(name) => format!("repository {name}"),
            Self::Organization(name) => format!("organization {name}"),
            Self::User(name) => format!("user {name}"),
            Self::Me | Self::Server => self.to_string(),
        }
    }

    /// Returns a check that the owner exists, for responses that do not tell: to a superuser, Quay
    /// lists nothing below what does not exist, with a success, and fails with a 500 on some
    /// writes.
    ///
    /// The check fails with [`ErrorKind::NotFound`] if the owner is known to be missing. It passes
    /// if the caller may not know, since the server's own response then says as much as there is.
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
                    quay.send(request).await.map(drop)
                }
                Self::Organization(name) => {
                    let request = quay.api().get_organization(name);
                    quay.send(request).await.map(drop)
                }
                Self::User(name) => {
                    let request = quay.api().get_user_information(name);
                    quay.send(request).await.map(drop)
                }
                Self::Me | Self::Server => return Ok(()),
            };
            match found {
                Err(error) if error.is_not_found() => {
                    Err(missing(&parent.named()).with_source(error))
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
                Err(missing(&format!("organization or user {name}")).with_source(error))
            }
            other => other,
        }
    }
    .boxed()
}

/// Returns the error of something that does not exist.
pub(crate) fn missing(what: &str) -> Error {
    Error::new(ErrorKind::NotFound, format!("there is no {what}"))
        .with_delivery(Delivery::Responded)
}

/// Returns true for the error of a caller who may not see whether something exists.
pub(crate) fn may_not_look(error: &Error) -> bool {
    error.is_forbidden() || error.is_unauthenticated()
}

/// Replaces the error of a server that failed because something does not exist.
///
/// Quay responds with a 500 to some requests that name what is missing. Nothing was done then.
pub(crate) async fn missing_if_server_failed<T>(
    result: Result<T>,
    check: ExistenceCheck,
) -> Result<T> {
    match result {
        Err(error) if error.kind() == ErrorKind::Server => match check.await {
            Err(missing) if missing.is_not_found() => Err(missing),
            _ => Err(error),
        },
        other => other,
    }
}

/// Returns the check of a listing below an owner: if nothing is listed, the owner has to exist.
pub(crate) fn exists_if_empty(
    quay: &Quay,
    parent: &Parent,
) -> impl Fn() -> ExistenceCheck + Send + Sync + 'static {
    let (quay, parent) = (quay.clone(), parent.clone());
    move || parent.check_exists(&quay)
}
