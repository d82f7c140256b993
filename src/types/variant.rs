//! Variants whose shape depends on a field beside them.

use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;
use std::fmt;

/// A kind that is not known here, or is known in another shape: kept whole.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherKind {
    kind: String,
    content: Value,
}

impl OtherKind {
    /// A kind of this name, with this content: to send what this version does not know.
    ///
    /// ```
    /// let kind = quay_api::types::OtherKind::new("pager", serde_json::json!({"number": 112}));
    /// assert_eq!(kind.kind(), "pager");
    /// ```
    pub fn new(kind: impl Into<String>, content: impl Into<Value>) -> Self {
        Self { kind: kind.into(), content: content.into() }
    }

    /// What the server calls it; empty if it does not say.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What came with it; free JSON, since its shape is not known.
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// Reads the two fields of an object that name the kind and hold the content.
    pub(crate) fn read<'de, D: Deserializer<'de>>(deserializer: D, fields: &'static [&'static str; 2]) -> Result<Self, D::Error> {
        // As a struct, so that within a flattened object these two fields are taken, and only they.
        deserializer.deserialize_struct("OtherKind", fields, Fields(fields))
    }

    /// The known variant that this is, if its content has the shape; otherwise what `other` makes of it.
    pub(crate) fn known<T: DeserializeOwned, V>(self, variant: impl FnOnce(T) -> V, other: impl FnOnce(Self) -> V) -> V {
        match T::deserialize(&self.content) {
            Ok(content) => variant(content),
            Err(_) => other(self),
        }
    }
}

/// Picks the two fields out of an object, whatever else is in it.
struct Fields(&'static [&'static str; 2]);

impl<'de> Visitor<'de> for Fields {
    type Value = OtherKind;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with {} and {}", self.0[0], self.0[1])
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<OtherKind, A::Error> {
        let [tag, content] = self.0;
        let mut found = OtherKind::new(String::new(), Value::Null);
        while let Some(name) = map.next_key::<String>()? {
            if name == *tag {
                found.kind = map.next_value::<Option<String>>()?.unwrap_or_default();
            } else if name == *content {
                found.content = map.next_value()?;
            } else {
                map.next_value::<serde::de::IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Writes the two fields.
pub(crate) fn write_kind<S: Serializer>(
    serializer: S,
    (tag, kind): (&'static str, &str),
    (content, value): (&'static str, &impl Serialize),
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(2))?;
    map.serialize_entry(tag, kind)?;
    map.serialize_entry(content, value)?;
    map.end()
}
