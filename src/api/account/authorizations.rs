//! OAuth applications that act for the caller.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::pagination::{Listing, SinglePage};
use crate::types::{AssignedAuthorization, Authorization};
use crate::{Quay, Result};

/// OAuth applications that act for the caller:
/// [`MeHandle::authorizations`](crate::api::MeHandle::authorizations).
#[derive(Debug, Clone)]
pub struct AuthorizationsHandle {
    pub(crate) quay: Quay,
}

impl AuthorizationsHandle {
    /// Lists the applications that act for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let authorizations = me.authorizations().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Authorization>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_user_authorizations(),
            |response| response.authorizations,
        )
    }

    /// Reads what an application may do.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/authorizations/{access_token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let authorization = me.authorizations().get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<Authorization> {
        let id = path_segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().get_user_authorization(&id))
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
    /// let me = quay.me();
    /// let authorization = me
    ///     .authorizations()
    ///     .get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440")
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<Authorization>> {
        none_if_not_found(self.get(id)).await
    }

    /// Revokes an application's authorization to act for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/authorizations/{access_token_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().revoke("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_user_authorization(&id))
            .await
    }

    /// Revokes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`revoke`](Self::revoke).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().revoke_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        let id = id.as_ref();
        if self.get_opt(id).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.revoke(id).await)
    }

    /// Lists the tokens that were assigned to the caller and not taken yet.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/assignedauthorization`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// let assigned = me.authorizations().assigned().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn assigned(&self) -> Listing<SinglePage<AssignedAuthorization>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_assigned_authorizations(),
            |response| response.authorizations,
        )
    }

    /// Refuses a token that was assigned to the caller.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `DELETE /api/v1/user/assignedauthorization/{assigned_authorization_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let me = quay.me();
    /// me.authorizations().refuse_assigned("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn refuse_assigned(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("authorization identifier", id.as_ref())?;
        self.quay
            .send(self.quay.api().delete_assigned_authorization(&id))
            .await
    }
}
