//! Reads the pages of a listing in a task of its own.

use super::fetcher::ErasedFetcher;
use super::page::FetchedPage;
use super::task::{Task, stopped};
use crate::{Error, Result};
use futures::FutureExt;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use tokio::runtime::Handle;
use tokio::sync::mpsc;

type Fetcher<T> = Box<dyn ErasedFetcher<T>>;

/// A task that fetches pages, and ends when this is dropped.
///
/// Requests are never polled by the stream itself: what tokio puts into a request belongs to one
/// runtime, and the stream may be polled in another one.
pub(super) struct Background<T> {
    messages: mpsc::Receiver<Message<T>>,
    task: Task<()>,
    /// The fetcher, once the task was stopped.
    returned: Returned<T>,
}

type Returned<T> = Arc<Mutex<Option<Fetcher<T>>>>;

/// A message of the task.
pub(super) enum Message<T> {
    /// A page. The task has ended if the fetcher is with it.
    Page(Box<FetchedPage<T>>, Option<Fetcher<T>>),
    /// An error; fetching can resume if the fetcher is with it.
    Failed(Error, Option<Fetcher<T>>),
    End,
}

impl<T: Send + 'static> Background<T> {
    /// Fetches one page, and up to `prefetch` more ahead.
    pub fn start(fetcher: Fetcher<T>, prefetch: usize) -> Self {
        // Without a runtime, nothing runs while the stream is not polled.
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
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Message<T>> {
        if let Task::Deferred(work) = &mut self.task {
            // It ends with a message, which is received below.
            let _ = work.poll_unpin(cx);
        }
        let message = ready!(self.messages.poll_recv(cx));
        Poll::Ready(message.unwrap_or_else(|| {
            let mut returned = self.returned.lock().unwrap_or_else(PoisonError::into_inner);
            Message::Failed(stopped(), returned.take())
        }))
    }
}

/// A fetcher in the hands of a task, which comes back if the task is stopped.
struct Lent<T> {
    fetcher: Option<Fetcher<T>>,
    returned: Returned<T>,
    /// Closed only after the fetcher was returned.
    messages: mpsc::Sender<Message<T>>,
}

impl<T> Drop for Lent<T> {
    fn drop(&mut self) {
        let fetcher = self.fetcher.take();
        *self.returned.lock().unwrap_or_else(PoisonError::into_inner) = fetcher;
    }
}

/// Fetches pages as long as there is room for them. A page is requested when there is room for it,
/// not before.
async fn run<T: Send + 'static>(mut lent: Lent<T>, is_ahead: bool) -> Result<()> {
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
