//! The handle of one autoprune policy.

use crate::api::shared::{Parent, existed, missing_in, none_if_not_found, path_segment};
use crate::api::{AutoPrunePoliciesHandle, MeHandle, OrganizationHandle};
use crate::generated::params;
use crate::types::{AutoPrunePolicy, AutoPruneValue, SetAutoPrunePolicy, check_auto_prune};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The handle of one autoprune policy of an organization, of a repository, or of the caller.
///
/// [`OrganizationHandle::autoprune_policy`],
/// [`RepositoryHandle::autoprune_policy`](crate::api::RepositoryHandle::autoprune_policy) and
/// [`MeHandle::autoprune_policy`] return it.
#[derive(Debug, Clone)]
pub struct AutoPrunePolicyHandle {
    quay: Quay,
    parent: Parent,
    uuid: Arc<str>,
}

impl OrganizationHandle {
    /// Returns the handle of one of the organization's autoprune policies.
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
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policy(&self, uuid: impl AsRef<str>) -> Result<AutoPrunePolicyHandle> {
        AutoPrunePolicyHandle::new(self.autoprune_policies(), uuid.as_ref())
    }
}

impl MeHandle {
    /// Returns the handle of one of the caller's autoprune policies.
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
    /// let policy = quay.me().autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policy(&self, uuid: impl AsRef<str>) -> Result<AutoPrunePolicyHandle> {
        AutoPrunePolicyHandle::new(self.autoprune_policies(), uuid.as_ref())
    }
}

impl AutoPrunePolicyHandle {
    /// Creates the handle of one of these policies.
    pub(crate) fn new(policies: AutoPrunePoliciesHandle, uuid: &str) -> Result<Self> {
        let AutoPrunePoliciesHandle { quay, parent } = policies;
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

    /// Returns the policy from the list of its owner. The server finds a policy of a repository by
    /// the repository's name without the namespace, so it may belong to another namespace.
    pub(super) async fn find(&self) -> Result<AutoPrunePolicy> {
        let policies = AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            parent: self.parent.clone(),
        };
        let listing = policies.list();
        let mut listed = listing.clone().await?.into_iter();
        listed
            .find(|policy| *policy.uuid == *self.uuid)
            .ok_or_else(|| {
                let what = format!("autoprune policy {} of {}", self.uuid, self.parent.named());
                missing_in(&listing, &what, &self.parent.path_values())
            })
    }

