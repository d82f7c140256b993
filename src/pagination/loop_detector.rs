//! Detection of listings that start over, and of repeated rows.

use super::cursor::Cursor;
use super::page::ServerPage;
use super::restarted;
use super::row_key::{Fnv1a, Occurrence, RowKey};
use super::seen_rows::{Seen, SeenRows};
use crate::Result;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

/// The maximum number of consecutive empty pages. With more, a listing is considered endless.
const MAX_EMPTY_PAGES: u32 = 1000;
/// The maximum number of consecutive equal pages in one second of a log. More are considered a
/// loop, and not a burst of entries.
const MAX_EQUAL_PAGES: u32 = 500;

/// The maximum number of rows without a new one, in addition to twice the remembered rows. With
/// more, a listing is considered endless.
const MAX_STALLED_ROWS: u64 = 10_000;

/// The number of old rows after which a listing has gone back. Fewer don't show it, because names
/// may be used again.
const MIN_OLD_ROWS: usize = 8;

/// The maximum number of pages whose hashes are remembered.
const MAX_INDEXED_PAGES: usize = 1 << 16;

/// The detector of listings that start over, and of repeated rows.
///
/// Its memory is limited: see [`SeenRows`].
///
/// - Page tokens are remembered. A page that continues with an earlier token leads back.
/// - Rows with unique keys (tags, repositories, users) are remembered. A repeated row is not new.
///   If pages have numbers or offsets, any number of rows is repeated when others are added before
///   them. With page tokens, rows do not move, so a page without a new row means that the listing
///   started over.
/// - Rows of a log, many of which may have the same key, are not remembered. A log is sorted by
///   time, so a page that goes back to the beginning means that the listing started over. So does a
///   repeated page, unless all its rows have the same second.
#[derive(Default)]
pub(super) struct LoopDetector {
    /// The keys of the hashes of pages and tokens.
    random: RandomState,
    tokens: SeenRows,
    /// The rows with unique keys.
    rows: SeenRows,
    /// The number of rows that were read long ago, since the last row that is certainly new.
    old_rows: usize,
    /// The number of rows since the last new one.
    stalled_rows: u64,
    /// The hashes of pages with a number or an offset, each with the first such number.
    indexed_pages: HashMap<u64, u64>,
    /// The hashes of pages of a log.
    log_pages: SeenRows,
    empty_pages: u32,
    /// The hash of the previous page of a log, and the number of equal pages before it.
    equal_pages: (u64, u32),
}

impl LoopDetector {
    /// Returns for each row of a page whether it is new.
    ///
    /// The first `known` rows are not new, and are not remembered. `first_row` is the first row of
    /// the listing, and `last_row` the last one before this page.
    ///
    /// # Errors
    ///
    /// Returns an error if the page was read before, or continues with a page that was read before.
    pub fn check(
        &mut self,
        page: &ServerPage,
        known: usize,
        first_row: Option<RowKey>,
        last_row: Option<Occurrence>,
    ) -> Result<Vec<bool>> {
        let ServerPage { cursor, keys, .. } = page;
        self.check_token(page.next.as_ref())?;
        self.check_empty(page)?;
        match keys.first() {
            Some(first) if first.second.is_some() => self.check_log(keys, first_row, last_row)?,
            Some(_) => return self.check_unique(cursor, keys, known, first_row),
            None => {}
        }
        Ok(vec![true; page.rows.len()])
    }

    /// Remembers a page with a number or an offset, and returns an earlier page with the same rows.
    ///
    /// If an earlier page had the same rows, other rows were added before them, or the server
    /// repeats pages.
    pub fn equal_page(&mut self, cursor: &Cursor, keys: &[RowKey]) -> Option<Cursor> {
        let index = cursor.index().filter(|_| !keys.is_empty())?;
        if self.indexed_pages.len() >= MAX_INDEXED_PAGES {
            // A server that repeats pages from further back is detected by their rows.
            self.indexed_pages = HashMap::new();
        }
        let first = *self.indexed_pages.entry(hash(keys)).or_insert(index);
        (first != index).then(|| cursor.with_index(first))
    }

