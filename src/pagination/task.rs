//! A task that runs while nobody polls it, and ends when it is dropped.

use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::Future;
use std::panic::resume_unwind;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// A task that runs while nobody polls it, and ends when it is dropped.
pub(super) enum Task<T> {
    Spawned(JoinHandle<T>),
    /// There is no runtime to spawn it in: it runs when it is polled.
    Deferred(BoxFuture<'static, T>),
}

impl<T: Send + 'static> Task<T> {
    pub fn spawn(work: impl Future<Output = T> + Send + 'static) -> Self {
        match Handle::try_current() {
            Ok(runtime) => Self::Spawned(runtime.spawn(work)),
            Err(_) => Self::Deferred(work.boxed()),
        }
    }
}

impl<T> Future for Task<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        match &mut *self {
            Self::Spawned(handle) => match handle.poll_unpin(cx) {
                Poll::Ready(Ok(output)) => Poll::Ready(output),
                Poll::Ready(Err(error)) => match error.try_into_panic() {
                    Ok(panic) => resume_unwind(panic),
                    // The runtime is shutting down, and the task that polls this one with it.
                    Err(_) => Poll::Pending,
                },
                Poll::Pending => Poll::Pending,
            },
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
