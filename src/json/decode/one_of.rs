//! Values of one of several types, which are tried one after the other.

use super::bridge::fill;
use super::{Decode, DecodeLimits, JsonError, JsonEvent, Place};
use serde_json::Value;

type DecodeFn<T> = fn(JsonEvent<'_>) -> Result<T, JsonError>;

/// Returns the result of the first decoder that succeeds, or `other` if none does.
pub(crate) fn one_of<T>(
    event: JsonEvent<'_>,
    decoders: &[DecodeFn<T>],
    other: fn(Value) -> T,
) -> Result<T, JsonError> {
    if let Some(scalar) = event.scalar() {
        let decoded = decoders
            .iter()
            .find_map(|decode| decode(scalar.scalar()?).ok());
        return decoded.map_or_else(|| Value::decode(scalar).map(other), Ok);
    }
    let value = Value::decode(event)?;
    Ok(decoders
        .iter()
        .find_map(|decode| from_value(&value, *decode))
        .unwrap_or_else(|| other(value)))
}

/// Decodes a value in memory, or returns `None` if it has another type.
pub(crate) fn from_value<T>(value: &Value, decode: DecodeFn<T>) -> Option<T> {
    let mut place = DecodeWith {
        decode,
        decoded: None,
    };
    // The limits counted the value when it was decoded.
    fill(&mut place, &DecodeLimits::none(), value).ok()?;
    place.decoded
}

/// A place that is filled by a function.
struct DecodeWith<T> {
    decode: DecodeFn<T>,
    decoded: Option<T>,
}

impl<T> Place for DecodeWith<T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        self.decoded = Some((self.decode)(event)?);
        Ok(())
    }

    fn expected(&self) -> &'static str {
        "one of several types"
    }
}
