//! The members of an organization.

use crate::api::OrganizationHandle;
use crate::api::shared::{none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::Member;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of an organization's members:
/// [`OrganizationHandle::members`](crate::api::OrganizationHandle::members).
#[derive(Debug, Clone)]
pub struct MembersHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl MembersHandle {
    /// Lists the members of the organization with their teams and repositories.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/members`. The response is
    /// not paged.
    /// Operation: `getOrganizationMembers`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// for member in acme.members().list().await? {
    ///     println!("{}", member.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationMembers")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Member>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_organization_members(&self.organization),
            |response| response.members,
        )
    }
}

/// The handle of one member or collaborator of an organization:
/// [`OrganizationHandle::member`](crate::api::OrganizationHandle::member).
#[derive(Debug, Clone)]
pub struct MemberHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) name: Arc<str>,
}

impl MemberHandle {
    /// Returns the name of the organization's member.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the member with their teams and repositories.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/members/{membername}`.
    /// Operation: `getOrganizationMember`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// is not a member.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.organization("acme")?.member("alice")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get member")]
    #[doc(alias = "getOrganizationMember")]
    pub async fn get(&self) -> Result<Member> {
        let request = self
            .quay
            .api()
            .get_organization_member(params::GetOrganizationMember {
                orgname: &self.organization,
                membername: &self.name,
            });
        self.quay.send(request).await
    }

    /// Reads the member, or returns `None` if the user is not a member.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_member = quay.organization("acme")?.member("alice")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Member>> {
        none_if_not_found(self.get()).await
    }

    /// Removes the user from all teams of the organization and from all permissions of its
    /// repositories.
    ///
    /// The user is a member, or a collaborator who only has such permissions. The method first
    /// reads whether the user is one of these, since the server acknowledges the removal of any
    /// user. An invitation to a team is kept:
    /// [`TeamMemberHandle::delete`](crate::api::TeamMemberHandle::delete) withdraws it.
    ///
    /// Scope: `org:admin`. Endpoints: `GET` and
    /// `DELETE /api/v1/organization/{orgname}/members/{membername}`; if the user is not a member,
    /// also `GET /api/v1/organization/{orgname}/collaborators`.
    /// Operations: `getOrganizationMember`, `removeOrganizationMember`,
    /// `getOrganizationCollaborators`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// is neither a member nor a collaborator, and an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if the user is the only owner.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.member("alice")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete member")]
    #[doc(alias = "getOrganizationMember")]
    #[doc(alias = "removeOrganizationMember")]
    #[doc(alias = "getOrganizationCollaborators")]
    #[doc(alias = "remove")]
    pub async fn delete(&self) -> Result<()> {
        self.find().await?;
        self.remove().await
    }

    /// Removes the user if they are a member or collaborator, and returns true if they were.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.member("alice")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "remove")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if none_if_not_found(self.find()).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.remove().await)
    }

    /// Returns an error if the user is neither a member nor a collaborator.
    async fn find(&self) -> Result<()> {
        let missing = match self.get().await {
            Err(error) if error.is_not_found() => error,
            found => return found.map(drop),
        };
        let organization = OrganizationHandle {
            quay: self.quay.clone(),
            name: Arc::clone(&self.organization),
        };
        let collaborators = organization.collaborators().await?;
        match collaborators.iter().any(|c| *c.name == *self.name) {
            true => Ok(()),
            false => Err(missing),
        }
    }

    async fn remove(&self) -> Result<()> {
        let request =
            self.quay
                .api()
                .remove_organization_member(params::RemoveOrganizationMember {
                    orgname: &self.organization,
                    membername: &self.name,
                });
        self.quay.send(request).await
    }
}
