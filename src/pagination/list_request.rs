//! The request of a listing: how each of its pages is requested and read.

use super::cursor::Cursor;
use super::page::Page;
use super::paging_style;
use super::row_key::{ListingId, RowKey};
use crate::http::OperationRequest;
use crate::json::decode::Decode;
use crate::{Error, Paging, Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

/// The request of a [`Listing`](super::Listing), with its filters: the bound of code that is
/// generic over listings.
///
/// This trait is sealed: other crates can name it, and can't implement or call it.
///
/// ```
/// use quay_api::{ListRequest, Listing, Result};
/// use std::fmt::Debug;
///
/// /// Prints the rows of any listing, and returns their number.
/// async fn print_all<R: ListRequest>(listing: Listing<R>) -> Result<usize>
/// where
///     R::Row: Debug,
/// {
///     let rows = listing.await?;
///     for row in &rows {
///         println!("{row:?}");
///     }
///     Ok(rows.len())
/// }
///
/// # async fn example(quay: quay_api::Quay) -> Result<()> {
/// print_all(quay.repository("acme/web")?.tags().list()).await?;
/// print_all(quay.organization("acme")?.robots().list()).await?;
/// # Ok(())
/// # }
/// ```
pub trait ListRequest: Clone + Send + Sync + 'static {
    /// The type of the rows.
    type Row: Send + Sync + 'static;

    /// Writes the request of the page at a cursor.
    ///
    /// [`Cursor::Start`] stands for the listing as the caller describes it: the [identity] of the
    /// listing is taken from its request, which must hold every setting and nothing that changes
    /// from one reading to the next.
    ///
    /// Implementations are `#[inline]`, so that a crate that does not read the listing does not
    /// compile how its response is decoded.
    ///
    /// [identity]: Self::identity
    // Sealed by its types, which other crates can't name.
    #[doc(hidden)]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<Self::Row>>;

    /// Returns true if the caller wants a row. Servers ignore filters that they do not know, and
    /// take some for more than they say: a row that does not match is never yielded.
    #[doc(hidden)]
    fn is_wanted(&self, _: &Self::Row) -> bool {
        true
    }

    /// Returns the key of a row among the others; `None` for listings that come in one response.
    #[doc(hidden)]
    fn row_key(&self, _: &Self::Row) -> Option<RowKey> {
        None
    }

    /// Returns the number of rows of a page, where the request sets it.
    #[doc(hidden)]
    fn rows_a_page(&self) -> Option<u32> {
        None
    }

    /// Checks the settings before anything is sent.
    #[doc(hidden)]
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Returns where the first page begins.
    #[doc(hidden)]
    fn start(&self) -> Cursor {
        paging_style::first_cursor(self.paging())
    }

    /// Returns the identity of the listing, so that a position is refused by any other listing.
    #[doc(hidden)]
    fn identity(&self) -> Result<ListingId> {
        self.page_request(&Cursor::Start)
            .map(|request| request.identity)
    }

    /// Returns how the operation is continued.
    #[doc(hidden)]
    fn paging(&self) -> Option<Paging> {
        paging_style::of(self.identity().ok()?.operation)
    }

    /// Fetches the page at a cursor.
    #[doc(hidden)]
    fn fetch(&self, cursor: &Cursor) -> BoxFuture<'static, Result<Page<Self::Row>>> {
        match self.page_request(cursor) {
            Ok(request) => request.page,
            Err(error) => futures::future::ready(Err(error)).boxed(),
        }
    }
}

/// The written request of a page, with what becomes of its response.
pub struct PageRequest<T> {
    identity: ListingId,
    /// Sends the request when it is polled.
    page: BoxFuture<'static, Result<Page<T>>>,
}

