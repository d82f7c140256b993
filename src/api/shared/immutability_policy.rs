//! The handle of one immutability policy.

use crate::api::shared::{Parent, existed, none_if_not_found, path_segment};
use crate::api::{ImmutabilityPoliciesHandle, OrganizationHandle};
use crate::generated::params;
use crate::types::{ImmutabilityPolicy, SetImmutabilityPolicy};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one immutability policy of an organization or of a repository.
///
/// [`OrganizationHandle::immutability_policy`] and
/// [`RepositoryHandle::immutability_policy`](crate::api::RepositoryHandle::immutability_policy)
/// return it.
#[derive(Debug, Clone)]
pub struct ImmutabilityPolicyHandle {
    quay: Quay,
    parent: Parent,
    uuid: Arc<str>,
}

impl OrganizationHandle {
    /// Returns the handle of one of the organization's immutability policies.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn immutability_policy(&self, uuid: impl AsRef<str>) -> Result<ImmutabilityPolicyHandle> {
        ImmutabilityPolicyHandle::new(self.immutability_policies(), uuid.as_ref())
    }
}

impl ImmutabilityPolicyHandle {
    /// Creates the handle of one of these policies.
    pub(crate) fn new(policies: ImmutabilityPoliciesHandle, uuid: &str) -> Result<Self> {
        let ImmutabilityPoliciesHandle { quay, parent } = policies;
        Ok(Self {
            quay,
            parent,
            uuid: path_segment("policy identifier", uuid)?,
        })
    }

    /// Returns the identifier of the policy.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the policy.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `GET /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    /// Operations: `getOrgImmutabilityPolicy`, `getRepositoryImmutabilityPolicy`. Since: 3.17.
    /// Feature: `FEATURE_IMMUTABLE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// policy does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = policy.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get immutability policy")]
    #[doc(alias = "getOrgImmutabilityPolicy")]
    #[doc(alias = "getRepositoryImmutabilityPolicy")]
    pub async fn get(&self) -> Result<ImmutabilityPolicy> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_immutability_policy(params::GetOrgImmutabilityPolicy {
                        orgname: name,
                        policy_uuid: &self.uuid,
                    })
            }
            Parent::Repository(name) => self.quay.api().get_repository_immutability_policy(
                params::GetRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &self.uuid,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await
    }

    /// Reads the policy, or returns `None` if it does not exist.
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
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = policy.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ImmutabilityPolicy>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the policy.
    ///
    /// Fields that the request does not set are cleared.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `PUT /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    /// Operations: `updateOrgImmutabilityPolicy`, `updateRepositoryImmutabilityPolicy`. Since:
    /// 3.17. Feature: `FEATURE_IMMUTABLE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// policy does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let change = SetImmutabilityPolicy::new("v[0-9]+");
    /// policy.update(change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update immutability policy")]
    #[doc(alias = "updateOrgImmutabilityPolicy")]
    #[doc(alias = "updateRepositoryImmutabilityPolicy")]
    pub async fn update(&self, policy: SetImmutabilityPolicy) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().update_org_immutability_policy(
                params::UpdateOrgImmutabilityPolicy {
                    orgname: name,
                    policy_uuid: &self.uuid,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().update_repository_immutability_policy(
                params::UpdateRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &self.uuid,
                    body: &policy,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await
    }

    /// Deletes the policy.
    ///
    /// A server that does not support policies of repositories would take the request for the
    /// deletion of a repository. The client therefore first checks that the server supports them:
    /// see [`consult_discovery`](crate::QuayBuilder::consult_discovery).
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `DELETE /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    /// Operations: `deleteOrgImmutabilityPolicy`, `deleteRepositoryImmutabilityPolicy`. Since:
    /// 3.17. Feature: `FEATURE_IMMUTABLE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// policy does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// policy.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete immutability policy")]
    #[doc(alias = "deleteOrgImmutabilityPolicy")]
    #[doc(alias = "deleteRepositoryImmutabilityPolicy")]
    pub async fn delete(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().delete_org_immutability_policy(
                params::DeleteOrgImmutabilityPolicy {
                    orgname: name,
                    policy_uuid: &self.uuid,
                },
            ),
            Parent::Repository(name) => self.quay.api().delete_repository_immutability_policy(
                params::DeleteRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &self.uuid,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await.map(drop)
    }

    /// Deletes the policy if it exists, and returns true if it existed.
    ///
    /// The result is also true if a retry after a lost response finds nothing, because the first
    /// attempt may have deleted it.
    ///
    /// Scope and endpoint: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.immutability_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// policy.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}
