//! A listing that is about to be read.

use super::fetcher::{PageFetcher, ResumePoint};
use super::list_request::{
    Indexed, ListRequest, Page, PageRequest, PageSize, SinglePage, TokenPages,
};
use super::position::ListingPosition;
use super::row_key::{ListingId, RowKey};
use super::stream::{Pages, Rows};
use crate::http::OperationRequest;
use crate::json::decode::Decode;
use crate::{Error, Quay, Result};
use futures::{FutureExt, TryStreamExt};
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;

/// A listing that is about to be read: as a stream of rows, or page by page, or at once.
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
/// # Speed
/// While the rows of a page are looked at, the next page is fetched ([`prefetch`](Self::prefetch)).
/// Listings whose pages have numbers can fetch several at once
/// ([`concurrency`](Self::concurrency)). Dropping the stream, or not polling it any more, ends it:
/// nothing is sent beyond the pages that were to be ahead.
///
/// # What is guaranteed
/// No row is given twice, and none that was there all the time is left out, with one exception:
/// where pages have numbers or offsets (tags, search, mirrored repositories, mirror health), a row
/// that is *deleted* while they are read moves those behind it forward, and as many of them may
/// slip from a page that is still to be read to one that was. Rows that are *added* move others
/// backward; those that come again are left out. What is added or deleted during the reading may be
/// in it or not. Two entries of a usage log that look the same are two entries.
///
/// # Errors
/// Beside those of the operation: a listing that starts over (a page token that has expired is
/// answered with the first page) ends with an error of the kind
/// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted) before it gives a row twice.
/// After any error the stream has ended; it can be told to [go on](Rows::resume), and its
/// [position](Rows::position) can be kept and [given to a listing](Self::resume_from) later. A page
/// token that got too old in between is noticed before it is sent: what the listing gave is then
/// read again from an earlier place, and left out.
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

    /// Reads no more pages than this.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// Fetches so many pages ahead of the one that is being looked at: one, unless set. They are
    /// fetched in a task of their own, whether the stream is polled or not.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.repositories().list("acme").prefetch(3).stream();
    /// # Ok(())
    /// # }
    /// ```
    pub fn prefetch(mut self, pages: usize) -> Self {
        // The channel that they wait in can't be larger, and nobody means more.
        self.prefetch = pages.min(1 << 16);
        self
    }

    /// Fetches a page when it is asked for, and not before.
    pub fn no_prefetch(self) -> Self {
        self.prefetch(0)
    }

    /// Goes on from a position that [`Rows::position`] or [`Pages::position`] gave, in this process
    /// or another one: with the row after the last one that was given.
    ///
    /// That row is looked for, so that nothing is lost or doubled if others were added since. If it
    /// is gone, the listing ends with an error of the kind
    /// [`ErrorKind::ListingRestarted`](crate::ErrorKind::ListingRestarted).
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the
    /// position belongs to another listing, and nothing is sent.
    pub fn resume_from(mut self, position: ListingPosition) -> Self {
        self.position = Some(position);
        self
    }

    /// The pages, one after the other. After an error there are no more, unless told to
    /// [resume](Pages::resume).
    pub fn pages(self) -> Pages<Q::Row> {
        let (identity, written) = match self.query.identity() {
            Ok(identity) => (identity, Ok(())),
            Err(mistake) => (ListingId::default(), Err(mistake)),
        };
        let start = || {
            Some(ResumePoint {
                at: self.query.start(),
                row: 0,
                last: None,
                front: None,
            })
        };
        let from = written.and_then(|()| self.query.check()).and_then(|()| {
            self.position
                .as_ref()
                .map_or_else(|| Ok(start()), |position| position.within(identity))
        });
        let begins = from.as_ref().map_or_else(|_| start(), Clone::clone);
        let reading = PageFetcher::new(self.query, from, self.max_pages, self.concurrency);
        Pages::new(Box::new(reading), self.prefetch, identity, begins)
    }

    /// The rows, one after the other. After an error there are no more, unless told to
    /// [resume](Rows::resume).
    pub fn stream(self) -> Rows<Q::Row> {
        Rows::new(self.pages())
    }

    /// The first row, if there is one; asks for no more pages than that takes.
    ///
    /// # Errors
    /// As reading the listing.
    pub async fn first(mut self) -> Result<Option<Q::Row>> {
        self.concurrency = 1;
        self.no_prefetch().stream().try_next().await
    }
}

impl<Q: Indexed> Listing<Q> {
    /// Asks for so many pages at once; they still come in order. Up to so many less one may be
    /// asked for in vain behind the last page.
    ///
    /// How many requests a [`Quay`](crate::Quay) and its clones have under way at once has a limit
    /// of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tags = quay.repository("acme/web")?.tags().list().concurrency(8).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn concurrency(mut self, pages: usize) -> Self {
        self.concurrency = pages.max(1);
        self
    }
}

impl<Q: PageSize> Listing<Q> {
    /// Asks for so many rows a page. The listing's own size is the fastest for reading everything;
    /// a smaller one suits whoever wants a few rows.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the
    /// server does not take such a size, and nothing is sent.
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
