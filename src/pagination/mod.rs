//! Listings, whose pages are fetched one after the other, in any paging style.
//!
//! The request of a page passes through these files:
//!
//! - [`Listing`] contains the settings and the [`ListRequest`], which writes the request of each
//!   page.
//! - `paging_style` defines the cursor of the first page and of the following ones; a new paging
//!   style is added there. A [`Cursor`] is the place at which a page begins.
//! - `PageFetcher` fetches the pages in order. `ConcurrentPages` fetches several pages concurrently
//!   and verifies that they join.
//! - `RowFilter` decides which rows of a page are new and where the next page begins. It uses the
//!   `LoopDetector`, which detects that a listing started over, and remembers rows in `SeenRows`.
//! - [`Pages`] and [`Rows`] are the streams. They run the `PageFetcher` in a task, `Background`.
//! - A `Checkpoint` is the progress of a stream, and [`ListingPosition`] is its string form.
//! - A [`LogMark`] is the progress of following a usage log.
//! - `model` tests all of it with a simulated server whose rows change during the reading.

mod background;
mod checkpoint;
mod concurrent;
mod cursor;
mod fan_out;
mod fetcher;
mod list_request;
mod listing;
mod log_mark;
mod loop_detector;
#[cfg(test)]
mod model;
#[cfg(test)]
mod old_rows;
mod page;
mod paging_style;
mod position;
mod row_filter;
mod row_key;
mod seen_rows;
mod stream;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use cursor::{Cursor, LogWindow, PageToken};
pub use fan_out::{FanOut, FanOutItems, FanOutRows, fan_out};
pub use list_request::{Indexed, ListRequest, PageSize, SinglePage, TokenPages};
pub(crate) use list_request::{PageRequest, check_page_size};
pub use listing::Listing;
pub(crate) use log_mark::LogEntryKey;
pub use log_mark::LogMark;
pub use page::Page;
pub(crate) use paging_style::LAST_PAGE_OF_A_SEARCH;
pub use position::ListingPosition;
#[cfg(test)]
use row_key::ListingId;
pub(crate) use row_key::RowKey;
pub use stream::{Pages, Rows};
pub(crate) use task::Task;

use crate::Error;
use crate::error::ErrorKind;

/// Returns the error of a listing that would yield its rows a second time.
fn restarted(reason: &str) -> Error {
    Error::new(
        ErrorKind::ListingRestarted,
        format!("the listing started over: {reason}"),
    )
}
