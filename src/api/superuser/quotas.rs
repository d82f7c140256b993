//! Storage quotas that a superuser assigns.

use crate::api::shared::{
    ExistenceCheck, Parent, check_namespace_exists, missing_if_server_failed, outcome, quota_size,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, SetQuota};
use crate::{Quay, Result};

/// The storage quotas that a superuser assigns to an organization or user.
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
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Quota>> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_organization_quota_super_user(name),
            Parent::User(name) => self.quay.api().list_user_quota_super_user(name),
            other => other.has_no("assigned quotas"),
        };
        Listing::single_page(&self.quay, request, |rows| rows)
    }

    /// Sets the quota of a namespace that has none.
    ///
    /// A size with a unit is sent in bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/organization/{namespace}/quota` or
    /// `POST /api/v1/superuser/users/{namespace}/quota`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// the namespace has a quota, [`is_not_found`](crate::Error::is_not_found) if it does not exist,
    /// and [`is_invalid_request`](crate::Error::is_invalid_request), with nothing sent, for a request
    /// without a size, with two, or with less than one byte.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser()
    ///     .user("alice")?
    ///     .quotas()
    ///     .create(quay_api::types::SetQuota::new().limit_bytes(10 << 30))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, quota: SetQuota) -> Result<()> {
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
        missing_if_server_failed(self.quay.send(request).await, self.check_exists()).await
    }

    /// Changes a quota.
    ///
    /// A size with a unit is sent in bytes: servers before 3.12 acknowledge `limit` and ignore it.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `PUT /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `PUT /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such quota or namespace.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser()
    ///     .user("alice")?
    ///     .quotas()
    ///     .update(1, quay_api::types::SetQuota::new().limit_bytes(20 << 30))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: i64, quota: SetQuota) -> Result<Quota> {
        let quota = quota_size::in_bytes(quota)?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().change_organization_quota_super_user(
                params::ChangeOrganizationQuotaSuperUser {
                    namespace: name,
                    quota_id: &id.to_string(),
                    body: &quota,
                },
            ),
            Parent::User(name) => {
                self.quay
                    .api()
                    .change_user_quota_super_user(params::ChangeUserQuotaSuperUser {
                        namespace: name,
                        quota_id: &id.to_string(),
                        body: &quota,
                    })
            }
            other => other.has_no("assigned quotas"),
        };
        missing_if_server_failed(self.quay.send(request).await, self.check_exists()).await
    }

    /// Removes a quota.
    ///
    /// Scope: `super:user`. Endpoint:
    /// `DELETE /api/v1/superuser/organization/{namespace}/quota/{quota_id}` or
    /// `DELETE /api/v1/superuser/users/{namespace}/quota/{quota_id}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is no
    /// such quota or namespace.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quotas().delete(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: i64) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().delete_organization_quota_super_user(
                params::DeleteOrganizationQuotaSuperUser {
                    namespace: name,
                    quota_id: &id.to_string(),
                },
            ),
            Parent::User(name) => {
                self.quay
                    .api()
                    .delete_user_quota_super_user(params::DeleteUserQuotaSuperUser {
                        namespace: name,
                        quota_id: &id.to_string(),
                    })
            }
            other => other.has_no("assigned quotas"),
        };
        missing_if_server_failed(self.quay.send(request).await, self.check_exists()).await
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`list`](Self::list) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().user("alice")?.quotas().delete_if_exists(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: i64) -> Result<bool> {
        if !self.list().await?.iter().any(|quota| quota.id == Some(id)) {
            return Ok(false);
        }
        outcome::deleted(self.delete(id).await)
    }
}
