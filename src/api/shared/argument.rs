//! Arguments that are checked when a handle or a request is made.

use crate::types::InvalidValue;
use crate::{Error, Result};

/// Converts an argument to the value that it stands for.
pub(crate) fn checked<T>(argument: impl TryInto<T, Error: Into<InvalidValue>>) -> Result<T> {
    argument
        .try_into()
        .map_err(|invalid| Error::from(invalid.into()))
}
