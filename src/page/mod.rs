//! One pager for every way in which Quay continues a listing.

mod guard;

use crate::error::ErrorKind;
use crate::{Error, Result};
use futures::future::BoxFuture;
use futures::stream::{self, BoxStream, StreamExt, TryStreamExt};
use futures::{FutureExt, Stream};
use guard::Guard;
use serde::Serialize;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Position {
    Start,
    /// An opaque token of the server.
    Token(String),
    /// The number of a page, from 1.
    Number(u64),
    /// The number of a row, from 0.
    Offset(u64),
}

impl Position {
    pub fn token(&self) -> Option<&str> {
        match self {
            Self::Token(token) => Some(token),
            _ => None,
        }
    }

    pub fn number(&self) -> u64 {
        match self {
            Self::Number(number) => *number,
            _ => 1,
        }
    }

    pub fn offset(&self) -> u64 {
        match self {
            Self::Offset(offset) => *offset,
            _ => 0,
        }
    }
}

/// One answer of a listing: some rows, and whether there are more.
#[derive(Debug, Clone)]
pub struct Page<T> {
    rows: Vec<T>,
    next: Option<Position>,
}

impl<T> Page<T> {
    /// The only page.
    pub(crate) fn whole(rows: Vec<T>) -> Self {
        Self { rows, next: None }
    }

    /// A page that is continued with a token.
    pub(crate) fn by_token(rows: Vec<T>, next_page: Option<String>) -> Self {
        Self { rows, next: next_page.filter(|t| !t.is_empty()).map(Position::Token) }
    }

    /// A page that has a number. `answered` is the number that the server says it is.
    pub(crate) fn by_number(rows: Vec<T>, asked: u64, answered: i64, has_more: bool) -> Result<Self> {
        if u64::try_from(answered).ok() != Some(asked) {
            return Err(restarted(&format!("page {asked} was asked for, page {answered} came")));
        }
        // An empty page with more behind it would be asked for without end.
        let next = (has_more && !rows.is_empty()).then(|| Position::Number(asked + 1));
        Ok(Self { rows, next })
    }

    /// A page that begins at a row.
    pub(crate) fn by_offset(rows: Vec<T>, asked: u64, has_more: bool) -> Self {
        let next = (has_more && !rows.is_empty()).then(|| Position::Offset(asked + rows.len() as u64));
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

pub(crate) fn restarted(how: &str) -> Error {
    Error::new(ErrorKind::ListingRestarted, format!("the listing started over: {how}"))
}

mod sealed {
    use super::{Page, Position};
    use crate::Result;
    use std::future::Future;

    /// What is asked for, and how a page of it is fetched.
    pub trait Query: Clone + Send + Sync + 'static {
        /// One entry of the listing.
        type Row: serde::Serialize + Send + Sync + 'static;

        /// Fetches the page at a position.
        fn fetch(&self, at: Position) -> impl Future<Output = Result<Page<Self::Row>>> + Send;
    }
}

pub use sealed::Query;

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
/// # Errors
/// Beside those of the operation: a listing that starts over (a page token that has expired is answered with the first page) ends with an error of
/// the kind [`ErrorKind::ListingRestarted`] before it gives a page twice.
#[must_use = "a listing does nothing until it is read"]
pub struct Listing<Q: Query> {
    pub(crate) query: Q,
    max_pages: Option<usize>,
}

impl<Q: Query> Clone for Listing<Q> {
    fn clone(&self) -> Self {
        Self { query: self.query.clone(), max_pages: self.max_pages }
    }
}

impl<Q: Query> fmt::Debug for Listing<Q> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listing").field("max_pages", &self.max_pages).finish_non_exhaustive()
    }
}

impl<Q: Query> Listing<Q> {
    pub(crate) fn new(query: Q) -> Self {
        Self { query, max_pages: None }
    }

    /// Reads no more pages than this.
    pub fn max_pages(mut self, pages: usize) -> Self {
        self.max_pages = Some(pages);
        self
    }

