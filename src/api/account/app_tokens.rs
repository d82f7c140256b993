//! App-specific tokens, with which the caller's applications log in to the registry.

use crate::api::shared::{find_row, none_if_not_found, outcome, query_flag};
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::{AppToken, CreateAppToken};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the caller's app-specific tokens:
/// [`MeHandle::app_tokens`](crate::api::MeHandle::app_tokens).
///
/// Applications log in to the registry with these tokens.
#[derive(Debug, Clone)]
pub struct AppTokensHandle {
    pub(crate) quay: Quay,
}

impl AppTokensHandle {
    /// Lists the app-specific tokens.
    ///
    /// The list does not contain their secrets.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken`. The response is not paged.
    /// Operation: `listAppTokens`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// # Examples
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

    /// Creates an app-specific token, and returns it with its secret.
    ///
    /// Several tokens can have the same title, so a second call creates a second token.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/apptoken`.
    /// Operation: `createAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the title, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
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

/// The request of a listing of app-specific tokens.
#[derive(Debug, Clone)]
pub struct ListAppTokens {
    pub(crate) quay: Quay,
    pub(crate) of_all_users: bool,
    pub(crate) expiring: bool,
}

impl Listing<ListAppTokens> {
    /// Lists only the tokens that expire soon.
    ///
    /// A token expires soon if less than a tenth of the lifetime is left that the server's
    /// configuration sets for tokens. If it sets none, the lifetime counts as four weeks.
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

/// The handle of one of the caller's app-specific tokens:
/// [`MeHandle::app_token`](crate::api::MeHandle::app_token).
#[derive(Debug, Clone)]
pub struct AppTokenHandle {
    pub(crate) quay: Quay,
    pub(crate) uuid: Arc<str>,
}

impl AppTokenHandle {
    /// Returns the identifier of the token.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the token with its secret.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken/{token_uuid}`.
    /// Operation: `getAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
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

    /// Reads the token, or returns `None` if it does not exist.
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
    /// let token = quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<AppToken>> {
        none_if_not_found(self.get()).await
    }

    /// Deletes the token, which stops working immediately.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/apptoken/{token_uuid}`.
    /// Operation: `revokeAppToken`. Feature: `FEATURE_APP_SPECIFIC_TOKENS`.
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

    /// Deletes the token if it exists, and returns true if it existed.
    ///
    /// The method lists the tokens first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`AppTokensHandle::list`] and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().app_token("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "revoke")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        // The list contains no secrets. The operation that reads one token would return its secret.
        let tokens = self.quay.me().app_tokens().list();
        let found = find_row(tokens, |token| *token.uuid == *self.uuid).await?;
        if found.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
