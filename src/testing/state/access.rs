//! Access rules: scopes, teams, permissions and superusers.
//!
//! A caller may do what the owner of the token may do, within the scopes of the token. A superuser
//! whose token has `super:user` may do everything in every namespace, as on a server with
//! `SUPERUSERS_FULL_ACCESS`.

use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::tokens::OAuthToken;
use crate::types::{RepositoryRole, RepositoryState, TeamRole};

/// A caller: the owner of a valid token, or anonymous.
#[derive(Debug, Clone, Default)]
pub struct Caller(Option<OAuthToken>);

impl From<Option<OAuthToken>> for Caller {
    fn from(token: Option<OAuthToken>) -> Self {
        Self(token)
    }
}

impl Caller {
    pub fn token(&self) -> Option<&OAuthToken> {
        self.0.as_ref()
    }

    /// Returns the name of the user who owns the token.
    pub fn user(&self) -> Option<&str> {
        self.token().map(|token| token.user.as_str())
    }

    /// Returns the error for something that the caller may not do.
    pub fn denied(&self) -> StateError {
        match self.0 {
            Some(_) => StateError::PermissionDenied,
            None => StateError::Unauthenticated,
        }
    }

    /// Returns the user if the token may read the account (`user:read`).
    pub fn require_user_read(&self) -> Result<&str, StateError> {
        self.user_with_scope(&["user:read", "user:admin"])
    }

    /// Returns the user if the token may change the account (`user:admin`).
    pub fn require_user_admin(&self) -> Result<&str, StateError> {
        self.user_with_scope(&["user:admin"])
    }

    fn user_with_scope(&self, scopes: &[&str]) -> Result<&str, StateError> {
        self.token()
            .filter(|token| scopes.iter().any(|scope| token.has(scope)))
            .map(|token| token.user.as_str())
            .ok_or_else(|| self.denied())
    }
}

impl State {
    pub fn is_superuser(&self, caller: &Caller) -> bool {
        let has_scope = caller.token().is_some_and(|t| t.has("super:user"));
        has_scope
            && caller
                .user()
                .and_then(|u| self.users.get(u))
                .is_some_and(|u| u.superuser)
    }

    /// Returns the caller's role in a repository, without what its visibility adds.
    pub fn repository_role(
        &self,
        caller: &Caller,
        (namespace, name): (&str, &str),
    ) -> Option<RepositoryRole> {
        if self.is_superuser(caller) {
            return Some(RepositoryRole::Admin);
        }
        let token = caller.token()?;
        let by_scope = [
            ("repo:admin", RepositoryRole::Admin),
            ("repo:write", RepositoryRole::Write),
            ("repo:read", RepositoryRole::Read),
        ];
        let most = by_scope.into_iter().find(|(scope, _)| token.has(scope))?.1;
        let role = if self.is_namespace_admin(namespace, &token.user) {
            RepositoryRole::Admin
        } else {
            self.granted(&token.user, (namespace, name))
                .into_iter()
                .max()?
        };
        Some(role.min(most))
    }

    /// Returns true if a user is this namespace or administers this organization, whatever the
    /// scopes of a token.
    pub fn is_namespace_admin(&self, namespace: &str, user: &str) -> bool {
        namespace == user
            || self
                .teams_of(namespace, user)
                .any(|team| team.role == TeamRole::Admin)
    }

    /// Returns the roles that a user or robot account was granted in a repository, directly and by
    /// teams.
    pub fn granted(&self, user: &str, (namespace, name): (&str, &str)) -> Vec<RepositoryRole> {
        let Some(repository) = self.repository(namespace, name) else {
            return Vec::new();
        };
        let by_team = self
            .teams_of(namespace, user)
            .filter_map(|t| repository.teams.get(&t.name));
        repository
            .users
            .get(user)
            .into_iter()
            .chain(by_team)
            .cloned()
            .collect()
    }

    /// Returns the caller's role in an organization, or in the namespace of a user.
    pub fn organization_role(&self, caller: &Caller, organization: &str) -> Option<TeamRole> {
        if self.is_superuser(caller) {
            return Some(TeamRole::Admin);
        }
        let token = caller.token()?;
        let by_scope = [
            ("org:admin", TeamRole::Admin),
            ("repo:create", TeamRole::Creator),
        ];
        let most = by_scope.into_iter().find(|(scope, _)| token.has(scope))?.1;
        let is_owner = organization == token.user;
        let role = if is_owner {
            TeamRole::Admin
        } else {
            self.teams_of(organization, &token.user)
                .map(|t| t.role.clone())
                .max()?
        };
        Some(role.min(most))
    }

    /// Requires that the caller may read a repository: a public one, one that was granted, any for
    /// a superuser.
    ///
    /// Owners of the namespace may read a repository that does not exist; from all others its
    /// absence is hidden.
    pub fn require_readable(
        &self,
        caller: &Caller,
        (namespace, name): (&str, &str),
    ) -> Result<(), StateError> {
        let is_public = self
            .repository(namespace, name)
            .is_some_and(|r| r.is_public());
        if is_public {
            return Ok(());
        }
        self.require_repository_role(caller, (namespace, name), RepositoryRole::Read)
    }

    /// Requires that the caller has this role in a repository, or a higher one.
    pub fn require_repository_role(
        &self,
        caller: &Caller,
        path: (&str, &str),
        role: RepositoryRole,
    ) -> Result<(), StateError> {
        match self.repository_role(caller, path) {
            Some(actual) if actual >= role => Ok(()),
            _ => Err(caller.denied()),
        }
    }

    /// Requires a role in a repository that is neither read-only nor a mirror.
    pub fn require_writable(
        &self,
        caller: &Caller,
        path: (&str, &str),
        role: RepositoryRole,
    ) -> Result<(), StateError> {
        self.require_repository_role(caller, path, role)?;
        match self.repository(path.0, path.1).map(|r| &r.state) {
            None | Some(RepositoryState::Normal) => Ok(()),
            Some(state) => Err(StateError::RepositoryNotWritable(state.clone())),
        }
    }

    /// Requires that the caller has this role in an organization, or a higher one.
    pub fn require_organization_role(
        &self,
        caller: &Caller,
        organization: &str,
        role: TeamRole,
    ) -> Result<(), StateError> {
        match self.organization_role(caller, organization) {
            Some(actual) if actual >= role => Ok(()),
            _ => Err(caller.denied()),
        }
    }

    /// Returns the user if it is a superuser.
    pub fn require_superuser<'c>(&self, caller: &'c Caller) -> Result<&'c str, StateError> {
        caller
            .user()
            .filter(|_| self.is_superuser(caller))
            .ok_or_else(|| caller.denied())
    }

    /// Requires the permission that the scope of an operation stands for.
    ///
    /// It is for operations without special rules. A public repository may be read anonymously.
    pub fn require_scope(
        &self,
        caller: &Caller,
        scope: &str,
        (namespace, name): (&str, &str),
    ) -> Result<(), StateError> {
        let is_allowed = match caller.token() {
            Some(token) => token.covers(scope) || self.is_superuser(caller),
            None => {
                scope == "repo:read"
                    && self
                        .repository(namespace, name)
                        .is_some_and(|r| r.is_public())
            }
        };
        if is_allowed {
            Ok(())
        } else {
            Err(caller.denied())
        }
    }
}
