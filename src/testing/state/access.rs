//! Who may do what: Quay's rules of scopes, teams, permissions and superusers.
//!
//! What a caller may is what the owner of the token may, and no more than its scopes allow. A
//! superuser whose token has `super:user` may everything in every namespace, as on a server with
//! `SUPERUSERS_FULL_ACCESS`.

use super::State;
use crate::testing::ErrorResponse;
use crate::testing::http::call::Call;
use crate::types::{RepositoryRole, TeamRole};

impl State {
    /// What somebody who isn't allowed to do something is told.
    pub fn unauthorized(&self, call: &Call<'_>) -> ErrorResponse {
        if call.user().is_some() {
            ErrorResponse::InsufficientScope
        } else {
            ErrorResponse::Unauthenticated
        }
    }

    pub fn is_superuser(&self, call: &Call<'_>) -> bool {
        let has_scope = call.token.as_ref().is_some_and(|t| t.has("super:user"));
        has_scope
            && call
                .user()
                .and_then(|u| self.users.get(u))
                .is_some_and(|u| u.superuser)
    }

    /// What the caller may in a repository; visibility for all aside.
    pub fn repository_role(
        &self,
        call: &Call<'_>,
        (namespace, name): (&str, &str),
    ) -> Option<RepositoryRole> {
        if self.is_superuser(call) {
            return Some(RepositoryRole::Admin);
        }
        let token = call.token.as_ref()?;
        let by_scope = [
            ("repo:admin", RepositoryRole::Admin),
            ("repo:write", RepositoryRole::Write),
            ("repo:read", RepositoryRole::Read),
        ];
        let most = by_scope.into_iter().find(|(scope, _)| token.has(scope))?.1;
        let is_owner = namespace == token.user
            || self
                .teams_of(namespace, &token.user)
                .any(|t| t.role == TeamRole::Admin);
        let role = if is_owner {
            RepositoryRole::Admin
        } else {
            self.granted(&token.user, (namespace, name))
                .into_iter()
                .max()?
        };
        Some(role.min(most))
    }

    /// What a user or robot was granted in a repository, directly and by teams.
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

    /// What the caller is in an organization, or in the namespace of a user.
    pub fn organization_role(&self, call: &Call<'_>, organization: &str) -> Option<TeamRole> {
        if self.is_superuser(call) {
            return Some(TeamRole::Admin);
        }
        let token = call.token.as_ref()?;
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

    /// The repository in the path, if the caller may read it: a public one, one that was granted,
    /// any for a superuser.
    ///
    /// Who owns the namespace may read what is not there; to all others it is hidden.
    pub fn may_read<'c>(&self, call: &'c Call<'_>) -> Result<(&'c str, &'c str), ErrorResponse> {
        let (namespace, name) = call.repository();
        let is_public = self
            .repository(namespace, name)
            .is_some_and(|r| r.is_public());
        if is_public {
            Ok((namespace, name))
        } else {
            self.may(call, RepositoryRole::Read)
        }
    }

    /// The repository in the path, if the caller has this role in it or a higher one.
    pub fn may<'c>(
        &self,
        call: &'c Call<'_>,
        role: RepositoryRole,
    ) -> Result<(&'c str, &'c str), ErrorResponse> {
        let path = call.repository();
        self.repository_role(call, path)
            .filter(|r| *r >= role)
            .map(|_| path)
            .ok_or_else(|| self.unauthorized(call))
    }

    /// The organization in the path, if the caller has this role in it or a higher one.
    pub fn may_in<'c>(&self, call: &'c Call<'_>, role: TeamRole) -> Result<&'c str, ErrorResponse> {
        let organization = call.path("orgname");
        let has_role = self
            .organization_role(call, organization)
            .is_some_and(|r| r >= role);
        has_role
            .then_some(organization)
            .ok_or_else(|| self.unauthorized(call))
    }

    /// The caller, if the token may read (`user:read`) what is theirs.
    pub fn may_as_reader<'c>(&self, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
        let token = call
            .token
            .as_ref()
            .filter(|t| t.has("user:read") || t.has("user:admin"));
        token
            .map(|t| t.user.as_str())
            .ok_or_else(|| self.unauthorized(call))
    }

    /// The caller, if the token may change (`user:admin`) what is theirs.
    pub fn may_as_user<'c>(&self, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
        let token = call.token.as_ref().filter(|t| t.has("user:admin"));
        token
            .map(|t| t.user.as_str())
            .ok_or_else(|| self.unauthorized(call))
    }

    /// The caller, if it is a superuser.
    pub fn may_as_superuser<'c>(&self, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
        call.user()
            .filter(|_| self.is_superuser(call))
            .ok_or_else(|| self.unauthorized(call))
    }
}
