//! The schemas of the API. The build (`build/codegen/types.rs`) generates them from `overlay/`; the
//! constructors that it can't generate are here.

use super::Scope;
use crate::json::{decode, encode, sparse};
use std::time::Duration;

include!(concat!(env!("OUT_DIR"), "/types.rs"));

impl CreateApplicationToken {
    /// Returns the request for a token with a name and scopes.
    ///
    /// ```
    /// use quay_api::types::{CreateApplicationToken, Scope};
    ///
    /// let scopes = [Scope::RepoRead, Scope::RepoWrite];
    /// let token = CreateApplicationToken::with_scopes("nightly", scopes);
    /// assert_eq!(token.scope.as_str(), "repo:read repo:write");
    /// ```
    pub fn with_scopes(name: impl Into<String>, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self::new(name, super::Scopes::from_iter(scopes))
    }

    /// Sets how long the token lives, from 1 second to ten years; ten years unless set. It is sent in
    /// whole seconds: a fraction is dropped, so the token never lives longer.
    ///
    /// ```
    /// use quay_api::types::{CreateApplicationToken, Scope};
    /// use std::time::Duration;
    ///
    /// let token = CreateApplicationToken::with_scopes("nightly", [Scope::RepoRead])
    ///     .lifetime(Duration::from_secs(30 * 86_400));
    /// ```
    pub fn lifetime(self, lifetime: Duration) -> Self {
        // No lifetime that the server takes is too large for a number with a fraction.
        self.expiration(lifetime.as_secs() as f64)
    }
}
