//! JSON that may hold secrets.

use super::expose;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::fmt;

/// JSON that may hold secrets anywhere in it. Like a [`Secret`](super::Secret), it is never
/// printed, and serialized by [`Exposed`](super::Exposed) only.
///
/// ```
/// use quay_api::types::SecretValue;
///
/// let settings = SecretValue::from(serde_json::json!({"MAIL_PASSWORD": "hunter2"}));
/// assert_eq!(format!("{settings:?}"), "SecretValue(***)");
/// assert_eq!(settings.expose()["MAIL_PASSWORD"], "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct SecretValue(Value);

impl SecretValue {
    /// Returns the JSON itself. From here on the caller has to keep it secret.
    pub fn expose(&self) -> &Value {
        &self.0
    }
}

impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretValue(***)")
    }
}

impl From<Value> for SecretValue {
    fn from(value: Value) -> Self {
        Self(value)
    }
}

impl Serialize for SecretValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        expose::serialize_value(&self.0, serializer)
    }
}

impl Decode for SecretValue {
    const EXPECTED: &'static str = Value::EXPECTED;

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        Value::decode(event).map(Self)
    }
}

deserialize_by_decode!(SecretValue);
