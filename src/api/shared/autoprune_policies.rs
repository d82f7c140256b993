//! Autoprune policies, by which the server deletes tags.

use crate::api::AutoPrunePolicyHandle;
use crate::api::shared::autoprune_policy::{check_stored, has_identity, is_met};
use crate::api::shared::{Desired, Ensure, Parent, exists_if_empty, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{AutoPrunePolicy, SetAutoPrunePolicy, check_auto_prune};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The handle of the autoprune policies of an organization, of a repository, or of the caller.
#[derive(Debug, Clone)]
pub struct AutoPrunePoliciesHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl AutoPrunePoliciesHandle {
    /// Lists the autoprune policies.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/autoprunepolicy/` or
    /// `GET /api/v1/repository/{repository}/autoprunepolicy/` or
    /// `GET /api/v1/user/autoprunepolicy/`. The response is not paged. If the list is empty, one
    /// more request checks that the repository or organization exists.
    /// Operations: `listOrganizationAutoPrunePolicies`, `listRepositoryAutoPrunePolicies`,
    /// `listUserAutoPrunePolicies`. Since: 3.10 (`/api/v1/organization/{orgname}/autoprunepolicy/`,
    /// `/api/v1/user/autoprunepolicy/`), 3.11 (`/api/v1/repository/{repository}/autoprunepolicy/`).
    /// Feature: `FEATURE_AUTO_PRUNE`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository or organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.autoprune_policies();
    /// let all = policies.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrganizationAutoPrunePolicies")]
    #[doc(alias = "listRepositoryAutoPrunePolicies")]
    #[doc(alias = "listUserAutoPrunePolicies")]
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
            .when_empty(exists_if_empty(&self.quay, &self.parent))
    }

    /// Creates an autoprune policy.
    ///
    /// The policy is read afterwards, since the server's response contains only its identifier.
    /// Servers before 3.13 acknowledge a `tag_pattern` but ignore it: their policy would prune tags
    /// of every name. In this case the method deletes the policy again and returns an error. The
    /// pattern is a regular expression in the syntax of the server's database. The server does not
    /// validate it, and a policy with an invalid pattern prunes nothing.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/autoprunepolicy/` or
    /// `POST /api/v1/repository/{repository}/autoprunepolicy/` or
    /// `POST /api/v1/user/autoprunepolicy/`.
    /// Operations: `createOrganizationAutoPrunePolicy`, `createRepositoryAutoPrunePolicy`,
    /// `createUserAutoPrunePolicy`. Since: 3.10 (`/api/v1/organization/{orgname}/autoprunepolicy/`,
    /// `/api/v1/user/autoprunepolicy/`), 3.11 (`/api/v1/repository/{repository}/autoprunepolicy/`).
    /// Feature: `FEATURE_AUTO_PRUNE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// an equal policy exists, an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository or organization does not exist, an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the value does not fit
    /// the method (before anything is sent if its type is wrong), and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server ignores
    /// patterns. If the policy was created but can't be read, the message contains its identifier.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// let acme = quay.organization("acme")?;
    /// let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, "30d")
    ///     .tag_pattern("^nightly-");
    /// let created = acme.autoprune_policies().create(policy).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create auto prune policy")]
    #[doc(alias = "createOrganizationAutoPrunePolicy")]
    #[doc(alias = "createRepositoryAutoPrunePolicy")]
    #[doc(alias = "createUserAutoPrunePolicy")]
    pub async fn create(&self, policy: SetAutoPrunePolicy) -> Result<AutoPrunePolicy> {
        check_auto_prune(&policy)?;
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
        let operation = request
            .as_ref()
            .map_or("", |request| request.operation().id());
        let uuid = self.quay.send(request).await?.uuid;
        let created = AutoPrunePolicyHandle::new(self.clone(), &uuid)?;
        let stored = outcome::read_created(created.find().await, &format!("the policy {uuid}"))?;
        let error = match check_stored(&policy, &stored) {
            Err(error) if policy.tag_pattern.is_some() => {
                error.with_response_to(operation, &self.parent.path_values())
            }
            _ => return Ok(stored),
        };
        Err(match created.delete().await {
            Ok(()) => error.after("the policy was created and deleted again"),
            Err(failed) => error
                .after(&format!(
                    "the policy {uuid} was created and could not be deleted"
                ))
                .with_source(failed),
        })
    }

    /// Creates an autoprune policy, or returns `None` if an equal one exists.
    ///
    /// The method lists the policies first, so nothing is written if the policy exists.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an equal policy is not an error.
    /// Returns an error for which [`is_conflict`](crate::Error::is_conflict) is true if the server
    /// allows only one policy and has a different one.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// let policies = quay.organization("acme")?.autoprune_policies();
    /// let policy = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
    /// let is_new = policies.create_if_absent(policy).await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        policy: SetAutoPrunePolicy,
    ) -> Result<Option<AutoPrunePolicy>> {
        check_auto_prune(&policy)?;
        if self.has(&policy).await? {
            return Ok(None);
        }
        outcome::created(self.create(policy.clone()).await, self.has(&policy)).await
    }

    /// Ensures that this policy exists: creates it or changes its value if necessary.
    ///
    /// A policy is identified by its method, its pattern, and whether tags have to match the
    /// pattern. Whitespace around the pattern is ignored. The value is compared: `7d` and `1w` are
    /// equal. Other policies are not changed. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`AutoPrunePolicyHandle::update`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`AutoPrunePolicyHandle::update`]. It returns an error for which
    /// [`is_conflict`](crate::Error::is_conflict) is true if the server allows one policy per
    /// namespace or repository and has a different one.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// let policies = quay.organization("acme")?.autoprune_policies();
    /// let newest = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20).tag_pattern("^dev-");
    /// let ensured = policies.ensure(newest).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, policy: SetAutoPrunePolicy) -> Ensure<AutoPrunePolicy> {
        Ensure::new(EnsurePolicy {
            policies: self.clone(),
            policy,
        })
    }

    async fn has(&self, policy: &SetAutoPrunePolicy) -> Result<bool> {
        let mut listed = self.list().await?.into_iter();
        Ok(listed.any(|stored| check_stored(policy, &stored).is_ok()))
    }
}

struct EnsurePolicy {
    policies: AutoPrunePoliciesHandle,
    policy: SetAutoPrunePolicy,
}

impl Desired for EnsurePolicy {
    type Item = AutoPrunePolicy;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<AutoPrunePolicy>>> {
        async move {
            check_auto_prune(&self.policy)?;
            let mut policies = self.policies.list().await?;
            policies.retain(|stored| has_identity(&self.policy, stored));
            Ok(policies)
        }
        .boxed()
    }

    fn is_met(&self, found: &AutoPrunePolicy) -> bool {
        is_met(&self.policy, found)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<AutoPrunePolicy>> {
        self.policies.create(self.policy.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: AutoPrunePolicy) -> BoxFuture<'_, Result<AutoPrunePolicy>> {
        async move {
            let handle = AutoPrunePolicyHandle::new(self.policies.clone(), &found.uuid)?;
            // `update` checks that the server has stored the policy as it was sent.
            handle.update(self.policy.clone()).await?;
            Ok(AutoPrunePolicy {
                value: Some(self.policy.value.clone()),
                ..found
            })
        }
        .boxed()
    }
}
