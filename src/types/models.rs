//! The schemas of the API. The build (`build/codegen/types.rs`) generates them from `overlay/`; the
//! constructors that it can't generate are here.

use super::Scope;
use crate::json::{decode, encode, sparse};

include!(concat!(env!("OUT_DIR"), "/types.rs"));

impl CreateApplicationToken {
    /// Returns the request for a token with a name and scopes.
    ///
    /// ```
    /// use quay_api::types::{CreateApplicationToken, Scope};
    ///
    /// let scopes = [Scope::RepoRead, Scope::RepoWrite];
    /// let token = CreateApplicationToken::with_scopes("nightly", scopes);
    /// assert_eq!(token.scope, "repo:read repo:write");
    /// ```
    pub fn with_scopes(name: impl Into<String>, scopes: impl IntoIterator<Item = Scope>) -> Self {
        Self::new(name, Scope::join(scopes))
    }
}
