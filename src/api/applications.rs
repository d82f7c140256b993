//! OAuth applications of an organization, and their tokens.

use super::{optional, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, Page, RowKey, SinglePage, TokenPages};
use crate::types::{
    ApplicationToken, CreateApplication, CreateApplicationToken, CreatedApplicationToken,
    OrganizationApplication, UpdateApplication,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The OAuth applications of an organization:
/// [`OrganizationHandle::applications`](super::OrganizationHandle::applications).
#[derive(Debug, Clone)]
pub struct ApplicationsHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
}

impl ApplicationsHandle {
    /// Lists the applications.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications`. All in one
    /// answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let applications = acme.applications().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<OrganizationApplication>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                "getOrganizationApplications",
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
                                .get_organization_applications(&this.organization),
                        )
                        .await?
                        .applications)
                }
            },
        )
    }

    /// Creates an application.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/applications`.
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
/// [`OrganizationHandle::application`](super::OrganizationHandle::application).
#[derive(Debug, Clone)]
pub struct ApplicationHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
    pub(super) client_id: Arc<str>,
}

impl ApplicationHandle {
    /// Reads the application.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/applications/{client_id}`.
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
        optional(self.get().await)
    }

    /// Changes the application.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/applications/{client_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// use quay_api::types::UpdateApplication;
    ///
    /// let change = UpdateApplication::new("automation", "https://example.com/back", "https://example.com");
    /// application.update(change).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, change: UpdateApplication) -> Result<OrganizationApplication> {
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

    /// Gives the application a new client secret; the old one stops working at once.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/resetclientsecret`.
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
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(optional(self.delete().await)?.is_some())
    }

    /// Its access tokens.
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
}

/// The access tokens of an OAuth application: [`ApplicationHandle::tokens`].
#[derive(Debug, Clone)]
pub struct ApplicationTokensHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
    pub(super) client_id: Arc<str>,
}

impl ApplicationTokensHandle {
    /// Lists the access tokens, without the tokens themselves.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/applications/{client_id}/tokens`. 50 a page.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let tokens = application.tokens().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<TokenPages<ApplicationToken>> {
        let this = self.clone();
        let identity = ListingId::new(
            &self.quay,
            "listOrganizationApplicationTokens",
            (&self.organization, &self.client_id),
        );
        let mark = |token: &ApplicationToken| RowKey::unique(&[&token.uuid]);
        Listing::tokens(identity, mark, move |token| {
            let this = this.clone();
            async move {
                let answer = this
                    .quay
                    .send(this.quay.api().list_organization_application_tokens(
                        params::ListOrganizationApplicationTokens {
                            orgname: &this.organization,
                            client_id: &this.client_id,
                            next_page: token.as_deref(),
                        },
                    ))
                    .await?;
                Ok(Page::by_token(answer.tokens, answer.next_page))
            }
        })
    }

    /// Makes an access token that acts as the caller. It is shown once.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// use quay_api::types::{CreateApplicationToken, Scope};
    ///
    /// let token = CreateApplicationToken::with_scopes("nightly", [Scope::RepoRead, Scope::RepoWrite]);
    /// let created = application.tokens().create(token).await?;
    /// let token = created.token;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, token: CreateApplicationToken) -> Result<CreatedApplicationToken> {
        self.quay
            .send(self.quay.api().create_organization_application_token(
                params::CreateOrganizationApplicationToken {
                    orgname: &self.organization,
                    client_id: &self.client_id,
                    body: &token,
                },
            ))
            .await
    }

    /// Revokes an access token.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/applications/{client_id}/tokens/{token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.tokens().revoke("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("token identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_organization_application_token(
                params::DeleteOrganizationApplicationToken {
                    orgname: &self.organization,
                    client_id: &self.client_id,
                    token_uuid: &id,
                },
            ))
            .await
    }

    /// Revokes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`revoke`](Self::revoke).
    ///
    /// # Errors
    /// As [`revoke`](Self::revoke), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.tokens().revoke_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.revoke(id).await)?.is_some())
    }
}
