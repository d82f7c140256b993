//! A listing, with the settings of its caller.

use super::checkpoint::Checkpoint;
use super::concurrent::{ConcurrentPages, MAX_CONCURRENCY};
use super::fetcher::PageFetcher;
use super::list_request::{Indexed, ListRequest, PageRequest, PageSize, SinglePage, TokenPages};
use super::page::{Page, TypedSource};
use super::position::ListingPosition;
use super::row_key::{ListingId, RowKey};
use super::stream::{Pages, RawPages, Rows};
use crate::http::OperationRequest;
use crate::json::decode::Decode;
use crate::{Error, Quay, Result};
use futures::future::BoxFuture;
use futures::{FutureExt, TryStreamExt};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

/// The most pages that are fetched ahead.
const MAX_PREFETCH: usize = 1_000;

/// A listing that can be read as a stream of rows, as a stream of pages, or at once.
///
/// Nothing is sent before it is read. Filters are methods of the particular listing.
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// use futures::TryStreamExt;
///
/// let mut tags = quay.repository("acme/web")?.tags().list().active().stream();
/// while let Some(tag) = tags.try_next().await? {
///     println!("{}", tag.name);
/// }
/// # Ok(())
/// # }
/// ```
///
/// Awaiting it reads everything into a `Vec`:
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// let robots = quay.organization("acme")?.robots().list().await?;
/// # Ok(())
/// # }
/// ```
///
/// Functions and macros that take a future, such as `try_join!` and `tokio::spawn`, get the one of
/// [`all`](Self::all). Code that is generic over listings has the bound [`ListRequest`].
///
/// # Speed
///
/// While the caller works on the rows of a page, the next page is fetched
/// ([`prefetch`](Self::prefetch)). Listings whose pages have numbers or offsets can fetch several
/// pages concurrently ([`concurrency`](Self::concurrency)). If the stream is dropped or no longer
/// polled, nothing is sent beyond the pages to prefetch.
///
/// # What is guaranteed
///
/// The same for every [`concurrency`](Self::concurrency), and when the stream is
/// [resumed](Rows::resume) after an error:
///
/// - **No row is yielded twice**, however many rows are added during the reading, unless more than
///   262,144 are added between two requests: then some pages may be yielded again. The last so many
///   rows are remembered one by one, and a sample of those before them: the memory is bounded.
/// - **No row that exists the whole time is left out**, however many rows are added.
/// - **A deletion may hide a row where pages have numbers or offsets** (tags, search, mirrored
///   repositories, mirror health). A row that is deleted moves the rows behind it forward, so one
///   of them may move from a page that is not read yet to one that was. As many rows may be left
///   out as were deleted during the reading, and no more. Nothing in the server's response shows
///   it. Where the server continues with page tokens or days (repositories, users, organizations,
///   starred repositories, application tokens, logs), a deletion hides no row.
/// - Rows that are added or deleted during the reading may be in the listing or not.
///
/// A row is known by what identifies it on the server: a tag by its name, the second in which it
/// began and its digest, a repository by its namespace and name. A row that is changed during the
/// reading, or deleted and created again under the same identity, is the same row. A row that moves
/// to another place in the server's order counts as deleted and added; found repositories may do
/// so, which are sorted by a score that changes. Entries of a usage log have no identity: two
/// entries that look alike are two entries. They are not remembered, so a log of any length takes
/// little memory.
///
/// # Errors
///
/// Returns the errors of the operation, and an error of the kind
/// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) for a page that promises more
/// rows and has none, or that has far more rows than were requested. The stream ends after any
/// error. It can be [resumed](Rows::resume), and its [position](Rows::position) can be stored and
/// [passed to a listing](Self::resume_from) later. A page token that is too old by then is not
/// sent: the listing is read again from an earlier page, and rows that were yielded are left out.
///
/// A listing that starts over ends with an error of the kind
/// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted) before it yields a row
/// twice:
///
/// - The server responded with a page that was read before, as it does to a page token that it
///   does not know any more.
/// - Pages follow without end: the server repeats a page under other numbers, a page leads back to
///   an earlier one, or rows are added faster than they are read.
/// - The row after which to resume was deleted.
///
/// All rows that were yielded until then are rows of the listing, each once, in the server's order.
/// It is not known whether rows follow that were not yielded. To have them all, read the listing
/// again from the start.
///
/// # Runtimes
///
/// Pages are fetched by a task of the tokio runtime in which the stream is polled first. If that
/// runtime is shut down, the stream yields what was fetched and then an error of the kind
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled); it can be [resumed](Rows::resume) in
/// another runtime.
#[must_use = "a listing does nothing until it is read"]
pub struct Listing<Q: ListRequest> {
    pub(crate) query: Q,
    max_pages: Option<usize>,
    prefetch: usize,
    concurrency: usize,
    position: Option<ListingPosition>,
}

