//! A page of a listing, as it was fetched and as it is yielded.

use super::cursor::Cursor;
use super::list_request::ListRequest;
use super::row_key::{Occurrence, RowKey};
use crate::{Error, ErrorKind, Result};

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

impl<T> IntoIterator for Page<T> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.into_iter()
    }
}

impl<'a, T> IntoIterator for &'a Page<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.rows.iter()
    }
}

/// A page as the server sent it, with where it begins and the keys of its rows.
pub(super) struct ServerPage<T> {
    pub cursor: Cursor,
    pub page: Page<T>,
    /// The key of each row; empty if the rows have no keys.
    pub keys: Vec<RowKey>,
}

impl<T> ServerPage<T> {
    /// Fetches the page at a cursor.
    ///
    /// # Errors
    ///
    /// Returns an error if the page has no place in a listing, besides those of the request.
    pub async fn fetch<Q: ListRequest<Row = T>>(request: Q, cursor: Cursor) -> Result<Self> {
        let page = request.fetch(&cursor).await?;
        check(
            &cursor,
            page.rows.len(),
            page.has_more(),
            request.rows_a_page(),
        )?;
        let keys = page
            .rows
            .iter()
            .filter_map(|row| request.row_key(row))
            .collect();
        Ok(Self { cursor, page, keys })
    }
}

fn check(cursor: &Cursor, rows: usize, has_more: bool, page_size: Option<u32>) -> Result<()> {
    let invalid = |message: String| Err(Error::new(ErrorKind::InvalidResponse, message));
    // What the page lacks would be lost, and where the next one begins is not known.
    if cursor.is_indexed() && rows == 0 && has_more {
        return invalid("empty page, although the server announces more pages".to_owned());
    }
    // Servers that don't know the parameter for the size of a page send everything in one page.
    let is_limited = cursor.is_indexed() || has_more;
    match page_size.filter(|_| is_limited) {
        Some(size) if rows > (size as usize).saturating_mul(2) + 100 => invalid(format!(
            "a page has {rows} rows, but no more than {size} were requested"
        )),
        _ => Ok(()),
    }
}

/// The new rows of a page, with all that is needed to resume after any of them.
pub(super) struct FetchedPage<T> {
    pub rows: Vec<T>,
    /// The key of each row; empty if the rows have no keys.
    pub keys: Vec<Occurrence>,
    pub cursor: Cursor,
    pub next: Option<Cursor>,
    /// The number of rows of the server's page before these.
    pub skipped: u64,
    /// How many of the rows come before a row that was yielded earlier: they are no place to
    /// resume.
    pub late: usize,
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
