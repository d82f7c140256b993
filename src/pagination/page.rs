//! The pages of a listing, as they are fetched and yielded.

use super::cursor::Cursor;
use super::list_request::ListRequest;
use super::row_key::{Occurrence, RowKey};
use crate::{Error, ErrorKind, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::any::Any;

/// A page of a listing, which contains rows and whether more pages follow.
#[derive(Debug, Clone)]
pub struct Page<T> {
    pub(super) rows: Vec<T>,
    pub(super) next: Option<Cursor>,
}

impl<T> Page<T> {
    /// Returns a page; `next` is the cursor of the next page.
    pub(crate) fn new(rows: Vec<T>, next: Option<Cursor>) -> Self {
        Self { rows, next }
    }

    /// Returns the rows of this page, which may be empty although more pages follow.
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

/// The rows of a page, whatever their type.
///
/// The code that processes a page between the response and the caller uses this type, so it is
/// compiled once, and not for each type of row.
pub(super) struct RawRows(Box<dyn AnyRows>);

/// A `Vec` of any type.
trait AnyRows: Send + Sync {
    fn len(&self) -> usize;
    fn retain_marked(&mut self, marks: &[bool]);
    fn as_any(&self) -> &dyn Any;
    fn into_any(self: Box<Self>) -> Box<dyn Any>;
}

impl<T: Send + Sync + 'static> AnyRows for Vec<T> {
    fn len(&self) -> usize {
        self.len()
    }

    fn retain_marked(&mut self, marks: &[bool]) {
        retain_marked(self, marks);
    }

    fn as_any(&self) -> &dyn Any {
        self
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any> {
        self
    }
}

impl RawRows {
    pub fn new<T: Send + Sync + 'static>(rows: Vec<T>) -> Self {
        Self(Box::new(rows))
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the rows as their type; no rows if `T` is another type.
    pub fn as_slice<T: 'static>(&self) -> &[T] {
        self.0
            .as_any()
            .downcast_ref::<Vec<T>>()
            .map_or(&[], |rows| rows)
    }

    /// Returns the rows as their type.
    pub fn into_vec<T: 'static>(self) -> Vec<T> {
        match self.0.into_any().downcast() {
            Ok(rows) => *rows,
            Err(_) => unreachable!("the rows of a stream have the type of its listing"),
        }
    }
}

/// Removes the elements that are not marked.
fn retain_marked<T>(elements: &mut Vec<T>, marks: &[bool]) {
    let mut marks = marks.iter();
    elements.retain(|_| marks.next() == Some(&true));
}

/// The request of a listing, whatever the type of its rows.
pub(super) trait PageSource: Send + Sync {
    /// Fetches the page at a cursor.
    ///
    /// # Errors
    ///
    /// Returns the errors of the request, and an error if the page is not valid in a listing.
    fn fetch(&self, cursor: &Cursor) -> BoxFuture<'static, Result<ServerPage>>;

    /// Returns for each row whether the caller wants it.
    fn are_wanted(&self, rows: &RawRows) -> Vec<bool>;
}

/// The [`PageSource`] of the request of a listing.
pub(super) struct TypedSource<Q>(pub Q);

impl<Q: ListRequest> PageSource for TypedSource<Q> {
    fn fetch(&self, cursor: &Cursor) -> BoxFuture<'static, Result<ServerPage>> {
        let request = self.0.clone();
        let (page, cursor) = (request.fetch(cursor), cursor.clone());
        async move {
            let Page { rows, next } = page.await?;
            let keys = rows.iter().filter_map(|row| request.row_key(row)).collect();
            let page = ServerPage {
                cursor,
                rows: RawRows::new(rows),
                next,
                keys,
            };
            page.checked(request.rows_a_page())
        }
        .boxed()
    }

    fn are_wanted(&self, rows: &RawRows) -> Vec<bool> {
        let rows = rows.as_slice().iter();
        rows.map(|row| self.0.is_wanted(row)).collect()
    }
}

/// A page as the server sent it, with its cursor and the keys of its rows.
pub(super) struct ServerPage {
    pub cursor: Cursor,
    pub rows: RawRows,
    /// The cursor of the next page; `None` at the end.
    pub next: Option<Cursor>,
    /// The key of each row; empty if the rows have no keys.
    pub keys: Vec<RowKey>,
}

impl ServerPage {
    fn checked(self, page_size: Option<u32>) -> Result<Self> {
        check(
            &self.cursor,
            self.rows.len(),
            self.next.is_some(),
            page_size,
        )?;
        Ok(self)
    }
}

fn check(cursor: &Cursor, rows: usize, has_more: bool, page_size: Option<u32>) -> Result<()> {
    let invalid = |message: String| Err(Error::new(ErrorKind::InvalidResponse, message));
    // The rows that should be on the page would be lost, and the next cursor is unknown.
    if cursor.is_indexed() && rows == 0 && has_more {
        return invalid("a page has no rows, although more pages follow".to_owned());
    }
    // Servers that do not know the parameter for the page size send all rows in one page.
    let is_limited = cursor.is_indexed() || has_more;
    match page_size.filter(|_| is_limited) {
        Some(size) if rows > (size as usize).saturating_mul(2) + 100 => invalid(format!(
            "a page has {rows} rows, but at most {size} were requested"
        )),
        _ => Ok(()),
    }
}

/// The new rows of a page.
pub(super) struct FetchedPage {
    pub rows: RawRows,
    pub origin: PageOrigin,
}

/// The origin of the rows of a page, from which reading can be resumed after any of them.
pub(super) struct PageOrigin {
    /// The key of each row; empty if the rows have no keys.
    pub keys: Vec<Occurrence>,
    pub cursor: Cursor,
    pub next: Option<Cursor>,
    /// The number of rows before these in the page that the server sent.
    pub skipped: u64,
    /// The number of rows before a row that was yielded earlier. Reading can't be resumed after
    /// them.
    pub late: usize,
    /// The first row of the whole listing, if it is known.
    pub first_row: Option<RowKey>,
}

impl FetchedPage {
    /// Removes the rows that are not marked, with their keys.
    pub fn retain_marked(&mut self, marks: &[bool]) {
        if !marks.iter().all(|marked| *marked) {
            self.rows.0.retain_marked(marks);
            retain_marked(&mut self.origin.keys, marks);
        }
    }
}
