//! Listings: pages that are fetched one after the other, in any paging style.
//!
//! A request for one page goes through these files:
//!
//! - [`Listing`] holds the caller's settings and the [`ListRequest`], which writes the request of
//!   each page.
//! - `paging_style` says where the first page begins and what follows; a new paging style is added
//!   there. A [`Cursor`] is the place where a page begins.
//! - `PageFetcher` fetches the pages in order. Several at once are fetched by `ConcurrentPages`,
//!   which shows that they join.
//! - `RowFilter` decides which rows of a page are new and where the next page begins. It asks the
//!   `LoopDetector` whether the listing started over; that one remembers the rows in `SeenRows`.
//! - [`Pages`] and [`Rows`] are the streams. They run the `PageFetcher` in a task, `Background`.
//! - A `Checkpoint` says how far a stream was read; [`ListingPosition`] is its string form.
//! - A [`LogMark`] says how far a usage log was followed, beyond the end of a listing.
//! - `model` tests all of it with a server whose rows change while it is read.

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

/// The error of a listing that would yield its rows a second time.
fn restarted(reason: &str) -> Error {
    Error::new(
        ErrorKind::ListingRestarted,
        format!("the listing started over: {reason}"),
    )
}