impl<Q: ListRequest> Clone for Listing<Q> {
    fn clone(&self) -> Self {
        Self {
            query: self.query.clone(),
            position: self.position.clone(),
            ..*self
        }
    }
}

impl<Q: ListRequest> fmt::Debug for Listing<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Listing");
        let identity = self.query.identity().unwrap_or_default();
        out.field("operation", &identity.operation)
            .field("max_pages", &self.max_pages);
        out.field("prefetch", &self.prefetch)
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}

impl<Q: ListRequest> Listing<Q> {
    pub(crate) fn new(query: Q) -> Self {
        Self {
            query,
            max_pages: None,
            prefetch: 1,
            concurrency: 1,
            position: None,
        }
    }

    /// Sets the maximum number of pages to read, those without a new row included.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Sets how many pages are fetched ahead of the current one, 1,000 at most: one by default.
    /// They are fetched in a task of their own, even while the stream is not polled.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.repositories().list().namespace("acme").prefetch(3).stream();
    /// # Ok(())
    /// # }
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        self.prefetch = pages.min(MAX_PREFETCH);
        self
    }

    /// Fetches each page only when it is needed.
    pub fn no_prefetch(self) -> Self {
        self.prefetch(0)
    }

    /// Resumes at a position from [`Rows::position`] or [`Pages::position`], of this process or
    /// another one, with the row after the last one that was yielded.
    ///
    /// That last row is searched for from its page on, so that no row is lost or yielded twice if
    /// others were added since. If it was deleted, or so many rows before it that it is on an
    /// earlier page, the listing ends with an error of the kind
    /// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted).
    ///
    /// A position is a short string, and can't hold all rows that were yielded. Where pages have
    /// numbers or offsets, rows that were yielded before the position come again if more rows than
    /// a page has are added between two requests after resuming. In a usage log, entries of one
    /// second that look alike are counted; one that is logged in that second after the position was
    /// read may be taken for one that was yielded. [`Rows::resume`] has no such limits.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the
    /// position belongs to another listing, and nothing is sent.
    pub fn resume_from(mut self, position: ListingPosition) -> Self {
        self.position = Some(position);
        self
    }

    /// Returns a stream of the pages. It ends after an error, unless it is
    /// [resumed](Pages::resume).
    pub fn pages(self) -> Pages<Q::Row> {
        Pages::new(self.raw_pages())
    }

    fn raw_pages(self) -> RawPages {
        let (identity, written) = match self.query.identity() {
            Ok(identity) => (identity, Ok(())),
            Err(error) => (ListingId::default(), Err(error)),
        };
        let start = || Some(Checkpoint::at(self.query.start()));
        let from = written.and_then(|()| self.query.check()).and_then(|()| {
            self.position.as_ref().map_or_else(
                || Ok(start()),
                |position| position.checkpoint(identity, &self.query.start()),
            )
        });
        let checkpoint = from.as_ref().map_or_else(|_| start(), Clone::clone);
        let (paging, page_size) = (self.query.paging(), self.query.rows_a_page());
        let pages = ConcurrentPages::new(self.concurrency, paging, page_size);
        let source = Box::new(TypedSource(self.query));
        let fetcher = PageFetcher::new(source, pages, from, self.max_pages);
        RawPages::new(fetcher, self.prefetch, identity, checkpoint)
    }

    /// Returns a stream of the rows. It ends after an error, unless it is
    /// [resumed](Rows::resume).
    pub fn stream(self) -> Rows<Q::Row> {
        Rows::new(self.raw_pages())
    }

    /// Reads all rows into a `Vec`. It is the same as awaiting the listing, for functions and
    /// macros that take a future.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading the listing.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> Result<(), Box<dyn std::error::Error>> {
    /// use futures::future::{join_all, try_join_all};
    ///
    /// let acme = quay.organization("acme")?;
    /// let web = quay.repository("acme/web")?;
    ///
    /// // Listings of different types at the same time.
    /// let (robots, tags) = (acme.robots().list(), web.tags().list());
    /// let (robots, tags) = futures::try_join!(robots.all(), tags.all())?;
    ///
    /// // Many of one type; for more than a few, see `fan_out`, which limits how many are read.
    /// let listings = ["v1", "v2"].map(|name| web.tags().list().named(name).all());
    /// let found = try_join_all(listings).await?;
    ///
    /// // A task of its own.
    /// let task = tokio::spawn(web.tags().list().all());
    /// let tags = task.await??;
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> impl Future<Output = Result<Vec<Q::Row>>> + Send + 'static {
        self.into_future()
    }

    /// Returns the first row, or `None` if there is no row. Fetches no more pages than that takes.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading the listing.
    pub async fn first(mut self) -> Result<Option<Q::Row>> {
        self.concurrency = 1;
        self.no_prefetch().stream().try_next().await
    }
}

