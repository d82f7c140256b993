//! OAuth applications that may act for the caller.

use crate::api::shared::{none_if_not_found, outcome};
use crate::pagination::{Listing, SinglePage};
use crate::types::Authorization;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the OAuth applications that may act for the caller:
/// [`MeHandle::authorizations`](crate::api::MeHandle::authorizations).
#[derive(Debug, Clone)]
pub struct AuthorizationsHandle {
    pub(crate) quay: Quay,
}

impl AuthorizationsHandle {
    /// Lists the OAuth applications that may act for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations`. The response is not paged.
    /// Operation: `listUserAuthorizations`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let authorizations = me.authorizations().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listUserAuthorizations")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Authorization>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_user_authorizations(),
            |response| response.authorizations,
        )
    }
}

/// The handle of the authorization of one OAuth application to act for the caller:
/// [`MeHandle::authorization`](crate::api::MeHandle::authorization).
#[derive(Debug, Clone)]
pub struct AuthorizationHandle {
    pub(crate) quay: Quay,
    pub(crate) uuid: Arc<str>,
}

impl AuthorizationHandle {
    /// Returns the identifier of the authorization.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the authorization: the application and its scopes.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations/{access_token_uuid}`.
    /// Operation: `getUserAuthorization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// authorization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let authorization = quay.me().authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = authorization.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get authorization")]
    #[doc(alias = "getUserAuthorization")]
    pub async fn get(&self) -> Result<Authorization> {
        let request = self.quay.api().get_user_authorization(&self.uuid);
        self.quay.send(request).await
    }

    /// Reads the authorization, or returns `None` if it does not exist.
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
    /// let authorization = quay.me().authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let is_there = authorization.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Authorization>> {
        none_if_not_found(self.get()).await
    }

    /// Deletes the authorization.
    ///
    /// The application can no longer act for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/authorizations/{access_token_uuid}`.
    /// Operation: `deleteUserAuthorization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// authorization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.me().authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete authorization")]
    #[doc(alias = "deleteUserAuthorization")]
    #[doc(alias = "revoke")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_user_authorization(&self.uuid);
        self.quay.send(request).await
    }

    /// Deletes the authorization if it exists, and returns true if it existed.
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
    /// let authorization = quay.me().authorization("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// authorization.delete_if_exists().await?;
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
