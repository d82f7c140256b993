//! Tokens that a test issues.

use crate::testing::http::listener::Shared;
use crate::testing::sandbox::without_state;
use crate::testing::state::tokens::SCOPES;
use crate::testing::{Sandbox, client, lock};
use crate::types::Secret;
use crate::{Error, Quay, Result};
use std::collections::BTreeSet;
use std::time::Duration;

/// A builder of a token: [`Sandbox::token`](crate::testing::Sandbox::token).
#[derive(Debug, Clone)]
#[must_use]
pub struct NewToken<'a> {
    pub(in crate::testing) shared: &'a Shared,
    pub(in crate::testing) base_url: String,
    pub(in crate::testing) user: String,
    pub(in crate::testing) scopes: Option<BTreeSet<String>>,
    pub(in crate::testing) lifetime: Option<Duration>,
}

impl NewToken<'_> {
    /// Sets the scopes of the token, such as `repo:read`.
    ///
    /// The default is all scopes.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets how long the token is valid, by the [clock](crate::testing::Sandbox::clock) of the
    /// sandbox.
    ///
    /// By default, the token does not expire.
    pub fn lifetime(mut self, span: Duration) -> Self {
        self.lifetime = Some(span);
        self
    }

    /// Issues the token.
    ///
    /// # Errors
    ///
    /// Returns an error if the user or a scope does not exist, or if the sandbox replays
    /// recordings.
    pub fn secret(self) -> Result<Secret> {
        let mut state = lock(self.shared.state.as_ref().ok_or_else(without_state)?);
        if !state.users.contains_key(&self.user) {
            return Err(Error::invalid_input(format!(
                "the sandbox has no user called {:?}; its superuser is {:?}",
                self.user,
                Sandbox::ADMIN
            )));
        }
        let scopes = self
            .scopes
            .unwrap_or_else(|| SCOPES.iter().map(|s| (*s).to_owned()).collect());
        if let Some(scope) = scopes
            .iter()
            .find(|scope| !SCOPES.contains(&scope.as_str()))
        {
            return Err(Error::invalid_input(format!(
                "{scope:?} is no scope; there are {}",
                SCOPES.join(", ")
            )));
        }
        let (secret, expires) = (
            state.random_text(40),
            self.lifetime.and_then(|span| state.now().checked_add(span)),
        );
        state.issue(&secret, &self.user, scopes, expires);
        Ok(secret.into())
    }

    /// Issues the token, and creates a client with it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`secret`](Self::secret).
    pub fn quay(self) -> Result<Quay> {
        let base_url = self.base_url.clone();
        client(&base_url).token(self.secret()?).build()
    }
}
