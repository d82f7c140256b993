//! Listings against scripted pages.

use super::*;
use crate::types::Timestamp;
use crate::{Paging, Result};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Responds to each cursor with a page, and counts the requests.
#[derive(Clone)]
pub(super) struct Scripted {
    start: Cursor,
    respond: fn(&Cursor) -> Result<Page<u32>>,
    requests: Arc<AtomicUsize>,
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

    fn fetch(&self, cursor: &Cursor) -> BoxFuture<'static, Result<Page<u32>>> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        futures::future::ready((self.respond)(cursor)).boxed()
    }
}

fn listing_from(
    start: Cursor,
    respond: fn(&Cursor) -> Result<Page<u32>>,
) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    let requests = Arc::new(AtomicUsize::new(0));
    (
        Listing::new(Scripted {
            start,
            respond,
            requests: Arc::clone(&requests),
        }),
        requests,
    )
}

pub(super) fn listing(
    respond: fn(&Cursor) -> Result<Page<u32>>,
) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    listing_from(Cursor::Start, respond)
}

pub(super) fn numbered(
    respond: fn(&Cursor) -> Result<Page<u32>>,
) -> (Listing<Scripted>, Arc<AtomicUsize>) {
    listing_from(Cursor::Number(1), respond)
}

/// Returns the rows of a listing, and the kind of the error that ended it.
pub(super) async fn read_all(listing: Listing<Scripted>) -> (Vec<u32>, Option<ErrorKind>) {
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

fn token(value: &str) -> Option<String> {
    Some(value.to_owned())
}

#[tokio::test]
async fn follows_tokens_over_empty_pages() {
    let (listing, requests) = listing(|cursor| {
        Ok(match cursor.next_page() {
            None => Page::by_token(vec![1, 2], token("a")),
            Some("a") => Page::by_token(vec![], token("b")),
            Some("b") => Page::by_token(vec![3], token("c")),
            _ => Page::by_token(vec![], None),
        })
    });
    assert_eq!(read_all(listing.clone()).await, (vec![1, 2, 3], None));
    assert_eq!(requests.swap(0, Ordering::SeqCst), 4);
    assert_eq!(listing.clone().first().await.ok(), Some(Some(1)));
    assert_eq!(
        requests.swap(0, Ordering::SeqCst),
        1,
        "no page is fetched before it is needed"
    );
    assert_eq!(listing.clone().max_pages(1).await.ok(), Some(vec![1, 2]));
    assert_eq!(requests.swap(0, Ordering::SeqCst), 1);
    assert_eq!(listing.await.ok(), Some(vec![1, 2, 3]));
}

#[tokio::test]
async fn ends_with_an_error_if_the_listing_starts_over() {
    // The server responds to an expired token with the first page.
    let (expired, _) = listing(|cursor| {
        Ok(match cursor.next_page() {
            None | Some("b") => Page::by_token(vec![1, 2], token("a")),
            _ => Page::by_token(vec![3, 4], token("b")),
        })
    });
    assert_eq!(
        read_all(expired).await,
        (vec![1, 2, 3, 4], Some(ErrorKind::ListingRestarted))
    );
    // The tokens differ, the rows do not.
    let (renamed, _) = listing(|cursor| match cursor.next_page() {
        None => Ok(Page::by_token(vec![1, 2], token("x"))),
        Some(t) => Ok(Page::by_token(vec![1, 2], Some(format!("{t}x")))),
    });
    assert_eq!(
        read_all(renamed).await,
        (vec![1, 2], Some(ErrorKind::ListingRestarted))
    );
    // The same token without end, with empty pages.
    let (stuck, requests) = listing(|_| Ok(Page::by_token(vec![], token("same"))));
    assert_eq!(
        read_all(stuck).await,
        (vec![], Some(ErrorKind::ListingRestarted))
    );
    assert_eq!(requests.load(Ordering::SeqCst), 2);
    // Page 10 without end.
    let (capped, requests) = numbered(|cursor| {
        let requested = cursor.number();
        let received = requested.min(10) as i64;
        Page::by_number(vec![received as u32], requested, received, true)
    });
    assert_eq!(
        read_all(capped).await,
        ((1..=10).collect(), Some(ErrorKind::ListingRestarted))
    );
    assert_eq!(requests.load(Ordering::SeqCst), 11);
}

#[tokio::test]
async fn ends_numbered_pages_where_the_server_says() {
    let (pages, _) = numbered(|cursor| {
        let n = cursor.number();
        Page::by_number(vec![n as u32], n, n as i64, n < 3)
    });
    assert_eq!(read_all(pages).await, (vec![1, 2, 3], None));
    let (empty, requests) = numbered(|cursor| Page::by_number(vec![], cursor.number(), 1, true));
    assert_eq!(
        read_all(empty).await,
        (vec![], Some(ErrorKind::InvalidResponse)),
        "what the page lacks would be lost"
    );
    assert_eq!(requests.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn yields_an_error_after_the_rows_before_it() {
    let (failing, _) = listing(|cursor| match cursor.next_page() {
        None => Ok(Page::by_token(vec![1], token("a"))),
        _ => Err(Error::new(ErrorKind::Unavailable, "later")),
    });
    assert_eq!(
        read_all(failing).await,
        (vec![1], Some(ErrorKind::Unavailable))
    );
}

#[test]
fn reads_the_cursor_that_it_wrote() {
    let token = PageToken::received_at("gAAA=".to_owned(), 1_795_479_843);
    let [oldest, since, until] = [1, 2, 3].map(|day| Timestamp::from_date(2026, 11, day).unwrap());
    let window = LogWindow {
        oldest,
        since,
        until,
        token: None,
    };
    let window_with_token = LogWindow {
        token: Some(token.clone()),
        ..window.clone()
    };
    for cursor in [
        Cursor::Start,
        Cursor::Token(token),
        Cursor::Number(7),
        Cursor::Offset(200),
        Cursor::Days(window),
        Cursor::Days(window_with_token),
    ] {
        let mut fields = HashMap::new();
        cursor.write_fields(|name, value| {
            fields.insert(name.to_owned(), value.to_owned());
        });
        let read = Cursor::read_fields(|name| fields.get(name).map(String::as_str)).unwrap();
        // The time at which a token was received is written in whole seconds.
        assert_eq!(read.next_page(), cursor.next_page());
        assert_eq!(read.without_token(), cursor.without_token());
    }
}

#[test]
fn predicts_where_a_full_page_continues() {
    let number = Cursor::Number(3);
    let page = Page::by_number(vec![1, 2], 3, 3, true).unwrap();
    for paging in [Paging::Page, Paging::Search, Paging::Total] {
        let predicted = paging_style::cursor_after(Some(paging), &number, 1, None);
        assert_eq!(predicted, page.next, "{paging:?}");
    }
    let page = Page::by_offset(vec![1, 2], 4, true);
    let predicted =
        paging_style::cursor_after(Some(Paging::Offset), &Cursor::Offset(4), 1, Some(2));
    assert_eq!(predicted, page.next);
    let last = Cursor::Number(LAST_PAGE_OF_A_SEARCH);
    assert_eq!(
        paging_style::cursor_after(Some(Paging::Search), &last, 1, None),
        None
    );
    assert_eq!(
        paging_style::cursor_after(Some(Paging::Token), &Cursor::Start, 1, None),
        None
    );
}
