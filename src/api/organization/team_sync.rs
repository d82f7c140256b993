//! A team whose members come from a directory.

use crate::Result;
use crate::api::TeamHandle;
use crate::api::shared::missing;
use crate::generated::params;
use crate::types::{EnableTeamSync, Team, TeamSync};

/// The synchronization of a team with a group of a directory: [`TeamHandle::sync`].
#[derive(Debug, Clone)]
pub struct TeamSyncHandle {
    pub(crate) team: TeamHandle,
}

impl TeamSyncHandle {
    /// Synchronizes the team with a group of the directory that the server uses: LDAP, Keystone or
    /// OIDC.
    /// Whoever is in the team and not in the group leaves it.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/team/{teamname}/syncing`.
    /// Operation: `enableOrganizationTeamSync`. Feature: `FEATURE_TEAM_SYNCING`.
    ///
    /// # Errors
    /// A group that does not exist, or a server without a directory.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::EnableTeamSync;
    ///
    /// let group = EnableTeamSync::ldap("cn=developers,ou=groups");
    /// quay.organization("acme")?.team("devs")?.sync().enable(group).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "enable team sync")]
    #[doc(alias = "enableOrganizationTeamSync")]
    pub async fn enable(&self, group: EnableTeamSync) -> Result<Team> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        quay.send(
            quay.api()
                .enable_organization_team_sync(params::EnableOrganizationTeamSync {
                    orgname: organization,
                    teamname: team,
                    body: &group,
                }),
        )
        .await
    }

    /// Ends the synchronization of the team. Its members stay.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/syncing`.
    /// Operation: `disableOrganizationTeamSync`. Feature: `FEATURE_TEAM_SYNCING`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.team("devs")?.sync().disable().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "disable team sync")]
    #[doc(alias = "disableOrganizationTeamSync")]
    pub async fn disable(&self) -> Result<Team> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        quay.send(
            quay.api()
                .disable_organization_team_sync(params::DisableOrganizationTeamSync {
                    orgname: organization,
                    teamname: team,
                }),
        )
        .await
    }

    /// Reads which group the team follows.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such team, or it follows no group.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let group = quay.organization("acme")?.team("devs")?.sync().get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get team sync")]
    #[doc(alias = "getOrganizationTeamMembers")]
    pub async fn get(&self) -> Result<TeamSync> {
        let name = &self.team.team;
        let found = self.get_opt().await?;
        found.ok_or_else(|| missing(&format!("group that the team {name} follows")))
    }

    /// Reads which group the team follows; `None` if it follows none.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is no such team.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let group = team.sync().get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationTeamMembers")]
    pub async fn get_opt(&self) -> Result<Option<TeamSync>> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        quay.send(
            quay.api()
                .get_organization_team_members(params::GetOrganizationTeamMembers {
                    orgname: organization,
                    teamname: team,
                    include_pending: None,
                }),
        )
        .await
        .map(|found| found.synced)
    }
}

impl EnableTeamSync {
    /// A group of an LDAP directory, by its distinguished name relative to the server's base.
    pub fn ldap(group_dn: impl Into<String>) -> Self {
        Self::new().group_dn(group_dn)
    }

    /// A group of Keystone, by its identifier.
    pub fn keystone(group_id: impl Into<String>) -> Self {
        Self::new().group_id(group_id)
    }

    /// A group that an OIDC provider names in its claims.
    pub fn oidc(group_name: impl Into<String>) -> Self {
        Self::new().group_name(group_name)
    }
}
