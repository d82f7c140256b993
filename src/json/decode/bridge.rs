//! From a deserializer of serde, whatever its format, to a [`Place`].

use super::{Decode, JsonError, JsonEvent, MapAccess, Place, SeqAccess};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, Unexpected, Visitor,
};
use std::fmt;

/// Reads a value of a type.
pub(crate) fn deserialize<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut slot = None;
    fill(&mut slot, deserializer)?;
    slot.ok_or_else(|| D::Error::custom("nothing came"))
}

/// Reads a value into its place.
pub(crate) fn fill<'de, D: Deserializer<'de>>(
    slot: &mut dyn Place,
    deserializer: D,
) -> Result<(), D::Error> {
    Filling::required(slot).deserialize(deserializer)
}

/// Reads a value that is in memory already.
pub(super) fn replay(value: &serde_json::Value, slot: &mut dyn Place) -> serde_json::Result<()> {
    fill(slot, value)
}

/// A slot as serde sees it.
struct Filling<'a> {
    slot: &'a mut dyn Place,
    /// Null leaves the slot as it is.
    optional: bool,
}

impl<'a> Filling<'a> {
    fn required(slot: &'a mut dyn Place) -> Self {
        Self {
            slot,
            optional: false,
        }
    }

    #[inline]
    fn fill<E: Error>(self, event: JsonEvent<'_>, unexpected: Unexpected<'_>) -> Result<(), E> {
        match self.slot.fill(event) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.error(error, unexpected)),
        }
    }

    #[cold]
    fn error<E: Error>(self, error: JsonError, unexpected: Unexpected<'_>) -> E {
        match error {
            JsonError::InvalidType => E::invalid_type(unexpected, &What(self.slot.expected())),
            JsonError::Custom(reason) => E::custom(reason.0),
        }
    }
}

struct What(&'static str);

impl Expected for What {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> DeserializeSeed<'de> for Filling<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Filling<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.slot.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.optional {
            Ok(())
        } else {
            self.fill(JsonEvent::Null, Unexpected::Unit)
        }
    }

    fn visit_none<E: Error>(self) -> Result<(), E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.fill(JsonEvent::Bool(value), Unexpected::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.fill(JsonEvent::Integer(value), Unexpected::Signed(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.fill(
            i64::try_from(value).map_or(JsonEvent::Unsigned(value), JsonEvent::Integer),
            Unexpected::Unsigned(value),
        )
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        self.fill(JsonEvent::Float(value), Unexpected::Float(value))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.fill(JsonEvent::String(text), Unexpected::Str(text))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut list = List {
            access,
            failure: None,
        };
        let filled = self.fill(JsonEvent::Seq(&mut list), Unexpected::Seq);
        list.failure.map_or(filled, Err)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut object = Object {
            access,
            name: String::new(),
            failure: None,
        };
        let filled = self.fill(JsonEvent::Map(&mut object), Unexpected::Map);
        object.failure.map_or(filled, Err)
    }
}

/// After a failure it seems to be at its end; whoever is reading then makes what it can, and the
/// failure is what counts.
struct List<A, E> {
    access: A,
    failure: Option<E>,
}

impl<'de, A: de::SeqAccess<'de>> SeqAccess for List<A, A::Error> {
    fn next(&mut self, slot: &mut dyn Place) -> bool {
        match self.access.next_element_seed(Filling::required(slot)) {
            Ok(found) => found.is_some(),
            Err(failure) => {
                self.failure = Some(failure);
                false
            }
        }
    }
}

/// Like a list, it seems to be at its end after a failure.
struct Object<A, E> {
    access: A,
    name: String,
    failure: Option<E>,
}

impl<'de, A: de::MapAccess<'de>> Object<A, A::Error> {
    fn keep<T>(&mut self, outcome: Result<T, A::Error>) -> Option<T> {
        outcome.map_err(|failure| self.failure = Some(failure)).ok()
    }
}

impl<'de, A: de::MapAccess<'de>> MapAccess for Object<A, A::Error> {
    fn next(&mut self, find: fn(&str) -> usize) -> Option<usize> {
        if self.failure.is_some() {
            return None;
        }
        let name = Name {
            find,
            unknown: &mut self.name,
        };
        let found = self.access.next_key_seed(name);
        self.keep(found)?
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn value(&mut self, slot: &mut dyn Place) {
        let filled = self.access.next_value_seed(Filling::required(slot));
        self.keep(filled);
    }

    fn optional(&mut self, slot: &mut dyn Place) {
        let filled = self.access.next_value_seed(Filling {
            slot,
            optional: true,
        });
        self.keep(filled);
    }

    fn skip(&mut self) {
        let skipped = self.access.next_value::<IgnoredAny>();
        self.keep(skipped);
    }
}

/// The name of a member, which is kept only if it is not known.
struct Name<'a> {
    find: fn(&str) -> usize,
    unknown: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a member")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<usize, E> {
        let found = (self.find)(name);
        if found == 0 {
            self.unknown.clear();
            self.unknown.push_str(name);
        }
        Ok(found)
    }
}
