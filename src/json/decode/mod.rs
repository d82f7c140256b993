//! Decoding of this crate's types: [`Decode`], which each of them implements, and a bridge to serde
//! (`bridge.rs`).

mod bridge;
mod builtin;
mod limits;
mod one_of;

pub(crate) use bridge::{deserialize, fill};
pub(crate) use builtin::insert_entry;
pub(crate) use limits::{DecodeLimits, Exceeded};
pub(crate) use one_of::{from_value, one_of};

/// A value in the JSON, before its expected type is known.
pub(crate) enum JsonEvent<'a> {
    Null,
    Bool(bool),
    Integer(i64),
    /// A whole number above `i64::MAX`.
    Unsigned(u64),
    Float(f64),
    String(&'a str),
    Seq(&'a mut dyn SeqAccess),
    Map(&'a mut dyn MapAccess),
}

/// The reason why a value can't be decoded.
pub(crate) enum JsonError {
    /// The value has another type than expected.
    InvalidType,
    /// The value has the expected type but is not valid. Boxed, so that a `Result` of it fits into
    /// two registers.
    Custom(Box<Reason>),
}

/// The message of [`JsonError::Custom`].
pub(crate) struct Reason(pub String);

impl JsonError {
    pub fn missing_field(field: &str) -> Self {
        Self::custom(format!("missing field `{field}`"))
    }

    pub fn custom(reason: impl ToString) -> Self {
        Self::Custom(Box::new(Reason(reason.to_string())))
    }
}

/// A type that can be decoded. It implements one of the two methods, on which the other is based.
pub(crate) trait Decode: Sized {
    /// The expected type, for error messages. Most are objects.
    const EXPECTED: &'static str = "an object";

    /// Decodes a value.
    #[inline]
    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut place = None;
        Self::decode_into(&mut place, event)?;
        place.ok_or(JsonError::InvalidType)
    }

    /// Decodes a value into its place. Large types implement this method, to be moved less often.
    #[inline]
    fn decode_into(place: &mut Option<Self>, event: JsonEvent<'_>) -> Result<(), JsonError> {
        *place = Some(Self::decode(event)?);
        Ok(())
    }
}

/// A place for a value of a type.
pub(crate) trait Place {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError>;
    fn expected(&self) -> &'static str;
}

impl<T: Decode> Place for Option<T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        T::decode_into(self, event)
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

/// The entries of an object in order, up to the first invalid one. The implementation keeps the
/// error of that one and returns it in the end.
pub(crate) trait MapAccess {
    /// Advances to the next entry and returns the number of its key from `find` (0 for an unknown
    /// key), or `None` at the end.
    fn next_key(&mut self, find: fn(&str) -> usize) -> Option<usize>;
    /// Returns the current key, if it is unknown to `find`.
    fn key(&self) -> &str;
    /// Decodes the current value.
    fn next_value(&mut self, place: &mut dyn Place);
    /// Decodes the current value unless it is null.
    fn next_optional(&mut self, place: &mut dyn Place);
    /// Skips the current value.
    fn skip_value(&mut self);
}

/// The elements of a list. Errors are handled as for [`MapAccess`].
pub(crate) trait SeqAccess {
    /// Decodes the next element, and returns false at the end.
    fn next_element(&mut self, place: &mut dyn Place) -> bool;
}

impl<'a> JsonEvent<'a> {
    /// Returns the entries of an object, or an error if the value is not an object.
    pub fn map(self) -> Result<&'a mut dyn MapAccess, JsonError> {
        match self {
            Self::Map(map) => Ok(map),
            _ => Err(JsonError::InvalidType),
        }
    }

    /// Returns a string, or an error if the value is not a string.
    pub fn string(self) -> Result<&'a str, JsonError> {
        match self {
            Self::String(string) => Ok(string),
            _ => Err(JsonError::InvalidType),
        }
    }

    /// Copies the value, or returns `None` for a list or an object, which can only be read once.
    fn scalar(&self) -> Option<Self> {
        Some(match *self {
            Self::Null => Self::Null,
            Self::Bool(value) => Self::Bool(value),
            Self::Integer(value) => Self::Integer(value),
            Self::Unsigned(value) => Self::Unsigned(value),
            Self::Float(value) => Self::Float(value),
            Self::String(string) => Self::String(string),
            Self::Seq(_) | Self::Map(_) => return None,
        })
    }
}

