//! The URL of the page on which a user grants an application a token.

use crate::Result;
use crate::types::check_segment;
use std::fmt;
use url::form_urlencoded::Serializer;

/// The URL of the page on which a user grants an application a token:
/// [`Quay::authorization_url`](crate::Quay::authorization_url).
///
/// The page is meant for a browser. When the user agrees, the server redirects the browser to the
/// redirect URI followed by `#access_token=…&state=…`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct AuthorizationUrl {
    base: String,
    client_id: String,
    redirect_uri: String,
    scopes: String,
    state: Option<String>,
}

impl AuthorizationUrl {
    pub(crate) fn new(
        base: &str,
        client_id: &str,
        redirect_uri: String,
        scopes: String,
    ) -> Result<Self> {
        Ok(Self {
            base: base.to_owned(),
            client_id: check_segment("client id", client_id)?.to_owned(),
            redirect_uri,
            scopes,
            state: None,
        })
    }

    /// Sets a string that the server returns with the token.
    ///
    /// The service behind the redirect URI recognizes its own requests by it. It should be hard to
    /// guess.
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = Some(state.into());
        self
    }
}

impl fmt::Display for AuthorizationUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut query = Serializer::new(String::new());
        query
            .append_pair("response_type", "token")
            .append_pair("client_id", &self.client_id);
        query
            .append_pair("redirect_uri", &self.redirect_uri)
            .append_pair("scope", &self.scopes);
        if let Some(state) = &self.state {
            query.append_pair("state", state);
        }
        write!(f, "{}/oauth/authorize?{}", self.base, query.finish())
    }
}
