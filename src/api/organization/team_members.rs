//! The members of a team.

use crate::Result;
use crate::api::TeamHandle;
use crate::api::shared::{outcome, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::TeamMember;

/// The members of a team: [`TeamHandle::members`].
#[derive(Debug, Clone)]
pub struct TeamMembersHandle {
    pub(crate) team: TeamHandle,
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
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let request =
            quay.api()
                .get_organization_team_members(params::GetOrganizationTeamMembers {
                    orgname: organization,
                    teamname: team,
                    include_pending: pending,
                });
        Listing::single_page(quay, request, |response| response.members)
    }

    /// Adds a user, or a robot account by its full name. **Where the server requires consent, a user
    /// is invited instead**: then `invited` of the response is true, and they are no member before
    /// they accept.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such team or user, and [`is_already_exists`](crate::Error::is_already_exists) if the user is a
    /// member already.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let added = team.members().add("alice").await?;
    /// let is_member = added.invited != Some(true);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn add(&self, name: impl AsRef<str>) -> Result<TeamMember> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let name = path_segment("user name", name.as_ref())?;
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
        let name = path_segment("user name", name.as_ref())?;
        quay.send(quay.api().delete_organization_team_member(
            params::DeleteOrganizationTeamMember {
                orgname: organization,
                teamname: team,
                membername: &name,
            },
        ))
        .await
    }

    /// Removes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`remove`](Self::remove).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.members().remove_if_exists("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        let name = name.as_ref();
        let is_it = |member: &TeamMember| member.name.as_deref() == Some(name);
        if !self.list_with_invited().await?.iter().any(is_it) {
            return Ok(false);
        }
        outcome::deleted(self.remove(name).await)
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
        let address = path_segment("e-mail address", address.as_ref())?;
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
        let address = path_segment("e-mail address", address.as_ref())?;
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
