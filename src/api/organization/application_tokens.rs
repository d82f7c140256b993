//! Tokens of an OAuth application.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, Page, RowKey, TokenPages};
use crate::types::{ApplicationToken, CreateApplicationToken, CreatedApplicationToken};
use crate::{Quay, Result};
use std::sync::Arc;

/// The access tokens of an OAuth application:
/// [`ApplicationHandle::tokens`](crate::api::ApplicationHandle::tokens).
#[derive(Debug, Clone)]
pub struct ApplicationTokensHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) client_id: Arc<str>,
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
        Listing::token_pages(
            &self.quay,
            move |quay, token| {
                quay.api().list_organization_application_tokens(
                    params::ListOrganizationApplicationTokens {
                        orgname: &this.organization,
                        client_id: &this.client_id,
                        next_page: token,
                    },
                )
            },
            |response| Page::by_token(response.tokens, response.next_page),
            |token| RowKey::unique(&[&token.uuid]),
        )
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
    /// let token =
    ///     CreateApplicationToken::with_scopes("nightly", [Scope::RepoRead, Scope::RepoWrite]);
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
        let id = path_segment("token identifier", id.as_ref())?;
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
        Ok(none_if_not_found(self.revoke(id).await)?.is_some())
    }
}
