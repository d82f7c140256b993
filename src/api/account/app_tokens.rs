//! Tokens with which the caller's applications log in to the registry.

use crate::api::shared::{find_row, none_if_not_found, outcome, query_flag};
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::{AppToken, CreateAppToken};
use crate::{Quay, Result};
use std::sync::Arc;

/// Tokens with which the caller's applications log in to the registry:
/// [`MeHandle::app_tokens`](crate::api::MeHandle::app_tokens).
#[derive(Debug, Clone)]
pub struct AppTokensHandle {
    pub(crate) quay: Quay,
}

impl AppTokensHandle {
    /// Lists the tokens, without the tokens themselves.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken`. All in one answer.
    /// Operation: `listAppTokens`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for token in quay.me().app_tokens().list().expiring().await? {
    ///     println!("{:?} {:?}", token.title, token.expiration);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list app tokens")]
    #[doc(alias = "listAppTokens")]
    pub fn list(&self) -> Listing<ListAppTokens> {
        Listing::new(ListAppTokens {
            quay: self.quay.clone(),
            of_all_users: false,
            expiring: false,
        })
    }

    /// Creates a token. The server allows several of one title, so that a second call makes a
    /// second token.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/apptoken`.
    /// Operation: `createAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// for a title that the server does not allow, and
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) if the feature is off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let token = quay.me().app_tokens().create("laptop").await?.token_code;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create app token")]
    #[doc(alias = "createAppToken")]
    pub async fn create(&self, title: impl Into<String>) -> Result<AppToken> {
        let body = CreateAppToken::new(title);
        self.quay
            .send(self.quay.api().create_app_token(&body))
            .await
            .map(|created| created.token)
    }
}

/// The request of a listing of application tokens.
#[derive(Debug, Clone)]
pub struct ListAppTokens {
    pub(crate) quay: Quay,
    pub(crate) of_all_users: bool,
    pub(crate) expiring: bool,
}

impl Listing<ListAppTokens> {
    /// Only the tokens that expire soon: within a tenth of the lifetime that the server gives to
    /// tokens, or of four weeks.
    pub fn expiring(mut self) -> Self {
        self.query.expiring = true;
        self
    }
}

impl ListRequest for ListAppTokens {
    type Row = AppToken;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<AppToken>> {
        let expiring = query_flag(self.expiring);
        let request = match self.of_all_users {
            true => self.quay.api().list_all_app_tokens(expiring),
            false => self.quay.api().list_app_tokens(expiring),
        };
        PageRequest::new(&self.quay, request, |response| {
            Ok(Page::whole(response.tokens))
        })
    }
}

/// One token with which an application of the caller's logs in to the registry:
/// [`MeHandle::app_token`](crate::api::MeHandle::app_token).
#[derive(Debug, Clone)]
pub struct AppTokenHandle {
    pub(crate) quay: Quay,
    pub(crate) uuid: Arc<str>,
}

impl AppTokenHandle {
    /// Returns its identifier.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the token with the token itself.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken/{token_uuid}`.
    /// Operation: `getAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let token = quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// let code = token.token_code;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get app token")]
    #[doc(alias = "getAppToken")]
    pub async fn get(&self) -> Result<AppToken> {
        self.quay
            .send(self.quay.api().get_app_token(&self.uuid))
            .await
            .map(|found| found.token)
    }

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let token = quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<AppToken>> {
        none_if_not_found(self.get()).await
    }

    /// Deletes the token; it stops working at once.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/apptoken/{token_uuid}`.
    /// Operation: `revokeAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete app token")]
    #[doc(alias = "revokeAppToken")]
    #[doc(alias = "revoke")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().revoke_app_token(&self.uuid);
        self.quay.send(request).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads the list first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`AppTokensHandle::list`] and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "revoke")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        // The list holds no secrets; the operation that reads one token returns its secret.
        let tokens = self.quay.me().app_tokens().list();
        let found = find_row(tokens, |token| *token.uuid == *self.uuid).await?;
        if found.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
