//! OAuth tokens: who calls, and what they may.

use super::State;
use crate::types::Timestamp;

/// All scopes that there are.
pub const SCOPES: [&str; 8] = [
    "repo:read",
    "repo:write",
    "repo:admin",
    "repo:create",
    "user:read",
    "user:admin",
    "org:admin",
    "super:user",
];

/// A token of a user.
#[derive(Debug, Clone)]
pub struct Token {
    pub id: u64,
    pub user: String,
    pub uuid: String,
    /// What it was called when it was made for an application.
    pub name: Option<String>,
    /// In the order in which they were asked for.
    pub scopes: Vec<String>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    /// Client id and name of the application that it was made for.
    pub application: (String, String),
}

impl Token {
    /// Whether it may what a scope says, by this one or by a wider one.
    pub fn covers(&self, scope: &str) -> bool {
        let wider: &[&str] = match scope {
            "repo:read" => &["repo:write", "repo:admin"],
            "repo:write" => &["repo:admin"],
            _ => &[],
        };
        self.has(scope) || wider.iter().any(|s| self.has(s))
    }

    pub fn has(&self, scope: &str) -> bool {
        self.scopes.iter().any(|s| s == scope)
    }
}

impl State {
    /// The token behind what came in the `Authorization` header. One that is wrong, expired or of a
    /// user who is gone counts for nothing.
    pub fn accept(&self, authorization: Option<&str>) -> Option<Token> {
        let secret = authorization?
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))?
            .1;
        let token = self.tokens.get(secret.trim())?;
        let is_valid = token.expires.is_none_or(|end| self.now() < end)
            && self.users.get(&token.user).is_some_and(|u| u.enabled);
        is_valid.then(|| token.clone())
    }

    /// Makes a token of a user, as one who has it from elsewhere.
    pub fn issue(
        &mut self,
        secret: &str,
        user: &str,
        scopes: impl IntoIterator<Item = String>,
        expires: Option<Timestamp>,
    ) {
        let application = (self.random_text(20), "Sandbox".to_owned());
        let token = self.new_token(user, scopes.into_iter().collect(), expires, application);
        self.tokens.insert(secret.to_owned(), token);
    }

    /// A token that is not yet accepted.
    pub fn new_token(
        &mut self,
        user: &str,
        scopes: Vec<String>,
        expires: Option<Timestamp>,
        application: (String, String),
    ) -> Token {
        let (id, uuid, created) = (self.next_id(), self.random_uuid(), self.now());
        Token {
            id,
            user: user.to_owned(),
            uuid,
            name: None,
            scopes,
            created,
            expires,
            application,
        }
    }
}
