//! The request of a listing, which requests and reads each of its pages.

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

/// The request of a [`Listing`](super::Listing), with its filters.
///
/// It is the bound of code that is generic over listings. The trait is sealed: other crates can use
/// it as a bound, but can't implement it or call its methods.
///
/// # Examples
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
    /// The [identity] of the listing is computed from the request for [`Cursor::Start`]. That
    /// request must contain all settings, and nothing that differs between two readings.
    ///
    /// Implementations are `#[inline]`, so that a crate only compiles the decoders of listings that
    /// it reads.
    ///
    /// [identity]: Self::identity
    // Sealed by its types, which other crates can't name.
    #[doc(hidden)]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<Self::Row>>;

    /// Returns true if a row matches the filters. Other rows are not yielded.
    ///
    /// Servers ignore unknown filters, and some filters of a server match more rows.
    #[doc(hidden)]
    fn is_wanted(&self, _: &Self::Row) -> bool {
        true
    }

    /// Returns the key of a row; `None` for listings in a single response.
    #[doc(hidden)]
    fn row_key(&self, _: &Self::Row) -> Option<RowKey> {
        None
    }

    /// Returns the number of rows per page, if the request sets it.
    #[doc(hidden)]
    fn rows_a_page(&self) -> Option<u32> {
        None
    }

    /// Checks the settings before anything is sent.
    #[doc(hidden)]
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Returns the cursor of the first page.
    #[doc(hidden)]
    fn start(&self) -> Cursor {
        paging_style::first_cursor(self.paging())
    }

    /// Returns the identity of the listing, which its positions contain.
    #[doc(hidden)]
    fn identity(&self) -> Result<ListingId> {
        self.page_request(&Cursor::Start)
            .map(|request| request.identity)
    }

    /// Returns the paging style of the operation.
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

/// The written request of a page, which converts its response into the page.
pub struct PageRequest<T> {
    identity: ListingId,
    /// The future that sends the request.
    page: BoxFuture<'static, Result<Page<T>>>,
}

impl<T: Send + 'static> PageRequest<T> {
    /// Joins a request with the function that converts its response into a page.
    #[inline]
    pub(crate) fn new<R: Decode + Send + 'static>(
        quay: &Quay,
        request: Result<OperationRequest<R>>,
        page: impl FnOnce(R) -> Result<Page<T>> + Send + 'static,
    ) -> Result<Self> {
        let (request, quay) = (request?, quay.clone());
        let identity = ListingId::of(&request);
        Ok(Self {
            identity,
            page: async move {
                let response = quay.send(Ok(request)).await?;
                page(response).map_err(|error| error.with_response_to(identity.operation, &[]))
            }
            .boxed(),
        })
    }

    /// Joins a request with a future that sends it.
    ///
    /// It is for pages that need several calls, or that are read from an error response.
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

    /// Adds a filter to the identity of the listing that the request does not contain.
    pub(crate) fn with_filter(mut self, filter: &str) -> Self {
        self.identity = self.identity.with_filter(filter);
        self
    }

    /// Adds data to each row that the response does not contain.
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

    /// Runs a check if the page has no rows and no page follows, and returns its error.
    pub(crate) fn when_empty(mut self, check: BoxFuture<'static, Result<()>>) -> Self {
        let operation = self.identity.operation;
        let page = self.page;
        self.page = async move {
            let page = page.await?;
            if page.rows().is_empty() && !page.has_more() {
                check.await.map_err(|error| match error.is_not_found() {
                    true => error.with_operation_id(operation),
                    false => error,
                })?;
            }
            Ok(page)
        }
        .boxed();
        self
    }
}

/// The request of a listing whose pages have numbers or offsets.
///
/// Several pages can be fetched concurrently with
/// [`Listing::concurrency`](super::Listing::concurrency). The trait is sealed, as [`ListRequest`]
/// is.
pub trait Indexed: ListRequest {}

/// The request of a listing whose page size can be set.
///
/// [`Listing::page_size`](super::Listing::page_size) sets it. The trait is sealed, as
/// [`ListRequest`] is.
pub trait PageSize: ListRequest {
    /// The maximum number of rows in a page.
    const MAX: u32;

    /// Returns the field with the size.
    #[doc(hidden)]
    fn size(&mut self) -> &mut u32;
}

/// Returns an error for a page size that the server would change, or for which pages never end.
pub(crate) fn check_page_size<Q: PageSize>(rows: u32) -> Result<()> {
    if (1..=Q::MAX).contains(&rows) {
        return Ok(());
    }
    Err(Error::invalid_input(format!(
        "`page_size` must be between 1 and {}, got {rows}",
        Q::MAX
    )))
}

/// The request of a listing in a single response.
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

/// Implements `Debug` for types that contain functions or futures.
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
    /// Adds data to each row that the response does not contain.
    pub(super) fn completed(
        self,
        complete: impl Fn(&mut T) + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::new(move || Ok((self.request)()?.completed(complete.clone())))
    }

    /// Runs a check if the response has no rows, and returns its error.
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
