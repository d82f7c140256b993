//! Decoding of the types of JSON, and of lists, maps and options.

use super::{Decode, JsonError, JsonEvent, MapAccess, Place};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Decodes null, which represents an empty response body.
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

/// Decodes null as the empty list, since servers may send one for the other.
impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a sequence";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut list = Vec::new();
        match event {
            JsonEvent::Null => {}
            JsonEvent::Seq(seq) => while seq.next_element(&mut PushElement(&mut list)) {},
            _ => return Err(JsonError::InvalidType),
        }
        Ok(list)
    }
}

/// A place that appends an element to a list.
struct PushElement<'a, T>(&'a mut Vec<T>);

impl<T: Decode> Place for PushElement<'_, T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        self.0.push(T::decode(event)?);
        Ok(())
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

/// Decodes null as the empty map, as for lists.
impl<T: Decode> Decode for BTreeMap<String, T> {
    const EXPECTED: &'static str = "a map";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut map = BTreeMap::new();
        match event {
            JsonEvent::Null => {}
            JsonEvent::Map(access) => {
                while access.next_key(|_| 0).is_some() {
                    insert_entry(access, &mut map);
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

/// Decodes the current entry, whose key is not that of a field, into a map.
pub(crate) fn insert_entry<T: Decode>(access: &mut dyn MapAccess, map: &mut BTreeMap<String, T>) {
    let key = access.key().to_owned();
    let mut place = None;
    access.next_value(&mut place);
    map.extend(place.map(|value| (key, value)));
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
            JsonEvent::String(string) => string.into(),
            event @ JsonEvent::Seq(_) => Self::Array(Vec::decode(event)?),
            JsonEvent::Map(access) => {
                let mut map = Map::new();
                while access.next_key(|_| 0).is_some() {
                    let key = access.key().to_owned();
                    let mut place = None;
                    access.next_value(&mut place);
                    map.extend(place.map(|value| (key, value)));
                }
                Self::Object(map)
            }
        })
    }
}
