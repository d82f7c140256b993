//! The synchronization of a team with a group of a directory.

use crate::Result;
use crate::api::TeamHandle;
use crate::api::shared::missing;
use crate::generated::params;
use crate::types::{EnableTeamSync, Team, TeamSync};

/// The handle of the synchronization of a team with a group of a directory: [`TeamHandle::sync`].
#[derive(Debug, Clone)]
pub struct TeamSyncHandle {
    pub(crate) team: TeamHandle,
}

impl TeamSyncHandle {
    /// Synchronizes the team with a group of the server's directory: LDAP, Keystone or OIDC.
    ///
    /// A worker of the server later adds and removes users, so that the team has the same ones as
    /// the group. Robot accounts are kept. With OIDC, all users are removed immediately, and each
    /// of them is added when they next log in.
    ///
    /// The caller must be an administrator of the organization and, unless
    /// `FEATURE_NONSUPERUSER_TEAM_SYNCING_SETUP` is on, also a superuser whose token has the scope
    /// `super:user`.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/team/{teamname}/syncing`.
    /// Operation: `enableOrganizationTeamSync`. Feature: `FEATURE_TEAM_SYNCING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the group can't be found in the directory, an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the team does not exist, and an
    /// error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the
    /// feature is off on the server.
    ///
    /// # Examples
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

    /// Ends the synchronization of the team.
    ///
    /// Its members are kept.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/syncing`.
    /// Operation: `disableOrganizationTeamSync`. Feature: `FEATURE_TEAM_SYNCING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if the
    /// caller may not change the synchronization, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the team does not exist.
    ///
    /// # Examples
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

    /// Reads the group that the team is synchronized with.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// does not exist or is not synchronized.
    ///
    /// # Examples
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
        found.ok_or_else(|| {
            missing(&format!("synchronization of the team {name}"))
                .with_response_to("getOrganizationTeamMembers", &self.team.path_values())
        })
    }

    /// Reads the group that the team is synchronized with, or returns `None`.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// does not exist.
    ///
    /// # Examples
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
    /// Creates a request for an LDAP group, by its distinguished name relative to the server's
    /// base.
    pub fn ldap(group_dn: impl Into<String>) -> Self {
        Self::new().group_dn(group_dn)
    }

    /// Creates a request for a Keystone group, by its identifier.
    pub fn keystone(group_id: impl Into<String>) -> Self {
        Self::new().group_id(group_id)
    }

    /// Creates a request for a group that an OIDC provider lists in its claims.
    pub fn oidc(group_name: impl Into<String>) -> Self {
        Self::new().group_name(group_name)
    }
}
