//! A page of a listing, as it was fetched and as it is yielded.

use super::cursor::Cursor;
use super::row_key::{Occurrence, RowKey};

/// A page of a listing: some rows, and whether more pages follow.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub(super) rows: Vec<T>,
    pub(super) next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Returns a page after which another one begins at a cursor.
    pub(crate) fn new(rows: Vec<T>, next: Option<Cursor>) -> Self {
        Self { rows, next }
    }

    /// Returns the rows of this page; there may be none although more pages follow.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }

    /// Returns the rows of this page as a `Vec`.
    pub fn into_rows(self) -> Vec<T> {
        self.rows
    }

    /// Returns true if more pages follow.
    pub fn has_more(&self) -> bool {
        self.next.is_some()
    }
}

/// The new rows of a page, with all that is needed to resume after any of them.
pub(super) struct FetchedPage<T> {
    pub rows: Vec<T>,
    /// The key of each row; empty if the rows have no keys.
    pub keys: Vec<Occurrence>,
    pub cursor: Cursor,
    pub next: Option<Cursor>,
    /// How many rows of the server's page come before these.
    pub skipped: u64,
    /// The first row of the whole listing, as far as it is known.
    pub first_row: Option<RowKey>,
}

impl<T> FetchedPage<T> {
    /// Removes the rows that the caller does not want, with their keys.
    pub fn retain(&mut self, is_wanted: impl Fn(&T) -> bool) {
        let wanted: Vec<bool> = self.rows.iter().map(is_wanted).collect();
        if wanted.iter().all(|wanted| *wanted) {
            return;
        }
        let mut of_rows = wanted.iter();
        self.rows.retain(|_| of_rows.next() == Some(&true));
        let mut of_keys = wanted.iter();
        self.keys.retain(|_| of_keys.next() == Some(&true));
    }
}
