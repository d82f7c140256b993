//! Detects a listing that starts over, and rows that come again.

use super::cursor::Cursor;
use super::page::ServerPage;
use super::restarted;
use super::row_key::{Fnv1a, Occurrence, RowKey};
use super::seen_rows::SeenRows;
use crate::Result;
use std::collections::{HashMap, HashSet};

/// The number of empty pages in a row after which a listing is taken for endless.
const MAX_EMPTY_PAGES: u32 = 1000;
/// The number of equal pages in a row, all of one second of a log, after which they are taken for a
/// loop and not for a burst.
const MAX_EQUAL_PAGES: u32 = 500;

/// A listing that yields no new row is taken for endless if so many more rows came in vain than
/// twice the rows that were new.
const MAX_STALLED_ROWS: u64 = 10_000;

/// Detects a listing that starts over, and rows that come again.
///
/// - All page tokens are remembered: a page that continues with an earlier token leads back.
/// - Rows with unique keys (tags, repositories, users) are all remembered, in some eight bytes
///   each. One that comes again is not new. Where pages have numbers or offsets, any number of rows
///   come again if others are added before them; under a page token rows don't move, so a page
///   without a new row has started over.
/// - Rows of a log, many of which may have the same key, are not remembered. A log is sorted by
///   time, so a page that goes back to the beginning has started over, and so has one that comes
///   again, unless all its rows are of the same second.
#[derive(Default)]
pub(super) struct LoopDetector {
    /// Hashes of the page tokens.
    tokens: HashSet<u64>,
    /// The rows with unique keys.
    seen: SeenRows,
    /// How many rows came since the last new one.
    stalled_rows: u64,
    /// Hashes of whole pages that have a number or an offset, each with the first such number.
    indexed_pages: HashMap<u64, u64>,
    /// Hashes of whole pages of a log.
    log_pages: HashSet<u64>,
    empty_pages: u32,
    /// The hash of the previous page of a log, and how many equal ones came before it.
    equal_pages: (u64, u32),
}

impl LoopDetector {
    /// Returns for each row of a page whether it is new. `first_row` is the first row of the
    /// listing, and `last_row` the last one before this page.
    ///
    /// # Errors
    ///
    /// Returns an error if the page came before, or continues with a page that came before.
    pub fn check(
        &mut self,
        page: &ServerPage,
        first_row: Option<RowKey>,
        last_row: Option<Occurrence>,
    ) -> Result<Vec<bool>> {
        let ServerPage { cursor, keys, .. } = page;
        self.check_token(page.next.as_ref())?;
        self.check_empty(page)?;
        match keys.first() {
            Some(first) if first.second.is_some() => self.check_log(keys, first_row, last_row)?,
            Some(_) => return self.check_unique(cursor, keys, first_row),
            None => {}
        }
        Ok(vec![true; page.rows.len()])
    }

    /// Remembers a page that has a number or an offset. Returns the cursor of an earlier page that
    /// had the same rows: others may have been added before them, or the server repeats itself.
    pub fn equal_page(&mut self, cursor: &Cursor, keys: &[RowKey]) -> Option<Cursor> {
        let index = cursor.index().filter(|_| !keys.is_empty())?;
        let first = *self.indexed_pages.entry(hash(keys)).or_insert(index);
        (first != index).then(|| cursor.with_index(first))
    }

    /// Checks that empty pages have an end. There may be any number of days without entries in a
    /// log.
    fn check_empty(&mut self, page: &ServerPage) -> Result<()> {
        self.empty_pages = match &page.next {
            Some(next) if page.rows.len() == 0 && !next.is_before_window_of(&page.cursor) => {
                self.empty_pages + 1
            }
            _ => 0,
        };
        match self.empty_pages > MAX_EMPTY_PAGES {
            true => Err(restarted("there is no end of empty pages")),
            false => Ok(()),
        }
    }

    fn check_token(&mut self, next: Option<&Cursor>) -> Result<()> {
        let Some(token) = next.and_then(Cursor::next_page) else {
            return Ok(());
        };
        let mut hasher = Fnv1a::default();
        hasher.write(token.as_bytes());
        if !self.tokens.insert(hasher.0) {
            return Err(restarted("the page leads back to one that was read"));
        }
        Ok(())
    }

    fn check_unique(
        &mut self,
        cursor: &Cursor,
        keys: &[RowKey],
        first_row: Option<RowKey>,
    ) -> Result<Vec<bool>> {
        let is_new: Vec<bool> = keys
            .iter()
            .map(|key| self.seen.insert(key.identity()))
            .collect();
        let is_first = |key: &RowKey| first_row == Some(*key);
        // The first row was read by another process, and the listing resumed after it.
        let went_back = || {
            keys.iter()
                .zip(&is_new)
                .any(|(key, is_new)| *is_new && is_first(key))
        };
        let starts_over = if is_new.contains(&true) {
            self.stalled_rows = 0;
            went_back()
        } else {
            self.stalled_rows += keys.len() as u64;
            // A single row may have been deleted, and another one created that has its name.
            keys.len() > 1 || keys.iter().any(is_first)
        };
        if starts_over && !cursor.is_indexed() {
            return Err(restarted("rows came a second time"));
        }
        if self.stalled_rows > MAX_STALLED_ROWS.saturating_add(2 * self.seen.len() as u64) {
            return Err(restarted("rows come again and again"));
        }
        Ok(is_new)
    }

    fn check_log(
        &mut self,
        keys: &[RowKey],
        first_row: Option<RowKey>,
        last_row: Option<Occurrence>,
    ) -> Result<()> {
        let second = |key: Option<&RowKey>| key.and_then(|key| key.second);
        let (page_first, page_last) = (second(keys.first()), second(keys.last()));
        let newest = second(first_row.as_ref());
        let reached = second(last_row.as_ref().map(|last| &last.key));
        // A step forward in time alone does not mean that the log started over: a server that reads
        // two logs one after the other takes one, but not as far as to the beginning.
        if newest.is_some() && reached.is_some() && page_first > reached && page_first >= newest {
            return Err(restarted("it went back to its newest rows"));
        }
        let page = hash(keys);
        if page_first != page_last && !self.log_pages.insert(page) {
            return Err(restarted("a page came a second time"));
        }
        let (previous, count) = self.equal_pages;
        self.equal_pages = (page, if previous == page { count + 1 } else { 0 });
        if self.equal_pages.1 > MAX_EQUAL_PAGES {
            return Err(restarted("a page came again and again"));
        }
        Ok(())
    }
}

/// Returns a hash of the rows of a page in their order.
fn hash(keys: &[RowKey]) -> u64 {
    let mut hasher = Fnv1a::default();
    for key in keys {
        hasher.write(&key.hash.to_le_bytes());
    }
    hasher.0
}
