//! What is asked for, and how a page of it is fetched.

use super::at::{At, Token};
use super::mark::{Identity, Mark};
use super::{restarted, style};
use crate::{Error, Paging, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::future::Future;
use std::sync::Arc;

/// What is asked for, and how a page of it is fetched. Each way in which Quay continues a listing is a kind of [`At`].
pub trait Query: Clone + Send + Sync + 'static {
    /// One entry of the listing.
    type Row: Send + Sync + 'static;

    /// Which listing it is, so that a position of another one is not taken for one of it.
    fn identity(&self) -> Identity;

    /// How the listing is continued: what the overlay says of the operation.
    fn paging(&self) -> Option<Paging> {
        style::of(self.identity().operation)
    }

    /// Where the first page begins.
    fn start(&self) -> At {
        style::first(self.paging())
    }

    /// Fetches the page at a place.
    fn fetch(&self, at: &At) -> impl Future<Output = Result<Page<Self::Row>>> + Send;

    /// What tells a row from the others; `None` for listings that come in one answer.
    fn mark(&self, _: &Self::Row) -> Option<Mark> {
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
pub trait Counted: Query {}

/// A query whose pages are as long as the caller wants.
pub trait Sizeable: Query {
    /// The most rows that the server gives in a page.
    const MOST: u32;

    /// Where the size is kept.
    fn size(&mut self) -> &mut u32;
}

/// An error for a size of pages that the server would quietly change, or answer with pages without end.
pub(crate) fn check_size<Q: Sizeable>(size: u32) -> Result<()> {
    match size {
        0 => Err(Error::invalid_input(format!("a page has from 1 to {} rows, not none", Q::MOST))),
        _ if size > Q::MOST => Err(Error::invalid_input(format!("a page has from 1 to {} rows, not {size}", Q::MOST))),
        _ => Ok(()),
    }
}

/// One answer of a listing: some rows, and whether there are more.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub(super) rows: Vec<T>,
    pub(super) next: Option<At>,
}

impl<T> Page<T> {
    pub(crate) fn new(rows: Vec<T>, next: Option<At>) -> Self {
        Self { rows, next }
    }

    /// The only page.
    pub(crate) fn whole(rows: Vec<T>) -> Self {
        Self { rows, next: None }
    }

    /// A page that is continued with a token.
    pub(crate) fn by_token(rows: Vec<T>, next_page: Option<String>) -> Self {
        Self { rows, next: Token::new(next_page).map(At::Token) }
    }

    /// A page that has a number. `answered` is the number that the server says it is.
    pub(crate) fn by_number(rows: Vec<T>, asked: u64, answered: i64, has_more: bool) -> Result<Self> {
        if u64::try_from(answered).ok() != Some(asked) {
            return Err(restarted(&format!("page {asked} was asked for, page {answered} came")));
        }
        // An empty page with more behind it would be asked for without end.
        let next = (has_more && !rows.is_empty()).then(|| At::Number(asked + 1));
        Ok(Self { rows, next })
    }

    /// A page that begins at a row.
    pub(crate) fn by_offset(rows: Vec<T>, asked: u64, has_more: bool) -> Self {
        let next = (has_more && !rows.is_empty()).then(|| At::Offset(asked + rows.len() as u64));
        Self { rows, next }
    }

    /// The rows of this page; there may be none although more pages follow.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// The rows of this page, to keep.
    pub fn into_rows(self) -> Vec<T> {
        self.rows
    }

    /// Whether more pages follow.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// A listing that comes in one answer.
pub struct Whole<T> {
    identity: Identity,
    fetch: Arc<dyn Fn() -> Fetched<Vec<T>> + Send + Sync>,
}

/// A listing that is continued with a token.
pub struct Tokens<T> {
    identity: Identity,
    mark: fn(&T) -> Mark,
    fetch: Arc<dyn Fn(Option<String>) -> Fetched<Page<T>> + Send + Sync>,
}

type Fetched<T> = BoxFuture<'static, Result<T>>;

impl<T> Clone for Whole<T> {
    fn clone(&self) -> Self {
        Self { identity: self.identity, fetch: Arc::clone(&self.fetch) }
    }
}

impl<T> Clone for Tokens<T> {
    fn clone(&self) -> Self {
        Self { identity: self.identity, mark: self.mark, fetch: Arc::clone(&self.fetch) }
    }
}

impl<T: Send + Sync + 'static> Whole<T> {
    pub(super) fn new<F>(identity: Identity, fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<T>>> + Send + 'static,
    {
        Self { identity, fetch: Arc::new(move || fetch().boxed()) }
    }
}

impl<T: Send + Sync + 'static> Tokens<T> {
    pub(super) fn new<F>(identity: Identity, mark: fn(&T) -> Mark, fetch: impl Fn(Option<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Page<T>>> + Send + 'static,
    {
        Self { identity, mark, fetch: Arc::new(move |token| fetch(token).boxed()) }
    }
}

impl<T: Send + Sync + 'static> Query for Whole<T> {
    type Row = T;

    fn identity(&self) -> Identity {
        self.identity
    }

    async fn fetch(&self, _: &At) -> Result<Page<T>> {
        (self.fetch)().await.map(Page::whole)
    }
}

impl<T: Send + Sync + 'static> Query for Tokens<T> {
    type Row = T;

    fn identity(&self) -> Identity {
        self.identity
    }

    async fn fetch(&self, at: &At) -> Result<Page<T>> {
        (self.fetch)(at.next_page().map(str::to_owned)).await
    }

    fn mark(&self, row: &T) -> Option<Mark> {
        Some((self.mark)(row))
    }
}