impl<Q: Indexed> Listing<Q> {
    /// Fetches up to `pages` pages concurrently, 64 at most, and yields them in order.
    ///
    /// What a listing [guarantees](Listing#what-is-guaranteed) is the same as without. Pages that
    /// are fetched out of order are yielded once a page behind them has shown that no row was added
    /// in between; that page is requested twice, about one in thirty. If rows were added, the pages
    /// are fetched again one after the other. So it is slow while rows are added all the time, and
    /// a few pages more than requested are in memory. Some requests past the last page are wasted.
    ///
    /// The number of concurrent requests of a [`Quay`](crate::Quay) and its clones has a limit of
    /// its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tags = quay.repository("acme/web")?.tags().list().concurrency(8).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.clamp(1, MAX_CONCURRENCY);
        self
    }
}

impl<Q: PageSize> Listing<Q> {
    /// Sets the number of rows per page. The default is the fastest for reading everything; a
    /// smaller one suits a caller who needs a few rows.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the
    /// server does not support this size, and nothing is sent.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let newest = quay.repository("acme/web")?.tags().list().page_size(5).max_pages(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn page_size(mut self, rows: u32) -> Self {
        *self.query.size() = rows;
        self
    }
}

impl<Q: ListRequest> IntoFuture for Listing<Q> {
    type Output = Result<Vec<Q::Row>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.stream().try_collect().boxed()
    }
}

impl<T: Send + Sync + 'static> Listing<SinglePage<T>> {
    /// Lists the rows of the response to a single request.
    #[inline]
    pub(crate) fn single_page<R: Decode + Send + 'static>(
        quay: &Quay,
        request: Result<OperationRequest<R>>,
        rows: fn(R) -> Vec<T>,
    ) -> Self {
        let quay = quay.clone();
        Self::new(SinglePage::new(move || {
            // Each reading sends the request anew, or fails anew.
            let request = match &request {
                Ok(request) => Ok(request.clone()),
                Err(error) => Err(Error::new(error.kind(), error.message())),
            };
            PageRequest::new(&quay, request, move |response| {
                Ok(Page::whole(rows(response)))
            })
        }))
    }
}

impl<T: Send + Sync + 'static> Listing<SinglePage<T>> {
    /// Adds to each row what the server leaves out of it.
    pub(crate) fn completed(
        mut self,
        complete: impl Fn(&mut T) + Clone + Send + Sync + 'static,
    ) -> Self {
        self.query = self.query.completed(complete);
        self
    }

    /// Runs a check if the response has no rows; its error is then that of the listing.
    pub(crate) fn when_empty(
        mut self,
        check: impl Fn() -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.query = self.query.when_empty(check);
        self
    }
}

impl<T: Send + Sync + 'static> Listing<TokenPages<T>> {
    /// Lists the rows of the responses to requests that differ in their page token.
    #[inline]
    pub(crate) fn token_pages<R: Decode + Send + 'static, F>(
        quay: &Quay,
        request: F,
        page: fn(R) -> Page<T>,
        row_key: fn(&T) -> RowKey,
    ) -> Self
    where
        F: Fn(&Quay, Option<&str>) -> Result<OperationRequest<R>> + Send + Sync + 'static,
    {
        let quay = quay.clone();
        Self::new(TokenPages::new(row_key, move |token| {
            PageRequest::new(&quay, request(&quay, token), move |response| {
                Ok(page(response))
            })
        }))
    }
}
