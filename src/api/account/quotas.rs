//! Storage quotas of the caller.

use crate::api::shared::none_if_not_found;
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaLimit};
use crate::{Quay, Result};

/// The caller's own storage quotas: [`MeHandle::quotas`](crate::api::MeHandle::quotas).
#[derive(Debug, Clone)]
pub struct MyQuotasHandle {
    pub(crate) quay: Quay,
}

impl MyQuotasHandle {
    /// Lists the quotas: none or one.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.me().quotas().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        Listing::single_page(&self.quay, self.quay.api().list_user_quota(), |rows| rows)
    }

    /// Reads a quota.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.me().quotas().get(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: i64) -> Result<Quota> {
        let id = id.to_string();
        self.quay.send(self.quay.api().get_user_quota(&id)).await
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
    /// let quota = quay.me().quotas().get_opt(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: i64) -> Result<Option<Quota>> {
        none_if_not_found(self.get(id)).await
    }

    /// Lists the limits of a quota.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}/limit`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limits = quay.me().quotas().limits(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn limits(&self, id: i64) -> Result<Vec<QuotaLimit>> {
        let id = id.to_string();
        self.quay
            .send(self.quay.api().list_user_quota_limit(&id))
            .await
    }

    /// Reads the quota that a limit belongs to: the server answers the quota, not the limit.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}/limit/{limit_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.me().quotas().quota_of_limit(1, 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn quota_of_limit(&self, quota: i64, limit: i64) -> Result<Quota> {
        let (quota, limit) = (quota.to_string(), limit.to_string());
        self.quay
            .send(
                self.quay
                    .api()
                    .get_user_quota_limit(params::GetUserQuotaLimit {
                        quota_id: &quota,
                        limit_id: &limit,
                    }),
            )
            .await
    }
}
