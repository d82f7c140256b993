//! Arguments that are checked when a handle or a request is created.

use crate::types::{Digest, InvalidValue};
use crate::{Error, Result};

/// Converts an argument to a value of the type that it represents.
pub(crate) fn checked<T>(argument: impl TryInto<T, Error: Into<InvalidValue>>) -> Result<T> {
    argument
        .try_into()
        .map_err(|invalid| Error::from(invalid.into()))
}

/// Returns the digest that an argument represents. A digest from a row was not validated when it
/// was decoded, so it is validated here.
pub(crate) fn checked_digest(
    argument: impl TryInto<Digest, Error: Into<InvalidValue>>,
) -> Result<Digest> {
    let digest: Digest = checked(argument)?;
    digest.validate()?;
    Ok(digest)
}
