//! Fields of a request that distinguish absence from null.

use crate::json::decode::{Decode, JsonError, JsonEvent, Place};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The change of a value in a request: keep it, clear it, or set it.
///
/// # Examples
///
/// ```
/// use quay_api::types::{UpdateTag, Clearable};
///
/// let keep = UpdateTag::new();
/// let clear = UpdateTag::new().clear_expiration();
/// assert_eq!(serde_json::to_string(&keep)?, "{}");
/// assert_eq!(serde_json::to_string(&clear)?, r#"{"expiration":null}"#);
/// assert_eq!(clear.expiration, Clearable::Clear);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Clearable<T> {
    /// Keeps the value: the field is not sent.
    #[default]
    Keep,
    /// Clears the value: null is sent.
    Clear,
    /// Sets the value.
    Set(T),
}

impl<T> Clearable<T> {
    /// Returns true if nothing is sent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// Returns the new value, or `None` if none is set.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Set(value) => Some(value),
            _ => None,
        }
    }
}

impl<T> From<T> for Clearable<T> {
    fn from(value: T) -> Self {
        Self::Set(value)
    }
}

/// Converts `None` to [`Clear`](Clearable::Clear), and not to [`Keep`](Clearable::Keep).
///
/// # Examples
///
/// ```
/// use quay_api::types::Clearable;
///
/// assert_eq!(Clearable::from(Some(5)), Clearable::Set(5));
/// assert_eq!(Clearable::<i64>::from(None), Clearable::Clear);
/// ```
impl<T> From<Option<T>> for Clearable<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Clear, Self::Set)
    }
}

/// Serializes a field that has `default` and `skip_serializing_if = "Clearable::is_keep"`. Outside
/// of such a field, `Keep` is serialized as null.
impl<T: Serialize> Serialize for Clearable<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value().serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Clearable<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T: Decode> Decode for Clearable<T> {
    const EXPECTED: &'static str = T::EXPECTED;

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        Ok(Option::decode(event)?.map_or(Self::Clear, Self::Set))
    }
}

impl<T: Decode> Place for Clearable<T> {
    fn fill(&mut self, event: JsonEvent<'_>) -> Result<(), JsonError> {
        *self = Self::decode(event)?;
        Ok(())
    }

    fn expected(&self) -> &'static str {
        T::EXPECTED
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    struct Change {
        #[serde(default, skip_serializing_if = "Clearable::is_keep")]
        username: Clearable<String>,
    }

    #[test]
    fn distinguishes_absence_null_and_a_value_in_both_directions() -> Result<(), serde_json::Error>
    {
        for (username, text) in [
            (Clearable::default(), "{}"),
            (Clearable::Clear, r#"{"username":null}"#),
            (
                Clearable::Set("alice".to_owned()),
                r#"{"username":"alice"}"#,
            ),
            (Clearable::Set(String::new()), r#"{"username":""}"#),
        ] {
            let change = Change { username };
            assert_eq!(serde_json::to_string(&change)?, text);
            assert_eq!(serde_json::from_str::<Change>(text)?, change);
        }
        assert!(serde_json::from_str::<Change>(r#"{"username":7}"#).is_err());
        Ok(())
    }

    #[test]
    fn converts_from_values_and_options() {
        assert_eq!(Clearable::from(7), Clearable::Set(7));
        assert_eq!(Clearable::from(Some(7)), Clearable::Set(7));
        assert_eq!(Clearable::<i64>::from(None), Clearable::Clear);
        assert_eq!(
            (
                Clearable::Set(7).value(),
                Clearable::<i64>::Clear.value(),
                Clearable::<i64>::Keep.value()
            ),
            (Some(&7), None, None)
        );
    }
}
