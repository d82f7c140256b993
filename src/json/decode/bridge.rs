//! Fills a [`Place`] from a deserializer of serde, of any format.

use super::{Decode, DecodeLimits, JsonError, JsonEvent, MapAccess, Place, SeqAccess};
use serde::de::{
    self, DeserializeSeed, Deserializer, Error, Expected, IgnoredAny, Unexpected, Visitor,
};
use std::fmt;

/// Decodes a value of a type.
pub(crate) fn deserialize<'de, T: Decode, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    let mut place = None;
    fill(&mut place, &DecodeLimits::none(), deserializer)?;
    place.ok_or_else(|| D::Error::custom("the deserializer returned no value"))
}

/// Decodes a value into its place, within limits.
pub(crate) fn fill<'de, D: Deserializer<'de>>(
    place: &mut dyn Place,
    limits: &DecodeLimits,
    deserializer: D,
) -> Result<(), D::Error> {
    PlaceSeed::required(place, limits).deserialize(deserializer)
}

/// A place as a serde seed.
struct PlaceSeed<'a> {
    place: &'a mut dyn Place,
    limits: &'a DecodeLimits,
    /// True if null does not change the place.
    is_optional: bool,
}

impl<'a> PlaceSeed<'a> {
    fn required(place: &'a mut dyn Place, limits: &'a DecodeLimits) -> Self {
        Self {
            place,
            limits,
            is_optional: false,
        }
    }

    #[inline]
    fn fill<E: Error>(self, event: JsonEvent<'_>, unexpected: Unexpected<'_>) -> Result<(), E> {
        match self.place.fill(event) {
            Ok(()) => Ok(()),
            Err(error) => Err(self.error(error, unexpected)),
        }
    }

    #[cold]
    fn error<E: Error>(self, error: JsonError, unexpected: Unexpected<'_>) -> E {
        match error {
            JsonError::InvalidType => {
                E::invalid_type(unexpected, &ExpectedType(self.place.expected()))
            }
            JsonError::Custom(reason) => E::custom(reason.0),
        }
    }
}

struct ExpectedType(&'static str);

impl Expected for ExpectedType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl<'de> DeserializeSeed<'de> for PlaceSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for PlaceSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.place.expected())
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        if self.is_optional {
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

    fn visit_str<E: Error>(self, string: &str) -> Result<(), E> {
        self.fill(JsonEvent::String(string), Unexpected::Str(string))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut seq = SerdeSeq {
            access,
            limits: self.limits,
            error: None,
        };
        let filled = self.fill(JsonEvent::Seq(&mut seq), Unexpected::Seq);
        seq.error.map_or(filled, Err)
    }

    fn visit_map<A: de::MapAccess<'de>>(self, access: A) -> Result<(), A::Error> {
        let mut map = SerdeMap {
            access,
            limits: self.limits,
            unknown_key: String::new(),
            error: None,
        };
        let filled = self.fill(JsonEvent::Map(&mut map), Unexpected::Map);
        map.error.map_or(filled, Err)
    }
}

/// Returns the error for an exceeded limit. The limits know which one.
#[cold]
fn limit_error<E: Error>() -> E {
    E::custom("a limit of decoding is exceeded")
}

/// The elements of serde's `SeqAccess`. After an error it reports its end, so that the decoder
/// stops. The error then replaces the decoder's result.
struct SerdeSeq<'a, A, E> {
    access: A,
    limits: &'a DecodeLimits,
    error: Option<E>,
}

impl<'de, A: de::SeqAccess<'de>> SeqAccess for SerdeSeq<'_, A, A::Error> {
    fn next_element(&mut self, place: &mut dyn Place) -> bool {
        if !self.limits.count() {
            self.error = Some(limit_error());
            return false;
        }
        let seed = PlaceSeed::required(place, self.limits);
        match self.access.next_element_seed(seed) {
            Ok(found) => found.is_some(),
            Err(error) => {
                self.error = Some(error);
                false
            }
        }
    }
}

/// The entries of serde's `MapAccess`. Like [`SerdeSeq`], it reports its end after an error.
struct SerdeMap<'a, A, E> {
    access: A,
    limits: &'a DecodeLimits,
    unknown_key: String,
    error: Option<E>,
}

impl<'de, A: de::MapAccess<'de>> SerdeMap<'_, A, A::Error> {
    fn keep_error<T>(&mut self, result: Result<T, A::Error>) -> Option<T> {
        result.map_err(|error| self.error = Some(error)).ok()
    }
}

impl<'de, A: de::MapAccess<'de>> MapAccess for SerdeMap<'_, A, A::Error> {
    fn next_key(&mut self, find: fn(&str) -> usize) -> Option<usize> {
        if self.error.is_some() {
            return None;
        }
        let seed = KeySeed {
            find,
            unknown_key: &mut self.unknown_key,
        };
        let found = self.access.next_key_seed(seed);
        let found = self.keep_error(found)?;
        // A known field occurs at most once and needs no extra memory, so it is not counted.
        if found == Some(0) && !self.limits.count() {
            self.error = Some(limit_error());
            return None;
        }
        found
    }

    fn key(&self) -> &str {
        &self.unknown_key
    }

    fn next_value(&mut self, place: &mut dyn Place) {
        let filled = self
            .access
            .next_value_seed(PlaceSeed::required(place, self.limits));
        self.keep_error(filled);
    }

    fn next_optional(&mut self, place: &mut dyn Place) {
        let filled = self.access.next_value_seed(PlaceSeed {
            place,
            limits: self.limits,
            is_optional: true,
        });
        self.keep_error(filled);
    }

    fn skip_value(&mut self) {
        let skipped = self.access.next_value::<IgnoredAny>();
        self.keep_error(skipped);
    }
}

/// Finds the number of a key, and keeps the key if it is unknown.
struct KeySeed<'a> {
    find: fn(&str) -> usize,
    unknown_key: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = usize;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the key of a field")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<usize, E> {
        let found = (self.find)(key);
        if found == 0 {
            self.unknown_key.clear();
            self.unknown_key.push_str(key);
        }
        Ok(found)
    }
}
