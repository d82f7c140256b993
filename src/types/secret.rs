//! Secrets, which are not shown in output.

use super::expose;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::{Serialize, Serializer};
use std::fmt;
use std::hash::{Hash, Hasher};

/// A password, token or key, or a URL that contains one.
///
/// `Debug` and serde redact a secret: serde writes `"***redacted***"`, so a row can be logged or
/// passed on as JSON. [`expose`](Self::expose) returns the string, [`Exposed`] serializes it, and
/// the requests of this crate contain it. A secret that was read back from redacted JSON can't be
/// sent or written by mistake: sending it, or serializing it with [`Exposed`], is an error.
///
/// The memory of a secret is not wiped when it is dropped, since the string also passes through
/// buffers of the HTTP and JSON libraries, which are not wiped.
///
/// # Examples
///
/// ```
/// use quay_api::types::Secret;
///
/// let secret = Secret::from("hunter2");
/// assert_eq!(format!("{secret:?}"), "Secret(***)");
/// assert_eq!(serde_json::to_string(&secret)?, r#""***redacted***""#);
/// assert_eq!(secret.expose(), "hunter2");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// [`Exposed`]: super::Exposed
#[derive(Clone, Default)]
pub struct Secret(String);

impl Secret {
    /// Returns the string of the secret.
    ///
    /// The caller must keep it secret.
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
    /// Compares in a time that does not depend on where the strings differ.
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

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

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

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self(text.clone())
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        expose::serialize_text(&self.0, serializer)
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
        assert_eq!(serde_json::to_string(&secret)?, "\"***redacted***\"");
        assert_eq!(
            serde_json::to_string(&super::super::Exposed(&secret))?,
            "\"hunter2\""
        );
        assert!(!format!("{secret:?} {secret:#?}").contains("hunter2"));
        assert!(
            secret == Secret::from("hunter2")
                && secret != Secret::from("hunter3")
                && secret != Secret::from("hunter")
        );
        Ok(())
    }
}
