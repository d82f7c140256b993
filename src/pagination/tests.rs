//! The pager against answers that are written here.

use super::*;
use crate::Result;
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A server's pages by place, and how often it was asked.
#[derive(Clone)]
struct Scripted {
    start: Cursor,
    answer: fn(&Cursor) -> Result<Page<u32>>,
    asked: Arc<AtomicUsize>,
}

impl ListRequest for Scripted {
    type Row = u32;

    fn page_request(&self, _: &Cursor) -> Result<PageRequest<u32>> {
        unreachable!("the pages are not requested from a server")
    }

    fn identity(&self) -> Result<ListingId> {
        Ok(ListingId {
            operation: "scripted",
            listing: 1,
        })
    }

    fn start(&self) -> Cursor {
        self.start.clone()
    }

    fn row_key(&self, row: &u32) -> Option<RowKey> {
        Some(RowKey::unique(&[&row.to_string()]))
    }

    fn fetch(&self, at: &Cursor) -> BoxFuture<'static, Result<Page<u32>>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        futures::future::ready((self.answer)(at)).boxed()
    }
}

fn beginning(
    start: Cursor,
    answer: fn(&Cursor) -> Result<Page<u32>>,
) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    (
        Listing::new(Scripted {
            start,
            answer,
            asked: Arc::clone(&asked),
        }),
        asked,
    )
}

fn listing(answer: fn(&Cursor) -> Result<Page<u32>>) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    beginning(Cursor::Start, answer)
}

fn numbered(answer: fn(&Cursor) -> Result<Page<u32>>) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    beginning(Cursor::Number(1), answer)
}

/// What a reader sees: the rows before the end, and the error that ended it, if one did.
async fn seen(listing: Listing<Scripted>) -> (Vec<u32>, Option<ErrorKind>) {
    let mut rows = Vec::new();
    let mut stream = listing.stream();
    while let Some(row) = stream.next().await {
        match row {
            Ok(row) => rows.push(row),
            Err(error) => {
                assert!(
                    stream.next().await.is_none(),
                    "nothing comes after an error"
                );
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
        Ok(match at.next_page() {
            None => Page::by_token(vec![1, 2], token("a")),
            Some("a") => Page::by_token(vec![], token("b")),
            Some("b") => Page::by_token(vec![3], token("c")),
            _ => Page::by_token(vec![], None),
        })
    });
    assert_eq!(seen(listing.clone()).await, (vec![1, 2, 3], None));
    assert_eq!(asked.swap(0, Ordering::SeqCst), 4);
    assert_eq!(listing.clone().first().await.ok(), Some(Some(1)));
    assert_eq!(
        asked.swap(0, Ordering::SeqCst),
        1,
        "no more is asked for than is read"
    );
    assert_eq!(listing.clone().max_pages(1).await.ok(), Some(vec![1, 2]));
    assert_eq!(asked.swap(0, Ordering::SeqCst), 1);
    assert_eq!(listing.await.ok(), Some(vec![1, 2, 3]));
}

#[tokio::test]
async fn a_listing_that_starts_over_ends_with_an_error() {
    // An expired token is read as "first page".
    let (expired, _) = listing(|at| {
        Ok(match at.next_page() {
            None | Some("b") => Page::by_token(vec![1, 2], token("a")),
            _ => Page::by_token(vec![3, 4], token("b")),
        })
    });
    assert_eq!(
        seen(expired).await,
        (vec![1, 2, 3, 4], Some(ErrorKind::ListingRestarted))
    );
    // The tokens differ, the rows do not.
    let (renamed, _) = listing(|at| match at.next_page() {
        None => Ok(Page::by_token(vec![1, 2], token("x"))),
        Some(t) => Ok(Page::by_token(vec![1, 2], Some(format!("{t}x")))),
    });
    assert_eq!(
        seen(renamed).await,
        (vec![1, 2], Some(ErrorKind::ListingRestarted))
    );
    // The same token for ever, with nothing in the pages.
    let (stuck, asked) = listing(|_| Ok(Page::by_token(vec![], token("same"))));
    assert_eq!(
        seen(stuck).await,
        (vec![], Some(ErrorKind::ListingRestarted))
    );
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // Page 10 for ever.
    let (capped, asked) = numbered(|at| {
        let asked = at.number();
        let answered = asked.min(10) as i64;
        Page::by_number(vec![answered as u32], asked, answered, true)
    });
    assert_eq!(
        seen(capped).await,
        ((1..=10).collect(), Some(ErrorKind::ListingRestarted))
    );
    assert_eq!(asked.load(Ordering::SeqCst), 11);
}

#[tokio::test]
async fn numbered_pages_end_where_the_server_says() {
    let (pages, _) = numbered(|at| {
        let n = at.number();
        Page::by_number(vec![n as u32], n, n as i64, n < 3)
    });
    assert_eq!(seen(pages).await, (vec![1, 2, 3], None));
    let (empty, asked) = numbered(|at| Page::by_number(vec![], at.number(), 1, true));
    assert_eq!(seen(empty).await, (vec![], None));
    assert_eq!(asked.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn an_error_comes_after_the_rows_before_it() {
    let (failing, _) = listing(|at| match at.next_page() {
        None => Ok(Page::by_token(vec![1], token("a"))),
        _ => Err(Error::new(ErrorKind::Unavailable, "later")),
    });
    assert_eq!(seen(failing).await, (vec![1], Some(ErrorKind::Unavailable)));
}