    /// Checks that empty pages end. A log may have any number of days without entries.
    fn check_empty(&mut self, page: &ServerPage) -> Result<()> {
        self.empty_pages = match &page.next {
            Some(next) if page.rows.len() == 0 && !next.is_before_window_of(&page.cursor) => {
                self.empty_pages + 1
            }
            _ => 0,
        };
        match self.empty_pages > MAX_EMPTY_PAGES {
            true => Err(restarted(
                "the server sent more than 1000 empty pages in a row",
            )),
            false => Ok(()),
        }
    }

    fn check_token(&mut self, next: Option<&Cursor>) -> Result<()> {
        let Some(token) = next.and_then(Cursor::next_page) else {
            return Ok(());
        };
        if self.tokens.insert(self.random.hash_one(token)) != Seen::New {
            return Err(restarted("the server sent the same page token twice"));
        }
        Ok(())
    }

    fn check_unique(
        &mut self,
        cursor: &Cursor,
        keys: &[RowKey],
        known: usize,
        first_row: Option<RowKey>,
    ) -> Result<Vec<bool>> {
        let seen: Vec<Seen> = (0..)
            .zip(keys)
            .map(|(index, key)| match index < known {
                true => Seen::Known,
                false => self.rows.insert(key.identity()),
            })
            .collect();
        // Below, only pages with a token are rejected for it.
        let came_long_ago = !cursor.is_indexed() && self.came_long_ago(keys);
        self.count_old_rows(keys, &seen);
        let is_new: Vec<bool> = seen.iter().map(|seen| *seen == Seen::New).collect();
        let is_first = |key: &RowKey| first_row == Some(*key);
        // The first row was read by another process, and the listing resumed after it.
        let went_back = || {
            keys.iter()
                .zip(&is_new)
                .any(|(key, is_new)| *is_new && is_first(key))
        };
        let starts_over = if is_new.contains(&true) {
            self.stalled_rows = 0;
            went_back() || came_long_ago
        } else {
            self.stalled_rows += keys.len().saturating_sub(known) as u64;
            // A single row may be new: its name may have been deleted and created again.
            keys.len() > 1 || keys.iter().any(is_first)
        };
        if starts_over && !cursor.is_indexed() {
            return Err(restarted("rows came a second time"));
        }
        if self.stalled_rows > MAX_STALLED_ROWS.saturating_add(2 * self.rows.len() as u64) {
            return Err(restarted("the server sent known rows, but no new ones"));
        }
        Ok(is_new)
    }

    /// Returns true if a page contains rows that were read so long ago that most are forgotten.
    pub fn has_old_rows(&self, keys: &[RowKey]) -> bool {
        let is_old = |key: &RowKey| key.second.is_none() && self.rows.is_old(key.identity());
        keys.iter().any(is_old)
    }

    /// Returns true if all rows of a page, and of those before it, that would be remembered were
    /// read long ago.
    pub fn came_long_ago(&self, keys: &[RowKey]) -> bool {
        let rows = keys.iter().map(|key| key.identity());
        let remembered: Vec<_> = rows.filter(|row| self.rows.is_sampled(*row)).collect();
        // Some rows may be new: their names may have been deleted and created again.
        self.old_rows + remembered.len() >= MIN_OLD_ROWS
            && remembered.iter().all(|row| self.rows.is_old(*row))
    }

    /// Counts the rows that were read long ago, since the last row that is certainly new.
    fn count_old_rows(&mut self, keys: &[RowKey], seen: &[Seen]) {
        for (key, seen) in keys.iter().zip(seen) {
            match seen {
                Seen::LongAgo => self.old_rows += 1,
                Seen::New if self.rows.is_sampled(key.identity()) => self.old_rows = 0,
                Seen::New | Seen::Known => {}
            }
        }
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
        // A single step forward in time does not mean that the log started over: a server that
        // reads two logs one after the other makes one, but not as far as to the beginning.
        if newest.is_some() && reached.is_some() && page_first > reached && page_first >= newest {
            return Err(restarted("the server sent the newest rows again"));
        }
        let page = hash(keys);
        if page_first != page_last && self.log_pages.insert(self.random.hash_one(page)) != Seen::New
        {
            return Err(restarted("the server sent the same page twice"));
        }
        let (previous, count) = self.equal_pages;
        self.equal_pages = (page, if previous == page { count + 1 } else { 0 });
        if self.equal_pages.1 > MAX_EQUAL_PAGES {
            return Err(restarted(
                "the server sent the same page more than 500 times",
            ));
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
