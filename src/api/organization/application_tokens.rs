//! Tokens of an OAuth application.

use crate::api::shared::{find_row, missing, outcome};
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
    /// Operation: `listOrganizationApplicationTokens`. Since: 3.18.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let tokens = application.tokens().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrganizationApplicationTokens")]
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

    /// Makes an access token that acts as the caller. It is shown once. The server allows several
    /// of one name, so that a second call makes a second token.
    ///
    /// It lives for ten years unless [`lifetime`](CreateApplicationToken::lifetime) says otherwise;
    /// `expires_at` of the response has the moment.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    /// Operation: `createOrganizationApplicationToken`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true,
    /// with nothing sent, for a lifetime of less than a second, and for one of more than ten years,
    /// which the server would shorten. [`is_quota_exceeded`](crate::Error::is_quota_exceeded) if
    /// the application has too many tokens.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateApplicationToken, Scope};
    /// use std::time::Duration;
    ///
    /// let acme = quay.organization("acme")?;
    /// let application = acme.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let token = CreateApplicationToken::new("nightly", [Scope::RepoRead])
    ///     .lifetime(Duration::from_secs(30 * 86_400));
    /// let created = application.tokens().create(token).await?;
    /// println!("{:?}", created.expires_at);
    /// let token = created.token;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create application token")]
    #[doc(alias = "createOrganizationApplicationToken")]
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
}

/// One access token of an OAuth application:
/// [`ApplicationHandle::token`](crate::api::ApplicationHandle::token).
#[derive(Debug, Clone)]
pub struct ApplicationTokenHandle {
    pub(crate) tokens: ApplicationTokensHandle,
    pub(crate) uuid: Arc<str>,
}

impl ApplicationTokenHandle {
    /// Returns its identifier.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads what the access token may do and when it expires, without the token itself. It is
    /// taken from the list: the server has no operation for that alone.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    /// Operation: `listOrganizationApplicationTokens`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such token or application.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let token = application.token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get application token")]
    #[doc(alias = "listOrganizationApplicationTokens")]
    pub async fn get(&self) -> Result<ApplicationToken> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| missing(&format!("token {} of the application", self.uuid)))
    }

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for a missing token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// let token = application.token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ApplicationToken>> {
        find_row(self.tokens.list(), |token| *token.uuid == *self.uuid).await
    }

    /// Deletes the access token; it stops working at once.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/applications/{client_id}/tokens/{token_uuid}`.
    /// Operation: `deleteOrganizationApplicationToken`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete application token")]
    #[doc(alias = "deleteOrganizationApplicationToken")]
    #[doc(alias = "revoke")]
    pub async fn delete(&self) -> Result<()> {
        let ApplicationTokensHandle {
            quay,
            organization,
            client_id,
        } = &self.tokens;
        quay.send(quay.api().delete_organization_application_token(
            params::DeleteOrganizationApplicationToken {
                orgname: organization,
                client_id,
                token_uuid: &self.uuid,
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
    /// let application = quay.organization("acme")?.application("MSTR7XIVYZYRPJ97A1GR")?;
    /// application.token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "revoke")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
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
