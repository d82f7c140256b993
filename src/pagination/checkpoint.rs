//! How far a listing was read.

use super::cursor::Cursor;
use super::page::PageOrigin;
use super::row_key::{Occurrence, RowKey};

/// How far a listing was read: what is known of the rows that were yielded, so that reading can
/// resume after the last of them.
#[derive(Debug, Clone)]
pub(super) struct Checkpoint {
    /// The page to read next, or again.
    pub cursor: Cursor,
    /// How many rows of that page were yielded.
    pub rows_yielded: u64,
    /// The last row that was yielded.
    pub last_row: Option<Occurrence>,
    /// The first row of the listing.
    pub first_row: Option<RowKey>,
}

impl Checkpoint {
    /// Returns the checkpoint of a page of which nothing was read.
    pub fn at(cursor: Cursor) -> Self {
        Self {
            cursor,
            rows_yielded: 0,
            last_row: None,
            first_row: None,
        }
    }

    /// Returns the checkpoint after `yielded` of the `rows` rows of a page; `None` at the end of
    /// the listing. `before` is the checkpoint before that page.
    pub fn after(
        page: &PageOrigin,
        yielded: usize,
        rows: usize,
        before: Option<&Self>,
    ) -> Option<Self> {
        let next = page.next.as_ref();
        let is_whole = yielded >= rows;
        if is_whole && next.is_none() {
            // A listing with offsets whose rows have no keys grows at its end only (the lines of a
            // build's log), and may have grown when it is read again.
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
        // Where pages have numbers, the next page may begin with rows of this one when it is
        // fetched. Its last row is then found on this page.
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
