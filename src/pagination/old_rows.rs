//! Tests of listings that go back further than the rows that are remembered exactly.

use super::seen_rows::EXACT_ROWS;
use super::tests::{listing, numbered, read_all};
use super::*;
use crate::Result;
use std::collections::HashSet;
use std::sync::atomic::{AtomicU32, Ordering};

/// The rows that a test reads before the listing goes back.
const READ: u32 = 12 * EXACT_ROWS as u32;
const ROWS_A_PAGE: u32 = 20;

/// The maximum number of repeated rows until one of the sample of older rows is recognized.
const MAX_REPEATED: usize = 40 * ROWS_A_PAGE as usize;

/// Returns a page of the rows `0..rows`, before which rows were added.
fn page(cursor: &Cursor, added: u32, rows: u32) -> Result<Page<u32>> {
    let number = cursor.number();
    let from = (number as u32 - 1) * ROWS_A_PAGE;
    let to = (from + ROWS_A_PAGE).min(rows + added);
    // Added rows have higher numbers than the original ones.
    let rows_of_page = (from..to).map(|at| match at.checked_sub(added) {
        Some(row) => row,
        None => rows + at,
    });
    Page::by_number(
        rows_of_page.collect(),
        number,
        number as i64,
        to < rows + added,
    )
}

fn check_complete(read: &[u32], rows: u32) {
    let distinct: HashSet<_> = read.iter().copied().collect();
    assert!(
        (0..rows).all(|row| distinct.contains(&row)),
        "a row is lost"
    );
    let repeated = read.len() - distinct.len();
    assert!(
        repeated <= MAX_REPEATED,
        "{repeated} rows were yielded twice"
    );
}

#[tokio::test]
async fn loses_no_row_if_more_rows_are_added_than_are_remembered() {
    static ADDED: AtomicU32 = AtomicU32::new(0);
    let (pages, _) = numbered(|cursor| {
        if cursor.number() as u32 * ROWS_A_PAGE > READ {
            ADDED.store(READ * 3 / 4, Ordering::SeqCst);
        }
        page(cursor, ADDED.load(Ordering::SeqCst), 2 * READ)
    });
    let (read, error) = read_all(pages).await;
    assert_eq!(error, None);
    check_complete(&read, 2 * READ);
}

#[tokio::test]
async fn no_page_is_fetched_twice_while_rows_do_not_come_again() {
    let (pages, requests) = numbered(|cursor| page(cursor, 0, READ));
    let (read, error) = read_all(pages).await;
    assert_eq!((read, error), ((0..READ).collect(), None));
    assert_eq!(
        requests.load(Ordering::SeqCst),
        (READ / ROWS_A_PAGE) as usize
    );
}

#[tokio::test]
async fn pages_that_repeat_themselves_at_any_distance_are_an_error() {
    // The numbers of the pages continue, but their rows start over.
    let (pages, _) = numbered(|cursor| {
        let number = cursor.number();
        let from = (number as u32 - 1) * ROWS_A_PAGE % READ;
        // No two pages are equal: the order of the rows differs.
        let rows = (from..from + ROWS_A_PAGE).map(|row| (row + 7 * number as u32 / READ) % READ);
        Page::by_number(rows.collect(), number, number as i64, true)
    });
    let (read, error) = read_all(pages).await;
    assert_eq!(error, Some(ErrorKind::ListingRestarted));
    check_complete(&read, READ);
}

#[tokio::test]
async fn a_token_that_leads_back_to_the_middle_is_an_error() {
    let (pages, _) = listing(|cursor| {
        let nth: u32 = cursor
            .next_page()
            .map_or(0, |token| token.parse().unwrap_or(0));
        // All tokens differ.
        let from = match nth * ROWS_A_PAGE {
            from if from < READ => from,
            from => READ / 4 + from - READ,
        };
        let rows = (from..from + ROWS_A_PAGE).collect();
        Ok(Page::by_token(rows, Some((nth + 1).to_string())))
    });
    let (read, error) = read_all(pages).await;
    assert_eq!(error, Some(ErrorKind::ListingRestarted));
    check_complete(&read, READ);
}

#[tokio::test]
async fn rows_that_are_created_again_do_not_end_the_listing() {
    // Repositories that were deleted and created again are the last ones.
    let (pages, _) = numbered(|cursor| {
        let mut page = page(cursor, 0, READ)?;
        if page.next.is_none() {
            page.rows.extend(READ / 2..READ / 2 + 10);
        }
        Ok(page)
    });
    let (read, error) = read_all(pages).await;
    assert_eq!(error, None);
    check_complete(&read, READ);
}
