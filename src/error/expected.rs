//! Failures that the caller of an operation expects: a helper that looks for something, and for
//! which "there is none" is a result.

use crate::{Error, Result};
use std::future::Future;

tokio::task_local! {
    static MISSING_IS_EXPECTED: ();
}

/// Runs a lookup for which a missing resource is a result: `None`. Spans and reports of its calls
/// show no failure then.
pub(crate) async fn expect_missing<T>(lookup: impl Future<Output = Result<T>>) -> Result<Option<T>> {
    match MISSING_IS_EXPECTED.scope((), lookup).await {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error),
    }
}

/// Returns true if the caller expects this error of the current call.
pub(crate) fn is_expected(error: &Error) -> bool {
    error.is_not_found() && MISSING_IS_EXPECTED.try_with(|()| ()).is_ok()
}
