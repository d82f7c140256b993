//! A followed log as a stream of entries.

use crate::Result;
use crate::api::shared::log_follow::FollowLogs;
use crate::api::shared::log_look::Look;
use crate::pagination::{LogMark, Task};
use crate::types::LogEntry;
use futures::{FutureExt, Stream};
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

/// A [`Stream`] of the new entries of a usage log, which it reads again after an interval:
/// [`FollowLogs::stream`].
///
/// The stream only ends after an error. [`resume`](Self::resume) continues it. Its
/// [guarantees](FollowLogs#what-is-guaranteed) also hold across errors.
///
/// The next read begins when all entries of the last one were yielded, the interval has passed and
/// the stream is polled. Dropping the stream cancels a read.
#[must_use = "a stream does nothing until it is polled"]
pub struct FollowedLogs {
    follow: Arc<FollowLogs>,
    /// The read whose entries are being yielded.
    look: Option<Look>,
    /// The next read. It is only accessed through `&mut` and never locked: the mutex makes the
    /// stream `Sync`.
    next: Mutex<Option<Task<Look>>>,
    /// True if the next read begins after the interval.
    is_waiting: bool,
    has_failed: bool,
}

impl FollowedLogs {
    pub(super) fn new(follow: FollowLogs) -> Self {
        Self {
            follow: Arc::new(follow),
            look: None,
            next: Mutex::new(None),
            is_waiting: false,
            has_failed: false,
        }
    }

    /// Returns the mark after the last entry that was yielded.
    ///
    /// The mark can be stored as a string, and passed to
    /// [`LogsHandle::follow`](crate::api::LogsHandle::follow) in another process. It is `None` if
    /// the stream began without a mark and has not read yet.
    pub fn mark(&self) -> Option<LogMark> {
        let look = self.look.as_ref().map(|look| &look.mark);
        look.or(self.follow.mark.as_ref()).cloned()
    }

    /// Continues a stream that ended with an error.
    ///
    /// The stream reads again after the interval. No entry is lost or yielded twice.
    pub fn resume(&mut self) {
        self.has_failed = false;
    }

    #[inline]
    fn poll_look(&mut self, cx: &mut Context<'_>) -> Poll<Result<Look>> {
        let next = self.next.get_mut().unwrap_or_else(PoisonError::into_inner);
        let task = next.get_or_insert_with(|| {
            let follow = Arc::clone(&self.follow);
            let look = self.look.as_ref();
            let mark = look
                .map(|look| &look.mark)
                .or(follow.mark.as_ref())
                .cloned();
            let behind = look.and_then(|look| look.behind);
            let delay = self.is_waiting.then_some(follow.interval);
            let look = async move { follow.look(mark, behind).await };
            Task::spawn_after(delay, look)
        });
        let look = ready!(task.poll_unpin(cx));
        *next = None;
        Poll::Ready(look)
    }
}

impl Stream for FollowedLogs {
    type Item = Result<LogEntry>;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(entry) = self.look.as_mut().and_then(Look::next_entry) {
                return Poll::Ready(Some(Ok(entry)));
            }
            if self.has_failed {
                return Poll::Ready(None);
            }
            match ready!(self.poll_look(cx)) {
                Ok(look) => {
                    self.is_waiting = look.behind.is_none();
                    self.look = Some(look);
                }
                Err(error) => {
                    (self.is_waiting, self.has_failed) = (true, true);
                    return Poll::Ready(Some(Err(error)));
                }
            }
        }
    }
}

impl fmt::Debug for FollowedLogs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FollowedLogs")
            .field("mark", &self.mark())
            .finish_non_exhaustive()
    }
}
