//! What became of a write, where the response of the server does not tell.
//!
//! One rule for all helpers: they read first, so they write nothing where nothing is to be done,
//! and what they return is what was found, whatever happened to the write on its way.

use crate::types::Clearable;
use crate::{Delivery, Error, ErrorKind, Quay, Result};

/// Returns the result of deleting what was there a moment ago. If it is missing by now, another
/// caller deleted it, or an attempt of this call whose response was lost.
pub(crate) fn deleted(result: Result<()>) -> Result<bool> {
    match result {
        Err(error) if !error.is_not_found() => Err(error),
        _ => Ok(true),
    }
}

/// Returns the result of creating what was missing a moment ago: `None` if another caller was
/// faster. A refusal that says "exists already" is believed only if the thing is there: the server
/// says so as well of a name that something else has, or that was deleted just now.
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

/// Returns what was created, as it was read afterwards since the response does not hold it. The
/// error of that read says that it was created, and what.
pub(crate) fn read_created<T>(read: Result<T>, what: &str) -> Result<T> {
    read.map_err(|error| {
        // What would be missing is not the owner, as in an error of the creation: another caller
        // deleted what was created.
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

/// Returns the error of the lookup if it says that the thing or its owner is missing. For
/// operations that respond 500 or 403 in that case.
pub(crate) async fn explain_missing<T>(
    result: Result<T>,
    lookup: impl Future<Output = Result<()>>,
) -> Result<T> {
    match result {
        Err(error) if may_hide_missing(&error) => match lookup.await {
            Err(missing) if missing.is_not_found() => Err(missing),
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

/// Returns the result of deleting an account, by looking whether it is still there. The server
/// acknowledges the deletion of a disabled account, and keeps it.
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
                    "the server acknowledged the deletion of {name} and kept it: it does not delete \
                     a disabled account, which has to be enabled first"
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

/// Returns an error if the server accepted that a field is cleared, and kept it.
pub(crate) fn check_cleared<T>(field: &str, requested: &Clearable<T>, is_kept: bool) -> Result<()> {
    match requested {
        Clearable::Clear if is_kept => Err(ignored(field)),
        _ => Ok(()),
    }
}

fn ignored(field: &str) -> Error {
    Error::new(
        ErrorKind::FeatureDisabled,
        format!("the server accepted the change and left `{field}` as it was"),
    )
    .after_write()
}

/// Returns an error if the server accepted a change and did not make it, as it does with fields
/// that it does not know or whose feature is off. The other fields of the change were changed.
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
