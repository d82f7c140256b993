//! One team of an organization.

use crate::api::shared::{missing, none_if_not_found, outcome, path_segment, within};
use crate::api::{TeamMemberHandle, TeamMembersHandle, TeamSyncHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{RepositoryPermission, Team, UpdateTeam};
use crate::{Quay, Result};
use std::sync::Arc;

/// One team: [`OrganizationHandle::team`](crate::api::OrganizationHandle::team).
#[derive(Debug, Clone)]
pub struct TeamHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) team: Arc<str>,
}

impl TeamHandle {
    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.team
    }

    /// The synchronization of its members with a group of a directory.
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

    /// Reads the team, with its role and description, as far as the caller may see it. It is taken
    /// from the organization: the server has no operation for that alone.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/organization/{orgname}`.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such team or organization.
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
        found.ok_or_else(|| missing(&format!("team {}", self.team)))
    }

    /// Reads the team; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for a missing team.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.organization("acme")?.team("devs")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Team>> {
        let request = self.quay.api().get_organization(&self.organization);
        let mut teams = self.quay.send(request).await?.teams.unwrap_or_default();
        Ok(teams.remove(&*self.team))
    }

    /// Changes the role of the team, and its description if one is given.
    ///
    /// The team is read first, since the server would create one that does not exist.
    ///
    /// Scope: `org:admin`. Endpoints: `PUT /api/v1/organization/{orgname}/team/{teamname}`,
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operations: `updateOrganizationTeam`, `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such team, and [`is_conflict`](crate::Error::is_conflict) if the organization would be
    /// left without an owner.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// use quay_api::types::{TeamRole, UpdateTeam};
    ///
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

    /// Deletes the team.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/team/{teamname}`.
    /// Operation: `deleteOrganizationTeam`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_not_found`](crate::Error::is_not_found).
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`delete`](Self::delete), and
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
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

    /// Lists what the team may do with which repositories, all of them of the organization.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/permissions`. All in one answer.
    /// Operation: `getOrganizationTeamPermissions`.
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

    /// Returns an error if there is no such team. It does not read the organization, of which a
    /// caller may see less.
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

    /// Returns the handle of its members.
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

    /// One of its members, a user or a robot account by its full name, or who was invited.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be a name; nothing is sent then.
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
