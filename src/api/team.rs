//! One team of an organization.

use super::{optional, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{
    EnableTeamSync, RepositoryPermission, Team, TeamMember, TeamMembers, TeamRole, TeamSync,
    UpdateTeam,
};
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
}

/// The members of a team: [`TeamHandle::members`].
#[derive(Debug, Clone)]
pub struct TeamMembersHandle {
    team: TeamHandle,
}

/// How the members of a team follow a group of a directory: [`TeamHandle::sync`].
#[derive(Debug, Clone)]
pub struct TeamSyncHandle {
    team: TeamHandle,
}

impl TeamSyncHandle {
    /// Lets the team follow a group of the directory that the server uses: LDAP, Keystone or OIDC.
    /// Whoever is in the team and not in the group leaves it.
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

    /// Lets the team follow no group. Its members stay.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/syncing`.
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

impl TeamHandle {
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
        Ok(optional(self.delete().await)?.is_some())
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                "getOrganizationTeamPermissions",
                (&self.organization, &self.team),
            ),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().get_organization_team_permissions(
                            params::GetOrganizationTeamPermissions {
                                orgname: &this.organization,
                                teamname: &this.team,
                            },
                        ))
                        .await?
                        .permissions)
                }
            },
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

impl TeamMembersHandle {
    /// Lists the members.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// for member in team.members().list().await? {
    ///     println!("{:?} {:?}", member.name, member.is_robot);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<TeamMember>> {
        self.listed(None)
    }

    /// Lists the members, and whom was invited and has not answered yet.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let everybody = team.members().list_with_invited().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list_with_invited(&self) -> Listing<SinglePage<TeamMember>> {
        self.listed(Some("true"))
    }

    #[inline]
    fn listed(&self, pending: Option<&'static str>) -> Listing<SinglePage<TeamMember>> {
        let this = self.clone();
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let identity = ListingId::new(
            quay,
            "getOrganizationTeamMembers",
            (organization, team, pending),
        );
        Listing::whole(identity, move || {
            let this = this.clone();
            async move { this.read(pending).await.map(|found| found.members) }
        })
    }

    async fn read(&self, pending: Option<&str>) -> Result<TeamMembers> {
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
                    include_pending: pending,
                }),
        )
        .await
    }

    /// Adds a user, or a robot account by its full name. Where the server wants consent, a user is
    /// invited instead: then `invited` is true.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let added = team.members().add("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn add(&self, name: impl AsRef<str>) -> Result<TeamMember> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let name = segment("user name", name.as_ref())?;
        quay.send(quay.api().update_organization_team_member(
            params::UpdateOrganizationTeamMember {
                orgname: organization,
                teamname: team,
                membername: &name,
            },
        ))
        .await
    }

    /// Removes a member, or takes an invitation back.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.members().remove("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: impl AsRef<str>) -> Result<()> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let name = segment("user name", name.as_ref())?;
        quay.send(quay.api().delete_organization_team_member(
            params::DeleteOrganizationTeamMember {
                orgname: organization,
                teamname: team,
                membername: &name,
            },
        ))
        .await
    }

    /// Removes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`remove`](Self::remove).
    ///
    /// # Errors
    /// As [`remove`](Self::remove), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.members().remove_if_exists("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.remove(name).await)?.is_some())
    }

    /// Invites whoever reads an e-mail address.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/invite/{email}`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.members().invite("bob@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn invite(&self, address: impl AsRef<str>) -> Result<TeamMember> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let address = segment("e-mail address", address.as_ref())?;
        quay.send(
            quay.api()
                .invite_team_member_email(params::InviteTeamMemberEmail {
                    orgname: organization,
                    teamname: team,
                    email: &address,
                }),
        )
        .await
    }

    /// Takes an invitation by e-mail back.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/invite/{email}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.members().revoke_invite("bob@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_invite(&self, address: impl AsRef<str>) -> Result<()> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let address = segment("e-mail address", address.as_ref())?;
        quay.send(
            quay.api()
                .delete_team_member_email_invite(params::DeleteTeamMemberEmailInvite {
                    orgname: organization,
                    teamname: team,
                    email: &address,
                }),
        )
        .await
    }
}

impl TeamSyncHandle {
    /// Reads which group the team follows; `None` if it follows none.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
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
    pub async fn get_opt(&self) -> Result<Option<TeamSync>> {
        TeamMembersHandle {
            team: self.team.clone(),
        }
        .read(None)
        .await
        .map(|found| found.synced)
    }
}
