//! The tokens of users: OAuth tokens, and application tokens for programs that pull and push.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::types::{Secret, Timestamp};
use serde_json::{Value, json};

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
pub struct OAuthToken {
    pub id: u64,
    pub user: String,
    pub uuid: String,
    /// The name that it was given when it was issued for an application.
    pub name: Option<String>,
    /// In the order in which they were requested.
    pub scopes: Vec<String>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    /// Client id and name of the application that it was issued for.
    pub application: (String, String),
}

impl OAuthToken {
    /// Returns the rights of a login without a token: all rights of its owner.
    fn of_login(owner: &str, now: Timestamp) -> Self {
        Self {
            id: 0,
            user: owner.to_owned(),
            uuid: String::new(),
            name: None,
            scopes: SCOPES.iter().map(|scope| (*scope).to_owned()).collect(),
            created: now,
            expires: None,
            application: Default::default(),
        }
    }

    /// Returns true if it has a scope or a wider one.
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
    /// Returns the caller of a request with this bearer token.
    ///
    /// A token is ignored if it is unknown or expired, or if its owner is disabled: the caller is
    /// then anonymous.
    pub fn caller(&self, bearer: Option<&str>) -> Caller {
        let token = bearer.and_then(|secret| self.tokens.get(secret));
        let is_valid = |token: &&OAuthToken| {
            token.expires.is_none_or(|end| self.now() < end)
                && self.users.get(&token.user).is_some_and(|u| u.enabled)
        };
        Caller::from(token.filter(is_valid).cloned())
    }

    /// Returns the user or robot account with this password or token, with all its rights.
    ///
    /// The result is `None` if no account has it, or if the account is disabled.
    pub fn log_in(&self, name: &str, password: &str) -> Option<Caller> {
        let secret = Secret::from(password);
        let owner = match self.robots.get(name) {
            Some(robot) if secret == Secret::from(&robot.token) => Some(robot.namespace()),
            Some(_) => None,
            None => {
                let user = self.users.get(name);
                user.filter(|user| user.password.as_ref() == Some(&secret))
                    .map(|user| user.name.as_str())
            }
        }?;
        let is_disabled = self.users.get(owner).is_some_and(|user| !user.enabled);
        (!is_disabled).then(|| Caller::from(Some(OAuthToken::of_login(name, self.now()))))
    }

    /// Issues a token of a user.
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

    /// Returns a token that is not yet accepted.
    pub fn new_token(
        &mut self,
        user: &str,
        scopes: Vec<String>,
        expires: Option<Timestamp>,
        application: (String, String),
    ) -> OAuthToken {
        let (id, uuid, created) = (self.next_id(), self.random_uuid(), self.now());
        OAuthToken {
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

    pub fn create_app_token(&mut self, caller: &Caller, user: &str, title: &str) -> AppToken {
        let token = AppToken {
            uuid: self.random_uuid(),
            user: user.to_owned(),
            title: title.to_owned(),
            code: self.random_text(120),
            created: self.now(),
        };
        self.app_tokens.push(token.clone());
        let kind = "create_app_specific_token";
        self.log(caller, kind, user, None, token.metadata());
        token
    }

    /// Returns an application token of a user.
    pub fn app_token(&self, user: &str, uuid: &str) -> Result<&AppToken, StateError> {
        let mut own = self.app_tokens.iter().filter(|t| t.user == user);
        own.find(|t| t.uuid == uuid).ok_or(StateError::NotFound)
    }

    pub fn revoke_app_token(
        &mut self,
        caller: &Caller,
        user: &str,
        uuid: &str,
    ) -> Result<(), StateError> {
        let metadata = self.app_token(user, uuid)?.metadata();
        self.app_tokens.retain(|t| t.user != user || t.uuid != uuid);
        self.log(caller, "revoke_app_specific_token", user, None, metadata);
        Ok(())
    }

    /// Returns the OAuth tokens of a user, oldest first.
    pub fn tokens_of(&self, user: &str) -> Vec<&OAuthToken> {
        let mut tokens: Vec<&OAuthToken> =
            self.tokens.values().filter(|t| t.user == user).collect();
        tokens.sort_by_key(|t| t.id);
        tokens
    }

    pub fn revoke_token(&mut self, user: &str, uuid: &str) -> Result<(), StateError> {
        let before = self.tokens.len();
        self.tokens.retain(|_, t| t.user != user || t.uuid != uuid);
        if self.tokens.len() == before {
            Err(StateError::NotFound)
        } else {
            Ok(())
        }
    }
}

/// A token that stands for a user's password, for programs that pull and push.
#[derive(Debug, Clone)]
pub struct AppToken {
    pub uuid: String,
    pub user: String,
    pub title: String,
    /// The secret.
    pub code: String,
    pub created: Timestamp,
}

impl AppToken {
    fn metadata(&self) -> Value {
        json!({"app_specific_token_title": self.title, "app_specific_token": self.uuid})
    }
}
