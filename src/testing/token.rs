//! Tokens that a test makes.

use super::listener::Shared;
use super::state::tokens::SCOPES;
use super::{lock, unknown};
use crate::types::Secret;
use crate::{Error, Quay, Result};
use std::collections::BTreeSet;
use std::time::Duration;

/// A token to be made; see [`Sandbox::token`](super::Sandbox::token).
#[derive(Debug, Clone)]
#[must_use]
pub struct NewToken<'a> {
    pub(super) shared: &'a Shared,
    pub(super) base_url: String,
    pub(super) user: String,
    pub(super) scopes: Option<BTreeSet<String>>,
    pub(super) lifetime: Option<Duration>,
}

impl NewToken<'_> {
    /// The scopes of the token, such as `repo:read`; all of them unless given.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// How long it is good for, by the [clock](super::Sandbox::clock) of the sandbox; for ever
    /// unless given.
    pub fn lifetime(mut self, span: Duration) -> Self {
        self.lifetime = Some(span);
        self
    }

    /// Makes the token.
    ///
    /// # Errors
    /// There is no such user or no such scope, or the sandbox replays recordings.
    pub fn secret(self) -> Result<Secret> {
        let mut world = lock(self.shared.world.as_ref().ok_or_else(unknown)?);
        if !world.users.contains_key(&self.user) {
            return Err(Error::invalid_input(format!(
                "the sandbox has no user called {:?}",
                self.user
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
            world.random_text(40),
            self.lifetime.and_then(|span| world.now().checked_add(span)),
        );
        world.issue(&secret, &self.user, scopes, expires);
        Ok(secret.into())
    }

    /// Makes the token, and a client with it.
    ///
    /// # Errors
    /// As for [`secret`](Self::secret).
    pub fn quay(self) -> Result<Quay> {
        let base_url = self.base_url.clone();
        Quay::builder()
            .base_url(base_url)
            .token(self.secret()?)
            .build()
    }
}