    /// Reads the policy.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/user/autoprunepolicy/{policy_uuid}`.
    /// Operations: `getOrganizationAutoPrunePolicy`, `getRepositoryAutoPrunePolicy`,
    /// `getUserAutoPrunePolicy`. Since: 3.10
    /// (`/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}`,
    /// `/api/v1/user/autoprunepolicy/{policy_uuid}`), 3.11
    /// (`/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}`). Feature:
    /// `FEATURE_AUTO_PRUNE`.
    ///
    /// For a repository, the server would also return a policy of a repository with the same name
    /// in another namespace. The method therefore lists the repository's policies first.
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
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = policy.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get auto prune policy")]
    #[doc(alias = "getOrganizationAutoPrunePolicy")]
    #[doc(alias = "getRepositoryAutoPrunePolicy")]
    #[doc(alias = "getUserAutoPrunePolicy")]
    pub async fn get(&self) -> Result<AutoPrunePolicy> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_organization_auto_prune_policy(
                params::GetOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &self.uuid,
                },
            ),
            Parent::Repository(name) => {
                self.find().await?;
                self.quay.api().get_repository_auto_prune_policy(
                    params::GetRepositoryAutoPrunePolicy {
                        repository: name.as_str(),
                        policy_uuid: &self.uuid,
                    },
                )
            }
            Parent::Me => self.quay.api().get_user_auto_prune_policy(&self.uuid),
            other => other.has_no("autoprune policies"),
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
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = policy.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<AutoPrunePolicy>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the policy.
    ///
    /// Fields that the request does not set are cleared.
    ///
    /// The method lists the policies afterwards. A server also reports success if it ignored the
    /// pattern, or if it changed nothing because the policy belongs to a repository with the same
    /// name in another namespace.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/user/autoprunepolicy/{policy_uuid}`.
    /// Operations: `updateOrganizationAutoPrunePolicy`, `updateRepositoryAutoPrunePolicy`,
    /// `updateUserAutoPrunePolicy`. Since: 3.10
    /// (`/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}`,
    /// `/api/v1/user/autoprunepolicy/{policy_uuid}`), 3.11
    /// (`/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}`). Feature:
    /// `FEATURE_AUTO_PRUNE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// policy does not exist. Returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server ignored the
    /// pattern: **the policy then prunes tags of every name** until it is changed or deleted.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{AutoPruneMethod, SetAutoPrunePolicy};
    ///
    /// let acme = quay.organization("acme")?;
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let change = SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20);
    /// policy.update(change).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update auto prune policy")]
    #[doc(alias = "updateOrganizationAutoPrunePolicy")]
    #[doc(alias = "updateRepositoryAutoPrunePolicy")]
    #[doc(alias = "updateUserAutoPrunePolicy")]
    pub async fn update(&self, policy: SetAutoPrunePolicy) -> Result<()> {
        check_auto_prune(&policy)?;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().update_organization_auto_prune_policy(
                params::UpdateOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &self.uuid,
                    body: &policy,
                },
            ),
            Parent::Repository(name) => self.quay.api().update_repository_auto_prune_policy(
                params::UpdateRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    policy_uuid: &self.uuid,
                    body: &policy,
                },
            ),
            Parent::Me => {
                self.quay
                    .api()
                    .update_user_auto_prune_policy(params::UpdateUserAutoPrunePolicy {
                        policy_uuid: &self.uuid,
                        body: &policy,
                    })
            }
            other => other.has_no("autoprune policies"),
        };
        let operation = request
            .as_ref()
            .map_or("", |request| request.operation().id());
        self.quay.send(request).await?;
        // If nothing was changed, this returns the error that the policy does not exist.
        let stored = self.find().await?;
        check_stored(&policy, &stored).map_err(|error| {
            let mut values = self.parent.path_values();
            values.push(("policy_uuid", &self.uuid));
            error.with_response_to(operation, &values)
        })
    }

    /// Deletes the policy.
    ///
    /// A server that does not support policies of repositories would take the request for the
    /// deletion of a repository. The client therefore first checks that the server supports them:
    /// see [`consult_discovery`](crate::QuayBuilder::consult_discovery).
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `DELETE /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `DELETE /api/v1/user/autoprunepolicy/{policy_uuid}`.
    /// Operations: `deleteOrganizationAutoPrunePolicy`, `deleteRepositoryAutoPrunePolicy`,
    /// `deleteUserAutoPrunePolicy`. Since: 3.10
    /// (`/api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}`,
    /// `/api/v1/user/autoprunepolicy/{policy_uuid}`), 3.11
    /// (`/api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}`). Feature:
    /// `FEATURE_AUTO_PRUNE`.
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
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// policy.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete auto prune policy")]
    #[doc(alias = "deleteOrganizationAutoPrunePolicy")]
    #[doc(alias = "deleteRepositoryAutoPrunePolicy")]
    #[doc(alias = "deleteUserAutoPrunePolicy")]
    pub async fn delete(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().delete_organization_auto_prune_policy(
                params::DeleteOrganizationAutoPrunePolicy {
                    orgname: name,
                    policy_uuid: &self.uuid,
                },
            ),
            Parent::Repository(name) => self.quay.api().delete_repository_auto_prune_policy(
                params::DeleteRepositoryAutoPrunePolicy {
                    repository: name.as_str(),
                    policy_uuid: &self.uuid,
                },
            ),
            Parent::Me => self.quay.api().delete_user_auto_prune_policy(&self.uuid),
            other => other.has_no("autoprune policies"),
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
    /// let policy = acme.autoprune_policy("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// policy.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}

/// Checks that the server has stored a policy as it was sent.
pub(super) fn check_stored(sent: &SetAutoPrunePolicy, stored: &AutoPrunePolicy) -> Result<()> {
    let matches = |matches: Option<bool>| matches.unwrap_or(true);
    // The server removes whitespace around the pattern.
    let pattern = sent.tag_pattern.as_deref().map(str::trim);
    let is_same = stored.method == sent.method
        && stored.value.as_ref() == Some(&sent.value)
        && stored.tag_pattern.as_deref() == pattern
        && (sent.tag_pattern.is_none()
            || matches(stored.tag_pattern_matches) == matches(sent.tag_pattern_matches));
    let (kind, message) = match (&sent.tag_pattern, &stored.tag_pattern) {
        _ if is_same => return Ok(()),
        (Some(_), None) => (
            ErrorKind::FeatureDisabled,
            "the server ignored `tag_pattern`: its policy prunes tags of every name",
        ),
        _ => (
            ErrorKind::Conflict,
            "the server reported success but has stored a different policy",
        ),
    };
    Err(Error::new(kind, message).after_a_write())
}

/// Returns true if two policies select from the same tags with the same method. The pattern that is
/// sent may have whitespace around it, which the server removes.
pub(super) fn has_identity(sent: &SetAutoPrunePolicy, stored: &AutoPrunePolicy) -> bool {
    let pattern = sent.tag_pattern.as_deref().map(str::trim);
    let matches = |matches: Option<bool>| matches.unwrap_or(true);
    stored.method == sent.method
        && stored.tag_pattern.as_deref() == pattern
        && (pattern.is_none()
            || matches(stored.tag_pattern_matches) == matches(sent.tag_pattern_matches))
}

/// Returns true if a policy of the same identity has an equal value, in any unit.
pub(super) fn is_met(sent: &SetAutoPrunePolicy, stored: &AutoPrunePolicy) -> bool {
    let Some(value) = &stored.value else {
        return false;
    };
    *value == sent.value || seconds(value).is_some_and(|age| seconds(&sent.value) == Some(age))
}

/// Returns the number of seconds of an age such as `5d`.
fn seconds(value: &AutoPruneValue) -> Option<u64> {
    let AutoPruneValue::Age(age) = value else {
        return None;
    };
    let unit = match age.chars().last()? {
        's' => 1,
        'm' => 60,
        'h' => 60 * 60,
        'd' => 24 * 60 * 60,
        'w' => 7 * 24 * 60 * 60,
        _ => return None,
    };
    // The server accepts whitespace around the number.
    let number: u64 = age[..age.len() - 1].trim().parse().ok()?;
    number.checked_mul(unit)
}