impl<T: Send + 'static> PageRequest<T> {
    /// Joins a request with the function that makes its response a page.
    #[inline]
    pub(crate) fn new<R: Decode + Send + 'static>(
        quay: &Quay,
        request: Result<OperationRequest<R>>,
        page: impl FnOnce(R) -> Result<Page<T>> + Send + 'static,
    ) -> Result<Self> {
        let (request, quay) = (request?, quay.clone());
        Ok(Self {
            identity: ListingId::of(&request),
            page: async move { page(quay.send(Ok(request)).await?) }.boxed(),
        })
    }

    /// Joins a request with a future that sends it, for pages that need more than one call or that
    /// are read from an error response.
    #[inline]
    pub(crate) fn sent_by<R>(
        request: &OperationRequest<R>,
        page: impl Future<Output = Result<Page<T>>> + Send + 'static,
    ) -> Self {
        Self {
            identity: ListingId::of(request),
            page: page.boxed(),
        }
    }

    /// Adds a filter that the request does not hold to the identity of the listing.
    pub(crate) fn with_filter(mut self, filter: &str) -> Self {
        self.identity = self.identity.with_filter(filter);
        self
    }

    /// Adds to each row what the server leaves out of it.
    pub(crate) fn completed(mut self, complete: impl Fn(&mut T) + Send + 'static) -> Self {
        let page = self.page;
        self.page = async move {
            let mut page = page.await?;
            page.rows.iter_mut().for_each(complete);
            Ok(page)
        }
        .boxed();
        self
    }

    /// Runs a check if the page has no rows and no page follows; its error is then that of the
    /// page.
    pub(crate) fn when_empty(mut self, check: BoxFuture<'static, Result<()>>) -> Self {
        let page = self.page;
        self.page = async move {
            let page = page.await?;
            if page.rows().is_empty() && !page.has_more() {
                check.await?;
            }
            Ok(page)
        }
        .boxed();
        self
    }
}

/// The request of a listing whose pages have numbers or offsets, so that several can be fetched
/// concurrently: [`Listing::concurrency`](super::Listing::concurrency). Sealed, as [`ListRequest`]
/// is.
pub trait Indexed: ListRequest {}

/// The request of a listing whose page size can be set:
/// [`Listing::page_size`](super::Listing::page_size). Sealed, as [`ListRequest`] is.
pub trait PageSize: ListRequest {
    /// The maximum number of rows in a page.
    const MAX: u32;

    /// Returns the field with the size.
    #[doc(hidden)]
    fn size(&mut self) -> &mut u32;
}

/// Returns an error for a page size that the server would silently change, or that would lead to
/// pages without end.
pub(crate) fn check_page_size<Q: PageSize>(rows: u32) -> Result<()> {
    if (1..=Q::MAX).contains(&rows) {
        return Ok(());
    }
    Err(Error::invalid_input(format!(
        "`page_size` must be between 1 and {}, got {rows}",
        Q::MAX
    )))
}

/// The request of a listing that comes in one response.
pub struct SinglePage<T> {
    request: Arc<SingleRequest<T>>,
}

/// The request of a listing that is continued with a page token.
pub struct TokenPages<T> {
    row_key: fn(&T) -> RowKey,
    request: Arc<TokenRequest<T>>,
}

type SingleRequest<T> = dyn Fn() -> Result<PageRequest<T>> + Send + Sync;
type TokenRequest<T> = dyn Fn(Option<&str>) -> Result<PageRequest<T>> + Send + Sync;

/// Implements `Debug` for types that hold functions or futures.
macro_rules! debug_by_name {
    ($($name:ident),*) => {$(
        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    )*};
}

debug_by_name!(PageRequest, SinglePage, TokenPages);

impl<T> Clone for SinglePage<T> {
    fn clone(&self) -> Self {
        Self {
            request: Arc::clone(&self.request),
        }
    }
}

impl<T> Clone for TokenPages<T> {
    fn clone(&self) -> Self {
        Self {
            row_key: self.row_key,
            request: Arc::clone(&self.request),
        }
    }
}

impl<T: Send + Sync + 'static> SinglePage<T> {
    #[inline]
    pub(crate) fn new(
        request: impl Fn() -> Result<PageRequest<T>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            request: Arc::new(request),
        }
    }
}

impl<T: Send + Sync + 'static> SinglePage<T> {
    /// Adds to each row what the server leaves out of it.
    pub(super) fn completed(
        self,
        complete: impl Fn(&mut T) + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::new(move || Ok((self.request)()?.completed(complete.clone())))
    }

    /// Runs a check if the response has no rows; its error is then that of the listing.
    pub(super) fn when_empty(
        self,
        check: impl Fn() -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) -> Self {
        Self::new(move || Ok((self.request)()?.when_empty(check())))
    }
}

impl<T: Send + Sync + 'static> TokenPages<T> {
    #[inline]
    pub(crate) fn new(
        row_key: fn(&T) -> RowKey,
        request: impl Fn(Option<&str>) -> Result<PageRequest<T>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            row_key,
            request: Arc::new(request),
        }
    }
}

impl<T: Send + Sync + 'static> ListRequest for SinglePage<T> {
    type Row = T;

    fn page_request(&self, _: &Cursor) -> Result<PageRequest<T>> {
        (self.request)()
    }
}

impl<T: Send + Sync + 'static> ListRequest for TokenPages<T> {
    type Row = T;

    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<T>> {
        (self.request)(cursor.next_page())
    }

    fn row_key(&self, row: &T) -> Option<RowKey> {
        Some((self.row_key)(row))
    }
}
