//! Policies that say which tags the server deletes by itself.

use crate::api::shared::{Parent, none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{AutoPrunePolicy, PolicyReference, SetAutoPrunePolicy};
use crate::{Quay, Result};

/// The pruning policies of an organization, of a repository, or of the caller.
#[derive(Debug, Clone)]
pub struct AutoPrunePoliciesHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl AutoPrunePoliciesHandle {
    /// Lists the policies.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/autoprunepolicy/` or
    /// `GET /api/v1/repository/{repository}/autoprunepolicy/` or
    /// `GET /api/v1/user/autoprunepolicy/`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// let all = policies.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<AutoPrunePolicy>> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay.api().list_organization_auto_prune_policies(name)
            }
            Parent::Repository(name) => self
                .quay
                .api()
                .list_repository_auto_prune_policies(name.as_str()),
            Parent::Me => self.quay.api().list_user_auto_prune_policies(),
            other => other.has_no("autoprune policies"),
        };
        Listing::single_page(&self.quay, request, |response| response.policies)
    }

    /// Creates a policy.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/autoprunepolicy/` or
    /// `POST /api/v1/repository/{repository}/autoprunepolicy/` or
    /// `POST /api/v1/user/autoprunepolicy/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, String::from("30d"))
    ///     .tag_pattern("^nightly-");
    /// let created = policies.create(policy).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, policy: SetAutoPrunePolicy) -> Result<PolicyReference> {
        crate::types::check_auto_prune(&policy)?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().create_organization_auto_prune_policy(
                params::CreateOrganizationAutoPrunePolicy {
                    orgname: name,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().create_repository_auto_prune_policy(
                params::CreateRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    body: &policy,
                },
            ),
            Parent::Me => self.quay.api().create_user_auto_prune_policy(&policy),
            other => other.has_no("autoprune policies"),
        };
        self.quay.send(request).await
    }

    /// Reads a policy.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/user/autoprunepolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// let policy = policies.get("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<AutoPrunePolicy> {
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_organization_auto_prune_policy(
                params::GetOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &id,
                },
            ),
            Parent::Repository(name) => self.quay.api().get_repository_auto_prune_policy(
                params::GetRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                },
            ),
            Parent::Me => self.quay.api().get_user_auto_prune_policy(&id),
            other => other.has_no("autoprune policies"),
        };
        self.quay.send(request).await
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
    /// let policies = acme.autoprune_policies();
    /// let policy = policies.get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<AutoPrunePolicy>> {
        none_if_not_found(self.get(id).await)
    }

    /// Changes a policy; what is not set is cleared.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/user/autoprunepolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// policies
    ///     .update(
    ///         "20c7409a-c1ce-4f64-b938-ce0d5f158440",
    ///         SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20),
    ///     )
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: impl AsRef<str>, policy: SetAutoPrunePolicy) -> Result<()> {
        crate::types::check_auto_prune(&policy)?;
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().update_organization_auto_prune_policy(
                params::UpdateOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &id,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().update_repository_auto_prune_policy(
                params::UpdateRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                    body: &policy,
                },
            ),
            Parent::Me => {
                self.quay
                    .api()
                    .update_user_auto_prune_policy(params::UpdateUserAutoPrunePolicy {
                        policy_uuid: &id,
                        body: &policy,
                    })
            }
            other => other.has_no("autoprune policies"),
        };
        self.quay.send(request).await
    }

    /// Deletes a policy.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `DELETE /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `DELETE /api/v1/user/autoprunepolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// policies.delete("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("policy identifier", id.as_ref())?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().delete_organization_auto_prune_policy(
                params::DeleteOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &id,
                },
            ),
            Parent::Repository(name) => self.quay.api().delete_repository_auto_prune_policy(
                params::DeleteRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    policy_uuid: &id,
                },
            ),
            Parent::Me => self.quay.api().delete_user_auto_prune_policy(&id),
            other => other.has_no("autoprune policies"),
        };
        self.quay.send(request).await.map(drop)
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
    /// let policies = acme.autoprune_policies();
    /// policies.delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(none_if_not_found(self.delete(id).await)?.is_some())
    }
}
