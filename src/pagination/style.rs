//! Where the pages of a listing begin, for each way in which Quay continues one: what the overlay
//! says of the operation.

use super::cursor::Cursor;
use crate::{OPERATIONS, Paging};

/// The server finds no more than this many pages of repositories, whatever it says of more.
pub(crate) const LAST_PAGE_OF_A_SEARCH: u64 = 10;

/// How an operation pages; `None` if its listing comes in one answer.
pub(super) fn of(operation: &str) -> Option<Paging> {
    OPERATIONS
        .iter()
        .find(|known| known.id() == operation)?
        .paging()
}

/// Where the first page begins.
pub(super) fn first(paging: Option<Paging>) -> Cursor {
    match paging {
        Some(Paging::Page | Paging::Search | Paging::Total) => Cursor::Number(1),
        Some(Paging::Offset | Paging::Lines) => Cursor::Offset(0),
        // These are asked for whole, where the server does not bring a token.
        Some(Paging::Token | Paging::Limit | Paging::Notifications) | None => Cursor::Start,
    }
}

/// Where the page after one begins, if that can be told before it has come: of pages with numbers,
/// and of those with as many rows as were asked for.
pub(super) fn following(paging: Option<Paging>, at: &Cursor, rows: Option<u32>) -> Option<Cursor> {
    match paging? {
        Paging::Page | Paging::Total => Some(Cursor::Number(at.number() + 1)),
        Paging::Search => Some(at.number() + 1)
            .filter(|next| *next <= LAST_PAGE_OF_A_SEARCH)
            .map(Cursor::Number),
        Paging::Offset => at.moved(rows?.into()),
        Paging::Token | Paging::Notifications | Paging::Limit | Paging::Lines => None,
    }
}
