//! The bodies of requests.
//!
//! reqwest copies each request whose body it can copy, and repeats it if hyper reports GOAWAY. It
//! can't copy these bodies, so it never repeats a request, also if the caller's own HTTP client is
//! used.

use crate::operation::Idempotency;
use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

/// Returns the body of a request, and the record of its progress.
pub(super) fn request_body(
    data: Option<Bytes>,
    idempotency: Idempotency,
) -> (reqwest::Body, BodyProgress) {
    if data.is_none() && idempotency != Idempotency::NonIdempotent {
        return (reqwest::Body::wrap(NoBody), BodyProgress(None));
    }
    let was_read = Arc::new(AtomicBool::new(false));
    let body = TrackedBody {
        data: Some(data.unwrap_or_default()),
        was_read: Arc::clone(&was_read),
    };
    (reqwest::Body::wrap(body), BodyProgress(Some(was_read)))
}

/// A record of whether the HTTP client read the body of a request, to send it.
pub(super) struct BodyProgress(Option<Arc<AtomicBool>>);

impl BodyProgress {
    pub fn was_read(&self) -> bool {
        let was_read = self.0.as_ref();
        was_read.is_some_and(|was_read| was_read.load(Ordering::Acquire))
    }
}

/// A body that records that it is read.
///
/// It never claims to have ended before it was read, not even if it is empty, so that it is read
/// for each request that is sent.
struct TrackedBody {
    /// `None` after it was read.
    data: Option<Bytes>,
    was_read: Arc<AtomicBool>,
}

impl Body for TrackedBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.was_read.store(true, Ordering::Release);
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

/// The body of a request that has none.
struct NoBody;

impl Body for NoBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        true
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(0)
    }
}
