//! Detects a listing that starts over, and rows that come again.

use super::cursor::Cursor;
use super::page::Page;
use super::restarted;
use super::row_key::{Fnv1a, Occurrence, RowKey};
use crate::Result;
use std::collections::HashSet;

/// The number of empty pages in a row after which a listing is taken for endless.
const MAX_EMPTY_PAGES: u32 = 1000;
/// The number of equal pages in a row, all of one second of a log, after which they are taken for a
/// loop and not for a burst.
const MAX_EQUAL_PAGES: u32 = 500;

/// Detects a listing that starts over. It remembers a few hashes a page, so that millions of rows
/// take little memory.
///
/// - All page tokens are remembered: a page that continues with an earlier token leads back.
/// - Rows with unique keys (tags, repositories, users): the rows of the first page, the first row
///   of every page, and the rows of the previous page are remembered. Where pages have numbers or
///   offsets, rows of the previous page come again if others were added before them; they are not
///   new.
/// - Rows of a log, many of which may have the same key: a log is sorted by time, so a page that
///   goes back to the beginning has started over, and so has one that comes again, unless all its
///   rows are of the same second.
#[derive(Default)]
pub(super) struct LoopDetector {
    /// Hashes of the page tokens.
    tokens: HashSet<u64>,
    /// Row hashes of the first page, and of the first row of each page.
    sampled_rows: HashSet<u64>,
    /// Row hashes of the previous page.
    previous_page: HashSet<u64>,
    /// Hashes of whole pages of a log.
    log_pages: HashSet<u64>,
    /// True if the previous page had no new row.
    is_stalled: bool,
    empty_pages: u32,
    /// The hash of the previous page of a log, and how many equal ones came before it.
    equal_pages: (u64, u32),
}

impl LoopDetector {
    /// Creates a detector for a listing that is resumed, whose first row is known.
    pub fn resumed(first_row: Option<RowKey>) -> Self {
        let unique = first_row.filter(|key| key.second.is_none());
        Self {
            sampled_rows: unique.into_iter().map(|key| key.hash).collect(),
            ..Self::default()
        }
    }

    /// Returns for each row of a page whether it is new. `first_row` is the first row of the
    /// listing, and `last_row` the last one before this page.
    ///
    /// # Errors
    ///
    /// Returns an error if the page came before, or continues with a page that came before.
    pub fn check<T>(
        &mut self,
        cursor: &Cursor,
        page: &Page<T>,
        keys: &[RowKey],
        first_row: Option<RowKey>,
        last_row: Option<Occurrence>,
    ) -> Result<Vec<bool>> {
        self.check_token(page.next.as_ref())?;
        self.empty_pages = if page.rows.is_empty() && page.has_more() {
            self.empty_pages + 1
        } else {
            0
        };
        if self.empty_pages > MAX_EMPTY_PAGES {
            return Err(restarted("there is no end of empty pages"));
        }
        match keys.first() {
            Some(first) if first.second.is_some() => self.check_log(keys, first_row, last_row)?,
            Some(_) if cursor.is_indexed() => return self.check_indexed(keys),
            Some(_) => self.check_unique(keys)?,
            None => {}
        }
        Ok(vec![true; page.rows.len()])
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

    /// Checks a page whose rows don't move when others are added: none may come again.
    fn check_unique(&mut self, keys: &[RowKey]) -> Result<()> {
        let is_known = |key: &RowKey| {
            self.previous_page.contains(&key.hash) || self.sampled_rows.contains(&key.hash)
        };
        if keys.iter().any(is_known) {
            return Err(restarted("rows came a second time"));
        }
        self.remember(keys);
        Ok(())
    }

    /// Checks a page that has a number or an offset: rows of the previous page may come again.
    fn check_indexed(&mut self, keys: &[RowKey]) -> Result<Vec<bool>> {
        let is_new: Vec<bool> = keys
            .iter()
            .map(|key| !self.previous_page.contains(&key.hash))
            .collect();
        let is_stalled = !is_new.contains(&true);
        if is_stalled && self.is_stalled {
            return Err(restarted("a page came a second time"));
        }
        let goes_back = keys
            .iter()
            .zip(&is_new)
            .any(|(key, is_new)| *is_new && self.sampled_rows.contains(&key.hash));
        if goes_back {
            return Err(restarted("rows came a second time"));
        }
        self.is_stalled = is_stalled;
        self.remember(keys);
        Ok(is_new)
    }

    fn remember(&mut self, keys: &[RowKey]) {
        let sampled = if self.previous_page.is_empty() {
            keys.len()
        } else {
            1
        };
        self.sampled_rows
            .extend(keys.iter().take(sampled).map(|key| key.hash));
        self.previous_page.clear();
        self.previous_page.extend(keys.iter().map(|key| key.hash));
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
        let mut hasher = Fnv1a::default();
        for key in keys {
            hasher.write(&key.hash.to_le_bytes());
        }
        let page = hasher.0;
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
