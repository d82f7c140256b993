//! Where a person gives an application a token.

use crate::types::{Scope, check_segment};
use crate::{Quay, Result};
use std::fmt;
use url::form_urlencoded::Serializer;

/// The address of the page where a person gives an application a token:
/// [`Quay::authorization_url`].
///
/// The page is for a browser. When the person agrees, it sends the browser to the redirect URI,
/// with `#access_token=…&state=…` behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use]
pub struct AuthorizationUrl {
    base: String,
    client_id: String,
    redirect_uri: String,
    scopes: String,
    state: Option<String>,
}

impl Quay {
    /// The address of the page where a person gives an application a token with these scopes.
    /// Nothing is sent.
    ///
    /// Without a service of its own behind the redirect URI, an application uses the server's
    /// `/oauth/localapp`, which shows the token.
    ///
    /// # Errors
    /// The client id can't be one.
    ///
    /// ```
    /// # fn example() -> quay_api::Result<()> {
    /// use quay_api::{Quay, types::Scope};
    ///
    /// let quay = Quay::anonymous("https://quay.example.com")?;
    /// let url = quay
    ///     .authorization_url("MSTR7XIVYZYRPJ97A1GR", "https://ci.example.com/back", [Scope::RepoRead])?
    ///     .state("what-was-asked");
    /// assert_eq!(
    ///     url.to_string(),
    ///     "https://quay.example.com/oauth/authorize?response_type=token&client_id=MSTR7XIVYZYRPJ97A1GR\
    ///      &redirect_uri=https%3A%2F%2Fci.example.com%2Fback&scope=repo%3Aread&state=what-was-asked"
    /// );
    /// # Ok(())
    /// # }
    /// # example().unwrap();
    /// ```
    pub fn authorization_url(
        &self,
        client_id: impl AsRef<str>,
        redirect_uri: impl Into<String>,
        scopes: impl IntoIterator<Item = Scope>,
    ) -> Result<AuthorizationUrl> {
        Ok(AuthorizationUrl {
            base: self.base_url().to_owned(),
            client_id: check_segment("client id", client_id.as_ref())?.to_owned(),
            redirect_uri: redirect_uri.into(),
            scopes: Scope::join(scopes),
            state: None,
        })
    }
}

impl AuthorizationUrl {
    /// A text that comes back with the token, so that the service behind the redirect URI knows its
    /// own requests. It should be hard to guess.
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
