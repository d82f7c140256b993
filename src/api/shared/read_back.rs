//! Reading what a creation has made, where the server's response does not hold it.

use crate::{Delivery, Result};

/// Returns the result of reading what was created a moment ago. An error of the reading says what
/// was created: the creation is done, and must not be repeated for it.
pub(crate) fn read_back<T>(read: Result<T>, created: &str) -> Result<T> {
    read.map_err(|error| {
        error
            .after(&format!("{created} was created"))
            .with_delivery(Delivery::Responded)
    })
}
