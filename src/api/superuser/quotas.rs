//! Storage quotas that a superuser assigns.

use crate::api::shared::{Parent, none_if_not_found};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{Quota, SetQuota};
use crate::{Quay, Result};

/// The storage quotas that a superuser assigns to an organization or user.
#[derive(Debug, Clone)]
pub struct AssignedQuotasHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
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
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_organization_quota_super_user(name),
            Parent::User(name) => self.quay.api().list_user_quota_super_user(name),
            other => other.has_no("assigned quotas"),
        };
        Listing::single_page(&self.quay, request, |rows| rows)
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
    /// quay.superuser()
    ///     .user("alice")?
    ///     .quotas()
    ///     .create(quay_api::types::SetQuota::new().limit_bytes(10 << 30))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, quota: SetQuota) -> Result<()> {
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
        self.quay.send(request).await
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
    /// quay.superuser()
    ///     .user("alice")?
    ///     .quotas()
    ///     .update(1, quay_api::types::SetQuota::new().limit_bytes(20 << 30))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: i64, quota: SetQuota) -> Result<Quota> {
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
        self.quay.send(request).await
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
        self.quay.send(request).await
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
        Ok(none_if_not_found(self.delete(id).await)?.is_some())
    }
}
