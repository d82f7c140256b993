//! One pager for every way in which Quay continues a listing.
//!
//! A [`Query`] says how one page is fetched and where the next one begins ([`At`]); everything else is here: [`Listing`] is what a caller sets, `Reading` fetches one
//! page after the other and asks the `Guard` about each, [`Pages`] and [`Rows`] are the streams, which let `Reading` work ahead in a task of its own.

mod at;
mod fan_out;
mod guard;
mod listing;
mod mark;
mod position;
mod query;
mod reading;
mod stream;
mod style;
mod task;
#[cfg(test)]
mod tests;

pub(crate) use at::{At, Token, Window};
pub use fan_out::{FanOut, FanOutRows, fan_out};
pub use listing::Listing;
pub(crate) use mark::{Identity, Mark};
pub use position::Position;
pub(crate) use query::{Counted, Query, Sizeable, check_size};
pub use query::{Page, Tokens, Whole};
pub use stream::{Pages, Rows};
pub(crate) use style::LAST_PAGE_OF_A_SEARCH;

use crate::Error;
use crate::error::ErrorKind;

/// What a listing ends with before it gives a row twice.
fn restarted(how: &str) -> Error {
    Error::new(ErrorKind::ListingRestarted, format!("the listing started over: {how}"))
}
