//! The members of a team.

use crate::Result;
use crate::api::TeamHandle;
use crate::api::shared::{Desired, Ensure, find_row, missing, outcome, path_segment, query_flag};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::TeamMember;
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The members of a team: [`TeamHandle::members`].
#[derive(Debug, Clone)]
pub struct TeamMembersHandle {
    pub(crate) team: TeamHandle,
}

impl TeamMembersHandle {
    /// Lists the members, without those who are invited unless
    /// [`with_invited`](Listing::with_invited) asks for them.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// All in one answer.
    /// Operation: `getOrganizationTeamMembers`.
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
    #[doc(alias = "list team members")]
    #[doc(alias = "getOrganizationTeamMembers")]
    pub fn list(&self) -> Listing<ListTeamMembers> {
        Listing::new(ListTeamMembers {
            team: self.team.clone(),
            invited: false,
        })
    }

    /// Adds a user, or a robot account by its full name. **Where the server requires consent, a
    /// user is invited instead**: then `invited` of the response is true, and they are no member
    /// before they accept.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    /// Operation: `updateOrganizationTeamMember`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such team or user, and [`is_already_exists`](crate::Error::is_already_exists) if the user
    /// is a member already.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let added = team.members().create("alice").await?;
    /// let is_member = added.invited != Some(true);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create team member")]
    #[doc(alias = "updateOrganizationTeamMember")]
    #[doc(alias = "add")]
    pub async fn create(&self, name: impl AsRef<str>) -> Result<TeamMember> {
        let name = path_segment("user name", name.as_ref())?;
        self.add(&name).await
    }

    /// Adds a user or robot account unless they are a member or invited already: `None` if they
    /// are.
    ///
    /// It reads first: who is a member or invited gets no second invitation.
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for who is a member already.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let added = team.members().create_if_absent("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "add")]
    pub async fn create_if_absent(&self, name: impl AsRef<str>) -> Result<Option<TeamMember>> {
        let member = self.team.member(name)?;
        if member.get_opt().await?.is_some() {
            return Ok(None);
        }
        let is_there = async { Ok(member.get_opt().await?.is_some()) };
        outcome::created(self.add(&member.name).await, is_there).await
    }

    /// Makes a user or robot account be a member: adds it, or leaves it.
    ///
    /// A member is identified by its name, and there is nothing to compare: it is never updated. An
    /// invitation that was not accepted yet counts. Other members are left alone. See
    /// [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// When it is awaited: returns the errors of [`create`](Self::create).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let devs = quay.organization("acme")?.team("devs")?.members();
    /// if devs.ensure("alice").await?.is_changed() {
    ///     println!("alice was added or invited");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, name: impl AsRef<str>) -> Ensure<TeamMember> {
        self.ensure_member(name.as_ref().to_owned())
    }

    fn ensure_member(&self, name: String) -> Ensure<TeamMember> {
        Ensure::new(EnsureMember {
            members: self.clone(),
            name,
        })
    }

    async fn add(&self, name: &str) -> Result<TeamMember> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let request =
            quay.api()
                .update_organization_team_member(params::UpdateOrganizationTeamMember {
                    orgname: organization,
                    teamname: team,
                    membername: name,
                });
        quay.send(request).await
    }

    /// Invites whoever reads an e-mail address.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/invite/{email}`.
    /// Operation: `inviteTeamMemberEmail`. Feature: `FEATURE_MAILING`.
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
    #[doc(alias = "invite team member")]
    #[doc(alias = "inviteTeamMemberEmail")]
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
    /// Operation: `deleteTeamMemberEmailInvite`. Feature: `FEATURE_MAILING`.
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
    #[doc(alias = "deleteTeamMemberEmailInvite")]
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

struct EnsureMember {
    members: TeamMembersHandle,
    name: String,
}

impl Desired for EnsureMember {
    type Item = TeamMember;

    fn existing(&self) -> BoxFuture<'_, Result<Vec<TeamMember>>> {
        async move {
            let member = self.members.team.member(&self.name)?;
            Ok(member.get_opt().await?.into_iter().collect())
        }
        .boxed()
    }

    fn is_met(&self, _: &TeamMember) -> bool {
        true
    }

    fn create(&self) -> BoxFuture<'_, Result<TeamMember>> {
        self.members.create(&self.name).boxed()
    }

    fn update(&self, found: TeamMember) -> BoxFuture<'_, Result<TeamMember>> {
        async { Ok(found) }.boxed()
    }
}

/// The request of a listing of a team's members.
#[derive(Debug, Clone)]
pub struct ListTeamMembers {
    team: TeamHandle,
    invited: bool,
}

impl Listing<ListTeamMembers> {
    /// Also lists who was invited and has not answered yet.
    pub fn with_invited(mut self) -> Self {
        self.query.invited = true;
        self
    }
}

impl ListRequest for ListTeamMembers {
    type Row = TeamMember;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<TeamMember>> {
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
                    include_pending: query_flag(self.invited),
                });
        PageRequest::new(quay, request, |response| Ok(Page::whole(response.members)))
    }
}

/// One member of a team, or who was invited to it: [`TeamHandle::member`].
#[derive(Debug, Clone)]
pub struct TeamMemberHandle {
    pub(crate) team: TeamHandle,
    pub(crate) name: Arc<str>,
}

impl TeamMemberHandle {
    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the member; if they were invited and have not answered yet, `invited` is true. They
    /// are taken from the list: the server has no operation for that alone.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such team, or the user is neither a member nor invited.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.organization("acme")?.team("devs")?.member("alice")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get team member")]
    #[doc(alias = "getOrganizationTeamMembers")]
    pub async fn get(&self) -> Result<TeamMember> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| missing(&format!("member {} of the team", self.name)))
    }

    /// Reads the member; `None` if the user is neither a member nor invited.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for who is neither.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// let is_in_team = team.member("alice")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<TeamMember>> {
        let members = self.team.members().list().with_invited();
        find_row(members, |member| {
            member.name.as_deref() == Some(&*self.name)
        })
        .await
    }

    /// Removes the member, or takes the invitation back.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    /// Operation: `deleteOrganizationTeamMember`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// is neither a member nor invited.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.team("devs")?.member("alice")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete team member")]
    #[doc(alias = "deleteOrganizationTeamMember")]
    #[doc(alias = "remove")]
    pub async fn delete(&self) -> Result<()> {
        let TeamHandle {
            quay,
            organization,
            team,
        } = &self.team;
        let request =
            quay.api()
                .delete_organization_team_member(params::DeleteOrganizationTeamMember {
                    orgname: organization,
                    teamname: team,
                    membername: &self.name,
                });
        quay.send(request).await
    }

    /// Removes the member or takes the invitation back, if there is one: true if there was and is
    /// none now, false if there was nothing to do. It reads first: see [what is
    /// certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for who is neither.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let team = quay.organization("acme")?.team("devs")?;
    /// team.member("alice")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "remove")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
