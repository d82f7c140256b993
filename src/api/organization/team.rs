//! One team of an organization.

use crate::api::shared::none_if_not_found;
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

    /// Creates the team; one that is there already gets this role and description.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/team/{teamname}`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
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

    /// Changes the role of the team, and its description if one is given.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/team/{teamname}`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
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

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(none_if_not_found(self.delete().await)?.is_some())
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
