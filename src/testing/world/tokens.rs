//! OAuth tokens: who calls, and what they may.

use super::World;
use crate::types::Timestamp;
use std::collections::BTreeSet;

/// All scopes that there are.
pub const SCOPES: [&str; 8] =
    ["repo:read", "repo:write", "repo:admin", "repo:create", "user:read", "user:admin", "org:admin", "super:user"];

/// A token of a user.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: u64,
    pub user: String,
    pub scopes: BTreeSet<String>,
    pub expires: Option<Timestamp>,
    /// Client id and name of the application that it was made for.
    pub application: (String, String),
}

impl Token {
    pub fn has(&self, scope: &str) -> bool {
        self.scopes.contains(scope)
    }
}

impl World {
    /// The token behind what came in the `Authorization` header. One that is wrong, expired or of a user who is gone counts for nothing.
    pub fn accept(&self, authorization: Option<&str>) -> Option<Token> {
        let secret = authorization?.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?.1;
        let token = self.tokens.get(secret.trim())?;
        let is_valid = token.expires.is_none_or(|end| self.now() < end) && self.users.get(&token.user).is_some_and(|u| u.enabled);
        is_valid.then(|| token.clone())
    }

    /// Makes a token of a user.
    pub fn issue(&mut self, secret: &str, user: &str, scopes: BTreeSet<String>, expires: Option<Timestamp>) {
        let id = self.next_id();
        let application = (self.random_text(40), "Sandbox".to_owned());
        self.tokens.insert(secret.to_owned(), Token { id, user: user.to_owned(), scopes, expires, application });
    }
}
