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

/// The request of a listing: how each of its pages is requested and read.
pub trait ListRequest: Clone + Send + Sync + 'static {
    /// One entry of the listing.
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
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<Self::Row>>;

    /// Returns true if the caller wants a row. Servers ignore filters that they do not know, and
    /// take some for more than they say: a row that does not match is never yielded.
    fn is_wanted(&self, _: &Self::Row) -> bool {
        true
    }

    /// Returns what tells a row from the others; `None` for listings that come in one response.
    fn row_key(&self, _: &Self::Row) -> Option<RowKey> {
        None
    }

    /// Returns the number of rows of a page, where the request sets it.
    fn rows_a_page(&self) -> Option<u32> {
        None
    }

    /// Checks the settings before anything is sent.
    fn check(&self) -> Result<()> {
        Ok(())
    }

    /// Returns where the first page begins.
    fn start(&self) -> Cursor {
        paging_style::first_cursor(self.paging())
    }

    /// Returns the identity of the listing, so that a position is refused by any other listing.
    fn identity(&self) -> Result<ListingId> {
        self.page_request(&Cursor::Start)
            .map(|request| request.identity)
    }

    /// Returns how the operation is continued.
    fn paging(&self) -> Option<Paging> {
        paging_style::of(self.identity().ok()?.operation)
    }

    /// Fetches the page at a cursor.
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

    /// Runs a check if the page has no rows and no page follows; its error is then that of the page.
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

/// A listing whose pages have numbers or offsets, so that several can be fetched at once.
pub trait Indexed: ListRequest {}

/// A listing whose pages are as long as the caller wants.
pub trait PageSize: ListRequest {
    /// The most rows that the server gives in a page.
    const MAX: u32;

    /// Where the size is kept.
    fn size(&mut self) -> &mut u32;
}

/// Returns an error for a page size that the server would quietly change, or answer with pages
/// without end.
pub(crate) fn check_page_size<Q: PageSize>(rows: u32) -> Result<()> {
    let got = match rows {
        0 => "none".to_owned(),
        _ if rows > Q::MAX => rows.to_string(),
        _ => return Ok(()),
    };
    Err(Error::invalid_input(format!(
        "a page has from 1 to {} rows, not {got}",
        Q::MAX
    )))
}

/// A listing that comes in one response.
pub struct SinglePage<T> {
    request: Arc<SingleRequest<T>>,
}

/// A listing that is continued with a page token.
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
