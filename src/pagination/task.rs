//! A task that runs without being polled, and is stopped when it is dropped.

use crate::http::runtime;
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A task that runs without being polled, and is stopped when it is dropped.
///
/// If its runtime is shut down before the task ends, it returns the error of [`stopped`].
pub(crate) enum Task<T> {
    Spawned(JoinHandle<Result<T>>),
    /// The task was created outside a runtime, and runs when it is polled.
    Deferred(BoxFuture<'static, Result<T>>),
}

impl<T: Send + 'static> Task<T> {
    pub fn spawn(work: impl Future<Output = Result<T>> + Send + 'static) -> Self {
        let Ok(runtime) = Handle::try_current() else {
            return Self::Deferred(work.boxed());
        };
        #[cfg(feature = "tracing")]
        let work = tracing::Instrument::in_current_span(work);
        Self::Spawned(runtime.spawn(work))
    }

    /// Starts a task that waits for the delay, if any, before its work.
    pub fn spawn_after(
        delay: Option<Duration>,
        work: impl Future<Output = Result<T>> + Send + 'static,
    ) -> Self {
        Self::spawn(async move {
            if let Some(delay) = delay {
                runtime::check()?;
                tokio::time::sleep(delay).await;
            }
            work.await
        })
    }
}

impl<T> Future for Task<T> {
    type Output = Result<T>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<T>> {
        match &mut *self {
            Self::Spawned(handle) => handle.poll_unpin(cx).map(|ended| {
                match ended.map_err(|error| error.try_into_panic()) {
                    Ok(output) => output,
                    Err(Ok(panic)) => resume_unwind(panic),
                    Err(Err(_)) => Err(stopped()),
                }
            }),
            Self::Deferred(work) => work.poll_unpin(cx),
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        if let Self::Spawned(handle) = self {
            handle.abort();
        }
    }
}

/// Returns the error of a task whose runtime was shut down.
pub(super) fn stopped() -> Error {
    Error::new(
        ErrorKind::Cancelled,
        "the tokio runtime that read the listing was shut down",
    )
}
