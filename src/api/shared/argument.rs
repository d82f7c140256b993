//! Arguments that are checked when a handle or a request is made.

use crate::types::{Digest, InvalidValue};
use crate::{Error, Result};

/// Converts an argument to the value that it stands for.
pub(crate) fn checked<T>(argument: impl TryInto<T, Error: Into<InvalidValue>>) -> Result<T> {
    argument
        .try_into()
        .map_err(|invalid| Error::from(invalid.into()))
}

/// Returns the digest that an argument stands for. One of a row is kept as it came, so it is
/// validated like any other text.
pub(crate) fn checked_digest(
    argument: impl TryInto<Digest, Error: Into<InvalidValue>>,
) -> Result<Digest> {
    let digest: Digest = checked(argument)?;
    digest.validate()?;
    Ok(digest)
}