    /// The pages, one after the other. After an error there are no more.
    pub fn pages(self) -> Pages<Q::Row> {
        let start = Reading { query: self.query, next: Some(Position::Start), left: self.max_pages, guard: Guard::default() };
        let pages = stream::try_unfold(start, |mut reading| async move {
            let Some(at) = reading.next.take() else { return Ok(None) };
            if reading.left == Some(0) {
                return Ok(None);
            }
            reading.left = reading.left.map(|left| left - 1);
            let page = reading.query.fetch(at).await?;
            reading.guard.check(&page)?;
            reading.next.clone_from(&page.next);
            Ok(Some((page, reading)))
        });
        Pages(pages.boxed())
    }

    /// The rows, one after the other. After an error there are no more.
    pub fn stream(self) -> Rows<Q::Row> {
        let rows = self.pages().map_ok(|page| stream::iter(page.rows.into_iter().map(Ok))).try_flatten();
        Rows(rows.boxed())
    }

    /// The first row, if there is one; asks for no more pages than that takes.
    ///
    /// # Errors
    /// As reading the listing.
    pub async fn first(self) -> Result<Option<Q::Row>> {
        self.stream().try_next().await
    }
}

impl<Q: Query> IntoFuture for Listing<Q> {
    type Output = Result<Vec<Q::Row>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        self.stream().try_collect().boxed()
    }
}

/// A listing that comes in one answer.
pub struct Whole<T>(Arc<dyn Fn() -> Fetched<Vec<T>> + Send + Sync>);

/// A listing that is continued with a token.
pub struct Tokens<T>(Arc<dyn Fn(Option<String>) -> Fetched<Page<T>> + Send + Sync>);

type Fetched<T> = BoxFuture<'static, Result<T>>;

impl<T> Clone for Whole<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Clone for Tokens<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Serialize + Send + Sync + 'static> Query for Whole<T> {
    type Row = T;

    async fn fetch(&self, _: Position) -> Result<Page<T>> {
        (self.0)().await.map(Page::whole)
    }
}

impl<T: Serialize + Send + Sync + 'static> Query for Tokens<T> {
    type Row = T;

    async fn fetch(&self, at: Position) -> Result<Page<T>> {
        (self.0)(at.token().map(str::to_owned)).await
    }
}

impl<T: Serialize + Send + Sync + 'static> Listing<Whole<T>> {
    pub(crate) fn whole<F>(fetch: impl Fn() -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Vec<T>>> + Send + 'static,
    {
        Self::new(Whole(Arc::new(move || fetch().boxed())))
    }
}

impl<T: Serialize + Send + Sync + 'static> Listing<Tokens<T>> {
    pub(crate) fn tokens<F>(fetch: impl Fn(Option<String>) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<Page<T>>> + Send + 'static,
    {
        Self::new(Tokens(Arc::new(move |token| fetch(token).boxed())))
    }
}

/// What reading has to remember.
struct Reading<Q> {
    query: Q,
    next: Option<Position>,
    left: Option<usize>,
    guard: Guard,
}

/// The rows of a [`Listing`], as a [`Stream`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Rows<T>(BoxStream<'static, Result<T>>);

/// The pages of a [`Listing`], as a [`Stream`].
#[must_use = "a stream does nothing until it is polled"]
pub struct Pages<T>(BoxStream<'static, Result<Page<T>>>);

impl<T> Stream for Rows<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl<T> Stream for Pages<T> {
    type Item = Result<Page<T>>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(cx)
    }
}

impl<T> fmt::Debug for Rows<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rows")
    }
}

impl<T> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