/// Returns the value of a required field, or an error if it is missing.
pub(crate) fn required<T>(value: Option<T>, field: &str) -> Result<T, JsonError> {
    value.ok_or_else(|| JsonError::missing_field(field))
}

/// Decodes the current value into a variant, or returns `None` if it is null.
pub(crate) fn next_variant<T: Decode, V>(
    map: &mut dyn MapAccess,
    variant: fn(T) -> V,
) -> Option<V> {
    let mut place: Option<T> = None;
    map.next_optional(&mut place);
    place.map(variant)
}

/// Implements serde's `Deserialize` with [`Decode`].
macro_rules! deserialize_by_decode {
    ($($name:ty),*) => {$(
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::json::decode::deserialize(deserializer)
            }
        }
    )*};
}

pub(crate) use deserialize_by_decode;

#[cfg(test)]
mod tests {
    use crate::types::{AutoPruneValue, Exposed, Notification, Tag, TagPage};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    fn reason<T: DeserializeOwned>(text: &str) -> String {
        serde_json::from_str::<T>(text)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn reads_null_but_not_absence_as_an_empty_list() -> Result<(), serde_json::Error> {
        let page: TagPage =
            serde_json::from_str(r#"{"tags": null, "page": 1, "has_additional": false}"#)?;
        assert!(page.tags.is_empty());
        assert!(
            reason::<TagPage>(r#"{"page": 1, "has_additional": false}"#)
                .contains("missing field `tags`")
        );
        Ok(())
    }

    #[test]
    fn errors_name_the_position() {
        for (text, said) in [
            (
                "[]",
                "invalid type: sequence, expected an object at line 1 column 2",
            ),
            (
                "7",
                "invalid type: integer `7`, expected an object at line 1 column 1",
            ),
            (
                r#"{"name": 7}"#,
                "invalid type: integer `7`, expected a string at line 1 column 10",
            ),
            (
                r#"{"name": null}"#,
                "invalid type: null, expected a string at line 1 column 13",
            ),
            ("{}", "missing field `name` at line 1 column 2"),
            (
                r#"{"name": "v1", "size": "big"}"#,
                "expected a whole number of bytes at line 1 column 28",
            ),
            (
                r#"{"name": "v1", "size": 18446744073709551615}"#,
                "18446744073709551615 is out of range for a number of bytes",
            ),
            (
                r#"{"name": "v1", "last_modified": "soon"}"#,
                "it is not in a format that Quay uses at line 1 column 38",
            ),
            (r#"{"name": "v1""#, "EOF while parsing an object"),
        ] {
            let reason = reason::<Tag>(text);
            assert!(reason.contains(said), "{text}: {reason}");
        }
    }

    #[test]
    fn ignores_null_and_unknown_fields() -> Result<(), serde_json::Error> {
        let tag: Tag = serde_json::from_str(
            r#"{"new": [{"a": 1}], "size": null, "name": "v\u00311", "newer": null}"#,
        )?;
        assert_eq!((tag.name.as_str(), tag.size), ("v11", None));
        Ok(())
    }

    #[test]
    fn reads_values_in_memory_like_json() -> Result<(), serde_json::Error> {
        let tag: Tag = serde_json::from_value(json!({"name": "v1", "size": 7}))?;
        assert_eq!((tag.name.as_str(), tag.size), ("v1", Some(7.into())));
        assert_eq!(
            serde_json::from_value::<AutoPruneValue>(json!(5))?,
            AutoPruneValue::Count(5)
        );
        assert_eq!(
            serde_json::from_value::<AutoPruneValue>(json!("5d"))?,
            AutoPruneValue::Age("5d".to_owned())
        );
        let other = json!({"days": [5, null, 1.5, 18446744073709551615_u64, true, "x"]});
        assert_eq!(
            serde_json::from_value::<AutoPruneValue>(other.clone())?,
            AutoPruneValue::Other(other)
        );
        Ok(())
    }

    #[test]
    fn reads_a_content_by_its_kind_in_either_order() -> Result<(), serde_json::Error> {
        let written = json!({
            "uuid": "u", "title": "t", "event": "repo_push", "event_config": {},
            "number_of_failures": 0, "method": "webhook",
            "config": {"url": "https://example.com"},
        });
        let notification: Notification = serde_json::from_value(written.clone())?;
        assert_eq!(notification.target.kind(), "webhook");
        let back: Value = serde_json::to_value(Exposed(&notification))?;
        assert_eq!(
            (&back["method"], &back["config"]),
            (&written["method"], &written["config"])
        );
        Ok(())
    }
}
