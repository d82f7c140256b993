//! The progress of a listing.

use super::cursor::Cursor;
use super::page::PageOrigin;
use super::row_key::{Occurrence, RowKey};

/// The progress of a listing, from which reading can be resumed after the last yielded row.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    /// The page to read next, or to read again.
    pub cursor: Cursor,
    /// The number of rows of that page that were yielded.
    pub rows_yielded: u64,
    /// The last row that was yielded.
    pub last_row: Option<Occurrence>,
    /// The first row of the listing.
    pub first_row: Option<RowKey>,
}

impl Checkpoint {
    /// Returns the checkpoint before a page.
    pub fn at(cursor: Cursor) -> Self {
        Self {
            cursor,
            rows_yielded: 0,
            last_row: None,
            first_row: None,
        }
    }

    /// Returns the checkpoint after `yielded` rows of a page with `rows` rows.
    ///
    /// The result is `None` at the end of the listing. `before` is the checkpoint before the page.
    pub fn after(
        page: &PageOrigin,
        yielded: usize,
        rows: usize,
        before: Option<&Self>,
    ) -> Option<Self> {
        let next = page.next.as_ref();
        let is_whole = yielded >= rows;
        if is_whole && next.is_none() {
            // A listing with offsets whose rows have no keys (the lines of a build's log) only
            // grows at its end, so more rows may follow when it is read again.
            let grows = page
                .keys
                .is_empty()
                .then(|| page.cursor.offset_by(page.skipped + yielded as u64))
                .flatten();
            return grows.map(Self::at);
        }
        // The last row belongs to the page that it was on.
        let is_late = page.late > 0 && yielded <= page.late && before.is_some();
        if is_late || (yielded == 0 && (rows > 0 || page.cursor.is_indexed())) {
            return before.cloned();
        }
        let key = yielded
            .checked_sub(1)
            .and_then(|index| page.keys.get(index))
            .copied();
        let last_row = key.or_else(|| before?.last_row);
        // If pages have numbers, the next page may begin with rows of this one when it is fetched.
        // The checkpoint therefore stays on this page.
        let stays = !is_whole || (page.cursor.is_indexed() && key.is_some());
        let (cursor, rows_yielded) = match next {
            Some(next) if !stays => (next, 0),
            _ => (&page.cursor, page.skipped + yielded as u64),
        };
        Some(Self {
            cursor: cursor.clone(),
            rows_yielded,
            last_row,
            first_row: page.first_row,
        })
    }
}
