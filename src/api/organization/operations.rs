//! Reading, changing and deleting an organization.

use crate::Result;
use crate::api::OrganizationHandle;
use crate::api::shared::{none_if_not_found, outcome};
use crate::generated::params;
use crate::types::{Organization, UpdateOrganization};

impl OrganizationHandle {
    /// Reads the organization with its teams.
    ///
    /// Scope: none; the server sends less to a caller who is not a member. Endpoint:
    /// `GET /api/v1/organization/{orgname}`.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get organization")]
    #[doc(alias = "getOrganization")]
    pub async fn get(&self) -> Result<Organization> {
        self.quay
            .send(self.quay.api().get_organization(&self.name))
            .await
    }

    /// Reads the organization, or returns `None` if it does not exist.
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
    /// let is_there = quay.organization("acme")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Organization>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the settings that the request contains, and no others.
    ///
    /// If only `contact_email` is set, its value is also sent as `email`, since servers before 3.18
    /// only know the latter.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}`.
    /// Operation: `changeOrganizationDetails`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value. Returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) are true if the server accepted the
    /// change but did not change one of the settings.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.update(quay_api::types::UpdateOrganization::new().email("acme@example.com")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update organization")]
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
        check_made(&change, &now).map_err(|error| {
            error.with_response_to("changeOrganizationDetails", &[("orgname", &self.name)])
        })?;
        Ok(now)
    }

    /// Deletes the organization and everything in it.
    ///
    /// The method reads the organization afterwards, since the server also acknowledges the
    /// deletion of an organization that was converted from a disabled user, but does not delete it.
    /// A deleted organization is inaccessible immediately. Its name can be used again after a
    /// worker of the server has removed it, some seconds or minutes later.
    ///
    /// Scope: `org:admin`. Endpoints: `DELETE` and `GET /api/v1/organization/{orgname}`.
    /// Operations: `deleteAdminedOrganization`, `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist. The server itself responds with status 500 or 403. Returns an
    /// error for which [`is_conflict`](crate::Error::is_conflict) is true if the server did not
    /// delete it, and an error for which [`is_forbidden`](crate::Error::is_forbidden) is true if
    /// the caller may not delete it.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete organization")]
    #[doc(alias = "deleteAdminedOrganization")]
    #[doc(alias = "getOrganization")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_admined_organization(&self.name);
        let result = self.quay.send(request).await;
        outcome::organization_deleted(&self.quay, &self.name, result).await
    }

    /// Deletes the organization if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
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

/// Returns an error if the server did not make a change.
fn check_made(change: &UpdateOrganization, now: &Organization) -> Result<()> {
    // If the organization has no address, the server returns a placeholder.
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
    )
}
