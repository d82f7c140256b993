//! Unknown kinds of values whose type depends on another field.

use super::SecretValue;
use crate::json::decode::{Decode, from_value};
use serde_json::Value;

/// A value of an unknown kind, or of a known kind with content of an unexpected type.
///
/// The content may contain credentials, as that of known kinds does, so it is never printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OtherKind {
    kind: String,
    content: SecretValue,
}

impl OtherKind {
    /// Creates a value of a kind that this version of the crate does not know.
    ///
    /// # Examples
    ///
    /// ```
    /// let kind = quay_api::types::OtherKind::new("pager", serde_json::json!({"number": 112}));
    /// assert_eq!(kind.kind(), "pager");
    /// ```
    pub fn new(kind: impl Into<String>, content: impl Into<Value>) -> Self {
        Self {
            kind: kind.into(),
            content: SecretValue::from(content.into()),
        }
    }

    /// Returns the server's name of the kind, or an empty string if it has no name.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// Returns the content as JSON, since its type is unknown.
    pub fn content(&self) -> &Value {
        self.content.expose()
    }

    pub(crate) fn secret_content(&self) -> &SecretValue {
        &self.content
    }

    /// Converts the content to the known variant if it has its type, and to `other` otherwise.
    pub(crate) fn known<T: Decode, V>(self, variant: fn(T) -> V, other: fn(Self) -> V) -> V {
        match from_value(self.content(), T::decode) {
            Some(content) => variant(content),
            None => other(self),
        }
    }
}
