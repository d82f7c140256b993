//! The handle of one team of an organization.

use super::teams::visible_teams;
use crate::api::shared::{missing, none_if_not_found, outcome, path_segment, within};
use crate::api::{TeamMemberHandle, TeamMembersHandle, TeamSyncHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{RepositoryPermission, Team, UpdateTeam};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one team: [`OrganizationHandle::team`](crate::api::OrganizationHandle::team).
#[derive(Debug, Clone)]
pub struct TeamHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) team: Arc<str>,
}

impl TeamHandle {
    /// Returns the name of the team.
    pub fn name(&self) -> &str {
        &self.team
    }

    /// Returns the handle of the synchronization of the team with a group of a directory.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let sync = quay.organization("acme")?.team("devs")?.sync();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "syncing")]
    pub fn sync(&self) -> TeamSyncHandle {
        TeamSyncHandle { team: self.clone() }
    }

    /// Reads the role and description of the team, if the caller may see it.
    ///
    /// The method reads the organization, since the server has no operation that reads one team.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/organization/{orgname}`.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// or the organization does not exist, and an error for which
    /// [`is_forbidden`](crate::Error::is_forbidden) is true if the server hides the teams of the
    /// organization from the caller, as for [`TeamsHandle::list`](crate::api::TeamsHandle::list).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?.get().await?;
    /// println!("{} {:?}", team.role, team.description);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get team")]
    #[doc(alias = "getOrganization")]
    pub async fn get(&self) -> Result<Team> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| {
            missing(&format!("team {}", self.team))
                .with_response_to("getOrganization", &self.path_values())
        })
    }

    /// Reads the team, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except that a missing team is not an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.organization("acme")?.team("devs")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Team>> {
        let request = self.quay.api().get_organization(&self.organization);
        let mut teams = visible_teams(self.quay.send(request).await?)?;
        Ok(teams.remove(&*self.team))
    }

    /// Returns the values in the paths of the team's operations.
    pub(super) fn path_values(&self) -> [(&'static str, &str); 2] {
        [("orgname", &self.organization), ("teamname", &self.team)]
    }

    /// Changes the role of the team, and its description if the request contains one.
    ///
    /// The method reads the team first, since the server would create a team that does not exist.
    ///
    /// Scope: `org:admin`. Endpoints: `PUT /api/v1/organization/{orgname}/team/{teamname}`,
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operations: `updateOrganizationTeam`, `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// does not exist, and an error for which [`is_conflict`](crate::Error::is_conflict) is true if
    /// the caller would no longer be an administrator of the organization.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{TeamRole, UpdateTeam};
    ///
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.update(UpdateTeam::new(TeamRole::Creator)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update team")]
    #[doc(alias = "updateOrganizationTeam")]
    #[doc(alias = "getOrganizationTeamMembers")]
    pub async fn update(&self, team: UpdateTeam) -> Result<Team> {
        self.look().await?;
        self.quay
            .send(
                self.quay
                    .api()
                    .update_organization_team(params::UpdateOrganizationTeam {
                        orgname: &self.organization,
                        teamname: &self.team,
                        body: &team,
                    }),
            )
            .await
    }

    /// Deletes the team, with its permissions, its default permissions and its invitations.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/team/{teamname}`.
    /// Operation: `deleteOrganizationTeam`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if it is the only team that
    /// gives the caller the role `admin`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete team")]
    #[doc(alias = "deleteOrganizationTeam")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_organization_team(params::DeleteOrganizationTeam {
                        orgname: &self.organization,
                        teamname: &self.team,
                    }),
            )
            .await
    }

    /// Deletes the team if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete), and
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if !self.is_there().await? {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Lists the team's permissions for repositories of the organization.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/permissions`. The response is not paged.
    /// Operation: `getOrganizationTeamPermissions`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// for permission in team.permissions().await? {
    ///     println!("{} {}", quay.repository(&permission)?.name(), permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationTeamPermissions")]
    #[inline]
    pub fn permissions(&self) -> Listing<SinglePage<RepositoryPermission>> {
        let organization = Arc::clone(&self.organization);
        Listing::single_page(
            &self.quay,
            self.quay.api().get_organization_team_permissions(
                params::GetOrganizationTeamPermissions {
                    orgname: &self.organization,
                    teamname: &self.team,
                },
            ),
            |response| response.permissions,
        )
        .completed(move |row| within(&organization, row))
    }

    /// Returns an error if the team does not exist. It reads the team's members, since the
    /// organization may not show every team to the caller.
    async fn look(&self) -> Result<()> {
        let request =
            self.quay
                .api()
                .get_organization_team_members(params::GetOrganizationTeamMembers {
                    orgname: &self.organization,
                    teamname: &self.team,
                    include_pending: None,
                });
        self.quay.send(request).await.map(drop)
    }

    pub(super) async fn is_there(&self) -> Result<bool> {
        Ok(none_if_not_found(self.look()).await?.is_some())
    }

    /// Returns the handle of the team's members.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let members = quay.organization("acme")?.team("devs")?.members();
    /// # Ok(())
    /// # }
    /// ```
    pub fn members(&self) -> TeamMembersHandle {
        TeamMembersHandle { team: self.clone() }
    }

    /// Returns the handle of one of the team's members or of an invited user.
    ///
    /// A robot account is named by its full name.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the name is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.organization("acme")?.team("devs")?.member("alice")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn member(&self, name: impl AsRef<str>) -> Result<TeamMemberHandle> {
        Ok(TeamMemberHandle {
            team: self.clone(),
            name: path_segment("user name", name.as_ref())?,
        })
    }
}
