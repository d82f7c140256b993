//! Members of a request for which missing and null say different things.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What a change does to a value: leave it, clear it, or set it.
///
/// ```
/// use quay_api::types::{ChangeTag, Clearable};
///
/// let keep = ChangeTag::new();
/// let clear = ChangeTag::new().clear_expiration();
/// assert_eq!(serde_json::to_string(&keep)?, "{}");
/// assert_eq!(serde_json::to_string(&clear)?, r#"{"expiration":null}"#);
/// assert_eq!(clear.expiration, Clearable::Clear);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Clearable<T> {
    /// Leave it as it is: the member is not sent.
    #[default]
    Keep,
    /// Clear it: null is sent.
    Clear,
    /// Set it.
    Set(T),
}

impl<T> Clearable<T> {
    /// Whether nothing is sent.
    pub fn is_keep(&self) -> bool {
        matches!(self, Self::Keep)
    }

    /// The value that is set, if one is.
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

/// As a field, with `default` and `skip_serializing_if = "Clearable::is_keep"`; on its own, `Keep` has no form and becomes null.
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
