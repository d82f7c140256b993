//! Reading what JSON itself has, and lists, maps and options of it.

use super::{Decode, JsonError, JsonEvent, MapAccess, Place};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What nothing is read from: an answer without a body.
impl Decode for () {
    const EXPECTED: &'static str = "nothing";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Null => Ok(()),
            _ => Err(JsonError::InvalidType),
        }
    }
}

impl Decode for bool {
    const EXPECTED: &'static str = "a boolean";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Bool(value) => Ok(value),
            _ => Err(JsonError::InvalidType),
        }
    }
}

impl Decode for i64 {
    const EXPECTED: &'static str = "i64";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Integer(value) => Ok(value),
            _ => Err(JsonError::InvalidType),
        }
    }
}

impl Decode for f64 {
    const EXPECTED: &'static str = "f64";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Integer(value) => Ok(value as f64),
            JsonEvent::Unsigned(value) => Ok(value as f64),
            JsonEvent::Float(value) => Ok(value),
            _ => Err(JsonError::InvalidType),
        }
    }
}

impl Decode for String {
    const EXPECTED: &'static str = "a string";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        event.string().map(str::to_owned)
    }
}

/// Null is the empty list: a server that means "none of them" may say so.
impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a sequence";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut list = Vec::new();
        match event {
            JsonEvent::Null => {}
            JsonEvent::Seq(elements) => while elements.next(&mut Rest(&mut list)) {},
            _ => return Err(JsonError::InvalidType),
        }
        Ok(list)
    }
}

/// The place behind the last element of a list.
struct Rest<'a, T>(&'a mut Vec<T>);

impl<T: Decode> Place for Rest<'_, T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        self.0.push(T::decode(event)?);
        Ok(())
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

/// Null is the empty map, as for lists.
impl<T: Decode> Decode for BTreeMap<String, T> {
    const EXPECTED: &'static str = "a map";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut map = BTreeMap::new();
        match event {
            JsonEvent::Null => {}
            JsonEvent::Map(members) => {
                while members.next(|_| 0).is_some() {
                    entry(members, &mut map);
                }
            }
            _ => return Err(JsonError::InvalidType),
        }
        Ok(map)
    }
}

impl<T: Decode> Decode for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        T::decode(event).map(Box::new)
    }
}

/// Reads a member that has no field of its own into a map.
pub(crate) fn entry<T: Decode>(members: &mut dyn MapAccess, map: &mut BTreeMap<String, T>) {
    let name = members.name().to_owned();
    let mut slot = None;
    members.value(&mut slot);
    map.extend(slot.map(|value| (name, value)));
}

impl<T: Decode> Decode for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Null => Ok(None),
            event => T::decode(event).map(Some),
        }
    }
}

impl Decode for Value {
    const EXPECTED: &'static str = "any JSON";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        Ok(match event {
            JsonEvent::Null => Self::Null,
            JsonEvent::Bool(value) => value.into(),
            JsonEvent::Integer(value) => value.into(),
            JsonEvent::Unsigned(value) => value.into(),
            JsonEvent::Float(value) => value.into(),
            JsonEvent::String(text) => text.into(),
            event @ JsonEvent::Seq(_) => Self::Array(Vec::decode(event)?),
            JsonEvent::Map(members) => {
                let mut map = Map::new();
                while members.next(|_| 0).is_some() {
                    let name = members.name().to_owned();
                    let mut slot = None;
                    members.value(&mut slot);
                    map.extend(slot.map(|value| (name, value)));
                }
                Self::Object(map)
            }
        })
    }
}
