//! Secrets, which are never shown.

use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;

/// A password, token or key. It is never printed; [`expose`](Self::expose) is the one way to its
/// text.
///
/// The memory is not wiped when it is dropped: the text also passes through the buffers of the HTTP
/// and JSON libraries, which do not wipe theirs.
///
/// ```
/// use quay_api::types::Secret;
///
/// let secret = Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// The text itself. What is done with it from here on is the caller's care.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl PartialEq for Secret {
    /// Takes as long for a text that differs at its beginning as for one that differs at its end.
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.0.as_bytes(), other.0.as_bytes());
        a.len() == b.len()
            && a.iter()
                .zip(b)
                .fold(0, |difference, (x, y)| difference | (x ^ y))
                == 0
    }
}

impl Eq for Secret {}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Decode for Secret {
    const EXPECTED: &'static str = "a string";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        String::decode(event).map(Self)
    }
}

deserialize_by_decode!(Secret);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_string_in_json_and_redacted_in_debug_output() -> Result<(), serde_json::Error> {
        let secret: Secret = serde_json::from_str("\"hunter2\"")?;
        assert_eq!(serde_json::to_string(&secret)?, "\"hunter2\"");
        assert!(!format!("{secret:?} {secret:#?}").contains("hunter2"));
        assert!(
            secret == Secret::from("hunter2")
                && secret != Secret::from("hunter3")
                && secret != Secret::from("hunter")
        );
        Ok(())
    }
}
