//! Failures that the caller of an operation expects.
//!
//! For example, `get_opt` returns `None` if an object does not exist.

use super::Error;
use std::future::Future;

tokio::task_local! {
    static MISSING_IS_EXPECTED: ();
}

/// Runs calls for which "not found" is no failure in spans and reports.
pub(crate) fn expect_missing<F: Future>(calls: F) -> impl Future<Output = F::Output> {
    MISSING_IS_EXPECTED.scope((), calls)
}

/// Returns true if the caller expects this error of the current call.
pub(crate) fn is_expected(error: &Error) -> bool {
    error.is_not_found() && MISSING_IS_EXPECTED.try_with(|()| ()).is_ok()
}
