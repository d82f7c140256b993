//! The storage quota of an organization.

use crate::api::shared::{Desired, Ensure, none_if_not_found, outcome, quota_size};
use crate::api::{QuotaLimitHandle, QuotaLimitsHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaId, QuotaLimitId, SetQuota};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The handle of an organization's storage quotas:
/// [`OrganizationHandle::quotas`](crate::api::OrganizationHandle::quotas).
///
/// Only a superuser can create, change or delete a quota.
#[derive(Debug, Clone)]
pub struct QuotasHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl QuotasHandle {
    /// Lists the quotas of the organization: at most one.
    ///
    /// If the organization does not have its own quota, the list contains the server's default
    /// quota, if there is one. `default_config` of that quota is true.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota`. The response is
    /// not paged.
    /// Operation: `listOrganizationQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for quota in quay.organization("acme")?.quotas().list().await? {
    ///     println!("{:?} {:?}", quota.id, quota.limit_bytes);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrganizationQuota")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_organization_quota(&self.organization),
            |rows| rows,
        )
    }

    /// Creates the quota of an organization that has none.
    ///
    /// The quota is read afterwards, since the server's response does not contain it. A size with a
    /// unit is sent in bytes, since servers before 3.12 acknowledge the field `limit` but ignore
    /// it. [`limit_bytes`](SetQuota::limit_bytes) takes a number or a
    /// [`ByteSize`](crate::types::ByteSize), [`limit`](SetQuota::limit) a string.
    ///
    /// Scope: `super:user`. Endpoints: `POST` and `GET /api/v1/organization/{orgname}/quota`.
    /// Operations: `createOrganizationQuota`, `listOrganizationQuota`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// the organization has a quota, an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the organization does not exist, and
    /// an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the
    /// feature is off on the server. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true, before anything is sent,
    /// if the request contains no size, two sizes, or less than one byte. If the quota was created
    /// but could not be read, [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let acme = quay.organization("acme")?;
    /// let quota = acme.quotas().create(SetQuota::new().limit_bytes(10 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create quota")]
    #[doc(alias = "createOrganizationQuota")]
    #[doc(alias = "listOrganizationQuota")]
    pub async fn create(&self, quota: SetQuota) -> Result<Quota> {
        let quota = quota_size::in_bytes(quota)?;
        let request = self
            .quay
            .api()
            .create_organization_quota(params::CreateOrganizationQuota {
                orgname: &self.organization,
                body: &quota,
            });
        self.quay.send(request).await?;
        quota_size::created(&self.organization, self.list()).await
    }

    /// Creates the quota, or returns `None` if the organization has its own quota.
    ///
    /// The method reads first: if a quota exists, nothing is written. Its size is not compared.
    ///
    /// Scope and endpoints: as for [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing quota is not an
    /// error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let quotas = quay.organization("acme")?.quotas();
    /// let created = quotas.create_if_absent(SetQuota::new().limit("10 GiB")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, quota: SetQuota) -> Result<Option<Quota>> {
        let quota = quota_size::in_bytes(quota)?;
        if quota_size::is_set(self.list()).await? {
            return Ok(None);
        }
        outcome::created(self.create(quota).await, quota_size::is_set(self.list())).await
    }

    /// Ensures that the organization has a quota of this size: creates or changes it if necessary.
    ///
    /// An organization has at most one quota. The server's default quota is not counted. The size
    /// is compared in bytes, so `10 GiB` and `10240 MiB` are equal. The limits of the quota are not
    /// changed: [`QuotaLimitsHandle::ensure`] does that. See [desired
    /// state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`QuotaHandle::update`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`QuotaHandle::update`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateQuotaLimit, QuotaLimitType, SetQuota};
    ///
    /// let acme = quay.organization("acme")?;
    /// let ensured = acme.quotas().ensure(SetQuota::new().limit("10 GiB")).await?;
    /// println!("quota of acme: {ensured}");
    /// // Only the server's default quota has no identifier, and `ensure` never returns that one.
    /// if let Some(id) = ensured.into_inner().id {
    ///     let reject = CreateQuotaLimit::new(QuotaLimitType::Reject, 100);
    ///     acme.quota(id).limits().ensure([reject]).await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, quota: SetQuota) -> Ensure<Quota> {
        Ensure::new(EnsureQuota {
            quotas: self.clone(),
            quota,
        })
    }
}

