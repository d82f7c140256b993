//! Policies that say which tags may not be moved or deleted.

use crate::api::shared::{Parent, existed, exists_if_empty, none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{ImmutabilityPolicy, PolicyReference, SetImmutabilityPolicy};
use crate::{Quay, Result};

/// The immutability policies of an organization or of a repository.
#[derive(Debug, Clone)]
pub struct ImmutabilityPoliciesHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl ImmutabilityPoliciesHandle {
    /// Lists the policies.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `GET /api/v1/repository/{repository}/immutabilitypolicy/`. All in one answer. If there is none,
    /// one request more finds out whether the repository or organization exists.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found) if the repository or
    /// organization does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// let all = policies.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<ImmutabilityPolicy>> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_org_immutability_policies(name),
            Parent::Repository(name) => self
                .quay
                .api()
                .list_repository_immutability_policies(name.as_str()),
            other => other.has_no("immutability policies"),
        };
        Listing::single_page(&self.quay, request, |response| response.policies)
            .when_empty(exists_if_empty(&self.quay, &self.parent))
    }

    /// Creates a policy, and makes the tags immutable that it is about.
    ///
    /// The pattern has to match the *whole* name: `v[0-9]` is about `v1`, and not about `v1.0`. Tags
    /// that were made immutable stay so when the policy is changed or deleted.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `POST /api/v1/repository/{repository}/immutabilitypolicy/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists) if there is one with this pattern, be
    /// it for the tags that do not match.
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let created = policies.create(SetImmutabilityPolicy::new("v[0-9].*")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, policy: SetImmutabilityPolicy) -> Result<PolicyReference> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().create_org_immutability_policy(
                params::CreateOrgImmutabilityPolicy {
                    orgname: name,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().create_repository_immutability_policy(
                params::CreateRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    body: &policy,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await
    }

    /// Reads a policy.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `GET /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// let policy = policies.get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<ImmutabilityPolicy> {
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_immutability_policy(params::GetOrgImmutabilityPolicy {
                        orgname: name,
                        policy_uuid: &id,
                    })
            }
            Parent::Repository(name) => self.quay.api().get_repository_immutability_policy(
                params::GetRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await
    }

    /// Reads it; `None` if there is no such policy.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing policy.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// let policy = policies.get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<ImmutabilityPolicy>> {
        none_if_not_found(self.get(id).await)
    }

    /// Changes a policy; what is not set is cleared.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `PUT /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// policies
    ///     .update(
    ///         "20c7409a-c1ce-4f64-b938-ce0d5f158440",
    ///         SetImmutabilityPolicy::new("v[0-9]+"),
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: impl AsRef<str>, policy: SetImmutabilityPolicy) -> Result<()> {
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().update_org_immutability_policy(
                params::UpdateOrgImmutabilityPolicy {
                    orgname: name,
                    policy_uuid: &id,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().update_repository_immutability_policy(
                params::UpdateRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                    body: &policy,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await
    }

    /// Deletes a policy.
    ///
    /// A server without policies of repositories would take the request for the deletion of a
    /// repository. Unless the client knows better, it looks first whether the server has them: see
    /// [`consult_discovery`](crate::QuayBuilder::consult_discovery).
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/immutabilitypolicy/{policy_uuid}` or
    /// `DELETE /api/v1/repository/{repository}/immutabilitypolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// policies.delete("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().delete_org_immutability_policy(
                params::DeleteOrgImmutabilityPolicy {
                    orgname: name,
                    policy_uuid: &id,
                },
            ),
            Parent::Repository(name) => self.quay.api().delete_repository_immutability_policy(
                params::DeleteRepositoryImmutabilityPolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                },
            ),
            other => other.has_no("immutability policies"),
        };
        self.quay.send(request).await.map(drop)
    }

    /// Deletes it if it exists. Returns false if there is no such policy.
    ///
    /// False is certain. True means that this call deleted it, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for a missing policy.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// policies.delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        existed(self.delete(id).await)
    }
}
