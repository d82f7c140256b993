//! Names of repositories.

use super::InvalidValue;
use super::path_segment::check_segment;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The full name of a repository: `namespace/name`. The name may itself hold slashes.
///
/// Anything that could lead a request elsewhere can't be made: empty parts, `.`, `..`, backslashes,
/// control characters, and `%`, `?` and `#`, which would when the name is written into a URL.
/// Neither can what no server takes: blanks, and a namespace or name of more than 255 characters.
/// What else a name may hold (capitals, underscores, other scripts) is the server's decision, and
/// differs between servers and with the age of the repository.
///
/// ```
/// use quay_api::types::RepositoryName;
///
/// let name: RepositoryName = "acme/team/web".parse()?;
/// assert_eq!((name.namespace(), name.name()), ("acme", "team/web"));
/// assert!("web".parse::<RepositoryName>().is_err());
/// assert!("acme/../globex".parse::<RepositoryName>().is_err());
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct RepositoryName(String);

/// The maximum number of characters of a namespace and of a name, including slashes.
const MAX_CHARS: usize = 255;

impl RepositoryName {
    /// A name of its two parts.
    ///
    /// # Errors
    /// A part can't be one.
    pub fn new(namespace: &str, name: &str) -> Result<Self, InvalidValue> {
        check_segment("namespace", namespace)?;
        format!("{namespace}/{name}").parse()
    }

    /// The organization or user that it belongs to.
    pub fn namespace(&self) -> &str {
        self.0
            .split_once('/')
            .map_or("", |(namespace, _)| namespace)
    }

    /// Its name within the namespace; may hold slashes.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    /// The full name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepositoryName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: String| InvalidValue::new("repository name", text, reason);
        let Some((namespace, name)) = text.split_once('/') else {
            return Err(invalid(
                "it has no namespace: a full name is `namespace/name`".to_owned(),
            ));
        };
        for part in text.split('/') {
            let reason = match part {
                "" => "a part of it is empty".to_owned(),
                "." | ".." => format!("a part may not be {part:?}"),
                // An encoded slash or dot would be decoded on the way; the others end the path
                // where a name is written into a URL.
                part if part.contains(['%', '?', '#']) => "it has `%`, `?` or `#` in it".to_owned(),
                part if part.contains(char::is_whitespace) => "it has a blank in it".to_owned(),
                part => match check_segment("part", part) {
                    Ok(_) => continue,
                    Err(_) => "it has a backslash or control character in it".to_owned(),
                },
            };
            return Err(invalid(reason));
        }
        if [namespace, name]
            .iter()
            .any(|part| part.chars().count() > MAX_CHARS)
        {
            return Err(invalid(format!(
                "its namespace or name has more than {MAX_CHARS} characters"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl TryFrom<String> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<&str> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<&RepositoryName> for RepositoryName {
    type Error = InvalidValue;

    fn try_from(name: &RepositoryName) -> Result<Self, InvalidValue> {
        Ok(name.clone())
    }
}

impl From<RepositoryName> for String {
    fn from(name: RepositoryName) -> Self {
        name.0
    }
}

impl AsRef<str> for RepositoryName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for RepositoryName {
    const EXPECTED: &'static str = "a string";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        event.string()?.parse().map_err(JsonError::custom)
    }
}

deserialize_by_decode!(RepositoryName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_names_that_change_the_route() {
        for name in [
            "",
            "/",
            "web",
            "acme/",
            "/web",
            "acme//web",
            "acme/.",
            "acme/..",
            "../web",
            "./web",
            "acme/a/../b",
            "acme\\web",
            "acme/we\\b",
            "acme/we\nb",
            "acme/web\0",
            "acme/ web",
            "acme/web ",
            "acme/%2e%2e",
            "acme/web?a=b",
            "acme/web#a",
            "acme/we b",
            "acme/we\u{a0}b",
            "acme/\u{85}",
        ] {
            assert!(name.parse::<RepositoryName>().is_err(), "{name:?}");
        }
        for name in [
            "acme/web",
            "acme/team/web",
            "acme/...",
            "Acme/we_b.1-x",
            "a/ü",
            "_old/-web",
        ] {
            assert_eq!(
                name.parse::<RepositoryName>().map(|n| n.to_string()),
                Ok(name.to_owned())
            );
        }
        assert!(RepositoryName::new("a/b", "c").is_err());
        assert_eq!(
            RepositoryName::new("a", "b/c").map(|n| n.name().to_owned()),
            Ok("b/c".to_owned())
        );
    }

    #[test]
    fn limits_namespace_and_name_to_255_characters() {
        let long = |length: usize| "ü".repeat(length);
        assert!(RepositoryName::new(&long(255), &long(255)).is_ok());
        assert!(RepositoryName::new(&long(256), "web").is_err());
        assert!(RepositoryName::new("acme", &long(256)).is_err());
        assert!(RepositoryName::new("acme", &format!("{}/{}", long(127), long(128))).is_err());
    }
}
