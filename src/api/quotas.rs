//! Storage quotas of organizations and users.

use super::optional;
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{CreateQuotaLimit, Quota, QuotaLimit, SetQuota, UpdateQuotaLimit};
use crate::{Quay, Result};
use std::sync::Arc;

/// The storage quotas of an organization:
/// [`OrganizationHandle::quotas`](super::OrganizationHandle::quotas). Setting them takes a
/// superuser.
#[derive(Debug, Clone)]
pub struct QuotasHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listOrganizationQuota", &self.organization),
            move || {
                let this = this.clone();
                async move {
                    this.quay
                        .send(this.quay.api().list_organization_quota(&this.organization))
                        .await
                }
            },
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
        optional(self.get(id).await)
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
        Ok(optional(self.delete(id).await)?.is_some())
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
    /// quotas.update_limit(1, 2, quay_api::types::UpdateQuotaLimit::new().threshold_percent(90)).await?;
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

/// The caller's own storage quotas: [`MeHandle::quotas`](super::MeHandle::quotas).
#[derive(Debug, Clone)]
pub struct MyQuotasHandle {
    pub(super) quay: Quay,
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
        let this = self.clone();
        Listing::whole(ListingId::new(&self.quay, "listUserQuota", ()), move || {
            let this = this.clone();
            async move { this.quay.send(this.quay.api().list_user_quota()).await }
        })
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
        optional(self.get(id).await)
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

/// The storage quotas that a superuser assigns to an organization or user.
#[derive(Debug, Clone)]
pub struct AssignedQuotasHandle {
    pub(super) quay: Quay,
    pub(super) namespace: Assignee,
}

impl AssignedQuotasHandle {
    /// Lists the quotas: none or one.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/organization/{namespace}/quota` or
    /// `GET /api/v1/superuser/users/{namespace}/quota`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        let this = self.clone();
        let operation = match &self.namespace {
            Assignee::Organization(_) => "listOrganizationQuotaSuperUser",
            Assignee::User(_) => "listUserQuotaSuperUser",
        };
        Listing::whole(
            ListingId::new(&self.quay, operation, &self.namespace),
            move || {
                let this = this.clone();
                async move {
                    match &this.namespace {
                        Assignee::Organization(name) => {
                            this.quay
                                .send(this.quay.api().list_organization_quota_super_user(name))
                                .await
                        }
                        Assignee::User(name) => {
                            this.quay
                                .send(this.quay.api().list_user_quota_super_user(name))
                                .await
                        }
                    }
                }
            },
        )
    }

    /// Sets the quota.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/organization/{namespace}/quota` or
    /// `POST /api/v1/superuser/users/{namespace}/quota`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quotas().create(quay_api::types::SetQuota::new().limit_bytes(10 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, quota: SetQuota) -> Result<()> {
        match &self.namespace {
            Assignee::Organization(name) => {
                self.quay
                    .send(self.quay.api().create_organization_quota_super_user(
                        params::CreateOrganizationQuotaSuperUser {
                            namespace: name,
                            body: &quota,
                        },
                    ))
                    .await
            }
            Assignee::User(name) => {
                self.quay
                    .send(self.quay.api().create_user_quota_super_user(
                        params::CreateUserQuotaSuperUser {
                            namespace: name,
                            body: &quota,
                        },
                    ))
                    .await
            }
        }
    }

    /// Changes a quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `PUT /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quotas().update(1, quay_api::types::SetQuota::new().limit_bytes(20 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: i64, quota: SetQuota) -> Result<Quota> {
        match &self.namespace {
            Assignee::Organization(name) => {
                self.quay
                    .send(self.quay.api().change_organization_quota_super_user(
                        params::ChangeOrganizationQuotaSuperUser {
                            namespace: name,
                            quota_id: &id.to_string(),
                            body: &quota,
                        },
                    ))
                    .await
            }
            Assignee::User(name) => {
                self.quay
                    .send(self.quay.api().change_user_quota_super_user(
                        params::ChangeUserQuotaSuperUser {
                            namespace: name,
                            quota_id: &id.to_string(),
                            body: &quota,
                        },
                    ))
                    .await
            }
        }
    }

    /// Removes a quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `DELETE /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quotas().delete(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: i64) -> Result<()> {
        match &self.namespace {
            Assignee::Organization(name) => {
                self.quay
                    .send(self.quay.api().delete_organization_quota_super_user(
                        params::DeleteOrganizationQuotaSuperUser {
                            namespace: name,
                            quota_id: &id.to_string(),
                        },
                    ))
                    .await
            }
            Assignee::User(name) => {
                self.quay
                    .send(self.quay.api().delete_user_quota_super_user(
                        params::DeleteUserQuotaSuperUser {
                            namespace: name,
                            quota_id: &id.to_string(),
                        },
                    ))
                    .await
            }
        }
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
    /// quay.superuser().user("alice")?.quotas().delete_if_exists(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: i64) -> Result<bool> {
        Ok(optional(self.delete(id).await)?.is_some())
    }
}

/// Whose quotas a superuser sets.
#[derive(Debug, Clone)]
pub(super) enum Assignee {
    Organization(Arc<str>),
    User(Arc<str>),
}
