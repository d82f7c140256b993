//! Who belongs to an organization, and who works with it without belonging to it.

use super::{optional, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{Collaborator, Member};
use crate::{Quay, Result};
use std::sync::Arc;

/// The members of an organization:
/// [`OrganizationHandle::members`](super::OrganizationHandle::members).
#[derive(Debug, Clone)]
pub struct MembersHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "getOrganizationMembers", &self.organization),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(this.quay.api().get_organization_members(&this.organization))
                        .await?
                        .members)
                }
            },
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
        let name = segment("user name", name.as_ref())?;
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
        optional(self.get(name).await)
    }

    /// Removes a member from all teams and from all permissions.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/members/{membername}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.members().remove("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: impl AsRef<str>) -> Result<()> {
        let name = segment("user name", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .remove_organization_member(params::RemoveOrganizationMember {
                        orgname: &self.organization,
                        membername: &name,
                    }),
            )
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
    /// let acme = quay.organization("acme")?;
    /// acme.members().remove_if_exists("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.remove(name).await)?.is_some())
    }
}

/// Who works with an organization without being a member:
/// [`OrganizationHandle::collaborators`](super::OrganizationHandle::collaborators).
#[derive(Debug, Clone)]
pub struct CollaboratorsHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                "getOrganizationCollaborators",
                &self.organization,
            ),
            move || {
                let this = this.clone();
                async move {
                    Ok(this
                        .quay
                        .send(
                            this.quay
                                .api()
                                .get_organization_collaborators(&this.organization),
                        )
                        .await?
                        .collaborators)
                }
            },
        )
    }
}
