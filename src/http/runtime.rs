//! The tokio runtime that a call needs: with timers and I/O.
//!
//! tokio has no function that returns whether a runtime has them. If they are missing, tokio
//! panics, and this module turns the panic into an error. A panic hook is still called.

use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use std::any::Any;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::time::Duration;
use tokio::runtime::Handle;

/// Checks that the call is made in a runtime with timers.
pub(crate) fn check() -> Result<()> {
    if Handle::try_current().is_err() {
        return Err(no_runtime("the call was made outside a tokio runtime"));
    }
    // The timer is only registered when it is polled.
    match catch_unwind(|| drop(tokio::time::sleep(Duration::ZERO))) {
        Ok(()) => Ok(()),
        Err(_) => Err(no_runtime(
            "the tokio runtime has no timers: build it with `enable_time` or `enable_all`",
        )),
    }
}

/// Awaits I/O.
///
/// # Errors
///
/// Returns an error if the runtime has no I/O. All other panics continue.
pub(crate) async fn guard<F: Future>(io: F) -> Result<F::Output> {
    match AssertUnwindSafe(io).catch_unwind().await {
        Ok(output) => Ok(output),
        Err(panic) if is_without_io(&*panic) => Err(no_runtime(
            "the tokio runtime has no I/O: build it with `enable_io` or `enable_all`",
        )),
        Err(panic) => resume_unwind(panic),
    }
}

/// Returns true for the panic of a tokio runtime without I/O.
fn is_without_io(panic: &(dyn Any + Send)) -> bool {
    let message = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    message.is_some_and(|message| message.contains("IO is disabled"))
}

fn no_runtime(message: &str) -> Error {
    Error::new(ErrorKind::NoRuntime, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn other_panics_continue() {
        let io = tokio::spawn(guard(async { panic!("another reason") }));
        let panic = io.await.map_err(tokio::task::JoinError::into_panic);
        assert!(panic.is_err_and(|panic| panic.downcast_ref() == Some(&"another reason")));
    }
}
