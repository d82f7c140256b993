//! The caller of a request and the objects that its path names, with the access rules of the state.

use crate::Operation;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::basic_auth;
use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::owned::Owner;
use crate::testing::{ErrorResponse, RecordedRequest};
use crate::types::{RepositoryRole, TeamRole};

/// Operations of an organization that let a superuser into those of others from 3.12 on only. Older
/// servers refuse before they look for the organization.
const OWNERS_ONLY_BEFORE_3_12: [&str; 13] = [
    "changeOrganizationDetails",
    "deleteAdminedOrganization",
    "deleteOrganizationTeamMember",
    "deleteTeamMemberEmailInvite",
    "exportOrgLogs",
    "getAggregateOrgLogs",
    "getOrganizationCollaborators",
    "getOrganizationMember",
    "getOrganizationPrototypePermissions",
    "getOrganizationTeamMembers",
    "getOrganizationTeamPermissions",
    "listOrgLogs",
    "removeOrganizationMember",
];

/// The operation that also takes HTTP Basic; all others treat it as no credentials.
const TAKES_BASIC: &str = "getRepoManifestSecurity";

/// Returns the caller of a request, by its `Authorization` header.
pub fn caller(state: &State, operation: &Operation, request: &RecordedRequest) -> Caller {
    let authorization = request.header("authorization").unwrap_or_default();
    if operation.id() == TAKES_BASIC
        && let Ok((user, password)) = basic_auth::parse(authorization)
    {
        return state.log_in(&user, &password).unwrap_or_default();
    }
    let bearer = authorization
        .split_once(' ')
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim());
    state.caller(bearer)
}

impl ApiRequest<'_> {
    /// Returns the repository in the path, which the caller may read.
    pub fn readable_repository(&self, state: &State) -> Result<(&str, &str), StateError> {
        let path = self.repository();
        state.require_readable(&self.caller, path)?;
        Ok(path)
    }

    /// Returns the repository in the path, in which the caller has this role or a higher one.
    pub fn repository_as(
        &self,
        state: &State,
        role: RepositoryRole,
    ) -> Result<(&str, &str), StateError> {
        let path = self.repository();
        state.require_repository_role(&self.caller, path, role)?;
        Ok(path)
    }

    /// Returns the same for a repository that is neither read-only nor a mirror.
    pub fn writable_repository_as(
        &self,
        state: &State,
        role: RepositoryRole,
    ) -> Result<(&str, &str), StateError> {
        let path = self.repository();
        state.require_writable(&self.caller, path, role)?;
        Ok(path)
    }

    /// Returns the organization in the path, in which the caller has this role or a higher one.
    pub fn organization_as(&self, state: &State, role: TeamRole) -> Result<&str, StateError> {
        let organization = self.path("orgname");
        state.require_organization_role(&self.caller, organization, role)?;
        let is_owner = |user| state.is_namespace_admin(organization, user);
        if !state.edition.is_since(Some("3.12"))
            && OWNERS_ONLY_BEFORE_3_12.contains(&self.operation.id())
            && !self.caller.user().is_some_and(is_owner)
        {
            return Err(self.caller.denied());
        }
        Ok(organization)
    }

    /// Returns the user, if the token may read the account.
    pub fn as_reader(&self) -> Result<&str, StateError> {
        self.caller.require_user_read()
    }

    /// Returns the user, if the token may change the account.
    pub fn as_user_admin(&self) -> Result<&str, StateError> {
        self.caller.require_user_admin()
    }

    /// Returns the user, if it is a superuser.
    pub fn as_superuser(&self, state: &State) -> Result<&str, StateError> {
        state.require_superuser(&self.caller)
    }

    /// Returns the same with the error response of the framework.
    pub fn as_superuser_or_forbidden(&self, state: &State) -> Result<&str, ErrorResponse> {
        self.as_superuser(state)
            .map_err(|_| ErrorResponse::Forbidden)
    }

    /// Returns the repository or the organization in the path, or the caller's namespace, which the
    /// caller administers.
    pub fn administered_owner(&self, state: &State) -> Result<Owner, StateError> {
        if self.parameters.contains("repository") {
            self.repository_as(state, RepositoryRole::Admin)
                .map(Owner::repository)
        } else if self.parameters.contains("orgname") {
            self.organization_as(state, TeamRole::Admin)
                .map(Owner::namespace_of)
        } else {
            self.as_user_admin().map(Owner::namespace_of)
        }
    }
}
