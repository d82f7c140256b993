//! Access tokens of an OAuth application.

use crate::api::shared::{find_row, missing_in, outcome};
use crate::generated::params;
use crate::pagination::{Listing, Page, RowKey, TokenPages};
use crate::types::{ApplicationToken, Clearable, CreateApplicationToken, CreatedApplicationToken};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of the access tokens of an OAuth application:
/// [`ApplicationHandle::tokens`](crate::api::ApplicationHandle::tokens).
#[derive(Debug, Clone)]
pub struct ApplicationTokensHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) client_id: Arc<str>,
}

impl ApplicationTokensHandle {
    /// Lists the access tokens of the application.
    ///
    /// The list contains neither their secrets nor expired tokens.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/applications/{client_id}/tokens`, 50 a page.
    /// Operation: `listOrganizationApplicationTokens`. Since: 3.18.
    ///
    /// # Examples
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

    /// Creates an access token that acts as the caller.
    ///
    /// The server returns its secret only once.
    ///
    /// Several tokens can have the same name, so a second call creates a second token. The token
    /// expires after ten years unless [`lifetime`](CreateApplicationToken::lifetime) is set.
    /// `expires_at` of the response contains the time.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    /// Operation: `createOrganizationApplicationToken`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true,
    /// before anything is sent, for a lifetime of less than one second or more than ten years,
    /// which the server would shorten. Returns an error for which
    /// [`is_quota_exceeded`](crate::Error::is_quota_exceeded) is true if the application has too
    /// many tokens.
    ///
    /// # Examples
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

/// The handle of one access token of an OAuth application:
/// [`ApplicationHandle::token`](crate::api::ApplicationHandle::token).
#[derive(Debug, Clone)]
pub struct ApplicationTokenHandle {
    pub(crate) tokens: ApplicationTokensHandle,
    pub(crate) uuid: Arc<str>,
}

impl ApplicationTokenHandle {
    /// Returns the identifier of the token.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the scopes and the expiration of the access token, but not its secret.
    ///
    /// The method searches the list, since the server has no operation that reads one token.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/applications/{client_id}/tokens`.
    /// Operation: `listOrganizationApplicationTokens`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the token
    /// or the application does not exist.
    ///
    /// # Examples
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
        found.ok_or_else(|| {
            let ApplicationTokensHandle {
                organization,
                client_id,
                ..
            } = &self.tokens;
            let values = [("orgname", &**organization), ("client_id", &**client_id)];
            let what = format!("token {} of the application", self.uuid);
            missing_in(&self.tokens.list(), &what, &values)
        })
    }

    /// Reads the token, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except that a missing token is not an error.
    ///
    /// # Examples
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

    /// Deletes the access token, which stops working immediately.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/applications/{client_id}/tokens/{token_uuid}`.
    /// Operation: `deleteOrganizationApplicationToken`. Since: 3.18.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the token
    /// does not exist.
    ///
    /// # Examples
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

    /// Deletes the token if it exists, and returns true if it existed.
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

/// The longest lifetime of a token in seconds: ten years of 365.25 days. The server silently
/// shortens a longer one.
const MAX_LIFETIME: f64 = 315_576_000.0;

/// Returns an error for a lifetime that the server rejects or shortens.
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
