//! Pages and rows as streams.

use super::fetcher::{FetchPages, FetchedPage, ResumePoint, Step};
use super::list_request::Page;
use super::position::ListingPosition;
use super::row_key::ListingId;
use super::task::Task;
use crate::{Error, ErrorKind, Result};
use futures::Stream;
use futures::future::BoxFuture;
use std::fmt;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::vec;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// The pages of a [`Listing`](super::Listing), as a [`Stream`].
///
/// After an error it has ended; [`resume`](Self::resume) lets it go on.
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T> {
    /// Only ever reached through `&mut`, so it is never locked: the mutex makes it `Sync`.
    source: Mutex<Source<T>>,
    prefetch: usize,
    identity: ListingId,
    /// After everything that was given.
    position: Option<ResumePoint>,
}

enum Source<T> {
    /// Nothing is under way.
    Idle(Box<dyn FetchPages<T>>),
    /// The next page is fetched as long as somebody polls.
    Asking(BoxFuture<'static, Step<T>>),
    /// Pages are fetched ahead, by a task that ends with this.
    Ahead(
        mpsc::Receiver<Message<T>>,
        #[expect(dead_code, reason = "dropping it aborts the task")] Task<()>,
    ),
    /// An error was given.
    Failed(Box<dyn FetchPages<T>>),
    Ended,
}

enum Message<T> {
    Page(Box<FetchedPage<T>>),
    Failed(Error, Box<dyn FetchPages<T>>),
    End,
}

/// Reads as far ahead as there is room for pages. A page is asked for when there is room for it,
/// not before.
async fn read_ahead<T>(mut reading: Box<dyn FetchPages<T>>, pages: mpsc::Sender<Message<T>>) {
    loop {
        let Ok(room) = pages.reserve().await else {
            return;
        };
        let (read, page) = reading.read().await;
        match page {
            Some(Ok(page)) => room.send(Message::Page(Box::new(page))),
            Some(Err(error)) => return room.send(Message::Failed(error, read)),
            None => return room.send(Message::End),
        }
        reading = read;
    }
}

impl<T: Send + 'static> Pages<T> {
    pub(super) fn new(
        reading: Box<dyn FetchPages<T>>,
        prefetch: usize,
        identity: ListingId,
        start: Option<ResumePoint>,
    ) -> Self {
        Self {
            source: Mutex::new(Source::Idle(reading)),
            prefetch,
            identity,
            position: start,
        }
    }

    fn source(&mut self) -> &mut Source<T> {
        self.source
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets it fetch ahead before it is polled, if it fetches ahead at all.
    pub(super) fn start(&mut self) {
        let prefetch = self.prefetch;
        let source = self.source();
        *source = match std::mem::replace(source, Source::Ended) {
            Source::Idle(reading) if prefetch > 0 && Handle::try_current().is_ok() => {
                let (sender, pages) = mpsc::channel(prefetch);
                Source::Ahead(pages, Task::spawn(read_ahead(reading, sender)))
            }
            other => other,
        };
    }

    /// Lets a stream that ended with an error go on: the page that failed is asked for again, and
    /// no row is lost or given twice. Polling does not do so by itself, so that collecting a stream
    /// whose error does not go away comes to an end.
    ///
    /// Nothing comes after an error of the kind [`ErrorKind::ListingRestarted`]: begin again, or
    /// give the [`position`](Self::position) to a listing.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::StreamExt;
    /// use std::time::Duration;
    ///
    /// let mut pages = quay.repositories().list("acme").pages();
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
        let source = self.source();
        *source = match std::mem::replace(source, Source::Ended) {
            Source::Failed(reading) => Source::Idle(reading),
            other => other,
        };
    }

    /// Where it is: after the last page that was given.
    pub fn position(&self) -> ListingPosition {
        ListingPosition::new(self.identity, self.position.as_ref())
    }

