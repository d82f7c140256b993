//! How the types of this module are written: [`Encode`], which every object implements, and a
//! bridge to serde.
//!
//! As with reading (`decode/`), serde's derive would cost a build more: for each member, it writes
//! the way out of an error, and for those that may be missing, a count and both of the cases. Here
//! an error is kept until the end.

use crate::types::Clearable;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

/// An object that can be written.
pub(crate) trait Encode {
    /// Writes its members.
    fn encode<S: SerializeMap>(&self, to: &mut Object<S>);
}

/// An object that is being written.
pub(crate) struct Object<S: SerializeMap> {
    map: S,
    outcome: Result<(), S::Error>,
}

impl<S: SerializeMap> Object<S> {
    /// Writes a member.
    pub fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) {
        if self.outcome.is_ok() {
            self.outcome = self.map.serialize_entry(name, value);
        }
    }

    /// Writes a member, if it is there.
    pub fn optional<T: Optional>(&mut self, name: &str, value: &T) {
        if value.is_there() {
            self.member(name, value);
        }
    }

    /// Writes members that have no fields of their own.
    pub fn entries<'a, T: Serialize + 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) {
        entries
            .into_iter()
            .for_each(|(name, value)| self.member(name, value));
    }
}

/// The value of a member that may be missing.
pub(crate) trait Optional: Serialize {
    /// Whether it is written.
    fn is_there(&self) -> bool;
}

impl<T: Serialize> Optional for Option<T> {
    fn is_there(&self) -> bool {
        self.is_some()
    }
}

impl<T: Serialize> Optional for Clearable<T> {
    fn is_there(&self) -> bool {
        !self.is_keep()
    }
}

/// Writes an object with whatever serializer.
pub(crate) fn serialize<S: Serializer>(
    object: &impl Encode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut to = Object {
        map: serializer.serialize_map(None)?,
        outcome: Ok(()),
    };
    object.encode(&mut to);
    to.outcome?;
    to.map.end()
}

/// Implements serde's trait by [`Encode`].
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
