//! OAuth applications of an organization.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::api::{ApplicationTokenHandle, ApplicationTokensHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateApplication, OrganizationApplication, UpdateApplication};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of an organization's OAuth applications:
/// [`OrganizationHandle::applications`](crate::api::OrganizationHandle::applications).
#[derive(Debug, Clone)]
pub struct ApplicationsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl ApplicationsHandle {
    /// Lists the OAuth applications of the organization.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications`. The
    /// response is not paged.
    /// Operation: `getOrganizationApplications`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let applications = acme.applications().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationApplications")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<OrganizationApplication>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .get_organization_applications(&self.organization),
            |response| response.applications,
        )
    }

    /// Creates an OAuth application.
    ///
    /// Several applications can have the same name, so a second call creates a second application.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/applications`.
    /// Operation: `createOrganizationApplication`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value of the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateApplication;
    ///
    /// let acme = quay.organization("acme")?;
    /// let application = acme.applications().create(CreateApplication::new("automation")).await?;
    /// println!("{}", application.client_id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create application")]
    #[doc(alias = "createOrganizationApplication")]
    pub async fn create(&self, application: CreateApplication) -> Result<OrganizationApplication> {
        self.quay
            .send(self.quay.api().create_organization_application(
                params::CreateOrganizationApplication {
                    orgname: &self.organization,
                    body: &application,
                },
            ))
            .await
    }
}

/// The handle of one OAuth application:
/// [`OrganizationHandle::application`](crate::api::OrganizationHandle::application).
#[derive(Debug, Clone)]
pub struct ApplicationHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) client_id: Arc<str>,
}

impl ApplicationHandle {
    /// Returns the client identifier of the application.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Reads the application.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operation: `getOrganizationApplication`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// application does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let found = application.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get application")]
    #[doc(alias = "getOrganizationApplication")]
    pub async fn get(&self) -> Result<OrganizationApplication> {
        self.quay
            .send(self.quay.api().get_organization_application(
                params::GetOrganizationApplication {
                    orgname: &self.organization,
                    client_id: &self.client_id,
                },
            ))
            .await
    }

    /// Reads the application, or returns `None` if it does not exist.
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
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let found = application.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<OrganizationApplication>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the application.
    ///
    /// A description or avatar address that the request does not set is kept.
    ///
    /// The server would clear such a field. If one of the two is missing in the request, the method
    /// therefore reads the application first and sends the present value. An empty string clears a
    /// field.
    ///
    /// Scope: `org:admin`. Endpoints: `GET` and
    /// `PUT /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operations: `getOrganizationApplication`, `updateOrganizationApplication`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// application does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateApplication;
    ///
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let change = UpdateApplication::new(
    ///     "automation",
    ///     "https://example.com/back",
    ///     "https://example.com",
    /// );
    /// application.update(change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update application")]
    #[doc(alias = "getOrganizationApplication")]
    #[doc(alias = "updateOrganizationApplication")]
    pub async fn update(&self, mut change: UpdateApplication) -> Result<OrganizationApplication> {
        if change.description.is_none() || change.avatar_email.is_none() {
            let now = self.get().await?;
            change.description = change.description.or(now.description);
            change.avatar_email = change.avatar_email.or(now.avatar_email);
        }
        self.quay
            .send(self.quay.api().update_organization_application(
                params::UpdateOrganizationApplication {
                    orgname: &self.organization,
                    client_id: &self.client_id,
                    body: &change,
                },
            ))
            .await
    }

    /// Replaces the client secret of the application.
    ///
    /// The old one stops working immediately.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/resetclientsecret`.
    /// Operation: `resetOrganizationApplicationClientSecret`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// application does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let secret = application.reset_client_secret().await?.client_secret;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "resetOrganizationApplicationClientSecret")]
    pub async fn reset_client_secret(&self) -> Result<OrganizationApplication> {
        self.quay
            .send(
                self.quay
                    .api()
                    .reset_organization_application_client_secret(
                        params::ResetOrganizationApplicationClientSecret {
                            orgname: &self.organization,
                            client_id: &self.client_id,
                        },
                    ),
            )
            .await
    }

    /// Deletes the application.
    ///
    /// Its tokens stop working.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operation: `deleteOrganizationApplication`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// application does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete application")]
    #[doc(alias = "deleteOrganizationApplication")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_organization_application(
                params::DeleteOrganizationApplication {
                    orgname: &self.organization,
                    client_id: &self.client_id,
                },
            ))
            .await
    }

    /// Deletes the application if it exists, and returns true if it existed.
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
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Returns the handle of the application's access tokens.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tokens = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?.tokens();
    /// # Ok(())
    /// # }
    /// ```
    pub fn tokens(&self) -> ApplicationTokensHandle {
        ApplicationTokensHandle {
            quay: self.quay.clone(),
            organization: Arc::clone(&self.organization),
            client_id: Arc::clone(&self.client_id),
        }
    }

    /// Returns the handle of one of the application's access tokens, by its identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let token = application.token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn token(&self, uuid: impl AsRef<str>) -> Result<ApplicationTokenHandle> {
        Ok(ApplicationTokenHandle {
            tokens: self.tokens(),
            uuid: path_segment("token identifier", uuid.as_ref())?,
        })
    }
}
