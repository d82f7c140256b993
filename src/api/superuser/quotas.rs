//! Storage quotas that a superuser assigns.

use crate::api::shared::{
    Desired, Ensure, ExistenceCheck, Parent, check_namespace_exists, find_row,
    missing_if_server_failed, missing_in, outcome, quota_size,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, QuotaId, SetQuota};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The handle of the storage quotas that a superuser assigns to an organization or user.
///
/// [`SuperuserOrganizationHandle::quotas`](crate::api::SuperuserOrganizationHandle::quotas) and
/// [`SuperuserUserHandle::quotas`](crate::api::SuperuserUserHandle::quotas) return it.
#[derive(Debug, Clone)]
pub struct SuperuserQuotasHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl SuperuserQuotasHandle {
    /// Lists the quotas of the namespace: at most one.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/organization/{namespace}/quota` or
    /// `GET /api/v1/superuser/users/{namespace}/quota`. The response is not paged.
    /// Operations: `listOrganizationQuotaSuperUser`, `listUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
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
    /// The quota is read afterwards, since the server's response does not contain it. A size with a
    /// unit is sent in bytes, since servers before 3.12 acknowledge the field `limit` but ignore
    /// it.
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
    /// the namespace has a quota, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the namespace does not exist.
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true,
    /// before anything is sent, if the request contains no size, two sizes, or less than one byte.
    /// If the quota was created but could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
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

    /// Creates the quota, or returns `None` if the namespace has its own quota.
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

    /// Ensures that the namespace has a quota of this size: creates or changes it if necessary.
    ///
    /// A namespace has at most one quota. The server's default quota is not counted. The size is
    /// compared in bytes. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`SuperuserQuotaHandle::update`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`SuperuserQuotaHandle::update`].
    ///
    /// # Examples
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
    #[inline]
    pub fn ensure(&self, quota: SetQuota) -> Ensure<Quota> {
        Ensure::new(EnsureQuota {
            quotas: self.clone(),
            quota,
        })
    }

    /// Returns the check for the operations that write, which respond with status 500 if the
    /// namespace does not exist. They accept either kind of namespace.
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

/// The handle of one storage quota that a superuser assigns to an organization or user.
///
/// [`SuperuserOrganizationHandle::quota`](crate::api::SuperuserOrganizationHandle::quota) and
/// [`SuperuserUserHandle::quota`](crate::api::SuperuserUserHandle::quota) return it.
#[derive(Debug, Clone)]
pub struct SuperuserQuotaHandle {
    pub(crate) quotas: SuperuserQuotasHandle,
    pub(crate) id: QuotaId,
}

impl SuperuserQuotaHandle {
    /// Returns the identifier of the quota.
    pub fn id(&self) -> QuotaId {
        self.id
    }

    /// Reads the quota.
    ///
    /// The method searches the list, since the server has no operation that reads one quota.
    ///
    /// Scope and endpoint: as for [`SuperuserQuotasHandle::list`].
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
    /// let quota = quay.superuser().user("alice")?.quota(1).get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Quota> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| {
            let parent = &self.quotas.parent;
            let what = format!("quota {} of {}", self.id, parent.named());
            let name = parent
                .path_values()
                .into_iter()
                .map(|(_, name)| ("namespace", name));
            let values: Vec<_> = name.collect();
            missing_in(&self.quotas.list(), &what, &values)
        })
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
    /// let quota = quay.superuser().user("alice")?.quota(1).get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Quota>> {
        find_row(self.quotas.list(), |quota| quota.id == Some(self.id)).await
    }

    /// Changes the size of the quota.
    ///
    /// A size with a unit is sent in bytes, since servers before 3.12 acknowledge the field `limit`
    /// but ignore it.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `PUT /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    /// Operations: `changeOrganizationQuotaSuperUser`, `changeUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the quota
    /// or the namespace does not exist. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true, before anything is sent,
    /// if the request contains no size, two sizes, or less than one byte.
    ///
    /// # Examples
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

    /// Deletes the quota with its limits.
    ///
    /// Servers since 3.18 also delete the notifications of the namespace about quotas.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `DELETE /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    /// Operations: `deleteOrganizationQuotaSuperUser`, `deleteUserQuotaSuperUser`. Feature:
    /// `FEATURE_QUOTA_MANAGEMENT`, `FEATURE_EDIT_QUOTA` and `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the quota
    /// or the namespace does not exist.
    ///
    /// # Examples
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
