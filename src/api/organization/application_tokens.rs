//! Tokens of an OAuth application.

use crate::api::shared::{outcome, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, Page, RowKey, TokenPages};
use crate::types::{ApplicationToken, Clearable, CreateApplicationToken, CreatedApplicationToken};
use crate::{Error, Quay, Result};
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

    /// Makes an access token that acts as the caller. It is shown once. The server allows several of
    /// one name, so that a second call makes a second token.
    ///
    /// It lives for ten years unless [`lifetime`](CreateApplicationToken::lifetime) says otherwise;
    /// `expires_at` of the response has the moment.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true,
    /// with nothing sent, for a lifetime of less than a second, and for one of more than ten years,
    /// which the server would shorten. [`is_quota_exceeded`](crate::Error::is_quota_exceeded) if the
    /// application has too many tokens.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateApplicationToken, Scope};
    /// use std::time::Duration;
    ///
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let token = CreateApplicationToken::with_scopes("nightly", [Scope::RepoRead])
    ///     .lifetime(Duration::from_secs(30 * 86_400));
    /// let created = application.tokens().create(token).await?;
    /// println!("{:?}", created.expires_at);
    /// let token = created.token;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, token: CreateApplicationToken) -> Result<CreatedApplicationToken> {
        check_lifetime(&token)?;
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

    /// Revokes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`revoke`](Self::revoke).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
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
        let id = id.as_ref();
        if !self.list().await?.iter().any(|token| token.uuid == id) {
            return Ok(false);
        }
        outcome::deleted(self.revoke(id).await)
    }
}

/// The longest lifetime of a token, in seconds: ten years of 365.25 days. The server shortens a
/// longer one without saying so.
const MAX_LIFETIME: f64 = 315_576_000.0;

/// Returns an error for a lifetime that the server refuses or shortens.
fn check_lifetime(token: &CreateApplicationToken) -> Result<()> {
    match token.expiration {
        Clearable::Keep => Ok(()),
        Clearable::Set(seconds) if (1.0..=MAX_LIFETIME).contains(&seconds) => Ok(()),
        Clearable::Set(seconds) => Err(Error::invalid_input(format!(
            "the lifetime of an application token must be between 1 and {MAX_LIFETIME} seconds \
             (ten years), got {seconds}"
        ))),
        Clearable::Clear => Err(Error::invalid_input(
            "the lifetime of an application token can't be null: leave it out for ten years",
        )),
    }
}