/// A row's place in the guard's memory is a hash of how it is written.
pub(crate) fn fingerprint(row: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(row).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// A server's pages by position, and how often it was asked.
    #[derive(Clone)]
    struct Scripted {
        answer: fn(Position) -> Result<Page<u32>>,
        asked: Arc<AtomicUsize>,
    }

    impl Query for Scripted {
        type Row = u32;

        async fn fetch(&self, at: Position) -> Result<Page<u32>> {
            self.asked.fetch_add(1, Ordering::SeqCst);
            (self.answer)(at)
        }
    }

    fn listing(answer: fn(Position) -> Result<Page<u32>>) -> (Listing<Scripted>, Arc<AtomicUsize>) {
        let asked = Arc::new(AtomicUsize::new(0));
        (Listing::new(Scripted { answer, asked: Arc::clone(&asked) }), asked)
    }

    /// What a reader sees: the rows before the end, and the error that ended it, if one did.
    async fn seen(listing: Listing<Scripted>) -> (Vec<u32>, Option<ErrorKind>) {
        let mut rows = Vec::new();
        let mut stream = listing.stream();
        while let Some(row) = stream.next().await {
            match row {
                Ok(row) => rows.push(row),
                Err(error) => {
                    assert!(stream.next().await.is_none(), "nothing comes after an error");
                    return (rows, Some(error.kind()));
                }
            }
        }
        (rows, None)
    }

    fn token(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[tokio::test]
    async fn tokens_are_followed_over_empty_pages() {
        let (listing, asked) = listing(|at| {
            Ok(match at.token() {
                None => Page::by_token(vec![1, 2], token("a")),
                Some("a") => Page::by_token(vec![], token("b")),
                Some("b") => Page::by_token(vec![3], token("c")),
                _ => Page::by_token(vec![], None),
            })
        });
        assert_eq!(seen(listing.clone()).await, (vec![1, 2, 3], None));
        assert_eq!(asked.swap(0, Ordering::SeqCst), 4);
        assert_eq!(listing.clone().first().await.ok(), Some(Some(1)));
        assert_eq!(asked.swap(0, Ordering::SeqCst), 1, "no more is asked for than is read");
        assert_eq!(listing.clone().max_pages(1).await.ok(), Some(vec![1, 2]));
        assert_eq!(asked.swap(0, Ordering::SeqCst), 1);
        assert_eq!(listing.await.ok(), Some(vec![1, 2, 3]));
    }

    #[tokio::test]
    async fn a_listing_that_starts_over_ends_with_an_error() {
        // An expired token is read as "first page".
        let (expired, _) = listing(|at| {
            Ok(match at.token() {
                None | Some("b") => Page::by_token(vec![1, 2], token("a")),
                _ => Page::by_token(vec![3, 4], token("b")),
            })
        });
        assert_eq!(seen(expired).await, (vec![1, 2, 3, 4], Some(ErrorKind::ListingRestarted)));
        // The tokens differ, the rows do not.
        let (renamed, _) = listing(|at| match at.token() {
            None => Ok(Page::by_token(vec![1, 2], token("x"))),
            Some(t) => Ok(Page::by_token(vec![1, 2], Some(format!("{t}x")))),
        });
        assert_eq!(seen(renamed).await, (vec![1, 2], Some(ErrorKind::ListingRestarted)));
        // The same token for ever, with nothing in the pages.
        let (stuck, asked) = listing(|_| Ok(Page::by_token(vec![], token("same"))));
        assert_eq!(seen(stuck).await, (vec![], Some(ErrorKind::ListingRestarted)));
        assert_eq!(asked.load(Ordering::SeqCst), 2);
        // Page 10 for ever.
        let (capped, asked) = listing(|at| {
            let asked = at.number();
            let answered = asked.min(10) as i64;
            Page::by_number(vec![answered as u32], asked, answered, true)
        });
        assert_eq!(seen(capped).await, ((1..=10).collect(), Some(ErrorKind::ListingRestarted)));
        assert_eq!(asked.load(Ordering::SeqCst), 11);
    }

    #[tokio::test]
    async fn numbered_pages_end_where_the_server_says() {
        let (numbered, _) = listing(|at| {
            let n = at.number();
            Page::by_number(vec![n as u32], n, n as i64, n < 3)
        });
        assert_eq!(seen(numbered).await, (vec![1, 2, 3], None));
        let (empty, asked) = listing(|at| Page::by_number(vec![], at.number(), 1, true));
        assert_eq!(seen(empty).await, (vec![], None));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn an_error_comes_after_the_rows_before_it() {
        let (failing, _) = listing(|at| match at.token() {
            None => Ok(Page::by_token(vec![1], token("a"))),
            _ => Err(Error::new(ErrorKind::Unavailable, "later")),
        });
        assert_eq!(seen(failing).await, (vec![1], Some(ErrorKind::Unavailable)));
    }
}
