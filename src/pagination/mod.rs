//! One pager for every way in which Quay continues a listing.
//!
//! A [`ListRequest`] writes the request of each page and says where the next one begins
//! ([`Cursor`]);
//! everything else is here: [`Listing`] is what a caller sets, `PageFetcher` fetches one page after
//! the other and asks the `LoopDetector` about each, [`Pages`] and [`Rows`] are the streams, which
//! let `PageFetcher` work ahead in a task of its own.

mod cursor;
mod fan_out;
mod fetcher;
mod list_request;
mod listing;
mod loop_detector;
mod position;
mod row_key;
mod stream;
mod style;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use cursor::{Cursor, Token, Window};
pub use fan_out::{FanOut, FanOutRows, fan_out};
pub(crate) use list_request::{Indexed, ListRequest, PageRequest, PageSize, check_page_size};
pub use list_request::{Page, SinglePage, TokenPages};
pub use listing::Listing;
pub use position::ListingPosition;
#[cfg(test)]
use row_key::ListingId;
pub(crate) use row_key::RowKey;
pub use stream::{Pages, Rows};
pub(crate) use style::LAST_PAGE_OF_A_SEARCH;

use crate::Error;
use crate::error::ErrorKind;

/// What a listing ends with before it gives a row twice.
fn restarted(how: &str) -> Error {
    Error::new(
        ErrorKind::ListingRestarted,
        format!("the listing started over: {how}"),
    )
}
