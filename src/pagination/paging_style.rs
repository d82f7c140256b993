//! The paging styles, with all code that depends on them.
//!
//! For each style, this file defines the cursor of the first page, the cursor after a page that was
//! fetched or not fetched yet, and the form of the cursor in a listing position. The other files
//! handle all styles in the same way. To add a style, add a variant of [`Paging`] and follow the
//! compiler. If the style has a new kind of cursor, also add a variant of [`Cursor`].

use super::cursor::{Cursor, LogWindow, PageToken};
use super::page::Page;
use super::restarted;
use crate::types::Timestamp;
use crate::{Operation, Paging, Result};

/// The last page of a search for repositories.
///
/// The server responds with this page to every higher number, and reports that more pages follow.
pub(crate) const LAST_PAGE_OF_A_SEARCH: u64 = 10;

/// Returns the paging style of an operation; `None` if its listing has only one page.
pub(super) fn of(operation: &str) -> Option<Paging> {
    Operation::find(operation)?.paging()
}

/// Returns the cursor of the first page.
pub(super) fn first_cursor(paging: Option<Paging>) -> Cursor {
    match paging {
        Some(Paging::Page | Paging::Search | Paging::Total) => Cursor::Number(1),
        Some(Paging::Offset | Paging::Lines) => Cursor::Offset(0),
        Some(Paging::Token) => Cursor::Start,
        // All rows are requested in one page.
        Some(Paging::Limit | Paging::Notifications) | None => Cursor::Start,
    }
}

/// Returns the cursor of a page that follows `pages` pages later, if it is known in advance.
///
/// It is known for pages with numbers. For pages with offsets, it is correct if each page has as
/// many rows as were requested.
pub(super) fn cursor_after(
    paging: Option<Paging>,
    cursor: &Cursor,
    pages: u64,
    page_size: Option<u32>,
) -> Option<Cursor> {
    let number = cursor.number().checked_add(pages);
    match paging? {
        Paging::Page | Paging::Total => number.map(Cursor::Number),
        Paging::Search => number
            .filter(|number| *number <= LAST_PAGE_OF_A_SEARCH)
            .map(Cursor::Number),
        Paging::Offset => cursor.offset_by(u64::from(page_size?).checked_mul(pages)?),
        Paging::Token | Paging::Notifications | Paging::Limit | Paging::Lines => None,
    }
}

/// Pages from the responses of each style.
impl<T> Page<T> {
    /// Returns the only page of a listing.
    pub(crate) fn whole(rows: Vec<T>) -> Self {
        Self::new(rows, None)
    }

    /// Returns a page after which the server continues with a page token.
    pub(crate) fn by_token(rows: Vec<T>, next_page: Option<String>) -> Self {
        Self::new(rows, PageToken::new(next_page).map(Cursor::Token))
    }

    /// Returns a page that has a number.
    ///
    /// # Errors
    ///
    /// Returns an error if the server responded with a page that has another number.
    pub(crate) fn by_number(
        rows: Vec<T>,
        requested: u64,
        received: i64,
        has_more: bool,
    ) -> Result<Self> {
        if u64::try_from(received).ok() != Some(requested) {
            return Err(restarted(&format!(
                "requested page {requested}, got page {received}"
            )));
        }
        let next = has_more.then(|| Cursor::Number(requested.saturating_add(1)));
        Ok(Self::new(rows, next))
    }

    /// Returns a page that begins at the row with this number.
    pub(crate) fn by_offset(rows: Vec<T>, offset: u64, has_more: bool) -> Self {
        let next = has_more.then(|| Cursor::Offset(offset.saturating_add(rows.len() as u64)));
        Self::new(rows, next)
    }
}

/// The highest number of a page or row in a listing position. No listing is as long, and numbers
/// can be added to it without an overflow.
pub(super) const MAX_INDEX: u64 = 1 << 48;

/// Cursors in the fields of a listing position. The names must not change, because positions may be
/// stored for years.
impl Cursor {
    /// Writes the fields of the cursor.
    pub(super) fn write_fields(&self, mut field: impl FnMut(&str, &str)) {
        match self {
            Self::Start => field("start", ""),
            Self::Number(number) => field("page", &number.to_string()),
            Self::Offset(offset) => field("offset", &offset.to_string()),
            Self::Token(_) => {}
            Self::Days(window) => {
                field("oldest", &window.oldest.to_string());
                field("since", &window.since.to_string());
                field("until", &window.until.to_string());
            }
        }
        if let Some(token) = self.token() {
            field("token", token.as_str());
            field("given", &token.received_unix_seconds().to_string());
        }
    }

    /// Reads a cursor from its fields; returns `None` if one is missing or invalid.
    pub(super) fn read_fields<'a>(field: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let number = |name| field(name)?.parse::<u64>().ok();
        let index = |name, first| number(name).filter(|n| (first..=MAX_INDEX).contains(n));
        let day = |name| field(name)?.parse::<Timestamp>().ok();
        let token = match field("token") {
            Some(value) => Some(PageToken::received_at(value.to_owned(), number("given")?)),
            None => None,
        };
        if field("since").is_some() {
            let [oldest, since, until] = [day("oldest")?, day("since")?, day("until")?];
            return (oldest <= since && since <= until).then_some(Self::Days(LogWindow {
                oldest,
                since,
                until,
                token,
            }));
        }
        if field("page").is_some() {
            return index("page", 1).map(Self::Number);
        }
        if field("offset").is_some() {
            return index("offset", 0).map(Self::Offset);
        }
        token
            .map(Self::Token)
            .or_else(|| field("start").map(|_| Self::Start))
    }
}
