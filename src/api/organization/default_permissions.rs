//! Default permissions: what new repositories of an organization grant, and to whom.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    CreateDefaultPermission, DefaultPermission, RepositoryRole, UpdateDefaultPermission,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The default permissions of an organization:
/// [`OrganizationHandle::default_permissions`](crate::api::OrganizationHandle::default_permissions).
#[derive(Debug, Clone)]
pub struct DefaultPermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl DefaultPermissionsHandle {
    /// Lists the default permissions.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/prototypes`. All in one
    /// answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// let all = defaults.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<DefaultPermission>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .get_organization_prototype_permissions(&self.organization),
            |response| response.prototypes,
        )
    }

    /// Creates a default permission.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/prototypes`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// use quay_api::types::{CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole};
    ///
    /// let delegate = Delegate::new("devs", PrincipalKind::Team);
    /// defaults.create(CreateDefaultPermission::new(RepositoryRole::Write, delegate)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, permission: CreateDefaultPermission) -> Result<DefaultPermission> {
        self.quay
            .send(self.quay.api().create_organization_prototype_permission(
                params::CreateOrganizationPrototypePermission {
                    orgname: &self.organization,
                    body: &permission,
                },
            ))
            .await
    }

    /// Changes what a default permission allows.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/prototypes/{prototypeid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// defaults
    ///     .update(
    ///         "20c7409a-c1ce-4f64-b938-ce0d5f158440",
    ///         quay_api::types::RepositoryRole::Read,
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(
        &self,
        id: impl AsRef<str>,
        role: RepositoryRole,
    ) -> Result<DefaultPermission> {
        let id = path_segment("default permission identifier", id.as_ref())?;
        let body = UpdateDefaultPermission::new(role);
        self.quay
            .send(self.quay.api().update_organization_prototype_permission(
                params::UpdateOrganizationPrototypePermission {
                    orgname: &self.organization,
                    prototypeid: &id,
                    body: &body,
                },
            ))
            .await
    }

    /// Deletes a default permission.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/prototypes/{prototypeid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// defaults.delete("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("default permission identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_organization_prototype_permission(
                params::DeleteOrganizationPrototypePermission {
                    orgname: &self.organization,
                    prototypeid: &id,
                },
            ))
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
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// defaults.delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(none_if_not_found(self.delete(id).await)?.is_some())
    }
}
