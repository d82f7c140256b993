//! New organizations.

use crate::api::shared::{none_if_not_found, outcome};
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
    /// A `contact_email` is sent as `email` as well, unless that is set: servers before 3.16 know
    /// only the latter.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// an organization **or a user** has this name, and [`is_conflict`](crate::Error::is_conflict) if
    /// the name was deleted a moment ago and is not free yet, or the e-mail address is in use on a
    /// server that allows it once.
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
    pub async fn create(&self, mut organization: CreateOrganization) -> Result<()> {
        if organization.email.is_none() {
            organization.email.clone_from(&organization.contact_email);
        }
        self.quay
            .send(self.quay.api().create_organization(&organization))
            .await
    }

    /// Creates an organization unless there is one of that name, whoever owns it: false if there is.
    ///
    /// It reads first: if the organization exists, nothing is written, and its settings are not
    /// compared.
    ///
    /// Scope: `user:admin`. Endpoints: `GET /api/v1/organization/{orgname}`,
    /// `POST /api/v1/organization/`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for an organization that exists. If
    /// something else has the name, such as a user, [`is_conflict`](crate::Error::is_conflict) is
    /// true.
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
        let name = organization.name.clone();
        if self.is_there(&name).await? {
            return Ok(false);
        }
        let created = outcome::created(self.create(organization).await, self.is_there(&name));
        Ok(created.await?.is_some())
    }

    async fn is_there(&self, name: &str) -> Result<bool> {
        let found = self.quay.send(self.quay.api().get_organization(name));
        Ok(none_if_not_found(found).await?.is_some())
    }
}