    fn poll_delivered(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<FetchedPage<T>>>> {
        self.start();
        let source = self.source();
        loop {
            let (reading, page) = match source {
                Source::Ended | Source::Failed(_) => return Poll::Ready(None),
                Source::Idle(_) => {
                    if let Source::Idle(reading) = std::mem::replace(source, Source::Ended) {
                        *source = Source::Asking(reading.read());
                    }
                    continue;
                }
                Source::Asking(asking) => {
                    let (reading, page) = ready!(asking.as_mut().poll(cx));
                    (Some(reading), page)
                }
                Source::Ahead(pages, _) => match ready!(pages.poll_recv(cx)) {
                    Some(Message::Page(page)) => return Poll::Ready(Some(Ok(*page))),
                    Some(Message::Failed(error, reading)) => (Some(reading), Some(Err(error))),
                    Some(Message::End) => (None, None),
                    None => {
                        let stopped = Error::new(
                            ErrorKind::Other,
                            "the task that reads the listing ahead was stopped",
                        );
                        (None, Some(Err(stopped)))
                    }
                },
            };
            *source = match (reading, &page) {
                (Some(reading), Some(Ok(_))) => Source::Idle(reading),
                (Some(reading), Some(Err(_))) => Source::Failed(reading),
                (_, _) => Source::Ended,
            };
            return Poll::Ready(page);
        }
    }
}

/// Where it goes on after so many of the rows of a page; `before` is where that page came from.
fn after<T>(
    page: &FetchedPage<T>,
    given: usize,
    rows: usize,
    before: Option<&ResumePoint>,
) -> Option<ResumePoint> {
    let next = page.next.as_ref();
    let is_whole = given >= rows;
    if is_whole && next.is_none() {
        // What is counted and has no marks grows at its end only, and may have grown by the time
        // that it is asked for again.
        let grows = page
            .marks
            .is_empty()
            .then(|| page.at.moved(page.skipped + given as u64))
            .flatten();
        return grows.map(|at| ResumePoint {
            at,
            row: 0,
            last: None,
            front: None,
        });
    }
    // The mark of the last row belongs to the page that it was on.
    if given == 0 && (rows > 0 || page.at.is_counted()) {
        return before.cloned();
    }
    let mark = given
        .checked_sub(1)
        .and_then(|index| page.marks.get(index))
        .copied();
    let last = mark.or_else(|| before?.last);
    // Where pages are counted, the next one may begin with rows of this one by the time it is asked
    // for: the last row of this one tells.
    let stays = !is_whole || (page.at.is_counted() && mark.is_some());
    match next {
        Some(next) if !stays => Some(ResumePoint {
            at: next.clone(),
            row: 0,
            last,
            front: page.front,
        }),
        _ => Some(ResumePoint {
            at: page.at.clone(),
            row: page.skipped + given as u64,
            last,
            front: page.front,
        }),
    }
}

impl<T: Send + 'static> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let delivered = ready!(self.poll_delivered(cx));
        Poll::Ready(delivered.map(|delivered| {
            let delivered = delivered?;
            let rows = delivered.rows.len();
            self.position = after(&delivered, rows, rows, self.position.as_ref());
            Ok(Page {
                rows: delivered.rows,
                next: delivered.next,
            })
        }))
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pages")
            .field("operation", &self.identity.operation)
            .finish_non_exhaustive()
    }
}

/// The rows of a [`Listing`](super::Listing), as a [`Stream`].
///
/// After an error it has ended; [`resume`](Self::resume) lets it go on.
#[must_use = "a stream does nothing until it is polled"]
pub struct Rows<T> {
    pages: Pages<T>,
    rows: vec::IntoIter<T>,
    /// The page that the rows are of, without them.
    page: Option<FetchedPage<T>>,
    given: usize,
}

impl<T: Send + 'static> Rows<T> {
    pub(super) fn new(pages: Pages<T>) -> Self {
        Self {
            pages,
            rows: Vec::new().into_iter(),
            page: None,
            given: 0,
        }
    }

    pub(super) fn start(&mut self) {
        self.pages.start();
    }

    /// Lets a stream that ended with an error go on, as [`Pages::resume`] does: with the row after
    /// the last one that was given.
    pub fn resume(&mut self) {
        self.pages.resume();
    }

    /// Where it is: after the last row that was given. It can be kept as a text, and given to
    /// [`Listing::resume_from`](super::Listing::resume_from) in another process.
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
        let before = self.pages.position.as_ref();
        match &self.page {
            Some(page) => {
                let rows = self.given + self.rows.len();
                ListingPosition::new(
                    self.pages.identity,
                    after(page, self.given, rows, before).as_ref(),
                )
            }
            None => ListingPosition::new(self.pages.identity, before),
        }
    }
}

/// Nothing in it is pinned.
impl<T> Unpin for Rows<T> {}

impl<T: Send + 'static> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(row) = self.rows.next() {
                self.given += 1;
                return Poll::Ready(Some(Ok(row)));
            }
            match ready!(self.pages.poll_delivered(cx)) {
                Some(Ok(mut page)) => {
                    if let Some(read) = self.page.take() {
                        self.pages.position =
                            after(&read, self.given, self.given, self.pages.position.as_ref());
                    }
                    self.rows = std::mem::take(&mut page.rows).into_iter();
                    self.given = 0;
                    self.page = Some(page);
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
            .field("operation", &self.pages.identity.operation)
            .finish_non_exhaustive()
    }
}
