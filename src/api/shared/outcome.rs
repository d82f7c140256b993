//! Finds the result of a write that the server's response does not show.
//!
//! All helpers follow one rule: they read first, so that nothing is written without need, and they
//! return what was found, whatever happened to the write.

use crate::types::Clearable;
use crate::{Delivery, Error, ErrorKind, Quay, Result};

/// Returns the result of deleting a resource that existed shortly before. If it is missing now,
/// another caller deleted it, or an attempt of this call whose response was lost.
pub(crate) fn deleted(result: Result<()>) -> Result<bool> {
    match result {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(true),
    }
}

/// Returns the result of creating a resource that was missing shortly before, or `None` if another
/// caller created it first. The error response "already exists" is only trusted if a lookup finds
/// the resource: the server also sends it if something else has the name, or if the name was
/// deleted recently.
pub(crate) async fn created<T>(
    result: Result<T>,
    lookup: impl Future<Output = Result<bool>>,
) -> Result<Option<T>> {
    match result {
        Ok(created) => Ok(Some(created)),
        Err(error) if error.is_already_exists() => match lookup.await? {
            true => Ok(None),
            false => Err(error.with_kind(ErrorKind::Conflict)),
        },
        Err(error) => Err(error),
    }
}

/// Returns the created resource, which was read afterwards because the response does not contain
/// it. An error of that read says what was created.
pub(crate) fn read_created<T>(read: Result<T>, what: &str) -> Result<T> {
    read.map_err(|error| {
        // The parent exists, as the creation succeeded: another caller deleted the new resource.
        let kind = match error.kind() {
            ErrorKind::NotFound => ErrorKind::Conflict,
            kind => kind,
        };
        error
            .with_kind(kind)
            .after(&format!("{what} was created"))
            .after_write()
            .with_delivery(Delivery::Responded)
    })
}

/// Returns the error of the lookup if it says that the resource or its parent is missing. For
/// operations that respond with status 500 or 403 in that case.
pub(crate) async fn explain_missing<T>(
    result: Result<T>,
    lookup: impl Future<Output = Result<()>>,
) -> Result<T> {
    match result {
        Err(error) if may_hide_missing(&error) => match lookup.await {
            Err(missing) if missing.is_not_found() => Err(missing.with_subject_of(&error)),
            _ => Err(error),
        },
        other => other,
    }
}

fn may_hide_missing(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Server | ErrorKind::Forbidden | ErrorKind::InsufficientScope
    )
}

/// Returns the result of deleting an account, after a lookup of the account. The server also
/// acknowledges the deletion of a disabled account, but does not delete it.
pub(crate) async fn account_deleted<T>(
    name: &str,
    result: Result<()>,
    lookup: impl Future<Output = Result<T>>,
) -> Result<()> {
    match result {
        Ok(()) => match lookup.await {
            Ok(_) => Err(Error::new(
                ErrorKind::Conflict,
                format!(
                    "the server acknowledged the deletion of {name} but did not delete it: a \
                     disabled account must be enabled first"
                ),
            )),
            Err(error) if error.is_not_found() => Ok(()),
            Err(error) => Err(error.after_write()),
        },
        Err(error) if may_hide_missing(&error) => match lookup.await {
            // An attempt whose response was lost may have deleted it.
            Err(missing) if missing.is_not_found() && error.may_have_been_done() => {
                Err(missing.after_write())
            }
            Err(missing) if missing.is_not_found() => Err(missing),
            _ => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// Returns the result of deleting an organization: see [`account_deleted`].
pub(crate) async fn organization_deleted(
    quay: &Quay,
    name: &str,
    result: Result<()>,
) -> Result<()> {
    account_deleted(name, result, quay.send(quay.api().get_organization(name))).await
}

/// Returns an error if the server accepted the request to clear a field, but kept it.
pub(crate) fn check_cleared<T>(field: &str, requested: &Clearable<T>, is_kept: bool) -> Result<()> {
    match requested {
        Clearable::Clear if is_kept => Err(ignored(field)),
        _ => Ok(()),
    }
}

/// Returns the error of a field that the server accepted but did not change, because it does not
/// know the field or its feature is off.
pub(crate) fn ignored(field: &str) -> Error {
    Error::new(
        ErrorKind::FeatureDisabled,
        format!("the server accepted the change but did not change `{field}`"),
    )
    .after_write()
}

/// Returns an error if the server accepted a change but did not make it, as it does with fields
/// that it does not know or whose feature is off. The other fields were changed.
pub(crate) fn check_changed<T: PartialEq>(
    field: &str,
    requested: Option<&T>,
    now: Option<&T>,
) -> Result<()> {
    match (requested, now) {
        (Some(requested), Some(now)) if requested != now => Err(ignored(field)),
        _ => Ok(()),
    }
}
