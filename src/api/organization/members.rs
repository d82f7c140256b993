//! Who belongs to an organization, and who works with it without belonging to it.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Collaborator, Member};
use crate::{Quay, Result};
use std::sync::Arc;

/// The members of an organization:
/// [`OrganizationHandle::members`](crate::api::OrganizationHandle::members).
#[derive(Debug, Clone)]
pub struct MembersHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl MembersHandle {
    /// Lists the members with their teams and repositories.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/members`. All in one
    /// answer.
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
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Member>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().get_organization_members(&self.organization),
            |response| response.members,
        )
    }

    /// Reads a member.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/members/{membername}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let alice = acme.members().get("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, name: impl AsRef<str>) -> Result<Member> {
        let name = path_segment("user name", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .get_organization_member(params::GetOrganizationMember {
                        orgname: &self.organization,
                        membername: &name,
                    }),
            )
            .await
    }

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let alice = acme.members().get_opt("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, name: impl AsRef<str>) -> Result<Option<Member>> {
        none_if_not_found(self.get(name)).await
    }

    /// Removes a user from all teams of the organization, and from the permissions of all its
    /// repositories: a member, or a collaborator who has such permissions alone.
    ///
    /// It reads first whether the user is one, since the server acknowledges the removal of any user.
    /// An invitation to a team stays: [`TeamMembersHandle::remove`](crate::api::TeamMembersHandle::remove).
    ///
    /// Scope: `org:admin`. Endpoints: `GET` and
    /// `DELETE /api/v1/organization/{orgname}/members/{membername}`; for who is no member also
    /// `GET /api/v1/organization/{orgname}/collaborators`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user is
    /// neither, and [`is_conflict`](crate::Error::is_conflict) for the only owner.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.members().remove("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: impl AsRef<str>) -> Result<()> {
        let name = path_segment("user name", name.as_ref())?;
        self.find(&name).await?;
        self.remove_found(&name).await
    }

    /// Returns an error if a user has nothing to do with the organization.
    async fn find(&self, name: &str) -> Result<()> {
        let missing = match self.get(name).await {
            Err(error) if error.is_not_found() => error,
            found => return found.map(drop),
        };
        let collaborators = CollaboratorsHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.organization),
        };
        let is_collaborator = collaborators.list().await?.iter().any(|c| c.name == name);
        match is_collaborator {
            true => Ok(()),
            false => Err(missing),
        }
    }

    async fn remove_found(&self, name: &str) -> Result<()> {
        let request =
            self.quay
                .api()
                .remove_organization_member(params::RemoveOrganizationMember {
                    orgname: &self.organization,
                    membername: name,
                });
        self.quay.send(request).await
    }

    /// Removes a user if they are a member or a collaborator: true if they were one and are none now,
    /// false if there was nothing to do. It reads first: see
    /// [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`remove`](Self::remove).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`remove`](Self::remove), except for who is neither.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.members().remove_if_exists("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        let name = path_segment("user name", name.as_ref())?;
        if none_if_not_found(self.find(&name)).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.remove_found(&name).await)
    }
}

/// Who works with an organization without being a member:
/// [`OrganizationHandle::collaborators`](crate::api::OrganizationHandle::collaborators).
#[derive(Debug, Clone)]
pub struct CollaboratorsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl CollaboratorsHandle {
    /// Lists who may use repositories without being a member.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/collaborators`. All in one
    /// answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let collaborators = acme.collaborators().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Collaborator>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .get_organization_collaborators(&self.organization),
            |response| response.collaborators,
        )
    }
}
