//! Names of repositories.

use super::InvalidValue;
use super::path_segment::check_segment;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The full name of a repository: `namespace/name`.
///
/// The name may contain slashes.
///
/// A name consists of letters from a to z, digits, `.`, `_` and `-`. Other characters are rejected,
/// since a server would read them as another name: it replaces `é` by `e`, for example. Parts of an
/// image reference that do not belong to the name (the host, a tag, a digest) are rejected too, and
/// so are empty parts, `.` and `..`, and a namespace or name of more than 255 characters. Capital
/// letters are accepted: today's servers create no such repositories, but old ones exist.
///
/// A namespace that looks like a host, such as `acme.io` with the repository `team/web`, is only
/// accepted by [`RepositoryName::new`].
///
/// # Examples
///
/// ```
/// use quay_api::types::RepositoryName;
///
/// let name: RepositoryName = "acme/team/web".parse()?;
/// assert_eq!((name.namespace(), name.name()), ("acme", "team/web"));
/// assert!("web".parse::<RepositoryName>().is_err());
/// assert!("acme/web:latest".parse::<RepositoryName>().is_err());
/// assert!("quay.io/acme/web".parse::<RepositoryName>().is_err());
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct RepositoryName(String);

/// The maximum number of characters of a namespace and of a name, including slashes.
const MAX_CHARS: usize = 255;

impl RepositoryName {
    /// Creates the name from its two parts.
    ///
    /// # Errors
    ///
    /// Returns an error if a part is not valid.
    pub fn new(namespace: &str, name: &str) -> Result<Self, InvalidValue> {
        check_segment("namespace", namespace)?;
        let full = format!("{namespace}/{name}");
        match invalid_part(namespace, name) {
            None => Ok(Self(full)),
            Some(reason) => Err(InvalidValue::new("repository name", &full, reason)),
        }
    }

    /// Returns the organization or user that the repository belongs to.
    pub fn namespace(&self) -> &str {
        self.0
            .split_once('/')
            .map_or("", |(namespace, _)| namespace)
    }

    /// Returns the name without the namespace.
    ///
    /// It may contain slashes.
    pub fn name(&self) -> &str {
        self.0.split_once('/').map_or("", |(_, name)| name)
    }

    /// Returns the full name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RepositoryName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: String| Err(InvalidValue::new("repository name", text, reason));
        if let Some(reason) = not_part_of_name(text) {
            return invalid(reason);
        }
        let Some((namespace, name)) = text.split_once('/') else {
            return invalid("it has no namespace: it must be `namespace/name`".to_owned());
        };
        match invalid_part(namespace, name) {
            None => Ok(Self(text.to_owned())),
            Some(reason) => invalid(reason),
        }
    }
}

/// Returns the reason why a namespace and a name are not valid, if they are not.
fn invalid_part(namespace: &str, name: &str) -> Option<String> {
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    let not_allowed = |text: &str| text.chars().find(|c| !is_allowed(*c));
    let mut parts = std::iter::once(namespace).chain(name.split('/'));
    if let Some(part) = parts.find(|part| matches!(*part, "" | "." | "..")) {
        return Some(match part {
            "" => "a part of it is empty".to_owned(),
            part => format!("a part of it must not be {part:?}"),
        });
    }
    if let Some(c) = not_allowed(namespace).or_else(|| not_allowed(name)) {
        let rule = "letters from a to z, digits, `.`, `_` and `-`";
        return Some(format!("it contains {c:?}: it must consist of {rule}"));
    }
    let is_long = |part: &str| part.len() > MAX_CHARS;
    (is_long(namespace) || is_long(name))
        .then(|| format!("its namespace or name has more than {MAX_CHARS} characters"))
}

