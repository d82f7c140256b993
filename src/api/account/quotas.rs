//! The caller's storage quotas.

use crate::api::shared::{missing, none_if_not_found};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaId, QuotaLimit, QuotaLimitId};
use crate::{Quay, Result};

/// The handle of the caller's storage quotas: [`MeHandle::quotas`](crate::api::MeHandle::quotas).
#[derive(Debug, Clone)]
pub struct MyQuotasHandle {
    pub(crate) quay: Quay,
}

impl MyQuotasHandle {
    /// Lists the quotas of the caller: at most one.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota`. The response is not paged.
    /// Operation: `listUserQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.me().quotas().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listUserQuota")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        Listing::single_page(&self.quay, self.quay.api().list_user_quota(), |rows| rows)
    }
}

/// The handle of one of the caller's storage quotas:
/// [`MeHandle::quota`](crate::api::MeHandle::quota).
#[derive(Debug, Clone)]
pub struct MyQuotaHandle {
    pub(crate) quay: Quay,
    pub(crate) id: QuotaId,
}

impl MyQuotaHandle {
    /// Returns the identifier of the quota.
    pub fn id(&self) -> QuotaId {
        self.id
    }

    /// Reads the quota.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}`.
    /// Operation: `getUserQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the quota
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.me().quota(1).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get my quota")]
    #[doc(alias = "getUserQuota")]
    pub async fn get(&self) -> Result<Quota> {
        let id = self.id.to_string();
        self.quay.send(self.quay.api().get_user_quota(&id)).await
    }

    /// Reads the quota, or returns `None` if it does not exist.
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
    /// let quota = quay.me().quota(1).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Quota>> {
        none_if_not_found(self.get()).await
    }

    /// Returns the handle of the quota's limits.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limits = quay.me().quota(1).limits();
    /// # Ok(())
    /// # }
    /// ```
    pub fn limits(&self) -> MyQuotaLimitsHandle {
        MyQuotaLimitsHandle {
            quota: self.clone(),
        }
    }

    /// Returns the handle of one of the quota's limits.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limit = quay.me().quota(1).limit(2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(&self, id: impl Into<QuotaLimitId>) -> MyQuotaLimitHandle {
        MyQuotaLimitHandle {
            quota: self.clone(),
            id: id.into(),
        }
    }
}

/// The handle of the limits of one of the caller's storage quotas: [`MyQuotaHandle::limits`].
#[derive(Debug, Clone)]
pub struct MyQuotaLimitsHandle {
    pub(crate) quota: MyQuotaHandle,
}

impl MyQuotaLimitsHandle {
    /// Lists the limits of the quota.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}/limit`. The response is
    /// not paged.
    /// Operation: `listUserQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA`
    /// and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the quota does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limits = quay.me().quota(1).limits().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listUserQuotaLimit")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<QuotaLimit>> {
        let MyQuotaHandle { quay, id } = &self.quota;
        let request = quay.api().list_user_quota_limit(&id.to_string());
        Listing::single_page(quay, request, |rows| rows)
    }
}

/// The handle of one limit of the caller's storage quota: [`MyQuotaHandle::limit`].
#[derive(Debug, Clone)]
pub struct MyQuotaLimitHandle {
    pub(crate) quota: MyQuotaHandle,
    pub(crate) id: QuotaLimitId,
}

impl MyQuotaLimitHandle {
    /// Returns the identifier of the limit.
    pub fn id(&self) -> QuotaLimitId {
        self.id
    }

    /// Reads the limit.
    ///
    /// The server's response contains the quota with all its limits.
    ///
    /// Scope: `user:admin`. Endpoint: `GET /api/v1/user/quota/{quota_id}/limit/{limit_id}`.
    /// Operation: `getUserQuotaLimit`. Feature: `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA`
    /// and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the quota
    /// or the limit does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limit = quay.me().quota(1).limit(2).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get my quota limit")]
    #[doc(alias = "getUserQuotaLimit")]
    pub async fn get(&self) -> Result<QuotaLimit> {
        let MyQuotaHandle { quay, id } = &self.quota;
        let request = quay.api().get_user_quota_limit(params::GetUserQuotaLimit {
            quota_id: &id.to_string(),
            limit_id: &self.id.to_string(),
        });
        let quota = quay.send(request).await?;
        let mut limits = quota.limits.unwrap_or_default().into_iter();
        let found = limits.find(|limit| limit.id == Some(self.id));
        found.ok_or_else(|| {
            let (quota_id, limit_id) = (id.to_string(), self.id.to_string());
            let values = [("quota_id", &*quota_id), ("limit_id", &*limit_id)];
            missing(&format!("limit {} of the quota {id}", self.id))
                .with_response_to("getUserQuotaLimit", &values)
        })
    }

    /// Reads the limit, or returns `None` if it does not exist.
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
    /// let limit = quay.me().quota(1).limit(2).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<QuotaLimit>> {
        none_if_not_found(self.get()).await
    }
}
