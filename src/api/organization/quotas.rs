//! Storage quotas of an organization.

use crate::api::shared::{none_if_not_found, outcome, quota_size};
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

    /// Sets the quota of an organization that has none.
    ///
    /// A size with a unit is sent in bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/organization/{orgname}/quota`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// the organization has a quota, [`is_not_found`](crate::Error::is_not_found) if it does not
    /// exist, [`is_feature_disabled`](crate::Error::is_feature_disabled) if the feature is off, and
    /// [`is_invalid_request`](crate::Error::is_invalid_request), with nothing sent, for a request
    /// without a size, with two, or with less than one byte.
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
        let quota = quota_size::in_bytes(quota)?;
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
        none_if_not_found(self.get(id)).await
    }

    /// Changes a quota.
    ///
    /// A size with a unit is sent in bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/organization/{orgname}/quota/{quota_id}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such quota, and [`is_invalid_request`](crate::Error::is_invalid_request), with nothing sent,
    /// for a request without a size, with two, or with less than one byte.
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
        let (id, quota) = (id.to_string(), quota_size::in_bytes(quota)?);
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
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
        if self.get_opt(id).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete(id).await)
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

    /// Adds a limit to a quota. There may be several of a type, with different percentages.
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
