//! Variants whose shape depends on a field beside them.

use crate::json::decode::{Decode, from_value};
use serde_json::Value;

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
        Self {
            kind: kind.into(),
            content: content.into(),
        }
    }

    /// What the server calls it; empty if it does not say.
    pub fn kind(&self) -> &str {
        &self.kind
    }

    /// What came with it; free JSON, since its shape is not known.
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// The known variant that this is, if its content has the shape; otherwise what `other` makes
    /// of it.
    pub(crate) fn known<T: Decode, V>(self, variant: fn(T) -> V, other: fn(Self) -> V) -> V {
        match from_value(&self.content, T::decode) {
            Some(content) => variant(content),
            None => other(self),
        }
    }
}
