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

/// The handle of a team's members: [`TeamHandle::members`].
#[derive(Debug, Clone)]
pub struct TeamMembersHandle {
    pub(crate) team: TeamHandle,
}

impl TeamMembersHandle {
    /// Lists the members of the team.
    ///
    /// [`with_invited`](Listing::with_invited) also lists users who were invited.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// The response is not paged.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Examples
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

    /// Adds a user or a robot account, by its full name, to the team.
    ///
    /// **If the server requires consent, a user is invited instead.** `invited` of the response is
    /// then true, and the user becomes a member when they accept.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/members/{membername}`.
    /// Operation: `updateOrganizationTeamMember`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// or the user does not exist, and an error for which
    /// [`is_already_exists`](crate::Error::is_already_exists) is true if the user is a member
    /// already.
    ///
    /// # Examples
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

    /// Adds a user or robot account, or returns `None` if they are a member or invited already.
    ///
    /// The method reads first: a user who is invited already gets no second invitation.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing team member is not
    /// an error.
    ///
    /// # Examples
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

    /// Ensures that a user or robot account is a member: adds it if necessary.
    ///
    /// A member is identified by name. It has no settings to compare, so the result is never
    /// "updated". A pending invitation counts as a member. Other members are not changed. See
    /// [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create).
    ///
    /// # Examples
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
    #[inline]
    pub fn ensure(&self, name: impl AsRef<str>) -> Ensure<TeamMember> {
        self.ensure_member(name.as_ref().to_owned())
    }

    #[inline]
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

    /// Invites the owner of an e-mail address to the team.
    ///
    /// The server sends an e-mail each time, also if the address was invited before.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/team/{teamname}/invite/{email}`.
    /// Operation: `inviteTeamMemberEmail`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server can't send
    /// the e-mail, or the team is synchronized with a directory.
    ///
    /// # Examples
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

    /// Withdraws an invitation that was sent to an e-mail address.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/team/{teamname}/invite/{email}`.
    /// Operation: `deleteTeamMemberEmailInvite`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// address was not invited.
    ///
    /// # Examples
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

    #[inline]
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

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<TeamMember>> {
        self.members.create(&self.name).boxed()
    }

    #[inline]
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
    /// Includes users who were invited and have not responded yet.
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

/// The handle of one member of a team or of an invited user: [`TeamHandle::member`].
#[derive(Debug, Clone)]
pub struct TeamMemberHandle {
    pub(crate) team: TeamHandle,
    pub(crate) name: Arc<str>,
}

impl TeamMemberHandle {
    /// Returns the name of the team member.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the member.
    ///
    /// `invited` is true for a user who has not yet accepted an invitation.
    ///
    /// The method searches the list, since the server has no operation that reads one team member.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/team/{teamname}/members`.
    /// Operation: `getOrganizationTeamMembers`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// does not exist, or the user is neither a member nor invited.
    ///
    /// # Examples
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
        found.ok_or_else(|| {
            missing(&format!("member {} of the team", self.name))
                .with_response_to("getOrganizationTeamMembers", &self.team.path_values())
        })
    }

    /// Reads the member, or returns `None` if the user is neither a member nor invited.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except that a user who is neither a member nor
    /// invited is not an error.
    ///
    /// # Examples
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

    /// Removes the member, or withdraws the invitation.
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
    /// # Examples
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

    /// Removes the member or withdraws the invitation, and returns true if there was one.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests, except that a user who is neither a member nor invited
    /// is not an error.
    ///
    /// # Examples
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
