//! Storage quotas that a superuser assigns.

use crate::api::shared::{
    Desired, Ensure, ExistenceCheck, Parent, check_namespace_exists, find_row, missing,
    missing_if_server_failed, outcome, quota_size,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaId, SetQuota};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The storage quotas that a superuser assigns to an organization or user:
/// [`SuperuserOrganizationHandle::quotas`](crate::api::SuperuserOrganizationHandle::quotas),
/// [`SuperuserUserHandle::quotas`](crate::api::SuperuserUserHandle::quotas).
#[derive(Debug, Clone)]
pub struct SuperuserQuotasHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl SuperuserQuotasHandle {
    /// Lists the quotas: none or one.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/organization/{namespace}/quota` or
    /// `GET /api/v1/superuser/users/{namespace}/quota`. All in one answer.
    /// Operations: `listOrganizationQuotaSuperUser`, `listUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrganizationQuotaSuperUser")]
    #[doc(alias = "listUserQuotaSuperUser")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_organization_quota_super_user(name),
            Parent::User(name) => self.quay.api().list_user_quota_super_user(name),
            other => other.has_no("assigned quotas"),
        };
        Listing::single_page(&self.quay, request, |rows| rows)
    }

    /// Creates the quota of a namespace that has none.
    ///
    /// The quota is read afterwards: the response does not hold it. A size with a unit is sent in
    /// bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoints: `POST` and
    /// `GET /api/v1/superuser/organization/{namespace}/quota`, or `POST` and
    /// `GET /api/v1/superuser/users/{namespace}/quota`.
    /// Operations: `createOrganizationQuotaSuperUser`, `listOrganizationQuotaSuperUser`,
    /// `createUserQuotaSuperUser`, `listUserQuotaSuperUser`. Feature: `FEATURE_QUOTA_MANAGEMENT`,
    /// `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// the namespace has a quota, [`is_not_found`](crate::Error::is_not_found) if it does not
    /// exist, and [`is_invalid_request`](crate::Error::is_invalid_request), with nothing sent, for
    /// a request without a size, with two, or with less than one byte. If the quota was created and
    /// could not be read, [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let quotas = quay.superuser().user("alice")?.quotas();
    /// let quota = quotas.create(SetQuota::new().limit_bytes(10 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create superuser quota")]
    #[doc(alias = "createOrganizationQuotaSuperUser")]
    #[doc(alias = "listOrganizationQuotaSuperUser")]
    #[doc(alias = "createUserQuotaSuperUser")]
    #[doc(alias = "listUserQuotaSuperUser")]
    pub async fn create(&self, quota: SetQuota) -> Result<Quota> {
        let quota = quota_size::in_bytes(quota)?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().create_organization_quota_super_user(
                params::CreateOrganizationQuotaSuperUser {
                    namespace: name,
                    body: &quota,
                },
            ),
            Parent::User(name) => {
                self.quay
                    .api()
                    .create_user_quota_super_user(params::CreateUserQuotaSuperUser {
                        namespace: name,
                        body: &quota,
                    })
            }
            other => other.has_no("assigned quotas"),
        };
        missing_if_server_failed(self.quay.send(request).await, self.check_exists()).await?;
        quota_size::created(&self.parent.named(), self.list()).await
    }

    /// Creates the quota unless the namespace has one of its own: `None` if it has.
    ///
    /// It reads first: if there is a quota, nothing is written, and its size is not compared.
    ///
    /// Scope and endpoints: as [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except for a namespace that has a quota.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let quotas = quay.superuser().organization("acme")?.quotas();
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

    /// Makes the namespace have a quota of this size: creates it, changes it, or leaves it.
    ///
    /// A namespace has one quota of its own; the quota that the server gives to all does not count.
    /// The size is compared in bytes. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as [`list`](Self::list), [`create`](Self::create) and
    /// [`SuperuserQuotaHandle::update`].
    ///
    /// # Errors
    ///
    /// When it is awaited: returns the errors of [`create`](Self::create) and
    /// [`SuperuserQuotaHandle::update`].
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let quotas = quay.superuser().user("alice")?.quotas();
    /// quotas.ensure(SetQuota::new().limit("2 GiB")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn ensure(&self, quota: SetQuota) -> Ensure<Quota> {
        Ensure::new(EnsureQuota {
            quotas: self.clone(),
            quota,
        })
    }

    /// Returns the check for the operations that write, which respond 500 if the namespace does not
    /// exist. They take either kind of namespace.
    fn check_exists(&self) -> ExistenceCheck {
        match &self.parent {
            Parent::Organization(name) | Parent::User(name) => {
                check_namespace_exists(&self.quay, name)
            }
            other => other.check_exists(&self.quay),
        }
    }
}

