//! Storage quotas of an organization.

use crate::api::shared::none_if_not_found;
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateQuotaLimit, Quota, QuotaLimit, SetQuota, UpdateQuotaLimit};
use crate::{Quay, Result};
use std::sync::Arc;

/// The storage quotas of an organization:
/// [`OrganizationHandle::quotas`](crate::api::OrganizationHandle::quotas). Setting them takes a
/// superuser.
#[derive(Debug, Clone)]
pub struct QuotasHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl QuotasHandle {
    /// Lists the quotas: none or one.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// let all = quotas.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_organization_quota(&self.organization),
            |rows| rows,
        )
    }

    /// Sets the quota.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/organization/{orgname}/quota`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas.create(quay_api::types::SetQuota::new().limit_bytes(10 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, quota: SetQuota) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .create_organization_quota(params::CreateOrganizationQuota {
                        orgname: &self.organization,
                        body: &quota,
                    }),
            )
            .await
    }

    /// Reads a quota.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// let quota = quotas.get(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: i64) -> Result<Quota> {
        let id = id.to_string();
        self.quay
            .send(
                self.quay
                    .api()
                    .get_organization_quota(params::GetOrganizationQuota {
                        orgname: &self.organization,
                        quota_id: &id,
                    }),
            )
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
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// let quota = quotas.get_opt(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: i64) -> Result<Option<Quota>> {
        none_if_not_found(self.get(id).await)
    }

    /// Changes a quota.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/organization/{orgname}/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas.update(1, quay_api::types::SetQuota::new().limit("20 GiB")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: i64, quota: SetQuota) -> Result<Quota> {
        let id = id.to_string();
        self.quay
            .send(
                self.quay
                    .api()
                    .change_organization_quota(params::ChangeOrganizationQuota {
                        orgname: &self.organization,
                        quota_id: &id,
                        body: &quota,
                    }),
            )
            .await
    }

    /// Removes a quota.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/organization/{orgname}/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas.delete(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: i64) -> Result<()> {
        let id = id.to_string();
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_organization_quota(params::DeleteOrganizationQuota {
                        orgname: &self.organization,
                        quota_id: &id,
                    }),
            )
            .await
    }

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas.delete_if_exists(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: i64) -> Result<bool> {
        Ok(none_if_not_found(self.delete(id).await)?.is_some())
    }

    /// Lists the limits of a quota.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// let limits = quotas.limits(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn limits(&self, id: i64) -> Result<Vec<QuotaLimit>> {
        let id = id.to_string();
        self.quay
            .send(self.quay.api().list_organization_quota_limit(
                params::ListOrganizationQuotaLimit {
                    orgname: &self.organization,
                    quota_id: &id,
                },
            ))
            .await
    }

    /// Adds a limit to a quota.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/organization/{orgname}/quota/{quota_id}/limit`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// use quay_api::types::{CreateQuotaLimit, QuotaLimitType};
    ///
    /// quotas.create_limit(1, CreateQuotaLimit::new(QuotaLimitType::Warning, 80)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_limit(&self, id: i64, limit: CreateQuotaLimit) -> Result<()> {
        let id = id.to_string();
        self.quay
            .send(self.quay.api().create_organization_quota_limit(
                params::CreateOrganizationQuotaLimit {
                    orgname: &self.organization,
                    quota_id: &id,
                    body: &limit,
                },
            ))
            .await
    }

    /// Reads a limit of a quota.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// let limit = quotas.limit(1, 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn limit(&self, quota: i64, limit: i64) -> Result<QuotaLimit> {
        let (quota, limit) = (quota.to_string(), limit.to_string());
        self.quay
            .send(
                self.quay
                    .api()
                    .get_organization_quota_limit(params::GetOrganizationQuotaLimit {
                        orgname: &self.organization,
                        quota_id: &quota,
                        limit_id: &limit,
                    }),
            )
            .await
    }

    /// Changes a limit of a quota; the answer is the quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas
    ///     .update_limit(
    ///         1,
    ///         2,
    ///         quay_api::types::UpdateQuotaLimit::new().threshold_percent(90),
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update_limit(
        &self,
        quota: i64,
        limit: i64,
        change: UpdateQuotaLimit,
    ) -> Result<Quota> {
        let (quota, limit) = (quota.to_string(), limit.to_string());
        self.quay
            .send(self.quay.api().change_organization_quota_limit(
                params::ChangeOrganizationQuotaLimit {
                    orgname: &self.organization,
                    quota_id: &quota,
                    limit_id: &limit,
                    body: &change,
                },
            ))
            .await
    }

    /// Removes a limit of a quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/quota/{quota_id}/limit/{limit_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let quotas = acme.quotas();
    /// quotas.delete_limit(1, 2).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_limit(&self, quota: i64, limit: i64) -> Result<()> {
        let (quota, limit) = (quota.to_string(), limit.to_string());
        self.quay
            .send(self.quay.api().delete_organization_quota_limit(
                params::DeleteOrganizationQuotaLimit {
                    orgname: &self.organization,
                    quota_id: &quota,
                    limit_id: &limit,
                },
            ))
            .await
    }
}
