//! Reading, changing and deleting an organization.

use crate::Result;
use crate::api::OrganizationHandle;
use crate::api::shared::{none_if_not_found, outcome};
use crate::generated::params;
use crate::types::{Organization, UpdateOrganization};

impl OrganizationHandle {
    /// Reads the organization with its teams.
    ///
    /// Scope: none; who is no member sees less. Endpoint: `GET /api/v1/organization/{orgname}`.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganization")]
    pub async fn get(&self) -> Result<Organization> {
        self.quay
            .send(self.quay.api().get_organization(&self.name))
            .await
    }

    /// Reads the organization; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.organization("acme")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Organization>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the settings that are set in the request, and no others.
    ///
    /// A `contact_email` is sent as `email` as well, unless that is set: servers before 3.16 know
    /// only the latter.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}`.
    /// Operation: `changeOrganizationDetails`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server does not allow a value, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) are true if it accepted the change
    /// and left a setting as it was.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.update(quay_api::types::UpdateOrganization::new().email("acme@example.com")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeOrganizationDetails")]
    pub async fn update(&self, mut change: UpdateOrganization) -> Result<Organization> {
        if change.email.is_none() {
            change.email = change.contact_email.value().cloned();
        }
        let request =
            self.quay
                .api()
                .change_organization_details(params::ChangeOrganizationDetails {
                    orgname: &self.name,
                    body: &change,
                });
        let now = self.quay.send(request).await?;
        // A server without an address shows a text of its own.
        let email = change.contact_email.value().or(change.email.as_ref());
        let email = email.filter(|email| !email.is_empty());
        outcome::check_changed("email", email, now.email.as_ref())?;
        let is_kept = now.email.as_ref().is_some_and(|email| email.contains('@'));
        outcome::check_cleared("contact_email", &change.contact_email, is_kept)?;
        outcome::check_changed(
            "tag_expiration_s",
            change.tag_expiration_s.as_ref(),
            now.tag_expiration_s.as_ref(),
        )?;
        outcome::check_changed(
            "invoice_email",
            change.invoice_email.as_ref(),
            now.invoice_email.as_ref(),
        )?;
        Ok(now)
    }

    /// Deletes the organization with everything in it.
    ///
    /// It looks whether the organization is gone, since the server acknowledges the deletion of one
    /// that was made of a disabled user, and keeps it. A deleted organization is gone at once; its
    /// name is free again after the server's worker has removed it, some seconds or minutes later.
    ///
    /// Scope: `org:admin`. Endpoints: `DELETE` and `GET /api/v1/organization/{orgname}`.
    /// Operations: `deleteAdminedOrganization`, `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does
    /// not exist, whatever the server says of that (500 or 403),
    /// [`is_conflict`](crate::Error::is_conflict) if the server kept it, and
    /// [`is_forbidden`](crate::Error::is_forbidden) if the caller may not delete it.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "deleteAdminedOrganization")]
    #[doc(alias = "getOrganization")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_admined_organization(&self.name);
        let result = self.quay.send(request).await;
        outcome::organization_deleted(&self.quay, &self.name, result).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