/// Returns a message about a part of an image reference that does not belong to the name.
fn not_part_of_name(text: &str) -> Option<String> {
    let base_url = "leave it out, since the base URL of the client contains it";
    if text.contains("://") {
        return Some(format!("a URL is not a repository name: {base_url}"));
    }
    let (first, rest) = text.split_once('/')?;
    if first.contains(':') {
        return Some(format!(
            "the host {first:?} is not part of the name: {base_url}"
        ));
    }
    if rest.contains('/') && looks_like_host(first) {
        return Some(format!(
            "the host {first:?} is not part of the name: {base_url} (for a namespace of this name, \
             use `RepositoryName::new`)"
        ));
    }
    let (_, last) = text.rsplit_once('/')?;
    if let Some((_, digest)) = last.split_once('@') {
        return Some(format!(
            "the digest {digest:?} is not part of the name: use the method `manifest` of the \
             repository"
        ));
    }
    last.split_once(':').map(|(_, tag)| {
        format!("the tag {tag:?} is not part of the name: use the method `tag` of the repository")
    })
}

/// Returns true if a namespace is more likely the host of a registry. A namespace can contain dots
/// too, such as the user `john.doe`.
fn looks_like_host(namespace: &str) -> bool {
    const DOMAINS: &str = " app arpa cloud com corp dev edu example gov home info int internal \
                           intra intranet lab lan local localdomain net org private svc tech test ";
    let is_domain = |last: &str| {
        let is_country = last.len() == 2 && last.bytes().all(|b| b.is_ascii_alphabetic());
        is_country || DOMAINS.contains(&format!(" {last} "))
    };
    namespace == "localhost"
        || namespace.parse::<std::net::Ipv4Addr>().is_ok()
        || namespace
            .rsplit_once('.')
            .is_some_and(|(_, last)| is_domain(last))
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

impl From<&RepositoryName> for String {
    fn from(name: &RepositoryName) -> Self {
        name.0.clone()
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
            "acme/wéb",
            "jürgen/web",
            "acme/we+b",
            "acme/we~b",
        ] {
            assert!(name.parse::<RepositoryName>().is_err(), "{name:?}");
        }
        for name in [
            "acme/web",
            "acme/team/web",
            "acme/...",
            "Acme/we_b.1-x",
            "_old/-web",
            "john.doe/app",
            "john.doe/team/app",
            "quay.io/web",
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
        let long = |length: usize| "a".repeat(length);
        assert!(RepositoryName::new(&long(255), &long(255)).is_ok());
        assert!(RepositoryName::new(&long(256), "web").is_err());
        assert!(RepositoryName::new("acme", &long(256)).is_err());
        assert!(RepositoryName::new("acme", &format!("{}/{}", long(127), long(128))).is_err());
    }

    #[test]
    fn says_where_the_rest_of_a_reference_belongs() {
        for (text, part) in [
            (
                "acme/web:latest",
                "the tag \"latest\" is not part of the name",
            ),
            ("acme/team/web:v1", "the tag \"v1\" is not part of the name"),
            (
                "acme/web@sha256:0a",
                "the digest \"sha256:0a\" is not part of the name",
            ),
            (
                "acme/web:v1@sha256:0a",
                "the digest \"sha256:0a\" is not part of the name",
            ),
            (
                "quay.io/acme/web",
                "the host \"quay.io\" is not part of the name",
            ),
            (
                "quay.io/acme/web:v1",
                "the host \"quay.io\" is not part of the name",
            ),
            ("registry.example.com/acme/web", "the host"),
            ("quay.corp.internal/acme/web", "the host"),
            ("localhost/acme/web", "the host"),
            ("127.0.0.1/acme/web", "the host"),
            ("localhost:8080/acme/web", "the host \"localhost:8080\""),
            ("quay:443/web", "the host \"quay:443\""),
            ("[::1]:8080/acme/web", "the host"),
            ("https://quay.io/acme/web", "a URL is not a repository name"),
            (
                "docker://quay.io/acme/web",
                "a URL is not a repository name",
            ),
        ] {
            let error = text.parse::<RepositoryName>().unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
        }
        let name = RepositoryName::new("acme.io", "team/web").map(|name| name.to_string());
        assert_eq!(name, Ok("acme.io/team/web".to_owned()));
    }
}
