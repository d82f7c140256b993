//! Immutability policies, which protect tags from being moved or deleted.

use crate::api::ImmutabilityPolicyHandle;
use crate::api::shared::{Desired, Ensure, Parent, exists_if_empty, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{ImmutabilityPolicy, SetImmutabilityPolicy};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;

/// The handle of the immutability policies of an organization or of a repository.
#[derive(Debug, Clone)]
pub struct ImmutabilityPoliciesHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl ImmutabilityPoliciesHandle {
    /// Lists the immutability policies.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `GET /api/v1/repository/{repository}/immutabilitypolicy/`. The response is not paged. If the
    /// list is empty, one more request checks that the repository or organization exists.
    /// Operations: `listOrgImmutabilityPolicies`, `listRepositoryImmutabilityPolicies`. Since:
    /// 3.17. Feature: `FEATURE_IMMUTABLE_TAGS`.
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
    /// let policies = acme.immutability_policies();
    /// let all = policies.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgImmutabilityPolicies")]
    #[doc(alias = "listRepositoryImmutabilityPolicies")]
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

    /// Creates an immutability policy, and makes the tags that it applies to immutable.
    ///
    /// The pattern has to match the *whole* name: `v[0-9]` matches `v1` but not `v1.0`. Tags stay
    /// immutable after the policy is changed or deleted. The policy is read afterwards, since the
    /// server's response contains only its identifier.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `POST /api/v1/repository/{repository}/immutabilitypolicy/`.
    /// Operations: `createOrgImmutabilityPolicy`, `createRepositoryImmutabilityPolicy`. Since:
    /// 3.17. Feature: `FEATURE_IMMUTABLE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a policy with this pattern exists, even if it applies to the tags that do not match. Returns
    /// an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true if the
    /// server rejects the pattern. If the policy was created but can't be read, the message
    /// contains its identifier.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let policies = quay.organization("acme")?.immutability_policies();
    /// let created = policies.create(SetImmutabilityPolicy::new("v[0-9].*")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create immutability policy")]
    #[doc(alias = "createOrgImmutabilityPolicy")]
    #[doc(alias = "createRepositoryImmutabilityPolicy")]
    pub async fn create(&self, policy: SetImmutabilityPolicy) -> Result<ImmutabilityPolicy> {
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
        let uuid = self.quay.send(request).await?.uuid;
        let created = ImmutabilityPolicyHandle::new(self.clone(), &uuid)?;
        outcome::read_created(created.get().await, &format!("the policy {uuid}"))
    }

    /// Creates an immutability policy, or returns `None` if an equal one exists.
    ///
    /// The method lists the policies first, so nothing is written if the policy exists.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an equal policy is not an error.
    /// Returns an error for which [`is_conflict`](crate::Error::is_conflict) is true if the policy
    /// with this pattern applies to the tags that match and the request to those that do not, or
    /// the reverse.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let policies = quay.organization("acme")?.immutability_policies();
    /// let policy = SetImmutabilityPolicy::new("v[0-9].*");
    /// let is_new = policies.create_if_absent(policy).await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        policy: SetImmutabilityPolicy,
    ) -> Result<Option<ImmutabilityPolicy>> {
        if self.has(&policy).await? {
            return Ok(None);
        }
        outcome::created(self.create(policy.clone()).await, self.has(&policy)).await
    }

    /// Ensures that this policy exists: creates or changes it if necessary.
    ///
    /// A policy is identified by its pattern; whitespace around it is ignored. `ensure` compares
    /// whether the policy applies to the tags that match the pattern or to all other tags. Other
    /// policies are not changed. A new or changed policy makes existing tags immutable. Changing
    /// the policy back does not undo this. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`ImmutabilityPolicyHandle::update`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`ImmutabilityPolicyHandle::update`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let policies = quay.organization("acme")?.immutability_policies();
    /// policies.ensure(SetImmutabilityPolicy::new("^v[0-9]+")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, policy: SetImmutabilityPolicy) -> Ensure<ImmutabilityPolicy> {
        Ensure::new(EnsurePolicy {
            policies: self.clone(),
            policy,
        })
    }

    async fn has(&self, policy: &SetImmutabilityPolicy) -> Result<bool> {
        let mut listed = self.list().await?.into_iter();
        Ok(listed.any(|stored| has_identity(policy, &stored) && is_met(policy, &stored)))
    }
}

/// Returns true if both policies have the same pattern. The server removes whitespace around it.
fn has_identity(sent: &SetImmutabilityPolicy, stored: &ImmutabilityPolicy) -> bool {
    stored.tag_pattern == sent.tag_pattern.trim()
}

/// Returns true if both policies apply to matching tags, or both to the others.
fn is_met(sent: &SetImmutabilityPolicy, stored: &ImmutabilityPolicy) -> bool {
    let matches = |matches: Option<bool>| matches.unwrap_or(true);
    matches(stored.tag_pattern_matches) == matches(sent.tag_pattern_matches)
}

struct EnsurePolicy {
    policies: ImmutabilityPoliciesHandle,
    policy: SetImmutabilityPolicy,
}

impl Desired for EnsurePolicy {
    type Item = ImmutabilityPolicy;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<ImmutabilityPolicy>>> {
        async move {
            let mut policies = self.policies.list().await?;
            policies.retain(|stored| has_identity(&self.policy, stored));
            Ok(policies)
        }
        .boxed()
    }

    fn is_met(&self, found: &ImmutabilityPolicy) -> bool {
        is_met(&self.policy, found)
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<ImmutabilityPolicy>> {
        self.policies.create(self.policy.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: ImmutabilityPolicy) -> BoxFuture<'_, Result<ImmutabilityPolicy>> {
        async move {
            let handle = ImmutabilityPolicyHandle::new(self.policies.clone(), &found.uuid)?;
            handle.update(self.policy.clone()).await?;
            Ok(ImmutabilityPolicy {
                tag_pattern_matches: Some(self.policy.tag_pattern_matches.unwrap_or(true)),
                ..found
            })
        }
        .boxed()
    }
}
