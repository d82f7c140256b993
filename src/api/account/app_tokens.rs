//! Tokens with which the caller's applications log in to the registry.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::pagination::{Listing, SinglePage};
use crate::types::{AppToken, CreateAppToken};
use crate::{Quay, Result};

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
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let tokens = me.app_tokens().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<AppToken>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_app_tokens(None),
            |response| response.tokens,
        )
    }

    /// Lists the tokens that expire soon.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let tokens = me.app_tokens().list_expiring().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list_expiring(&self) -> Listing<SinglePage<AppToken>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_app_tokens(Some("true")),
            |response| response.tokens,
        )
    }

    /// Makes a token.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/apptoken`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let token = me.app_tokens().create("laptop").await?.token_code;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, title: impl Into<String>) -> Result<AppToken> {
        let body = CreateAppToken::new(title);
        self.quay
            .send(self.quay.api().create_app_token(&body))
            .await
            .map(|created| created.token)
    }

    /// Reads a token with the token itself.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/apptoken/{token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let token = me.app_tokens().get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?.token_code;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<AppToken> {
        let id = path_segment("token identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().get_app_token(&id))
            .await
            .map(|found| found.token)
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
    /// let me = quay.me();
    /// let token = me.app_tokens().get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<AppToken>> {
        none_if_not_found(self.get(id)).await
    }

    /// Revokes a token.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/apptoken/{token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.app_tokens().revoke("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("token identifier", id.as_ref())?;
        self.quay.send(self.quay.api().revoke_app_token(&id)).await
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
    /// let me = quay.me();
    /// me.app_tokens().revoke_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
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
