//! One team of an organization.

use crate::api::shared::{none_if_not_found, outcome};
use crate::api::{TeamMembersHandle, TeamSyncHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{RepositoryPermission, Team, TeamRole, UpdateTeam};
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
    /// Its name.
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
    pub fn sync(&self) -> TeamSyncHandle {
        TeamSyncHandle { team: self.clone() }
    }

    /// Creates the team, or gives the one that exists this role and description. `new_team` of the
    /// response tells which.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/team/{teamname}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, and [`is_invalid_request`](crate::Error::is_invalid_request) for
    /// a name that the server does not allow.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.create(quay_api::types::TeamRole::Member, "Developers").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, role: TeamRole, description: impl Into<String>) -> Result<Team> {
        let body = UpdateTeam::new(role).description(description);
        self.quay
            .send(
                self.quay
                    .api()
                    .update_organization_team(params::UpdateOrganizationTeam {
                        orgname: &self.organization,
                        teamname: &self.team,
                        body: &body,
                    }),
            )
            .await
    }

    /// Creates the team unless there is one of that name: `None` if there is.
    ///
    /// It reads first: if the team exists, nothing is written, and its role and description are not
    /// compared. If another caller creates it in the meantime, it gets this role and description;
    /// then `new_team` of the response is false.
    ///
    /// Scope: `org:admin`. Endpoints: `PUT /api/v1/organization/{orgname}/team/{teamname}`,
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::TeamRole;
    ///
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let created = team.create_if_absent(TeamRole::Member, "Developers").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        role: TeamRole,
        description: impl Into<String>,
    ) -> Result<Option<Team>> {
        if self.is_there().await? {
            return Ok(None);
        }
        self.create(role, description).await.map(Some)
    }

    /// Changes the role of the team, and its description if one is given.
    ///
    /// The team is read first, since the server would create one that does not exist.
    ///
    /// Scope: `org:admin`. Endpoints: `PUT /api/v1/organization/{orgname}/team/{teamname}`,
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such team, and [`is_conflict`](crate::Error::is_conflict) if the organization would be left
    /// without an owner.
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
    pub async fn update(&self, team: UpdateTeam) -> Result<Team> {
        self.read().await?;
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
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

    /// Lists what the team may do with which repositories.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/team/{teamname}/permissions`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let permissions = team.permissions().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn permissions(&self) -> Listing<SinglePage<RepositoryPermission>> {
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
    }

    /// Reads the team. The server has no operation for that alone.
    async fn read(&self) -> Result<()> {
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

    async fn is_there(&self) -> Result<bool> {
        Ok(none_if_not_found(self.read()).await?.is_some())
    }

    /// Its members.
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
}
