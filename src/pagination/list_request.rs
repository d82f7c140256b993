//! What is asked for, and how a page of it is fetched.

use super::cursor::Cursor;
use super::page::Page;
use super::paging_style;
use super::row_key::{ListingId, RowKey};
use crate::{Error, Paging, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::Future;
use std::sync::Arc;

/// What is asked for, and how a page of it is fetched. Each way in which Quay continues a listing
/// is a kind of [`Cursor`].
pub trait ListRequest: Clone + Send + Sync + 'static {
    /// One entry of the listing.
    type Row: Send + Sync + 'static;

    /// Which listing it is, so that a position of another one is not taken for one of it.
    fn identity(&self) -> ListingId;

    /// How the listing is continued: what the overlay says of the operation.
    fn paging(&self) -> Option<Paging> {
        paging_style::of(self.identity().operation)
    }

    /// Where the first page begins.
    fn start(&self) -> Cursor {
        paging_style::first_cursor(self.paging())
    }

    /// Fetches the page at a place.
    fn fetch(&self, at: &Cursor) -> impl Future<Output = Result<Page<Self::Row>>> + Send;

    /// What tells a row from the others; `None` for listings that come in one answer.
    fn row_key(&self, _: &Self::Row) -> Option<RowKey> {
        None
    }

    /// How many rows a page has, where it is asked for so many.
    fn rows_a_page(&self) -> Option<u32> {
        None
    }

    /// What is wrong with what is asked for, before anything is sent.
    fn check(&self) -> Result<()> {
        Ok(())
    }
}

/// A query whose pages have numbers or offsets, so that several can be asked for at once.
pub trait Indexed: ListRequest {}

/// A query whose pages are as long as the caller wants.
pub trait PageSize: ListRequest {
    /// The most rows that the server gives in a page.
    const MAX: u32;

    /// Where the size is kept.
    fn size(&mut self) -> &mut u32;
}

/// An error for a size of pages that the server would quietly change, or answer with pages without
/// end.
pub(crate) fn check_size<Q: PageSize>(size: u32) -> Result<()> {
    match size {
        0 => Err(Error::invalid_input(format!(
            "a page has from 1 to {} rows, not none",
            Q::MAX
        ))),
        _ if size > Q::MAX => Err(Error::invalid_input(format!(
            "a page has from 1 to {} rows, not {size}",
            Q::MAX
        ))),
        _ => Ok(()),
    }
}

/// A listing that comes in one answer.
pub struct SinglePage<T> {
    identity: ListingId,
    fetch: Arc<dyn Fn() -> Fetched<Vec<T>> + Send + Sync>,
}

/// A listing that is continued with a token.
pub struct TokenPages<T> {
    identity: ListingId,
    mark: fn(&T) -> RowKey,
    fetch: Arc<dyn Fn(Option<String>) -> Fetched<Page<T>> + Send + Sync>,
}

type Fetched<T> = BoxFuture<'static, Result<T>>;

impl<T> Clone for SinglePage<T> {
    fn clone(&self) -> Self {
        Self {
            identity: self.identity,
            fetch: Arc::clone(&self.fetch),
        }
    }
}

impl<T> Clone for TokenPages<T> {
    fn clone(&self) -> Self {
        Self {
            identity: self.identity,
            mark: self.mark,
            fetch: Arc::clone(&self.fetch),
        }
    }
}

impl<T: Send + Sync + 'static> SinglePage<T> {
    pub(super) fn new<F>(identity: ListingId, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<T>>> + Send + 'static,
    {
        Self {
            identity,
            fetch: Arc::new(move || fetch().boxed()),
        }
    }
}

impl<T: Send + Sync + 'static> TokenPages<T> {
    pub(super) fn new<F>(
        identity: ListingId,
        mark: fn(&T) -> RowKey,
        fetch: impl Fn(Option<String>) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<Page<T>>> + Send + 'static,
    {
        Self {
            identity,
            mark,
            fetch: Arc::new(move |token| fetch(token).boxed()),
        }
    }
}

impl<T: Send + Sync + 'static> ListRequest for SinglePage<T> {
    type Row = T;

    fn identity(&self) -> ListingId {
        self.identity
    }

    async fn fetch(&self, _: &Cursor) -> Result<Page<T>> {
        (self.fetch)().await.map(Page::whole)
    }
}

impl<T: Send + Sync + 'static> ListRequest for TokenPages<T> {
    type Row = T;

    fn identity(&self) -> ListingId {
        self.identity
    }

    async fn fetch(&self, at: &Cursor) -> Result<Page<T>> {
        (self.fetch)(at.next_page().map(str::to_owned)).await
    }

    fn row_key(&self, row: &T) -> Option<RowKey> {
        Some((self.mark)(row))
    }
}
