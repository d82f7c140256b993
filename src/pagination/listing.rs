//! A listing and its settings.

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

/// The maximum number of pages that are fetched in advance.
const MAX_PREFETCH: usize = 1_000;

/// A listing, which can be read as a stream of rows, as a stream of pages, or into a `Vec`.
///
/// Nothing is sent until it is read. Filters are methods of the listing of that type.
///
/// # Examples
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
/// Awaiting it reads all rows into a `Vec`:
///
/// ```
/// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
/// let robots = quay.organization("acme")?.robots().list().await?;
/// # Ok(())
/// # }
/// ```
///
/// [`all`](Self::all) returns a future, for functions and macros that require one, such as
/// `try_join!` and `tokio::spawn`. Code that is generic over listings uses the bound
/// [`ListRequest`].
///
/// # Speed
///
/// While the caller processes the rows of a page, the next page is fetched
/// ([`prefetch`](Self::prefetch)). If pages have numbers or offsets, several pages can be fetched
/// concurrently ([`concurrency`](Self::concurrency)). If the stream is dropped, its requests are
/// cancelled. If it is no longer polled, only the pages to prefetch are fetched.
///
/// # What is guaranteed
///
/// The guarantees are the same with any [`concurrency`](Self::concurrency), and if the stream is
/// [resumed](Rows::resume) after an error:
///
/// - **No row is yielded twice**, however many rows are added during the reading. The only
///   exception is that more than 262,144 rows are added between two requests; some pages may then
///   be yielded again. To limit the memory, only that number of rows, and a sample of the earlier
///   ones, are remembered.
/// - **No row that exists the whole time is left out**, however many rows are added.
/// - **A deletion can hide a row if pages have numbers or offsets** (tags, search, mirrored
///   repositories, mirror health). A deletion moves all later rows forward, so one of them may move
///   from a page that was not read yet to a page that was. The server's responses do not show it.
///   At most as many rows are left out as were deleted during the reading. In all other listings
///   (repositories, users, organizations, starred repositories, application tokens, logs), a
///   deletion hides no row.
/// - Rows that are added or deleted during the reading may or may not be yielded.
///
/// A row is identified as on the server: a tag by its name, start time in seconds and digest, a
/// repository by its namespace and name. A row that is changed during the reading, or deleted and
/// created again with the same identity, is the same row. If a row moves in the server's order, it
/// counts as deleted and added. This can happen in a search for repositories, which is sorted by a
/// score that changes. The entries of a usage log have no identity, so two equal entries are two
/// rows. They are not remembered, so a log of any length takes little memory.
///
/// # Errors
///
/// Reading the listing returns the errors of the operation. It returns an error of the kind
/// [`ErrorKind::InvalidResponse`](crate::ErrorKind::InvalidResponse) for a page with a number or an
/// offset that has no rows although more pages follow, and for a page with far more rows than
/// requested.
///
/// The stream ends after an error. It can be [resumed](Rows::resume), or its
/// [position](Rows::position) can be stored and later [passed to a listing](Self::resume_from). A
/// page token that has expired by then is not sent. Instead, an earlier page is read again, and its
/// rows that were yielded are dropped.
///
/// A listing ends with an error of the kind
/// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted) before it yields a row
/// twice, if one of these events occurs:
///
/// - The server responded with a page that was read before, for example because it no longer knows
///   the page token.
/// - The pages do not end: the server repeats a page with other numbers, a page leads back to an
///   earlier one, or rows are added faster than they are read.
/// - The row after which to resume was deleted.
///
/// The rows that were yielded until then are correct: each is yielded once, in the server's order.
/// Other rows may be missing. To get all rows, read the listing again from the start.
///
/// # Runtimes
///
/// A task of the tokio runtime in which the stream is first polled fetches the pages. If that
/// runtime is shut down, the stream yields the fetched rows and then an error of the kind
/// [`ErrorKind::Cancelled`](crate::ErrorKind::Cancelled). It can be [resumed](Rows::resume) in
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

    /// Sets the maximum number of pages to read, including pages without new rows.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Sets the number of pages that are fetched in advance.
    ///
    /// The default is 1, the maximum is 1,000. A separate task fetches them, even while the stream
    /// is not polled.
    ///
    /// # Examples
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

    /// Fetches no page in advance.
    pub fn no_prefetch(self) -> Self {
        self.prefetch(0)
    }

    /// Resumes at a position, with the row after the last one that was yielded.
    ///
    /// [`Rows::position`] and [`Pages::position`] return the position, in this process or another
    /// one. The last row is searched for from its page on, so no row is lost or yielded twice if
    /// rows were added in the meantime. The listing ends with an error of the kind
    /// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted) if that row was deleted,
    /// or if it moved to an earlier page because other rows were deleted.
    ///
    /// A position is a short string and does not contain all yielded rows, so it has two limits
    /// that [`Rows::resume`] does not have:
    ///
    /// - If pages have numbers or offsets, and more rows than one page has are added between two
    ///   requests after resuming, rows that were yielded before the position may be yielded again.
    /// - Equal entries of a usage log in one second are counted. If another one is logged in that
    ///   second after the position was taken, it may be left out.
    ///
    /// If the position belongs to another listing, the first read returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    pub fn resume_from(mut self, position: ListingPosition) -> Self {
        self.position = Some(position);
        self
    }

    /// Returns a stream of the pages.
    ///
    /// It ends after an error, unless it is [resumed](Pages::resume).
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

    /// Returns a stream of the rows.
    ///
    /// It ends after an error, unless it is [resumed](Rows::resume).
    pub fn stream(self) -> Rows<Q::Row> {
        Rows::new(self.raw_pages())
    }

    /// Reads all rows into a `Vec`.
    ///
    /// It does the same as awaiting the listing, and returns a future for functions and macros that
    /// require one.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading the listing: see [`Listing`](Self#errors).
    ///
    /// # Examples
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
    /// // Several listings of one type. For many, use `fan_out`, which limits the concurrency.
    /// let listings = ["v1", "v2"].map(|name| web.tags().list().named(name).all());
    /// let found = try_join_all(listings).await?;
    ///
    /// // A listing in a separate task.
    /// let task = tokio::spawn(web.tags().list().all());
    /// let tags = task.await??;
    /// # Ok(())
    /// # }
    /// ```
    pub fn all(self) -> impl Future<Output = Result<Vec<Q::Row>>> + Send + 'static {
        self.into_future()
    }

    /// Returns the first row; `None` if the listing has no rows.
    ///
    /// Later pages are only fetched if the first ones have no rows.
    ///
    /// # Errors
    ///
    /// Returns the errors of reading the listing: see [`Listing`](Self#errors).
    pub async fn first(mut self) -> Result<Option<Q::Row>> {
        self.concurrency = 1;
        self.no_prefetch().stream().try_next().await
    }
}

