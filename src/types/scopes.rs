//! Lists of scopes.

use super::Scope;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;

/// The scopes of a token, which the server writes as one string, separated by spaces.
///
/// The string is kept unchanged, so that unknown scopes are not lost.
///
/// # Examples
///
/// ```
/// use quay_api::types::{Scope, Scopes};
///
/// let scopes = Scopes::from([Scope::RepoRead, Scope::OrgAdmin]);
/// assert_eq!(scopes.as_str(), "repo:read org:admin");
/// assert!(scopes.contains(&Scope::OrgAdmin));
/// assert_eq!(scopes.iter().collect::<Vec<_>>(), [Scope::RepoRead, Scope::OrgAdmin]);
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Scopes(String);

impl Scopes {
    /// Returns the scopes as the server writes them.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the scopes in their order.
    pub fn iter(&self) -> impl Iterator<Item = Scope> + '_ {
        // Quay itself accepts commas too.
        self.0
            .split([' ', ','])
            .filter(|scope| !scope.is_empty())
            .map(Scope::from)
    }

    /// Returns true if the list contains the scope.
    ///
    /// A scope that includes another one, as `repo:write` includes `repo:read`, does not count as
    /// it.
    pub fn contains(&self, scope: &Scope) -> bool {
        self.iter().any(|own| own == *scope)
    }

    /// Returns true if there are no scopes.
    pub fn is_empty(&self) -> bool {
        self.iter().next().is_none()
    }
}

impl fmt::Debug for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        let mut text = String::new();
        for scope in scopes {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(scope.as_str());
        }
        Self(text)
    }
}

impl IntoIterator for &Scopes {
    type Item = Scope;
    type IntoIter = std::vec::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

impl IntoIterator for Scopes {
    type Item = Scope;
    type IntoIter = std::vec::IntoIter<Scope>;

    fn into_iter(self) -> Self::IntoIter {
        (&self).into_iter()
    }
}

impl<const N: usize> From<[Scope; N]> for Scopes {
    fn from(scopes: [Scope; N]) -> Self {
        scopes.into_iter().collect()
    }
}

impl From<Vec<Scope>> for Scopes {
    fn from(scopes: Vec<Scope>) -> Self {
        scopes.into_iter().collect()
    }
}

impl From<&[Scope]> for Scopes {
    fn from(scopes: &[Scope]) -> Self {
        scopes.iter().cloned().collect()
    }
}

impl From<Scope> for Scopes {
    fn from(scope: Scope) -> Self {
        [scope].into()
    }
}

impl From<String> for Scopes {
    /// Converts the string of the server, such as `repo:read org:admin`.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Scopes {
    /// Converts the string of the server, such as `repo:read org:admin`.
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Decode for Scopes {
    const EXPECTED: &'static str = "a string";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        String::decode(event).map(Self)
    }
}

deserialize_by_decode!(Scopes);
