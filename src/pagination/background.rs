//! Reading the pages of a listing in a separate task.

use super::fetcher::PageFetcher;
use super::page::FetchedPage;
use super::task::{Task, stopped};
use crate::{Error, Result};
use futures::FutureExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// A task that fetches pages, and is stopped when this value is dropped.
///
/// The stream never polls requests itself: a request belongs to the tokio runtime in which it was
/// first polled, and the stream may be polled in another one.
pub(super) struct Background {
    messages: mpsc::Receiver<Message>,
    task: Task<()>,
    /// The fetcher, after the task was stopped.
    returned: Returned,
}

type Returned = Arc<Mutex<Option<Box<PageFetcher>>>>;

/// A message of the task.
pub(super) enum Message {
    /// A page. If it contains the fetcher, the task has ended.
    Page(Box<FetchedPage>, Option<Box<PageFetcher>>),
    /// An error. If it contains the fetcher, fetching can be resumed.
    Failed(Error, Option<Box<PageFetcher>>),
    End,
}

impl Background {
    /// Starts to fetch one page, and up to `prefetch` more in advance.
    pub fn start(fetcher: Box<PageFetcher>, prefetch: usize) -> Self {
        // Without a runtime, the task only runs while the stream is polled.
        let is_ahead = prefetch > 0 && Handle::try_current().is_ok();
        let (sender, messages) = mpsc::channel(if is_ahead { prefetch } else { 1 });
        let returned = Returned::default();
        let lent = Lent {
            fetcher: Some(fetcher),
            returned: Arc::clone(&returned),
            messages: sender,
        };
        Self {
            messages,
            task: Task::spawn(run(lent, is_ahead)),
            returned,
        }
    }

    /// Returns the next message.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Message> {
        if let Task::Deferred(work) = &mut self.task {
            // The work ends with a message, which is received below.
            let _ = work.poll_unpin(cx);
        }
        let message = ready!(self.messages.poll_recv(cx));
        Poll::Ready(message.unwrap_or_else(|| {
            let mut returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
            Message::Failed(stopped(), returned.take())
        }))
    }
}

/// A fetcher that a task uses. It is returned if the task is stopped.
struct Lent {
    fetcher: Option<Box<PageFetcher>>,
    returned: Returned,
    /// The channel, which is only closed after the fetcher was returned.
    messages: mpsc::Sender<Message>,
}

impl Drop for Lent {
    fn drop(&mut self) {
        let fetcher = self.fetcher.take();
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = fetcher;
    }
}

/// Fetches pages. A page is only requested when the channel has room for it.
async fn run(mut lent: Lent, is_ahead: bool) -> Result<()> {
    while let Some(fetcher) = &mut lent.fetcher {
        let Ok(room) = lent.messages.reserve().await else {
            break;
        };
        room.send(match fetcher.fetch_next().await {
            Some(Ok(page)) if is_ahead => Message::Page(Box::new(page), None),
            Some(Ok(page)) => Message::Page(Box::new(page), lent.fetcher.take()),
            Some(Err(error)) => Message::Failed(error, lent.fetcher.take()),
            None => {
                lent.fetcher = None;
                Message::End
            }
        });
    }
    Ok(())
}
