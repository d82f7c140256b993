//! OAuth applications of an organization.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::api::{ApplicationTokenHandle, ApplicationTokensHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateApplication, OrganizationApplication, UpdateApplication};
use crate::{Quay, Result};
use std::sync::Arc;

/// The OAuth applications of an organization:
/// [`OrganizationHandle::applications`](crate::api::OrganizationHandle::applications).
#[derive(Debug, Clone)]
pub struct ApplicationsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl ApplicationsHandle {
    /// Lists the applications.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications`. All in one
    /// answer.
    /// Operation: `getOrganizationApplications`.
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

    /// Creates an application. The server allows several of one name, so that a second call makes a
    /// second application.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/applications`.
    /// Operation: `createOrganizationApplication`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// use quay_api::types::CreateApplication;
    ///
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

/// One OAuth application:
/// [`OrganizationHandle::application`](crate::api::OrganizationHandle::application).
#[derive(Debug, Clone)]
pub struct ApplicationHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) client_id: Arc<str>,
}

impl ApplicationHandle {
    /// Returns its client identifier.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Reads the application.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operation: `getOrganizationApplication`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
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
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let found = application.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<OrganizationApplication>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the application. A description or avatar address that is not given is kept: the
    /// application is read first then, since the server would clear it. An empty string clears it.
    ///
    /// Scope: `org:admin`. Endpoints: `GET` and
    /// `PUT /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operations: `getOrganizationApplication`, `updateOrganizationApplication`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such application.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// use quay_api::types::UpdateApplication;
    ///
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

    /// Replaces the client secret of the application; the old one stops working at once.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/resetclientsecret`.
    /// Operation: `resetOrganizationApplicationClientSecret`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
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

    /// Deletes the application; its tokens stop working.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/applications/{client_id}`.
    /// Operation: `deleteOrganizationApplication`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
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

    /// Returns the handle of its access tokens.
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

    /// One of its access tokens, by identifier.
    ///
    /// # Errors
    ///
    /// Returns an error if it can't be an identifier; nothing is sent then.
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
