//! Encoding of this crate's types: [`Encode`], which every object implements, and a bridge to
//! serde.

use crate::types::Clearable;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that can be encoded.
pub(crate) trait Encode {
    /// Writes the fields of the object.
    fn encode<S: SerializeMap>(&self, to: &mut ObjectEncoder<S>);
}

/// Encodes an object field by field. The first error is kept until the end.
pub(crate) struct ObjectEncoder<S: SerializeMap> {
    map: S,
    result: Result<(), S::Error>,
}

impl<S: SerializeMap> ObjectEncoder<S> {
    /// Writes a field.
    pub fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.result.is_ok() {
            self.result = self.map.serialize_entry(name, value);
        }
    }

    /// Writes a field unless it is absent.
    pub fn optional_field<T: Optional>(&mut self, name: &str, value: &T) {
        if value.is_present() {
            self.field(name, value);
        }
    }

    /// Writes the entries of a map as fields of the object.
    pub fn entries<'a, T: Serialize + 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) {
        entries
            .into_iter()
            .for_each(|(name, value)| self.field(name, value));
    }
}

/// The value of an optional field.
pub(crate) trait Optional: Serialize {
    /// Returns true if the field is written.
    fn is_present(&self) -> bool;
}

impl<T: Serialize> Optional for Option<T> {
    fn is_present(&self) -> bool {
        self.is_some()
    }
}

impl<T: Serialize> Optional for Clearable<T> {
    fn is_present(&self) -> bool {
        !self.is_keep()
    }
}

/// Encodes an object with a serializer of any format.
pub(crate) fn serialize<S: Serializer>(
    object: &impl Encode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut to = ObjectEncoder {
        map: serializer.serialize_map(None)?,
        result: Ok(()),
    };
    object.encode(&mut to);
    to.result?;
    to.map.end()
}

/// Implements serde's `Serialize` with [`Encode`].
macro_rules! serialize_by_encode {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $crate::json::encode::serialize(self, serializer)
            }
        }
    };
}

pub(crate) use serialize_by_encode;
