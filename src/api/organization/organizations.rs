//! New organizations.

use crate::api::shared::none_if_exists;
use crate::types::CreateOrganization;
use crate::{Quay, Result};

/// New organizations: [`Quay::organizations`]. Those of the caller are in
/// [`MeHandle::get`](crate::api::MeHandle::get), those of the server in
/// [`SuperuserHandle::organizations`](crate::api::SuperuserHandle::organizations).
#[derive(Debug, Clone)]
pub struct OrganizationsHandle {
    pub(crate) quay: Quay,
}

impl OrganizationsHandle {
    /// Creates an organization that the caller owns.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/organization/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists), which the server says with a 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// quay.organizations()
    ///     .create(CreateOrganization::new("acme").email("acme@example.com"))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, organization: CreateOrganization) -> Result<()> {
        self.quay
            .send(self.quay.api().create_organization(&organization))
            .await
    }

    /// Creates an organization unless there is one of that name: false if there was.
    ///
    /// Scope and endpoint: as [`create`](Self::create).
    ///
    /// # Errors
    /// As [`create`](Self::create), but not for one that is there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateOrganization;
    ///
    /// let is_new = quay.organizations().create_if_absent(CreateOrganization::new("acme")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, organization: CreateOrganization) -> Result<bool> {
        Ok(none_if_exists(self.create(organization).await)?.is_some())
    }
}
