//! A value of which only a try shows what type it has.

use super::bridge::replay;
use super::{Decode, JsonError, JsonEvent, Place};
use serde_json::Value;

type Part<T> = fn(JsonEvent<'_>) -> Result<T, JsonError>;

/// What the first part makes of it that takes it, or, if none does, `other`.
pub(crate) fn one_of<T>(
    event: JsonEvent<'_>,
    parts: &[Part<T>],
    other: fn(Value) -> T,
) -> Result<T, JsonError> {
    if let Some(scalar) = event.scalar() {
        let taken = parts.iter().find_map(|part| part(scalar.scalar()?).ok());
        return taken.map_or_else(|| Value::decode(scalar).map(other), Ok);
    }
    let whole = Value::decode(event)?;
    Ok(parts
        .iter()
        .find_map(|part| from_value(&whole, *part))
        .unwrap_or_else(|| other(whole)))
}

/// What a type makes of a value that was read already.
pub(crate) fn from_value<T>(value: &Value, decode: Part<T>) -> Option<T> {
    let mut trial = Trial {
        decode,
        taken: None,
    };
    replay(value, &mut trial).ok()?;
    trial.taken
}

struct Trial<T> {
    decode: Part<T>,
    taken: Option<T>,
}

impl<T> Place for Trial<T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        self.taken = Some((self.decode)(event)?);
        Ok(())
    }

    fn expected(&self) -> &'static str {
        "one of several types"
    }
}
