//! One team of an organization.

use crate::types::{EnableTeamSync, Team};
use crate::{Quay, Result};
use std::sync::Arc;

/// One team: [`OrganizationHandle::team`](super::OrganizationHandle::team).
#[derive(Debug, Clone)]
pub struct TeamHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
    pub(super) team: Arc<str>,
}

impl TeamHandle {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.team
    }

    /// How its members follow a group of a directory.
    pub fn sync(&self) -> TeamSyncHandle {
        TeamSyncHandle { team: self.clone() }
    }
}

/// How the members of a team follow a group of a directory: [`TeamHandle::sync`].
#[derive(Debug, Clone)]
pub struct TeamSyncHandle {
    team: TeamHandle,
}

impl TeamSyncHandle {
    /// Lets the team follow a group of the directory that the server uses: LDAP, Keystone or OIDC. Whoever is in the team and not in the group leaves it.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/team/{teamname}/syncing`.
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
    pub async fn enable(&self, group: EnableTeamSync) -> Result<Team> {
        let TeamHandle { quay, organization, team } = &self.team;
        quay.send(async |api| api.enable_organization_team_sync(organization, team, &group).await).await
    }

    /// Lets the team follow no group. Its members stay.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/team/{teamname}/syncing`.
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
    pub async fn disable(&self) -> Result<Team> {
        let TeamHandle { quay, organization, team } = &self.team;
        quay.send(async |api| api.disable_organization_team_sync(organization, team).await).await
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
