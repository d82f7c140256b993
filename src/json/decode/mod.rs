//! How the types of this module are read: [`Decode`], which every one of them implements, and a
//! bridge to serde (`bridge.rs`).
//!
//! serde's derive writes a reader per type and per format, which a build pays for: those of some
//! 250 types were two thirds of the code of this crate. Here the part that depends on the type
//! (which member goes where) and the part that depends on the format meet in three small objects
//! ([`Place`], [`MapAccess`], [`SeqAccess`]), so that each is compiled once. Beside that, flattened
//! members need no buffer, nothing but text is allocated, and an object can't be read from an
//! array.

mod bridge;
mod builtin;
mod one_of;

pub(crate) use bridge::{deserialize, fill};
pub(crate) use builtin::entry;
pub(crate) use one_of::{from_value, one_of};

/// A value that was found, before anybody says what it should be.
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

/// Why a value was not taken.
pub(crate) enum JsonError {
    /// It is of another sort than was expected.
    InvalidType,
    /// It is of the right sort, and wrong. Boxed, so that a `Result` of it fits into two registers.
    Custom(Box<Reason>),
}

/// What was wrong with it.
pub(crate) struct Reason(pub String);

impl JsonError {
    pub fn missing_field(member: &str) -> Self {
        Self::custom(format!("missing field `{member}`"))
    }

    pub fn custom(reason: impl ToString) -> Self {
        Self::Custom(Box::new(Reason(reason.to_string())))
    }
}

/// A type that can be read. It has one of the two methods, and the other by it.
pub(crate) trait Decode: Sized {
    /// What it is read from, for the message when something else comes. Most are objects.
    const EXPECTED: &'static str = "an object";

    /// Makes one of what was found.
    #[inline]
    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let mut place = None;
        Self::decode_into(&mut place, event)?;
        place.ok_or(JsonError::InvalidType)
    }

    /// Makes one of what was found in its place. Large types are filled there, and moved no more
    /// often than they have to be.
    #[inline]
    fn decode_into(place: &mut Option<Self>, event: JsonEvent<'_>) -> Result<(), JsonError> {
        *place = Some(Self::decode(event)?);
        Ok(())
    }
}

/// A place that waits for a value of a type.
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

/// The members of an object, one after the other, up to the first that is wrong: whoever gave them
/// keeps the reason, and fails with it.
pub(crate) trait MapAccess {
    /// Goes to the next one: what `find` says of its name, 0 for a name that it does not know;
    /// `None` at the end.
    fn next(&mut self, find: fn(&str) -> usize) -> Option<usize>;
    /// The name, where `find` did not know it.
    fn name(&self) -> &str;
    /// Reads its value.
    fn value(&mut self, slot: &mut dyn Place);
    /// Reads its value, unless it is null.
    fn optional(&mut self, slot: &mut dyn Place);
    /// Passes over its value.
    fn skip(&mut self);
}

/// The elements of a list, like the members of an object.
pub(crate) trait SeqAccess {
    /// Reads the next one, if there is one.
    fn next(&mut self, slot: &mut dyn Place) -> bool;
}

impl<'a> JsonEvent<'a> {
    /// The members, of an object.
    pub fn map(self) -> Result<&'a mut dyn MapAccess, JsonError> {
        match self {
            Self::Map(map) => Ok(map),
            _ => Err(JsonError::InvalidType),
        }
    }

    /// The text, of a text.
    pub fn string(self) -> Result<&'a str, JsonError> {
        match self {
            Self::String(text) => Ok(text),
            _ => Err(JsonError::InvalidType),
        }
    }

    /// The same once more, unless it is a list or an object, which can be read once only.
    fn scalar(&self) -> Option<Self> {
        Some(match *self {
            Self::Null => Self::Null,
            Self::Bool(value) => Self::Bool(value),
            Self::Integer(value) => Self::Integer(value),
            Self::Unsigned(value) => Self::Unsigned(value),
            Self::Float(value) => Self::Float(value),
            Self::String(text) => Self::String(text),
            Self::Seq(_) | Self::Map(_) => return None,
        })
    }
}

/// The value of a member that has to be there.
pub(crate) fn required<T>(slot: Option<T>, member: &str) -> Result<T, JsonError> {
    slot.ok_or_else(|| JsonError::missing_field(member))
}

/// Reads a member's value into a variant; `None` if it is null.
pub(crate) fn wrapped<T: Decode, V>(members: &mut dyn MapAccess, variant: fn(T) -> V) -> Option<V> {
    let mut slot: Option<T> = None;
    members.optional(&mut slot);
    slot.map(variant)
}

/// Implements serde's trait by [`Decode`].
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
    use crate::types::{AutoPruneValue, Notification, Tag, TagPage};
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};

    fn reason<T: DeserializeOwned>(text: &str) -> String {
        serde_json::from_str::<T>(text)
            .err()
            .map(|error| error.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn null_is_an_empty_list_and_missing_is_not() -> Result<(), serde_json::Error> {
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
    fn what_does_not_fit_is_told_with_its_place() {
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
                "expected i64 at line 1 column 28",
            ),
            (
                r#"{"name": "v1", "size": 18446744073709551615}"#,
                "integer `18446744073709551615`, expected i64",
            ),
            (
                r#"{"name": "v1", "last_modified": "soon"}"#,
                "it is in no format that Quay uses at line 1 column 38",
            ),
            (r#"{"name": "v1""#, "EOF while parsing an object"),
        ] {
            let reason = reason::<Tag>(text);
            assert!(reason.contains(said), "{text}: {reason}");
        }
    }

    #[test]
    fn members_that_are_null_or_not_known_change_nothing() -> Result<(), serde_json::Error> {
        let tag: Tag = serde_json::from_str(
            r#"{"new": [{"a": 1}], "size": null, "name": "v\u00311", "newer": null}"#,
        )?;
        assert_eq!((tag.name.as_str(), tag.size), ("v11", None));
        Ok(())
    }

    #[test]
    fn values_in_memory_are_read_like_texts() -> Result<(), serde_json::Error> {
        let tag: Tag = serde_json::from_value(json!({"name": "v1", "size": 7}))?;
        assert_eq!((tag.name.as_str(), tag.size), ("v1", Some(7)));
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
    fn a_content_is_read_by_its_kind_whatever_comes_first() -> Result<(), serde_json::Error> {
        let written = json!({"uuid": "u", "title": "t", "event": "repo_push", "event_config": {}, "number_of_failures": 0,
            "method": "webhook", "config": {"url": "https://example.com"}});
        let notification: Notification = serde_json::from_value(written.clone())?;
        assert_eq!(notification.target.kind(), "webhook");
        let back: Value = serde_json::to_value(&notification)?;
        assert_eq!(
            (&back["method"], &back["config"]),
            (&written["method"], &written["config"])
        );
        Ok(())
    }
}
