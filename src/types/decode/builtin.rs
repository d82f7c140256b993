//! Reading what JSON itself has, and lists, maps and options of it.

use super::{Decode, Given, Members, Refused, Slot};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What nothing is read from: an answer without a body.
impl Decode for () {
    const EXPECTED: &'static str = "nothing";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        match given {
            Given::Null => Ok(()),
            _ => Err(Refused::Sort),
        }
    }
}

impl Decode for bool {
    const EXPECTED: &'static str = "a boolean";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        match given {
            Given::Boolean(value) => Ok(value),
            _ => Err(Refused::Sort),
        }
    }
}

impl Decode for i64 {
    const EXPECTED: &'static str = "i64";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        match given {
            Given::Integer(value) => Ok(value),
            _ => Err(Refused::Sort),
        }
    }
}

impl Decode for f64 {
    const EXPECTED: &'static str = "f64";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        match given {
            Given::Integer(value) => Ok(value as f64),
            Given::Large(value) => Ok(value as f64),
            Given::Number(value) => Ok(value),
            _ => Err(Refused::Sort),
        }
    }
}

impl Decode for String {
    const EXPECTED: &'static str = "a string";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        given.text().map(str::to_owned)
    }
}

/// Null is the empty list: a server that means "none of them" may say so.
impl<T: Decode> Decode for Vec<T> {
    const EXPECTED: &'static str = "a sequence";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        let mut list = Vec::new();
        match given {
            Given::Null => {}
            Given::List(elements) => while elements.next(&mut Rest(&mut list)) {},
            _ => return Err(Refused::Sort),
        }
        Ok(list)
    }
}

/// The place behind the last element of a list.
struct Rest<'a, T>(&'a mut Vec<T>);

impl<T: Decode> Slot for Rest<'_, T> {
    fn fill(&mut self, given: Given<'_>) -> Result<(), Refused> {
        self.0.push(T::decode(given)?);
        Ok(())
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

/// Null is the empty map, as for lists.
impl<T: Decode> Decode for BTreeMap<String, T> {
    const EXPECTED: &'static str = "a map";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        let mut map = BTreeMap::new();
        match given {
            Given::Null => {}
            Given::Object(members) => {
                while members.next(|_| 0).is_some() {
                    entry(members, &mut map);
                }
            }
            _ => return Err(Refused::Sort),
        }
        Ok(map)
    }
}

impl<T: Decode> Decode for Box<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        T::decode(given).map(Box::new)
    }
}

/// Reads a member that has no field of its own into a map.
pub(crate) fn entry<T: Decode>(members: &mut dyn Members, map: &mut BTreeMap<String, T>) {
    let name = members.name().to_owned();
    let mut slot = None;
    members.value(&mut slot);
    map.extend(slot.map(|value| (name, value)));
}

impl<T: Decode> Decode for Option<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        match given {
            Given::Null => Ok(None),
            given => T::decode(given).map(Some),
        }
    }
}

impl Decode for Value {
    const EXPECTED: &'static str = "any JSON";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        Ok(match given {
            Given::Null => Self::Null,
            Given::Boolean(value) => value.into(),
            Given::Integer(value) => value.into(),
            Given::Large(value) => value.into(),
            Given::Number(value) => value.into(),
            Given::Text(text) => text.into(),
            given @ Given::List(_) => Self::Array(Vec::decode(given)?),
            Given::Object(members) => {
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
