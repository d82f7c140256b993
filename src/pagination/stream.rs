//! The streams of pages and rows.

use super::background::{Background, Message};
use super::checkpoint::Checkpoint;
use super::fetcher::PageFetcher;
use super::page::{FetchedPage, Page, PageOrigin};
use super::position::ListingPosition;
use super::row_key::ListingId;
use crate::Result;
use futures::Stream;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::vec;
use tokio::runtime::Handle;

/// The pages of a [`Listing`](super::Listing), as a [`Stream`].
///
/// The stream ends after an error, and [`resume`](Self::resume) continues it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    pages: RawPages,
    rows: PhantomData<fn() -> T>,
}

/// The pages of a listing, whatever the type of its rows.
pub(super) struct RawPages {
    /// The state. The mutex makes the stream `Sync`, and is never locked: it is only used through
    /// `&mut`.
    state: Mutex<State>,
    prefetch: usize,
    listing: ListingId,
    /// The progress after all yielded rows; `None` at the end.
    checkpoint: Option<Checkpoint>,
}

/// The state of a stream of pages.
enum State {
    /// No request is in flight.
    Idle(Box<PageFetcher>),
    /// A task fetches the next page, or several in advance.
    Fetching(Background),
    /// An error was yielded.
    Failed(Box<PageFetcher>),
    Ended,
}

impl RawPages {
    pub fn new(
        fetcher: PageFetcher,
        prefetch: usize,
        listing: ListingId,
        start: Option<Checkpoint>,
    ) -> Self {
        Self {
            state: Mutex::new(State::Idle(Box::new(fetcher))),
            prefetch,
            listing,
            checkpoint: start,
        }
    }

    fn state(&mut self) -> &mut State {
        self.state.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts to fetch before the stream is polled, unless prefetch is off.
    fn start(&mut self) {
        if self.prefetch > 0 && Handle::try_current().is_ok() {
            self.fetch();
        }
    }

    /// Starts to fetch if no request is in flight.
    fn fetch(&mut self) {
        let prefetch = self.prefetch;
        let state = self.state();
        *state = match std::mem::replace(state, State::Ended) {
            State::Idle(fetcher) => State::Fetching(Background::start(fetcher, prefetch)),
            other => other,
        };
    }

    fn resume(&mut self) {
        let state = self.state();
        *state = match std::mem::replace(state, State::Ended) {
            State::Failed(fetcher) => State::Idle(fetcher),
            other => other,
        };
    }

    fn position(&self) -> ListingPosition {
        ListingPosition::new(self.listing, self.checkpoint.as_ref())
    }

    /// Advances the checkpoint by the first rows of a page.
    fn advance(&mut self, page: &PageOrigin, rows: usize) {
        self.checkpoint = Checkpoint::after(page, rows, rows, self.checkpoint.as_ref());
    }

    fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<FetchedPage>>> {
        self.fetch();
        let state = self.state();
        let State::Fetching(background) = state else {
            return Poll::Ready(None);
        };
        let page = match ready!(background.poll(cx)) {
            Message::Page(page, None) => return Poll::Ready(Some(Ok(*page))),
            Message::Page(page, Some(fetcher)) => {
                *state = State::Idle(fetcher);
                Some(Ok(*page))
            }
            Message::Failed(error, fetcher) => {
                *state = fetcher.map_or(State::Ended, State::Failed);
                Some(Err(error))
            }
            Message::End => {
                *state = State::Ended;
                None
            }
        };
        Poll::Ready(page)
    }
}

impl<T: Send + 'static> Pages<T> {
    /// Creates a stream of pages whose rows are of the type `T`.
    pub(super) fn new(pages: RawPages) -> Self {
        Self {
            pages,
            rows: PhantomData,
        }
    }

    /// Continues a stream that ended with an error.
    ///
    /// The page that failed is requested again. No row is lost or yielded twice. Without this call,
    /// the stream stays ended, so that collecting it ends even if the error persists.
    ///
    /// A stream that ended with an error of the kind
    /// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted) can't be continued: read
    /// the listing from the start, or pass the [`position`](Self::position) to a listing.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::StreamExt;
    /// use std::time::Duration;
    ///
    /// let mut pages = quay.repositories().list().namespace("acme").pages();
    /// while let Some(page) = pages.next().await {
    ///     match page {
    ///         Ok(page) => println!("{} repositories", page.rows().len()),
    ///         Err(error) if error.is_temporary() => {
    ///             tokio::time::sleep(Duration::from_secs(60)).await;
    ///             pages.resume();
    ///         }
    ///         Err(error) => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn resume(&mut self) {
        self.pages.resume();
    }

    /// Returns the position after the last page that was yielded.
    pub fn position(&self) -> ListingPosition {
        self.pages.position()
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let page = ready!(self.pages.poll_page(cx));
        Poll::Ready(page.map(|page| {
            let FetchedPage { rows, origin } = page?;
            self.pages.advance(&origin, rows.len());
            Ok(Page::new(rows.into_vec(), origin.next))
        }))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.pages.listing.operation)
            .finish_non_exhaustive()
    }
}

/// The rows of a [`Listing`](super::Listing), as a [`Stream`].
///
/// The stream ends after an error, and [`resume`](Self::resume) continues it.
#[must_use = "a stream does nothing until it is polled"]
pub struct Rows<T> {
    pages: RawPages,
    rows: vec::IntoIter<T>,
    /// The origin of the rows.
    page: Option<PageOrigin>,
    /// The number of yielded rows of the page.
    yielded: usize,
}

impl<T: Send + 'static> Rows<T> {
    pub(super) fn new(pages: RawPages) -> Self {
        Self {
            pages,
            rows: Vec::new().into_iter(),
            page: None,
            yielded: 0,
        }
    }

    pub(super) fn start(&mut self) {
        self.pages.start();
    }

    /// Continues a stream that ended with an error, with the row after the last yielded one.
    ///
    /// [`Pages::resume`] documents the details.
    pub fn resume(&mut self) {
        self.pages.resume();
    }

    /// Returns the position after the last row that was yielded.
    ///
    /// It can be stored as a string, and passed to
    /// [`Listing::resume_from`](super::Listing::resume_from) in another process.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::TryStreamExt;
    /// use quay_api::ListingPosition;
    ///
    /// let tags = quay.repository("acme/web")?.tags().list();
    /// let mut first = tags.clone().stream();
    /// first.try_next().await?;
    /// let kept = first.position().to_string();
    ///
    /// let rest = tags.resume_from(kept.parse::<ListingPosition>()?).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn position(&self) -> ListingPosition {
        match &self.page {
            Some(page) => {
                let (rows, before) = (
                    self.yielded + self.rows.len(),
                    self.pages.checkpoint.as_ref(),
                );
                let checkpoint = Checkpoint::after(page, self.yielded, rows, before);
                ListingPosition::new(self.pages.listing, checkpoint.as_ref())
            }
            None => self.pages.position(),
        }
    }
}

/// The rows are never pinned.
impl<T> Unpin for Rows<T> {}

impl<T: Send + 'static> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                self.yielded += 1;
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll_page(cx)) {
                Some(Ok(FetchedPage { rows, origin })) => {
                    if let Some(previous) = self.page.replace(origin) {
                        let yielded = self.yielded;
                        self.pages.advance(&previous, yielded);
                    }
                    self.rows = rows.into_vec().into_iter();
                    self.yielded = 0;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            }
        }
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.rows.len(), None)
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rows")
            .field("operation", &self.pages.listing.operation)
            .finish_non_exhaustive()
    }
}