struct EnsureQuota {
    quotas: QuotasHandle,
    quota: SetQuota,
}

impl Desired for EnsureQuota {
    type Item = Quota;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<Quota>>> {
        quota_size::existing(&self.quota, self.quotas.list()).boxed()
    }

    fn is_met(&self, found: &Quota) -> bool {
        quota_size::is_met(&self.quota, found)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<Quota>> {
        self.quotas.create(self.quota.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: Quota) -> BoxFuture<'_, Result<Quota>> {
        let QuotasHandle { quay, organization } = self.quotas.clone();
        async move {
            let handle = QuotaHandle {
                quay,
                organization,
                id: quota_size::id(&found)?,
            };
            handle.update(self.quota.clone()).await
        }
        .boxed()
    }
}

/// The handle of one storage quota of an organization:
/// [`OrganizationHandle::quota`](crate::api::OrganizationHandle::quota).
#[derive(Debug, Clone)]
pub struct QuotaHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
    pub(crate) id: QuotaId,
}

impl QuotaHandle {
    /// Returns the identifier of the quota.
    pub fn id(&self) -> QuotaId {
        self.id
    }

    /// Reads the quota.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/quota/{quota_id}`.
    /// Operation: `getOrganizationQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA`
    /// and `FEATURE_SUPER_USERS`.
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
    /// let quota = quay.organization("acme")?.quota(1).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get quota")]
    #[doc(alias = "getOrganizationQuota")]
    pub async fn get(&self) -> Result<Quota> {
        let id = self.id.to_string();
        let request = self
            .quay
            .api()
            .get_organization_quota(params::GetOrganizationQuota {
                orgname: &self.organization,
                quota_id: &id,
            });
        self.quay.send(request).await
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
    /// let quota = quay.organization("acme")?.quota(1).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Quota>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the size of the quota.
    ///
    /// A size with a unit is sent in bytes, since servers before 3.12 acknowledge the field `limit`
    /// but ignore it.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/organization/{orgname}/quota/{quota_id}`.
    /// Operation: `changeOrganizationQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the quota
    /// does not exist. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true, before anything is sent,
    /// if the request contains no size, two sizes, or less than one byte.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// quay.organization("acme")?.quota(1).update(SetQuota::new().limit("20 GiB")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update quota")]
    #[doc(alias = "changeOrganizationQuota")]
    pub async fn update(&self, quota: SetQuota) -> Result<Quota> {
        let (id, quota) = (self.id.to_string(), quota_size::in_bytes(quota)?);
        let request = self
            .quay
            .api()
            .change_organization_quota(params::ChangeOrganizationQuota {
                orgname: &self.organization,
                quota_id: &id,
                body: &quota,
            });
        self.quay.send(request).await
    }

    /// Deletes the quota with its limits.
    ///
    /// Servers since 3.18 also delete the notifications of the organization about quotas.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/organization/{orgname}/quota/{quota_id}`.
    /// Operation: `deleteOrganizationQuota`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
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
    /// quay.organization("acme")?.quota(1).delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete quota")]
    #[doc(alias = "deleteOrganizationQuota")]
    pub async fn delete(&self) -> Result<()> {
        let id = self.id.to_string();
        let request = self
            .quay
            .api()
            .delete_organization_quota(params::DeleteOrganizationQuota {
                orgname: &self.organization,
                quota_id: &id,
            });
        self.quay.send(request).await
    }

    /// Deletes the quota if it exists, and returns true if it existed.
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
    /// quay.organization("acme")?.quota(1).delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Returns the handle of the quota's limits: the percentages at which the server warns or
    /// rejects.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limits = quay.organization("acme")?.quota(1).limits();
    /// # Ok(())
    /// # }
    /// ```
    pub fn limits(&self) -> QuotaLimitsHandle {
        QuotaLimitsHandle {
            quota: self.clone(),
        }
    }

    /// Returns the handle of one of the quota's limits.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let limit = quay.organization("acme")?.quota(1).limit(2);
    /// # Ok(())
    /// # }
    /// ```
    pub fn limit(&self, id: impl Into<QuotaLimitId>) -> QuotaLimitHandle {
        QuotaLimitHandle {
            quota: self.clone(),
            id: id.into(),
        }
    }
}