struct EnsureQuota {
    quotas: SuperuserQuotasHandle,
    quota: SetQuota,
}

impl Desired for EnsureQuota {
    type Item = Quota;

    fn existing(&self) -> BoxFuture<'_, Result<Vec<Quota>>> {
        quota_size::existing(&self.quota, self.quotas.list()).boxed()
    }

    fn is_met(&self, found: &Quota) -> bool {
        quota_size::is_met(&self.quota, found)
    }

    fn create(&self) -> BoxFuture<'_, Result<Quota>> {
        self.quotas.create(self.quota.clone()).boxed()
    }

    fn update(&self, found: Quota) -> BoxFuture<'_, Result<Quota>> {
        async move {
            let handle = SuperuserQuotaHandle {
                quotas: self.quotas.clone(),
                id: quota_size::id(&found)?,
            };
            handle.update(self.quota.clone()).await
        }
        .boxed()
    }
}

/// One storage quota that a superuser assigns to an organization or user:
/// [`SuperuserOrganizationHandle::quota`](crate::api::SuperuserOrganizationHandle::quota),
/// [`SuperuserUserHandle::quota`](crate::api::SuperuserUserHandle::quota).
#[derive(Debug, Clone)]
pub struct SuperuserQuotaHandle {
    pub(crate) quotas: SuperuserQuotasHandle,
    pub(crate) id: QuotaId,
}

impl SuperuserQuotaHandle {
    /// Returns its identifier.
    pub fn id(&self) -> QuotaId {
        self.id
    }

    /// Reads the quota. It is taken from the list: the server has no operation for that alone.
    ///
    /// Scope and endpoint: as [`SuperuserQuotasHandle::list`].
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such quota.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.superuser().user("alice")?.quota(1).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Quota> {
        let found = self.get_opt().await?;
        let owner = self.quotas.parent.named();
        found.ok_or_else(|| missing(&format!("quota {} of {owner}", self.id)))
    }

    /// Reads the quota; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.superuser().user("alice")?.quota(1).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Quota>> {
        find_row(self.quotas.list(), |quota| quota.id == Some(self.id)).await
    }

    /// Changes the size of the quota.
    ///
    /// A size with a unit is sent in bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `PUT /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    /// Operations: `changeOrganizationQuotaSuperUser`, `changeUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such quota or namespace.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetQuota;
    ///
    /// let quota = quay.superuser().user("alice")?.quota(1);
    /// quota.update(SetQuota::new().limit_bytes(20 << 30)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update superuser quota")]
    #[doc(alias = "changeOrganizationQuotaSuperUser")]
    #[doc(alias = "changeUserQuotaSuperUser")]
    pub async fn update(&self, quota: SetQuota) -> Result<Quota> {
        let (id, quota) = (self.id.to_string(), quota_size::in_bytes(quota)?);
        let SuperuserQuotasHandle { quay, parent } = &self.quotas;
        let request = match parent {
            Parent::Organization(name) => quay.api().change_organization_quota_super_user(
                params::ChangeOrganizationQuotaSuperUser {
                    namespace: name,
                    quota_id: &id,
                    body: &quota,
                },
            ),
            Parent::User(name) => {
                quay.api()
                    .change_user_quota_super_user(params::ChangeUserQuotaSuperUser {
                        namespace: name,
                        quota_id: &id,
                        body: &quota,
                    })
            }
            other => other.has_no("assigned quotas"),
        };
        missing_if_server_failed(quay.send(request).await, self.quotas.check_exists()).await
    }

    /// Deletes the quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `DELETE /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    /// Operations: `deleteOrganizationQuotaSuperUser`, `deleteUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such quota or namespace.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quota(1).delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete superuser quota")]
    #[doc(alias = "deleteOrganizationQuotaSuperUser")]
    #[doc(alias = "deleteUserQuotaSuperUser")]
    pub async fn delete(&self) -> Result<()> {
        let id = self.id.to_string();
        let SuperuserQuotasHandle { quay, parent } = &self.quotas;
        let request = match parent {
            Parent::Organization(name) => quay.api().delete_organization_quota_super_user(
                params::DeleteOrganizationQuotaSuperUser {
                    namespace: name,
                    quota_id: &id,
                },
            ),
            Parent::User(name) => {
                quay.api()
                    .delete_user_quota_super_user(params::DeleteUserQuotaSuperUser {
                        namespace: name,
                        quota_id: &id,
                    })
            }
            other => other.has_no("assigned quotas"),
        };
        missing_if_server_failed(quay.send(request).await, self.quotas.check_exists()).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quota(1).delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