impl<Q: Indexed> Listing<Q> {
    /// Fetches up to `pages` pages concurrently, at most 64, and yields them in order.
    ///
    /// The listing [guarantees](Listing#what-is-guaranteed) the same as without concurrency. Pages
    /// that are fetched out of order are only yielded after a later page has shown that no row was
    /// added in between. About one page in thirty is requested a second time for this. If rows were
    /// added, the pages are fetched again one after the other, so the listing is slow while rows
    /// are added all the time. A few more pages than `pages` are in memory, and some requests after
    /// the last page are wasted.
    ///
    /// These are pages of one listing: [`FanOut::concurrency`](crate::FanOut::concurrency) is the
    /// number of listings that are read concurrently.
    /// [`max_in_flight`](crate::QuayBuilder::max_in_flight) limits the requests of both.
    ///
    /// # Examples
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
    /// Sets the number of rows per page.
    ///
    /// The default is the fastest size for reading all rows. A smaller size is useful if only a few
    /// rows are needed.
    ///
    /// If the server does not support the size, the first read returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), and nothing is sent.
    ///
    /// # Examples
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

impl<Q: ListRequest> Listing<Q> {
    /// Returns the identifier of the operation; empty if the request is invalid.
    pub(crate) fn operation(&self) -> &'static str {
        self.query
            .identity()
            .map_or("", |listing| listing.operation)
    }
}

impl<T: Send + Sync + 'static> Listing<SinglePage<T>> {
    /// Returns a listing of the rows in a single response.
    #[inline]
    pub(crate) fn single_page<R: Decode + Send + 'static>(
        quay: &Quay,
        request: Result<OperationRequest<R>>,
        rows: fn(R) -> Vec<T>,
    ) -> Self {
        Self::checked_page(quay, request, move |response| Ok(rows(response)))
    }

    /// Returns a listing in one response, which may lack the rows.
    #[inline]
    pub(crate) fn checked_page<R: Decode + Send + 'static>(
        quay: &Quay,
        request: Result<OperationRequest<R>>,
        rows: impl Fn(R) -> Result<Vec<T>> + Copy + Send + Sync + 'static,
    ) -> Self {
        let quay = quay.clone();
        Self::new(SinglePage::new(move || {
            // Each reading sends the request again, or returns the error again.
            let request = match &request {
                Ok(request) => Ok(request.clone()),
                Err(error) => Err(Error::new(error.kind(), error.message())),
            };
            PageRequest::new(&quay, request, move |response| {
                Ok(Page::whole(rows(response)?))
            })
        }))
    }
}

impl<T: Send + Sync + 'static> Listing<SinglePage<T>> {
    /// Adds data to each row that the response does not contain.
    pub(crate) fn completed(
        mut self,
        complete: impl Fn(&mut T) + Clone + Send + Sync + 'static,
    ) -> Self {
        self.query = self.query.completed(complete);
        self
    }

    /// Runs a check if the response has no rows, and returns its error.
    pub(crate) fn when_empty(
        mut self,
        check: impl Fn() -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        self.query = self.query.when_empty(check);
        self
    }
}

impl<T: Send + Sync + 'static> Listing<TokenPages<T>> {
    /// Returns a listing whose requests differ in their page token.
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
