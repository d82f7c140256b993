//! The body of a write that may be done once only, and whether it was read.

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// A record of whether the HTTP client read the body of a request, to send it.
#[derive(Debug, Clone, Default)]
pub(super) struct BodyProgress(Arc<AtomicBool>);

impl BodyProgress {
    pub fn was_read(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A body that records that it is read.
///
/// It never claims to have ended before it was read, not even if it is empty, so that it is read
/// for each request that is sent. reqwest can't copy it, so it never sends the request again.
#[derive(Debug)]
pub(super) struct TrackedBody {
    /// `None` after it was read.
    data: Option<Bytes>,
    progress: BodyProgress,
}

impl TrackedBody {
    pub fn new(data: Bytes, progress: BodyProgress) -> Self {
        Self {
            data: Some(data),
            progress,
        }
    }
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.progress.0.store(true, Ordering::Release);
        let data = self.data.take().filter(|data| !data.is_empty());
        Poll::Ready(data.map(|data| Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.data.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.data.as_ref().map_or(0, |data| data.len() as u64))
    }
}
