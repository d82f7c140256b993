//! Policies that say which tags the server deletes by itself.

use crate::api::shared::{
    Parent, existed, exists_if_empty, missing, none_if_not_found, path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{AutoPrunePolicy, PolicyReference, SetAutoPrunePolicy, check_auto_prune};
use crate::{Error, ErrorKind, Quay, Result};

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
    /// `GET /api/v1/user/autoprunepolicy/`. All in one answer. If there is none, one request more
    /// finds out whether the repository or organization exists.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found) if the repository or
    /// organization does not exist.
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
            .when_empty(exists_if_empty(&self.quay, &self.parent))
    }

    /// Creates a policy.
    ///
    /// A policy with a `tag_pattern` is read back: some servers of 2024 ignore the pattern with a
    /// success, and their policy would prune tags of every name. It is deleted again then. The
    /// server does not check the pattern, a regular expression of its database: a policy whose
    /// pattern is none prunes nothing.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/autoprunepolicy/` or
    /// `POST /api/v1/repository/{repository}/autoprunepolicy/` or
    /// `POST /api/v1/user/autoprunepolicy/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_not_found`](crate::Error::is_not_found) if the repository or organization does not
    /// exist. [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) if the server ignores patterns.
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
        let created = self.quay.send(request).await?;
        if policy.tag_pattern.is_none() {
            return Ok(created);
        }
        let stored = self
            .find(&created.uuid)
            .await
            .map_err(Error::after_a_write)?;
        let Err(error) = check_stored(&policy, &stored) else {
            return Ok(created);
        };
        Err(match self.delete(&created.uuid).await {
            Ok(()) => error.after("the policy was created and deleted again"),
            Err(failed) => error
                .after(&format!(
                    "the policy {} was created and could not be deleted",
                    created.uuid
                ))
                .with_source(failed),
        })
    }

    /// Returns a policy by the list of this owner. The server reads and changes a repository's
    /// policies by the name within the namespace alone, whatever the namespace.
    async fn find(&self, id: &str) -> Result<AutoPrunePolicy> {
        let mut policies = self.list().await?.into_iter();
        let found = policies.find(|policy| policy.uuid == id);
        found.ok_or_else(|| missing(&format!("autoprune policy {id} of {}", self.parent.named())))
    }

    /// Reads a policy.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `GET /api/v1/user/autoprunepolicy/{policy_uuid}`.
    ///
    /// For a repository the server would also give a policy of one that has the same name in another
    /// namespace: its policies are therefore listed first.
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
            Parent::Repository(name) => {
                self.find(&id).await?;
                self.quay.api().get_repository_auto_prune_policy(
                    params::GetRepositoryAutoPrunePolicy {
                        repository: name.as_str(),
                        policy_uuid: &id,
                    },
                )
            }
            Parent::Me => self.quay.api().get_user_auto_prune_policy(&id),
            other => other.has_no("autoprune policies"),
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
    /// The policies are listed afterwards, since a server reports success although it changed
    /// nothing (the policy belongs to a repository of the same name in another namespace) or
    /// ignored the pattern.
    ///
    /// Scope: `org:admin` or `repo:admin` or `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/repository/{repository}/autoprunepolicy/{policy_uuid}` or
    /// `PUT /api/v1/user/autoprunepolicy/{policy_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found). [`is_feature_disabled`](crate::Error::is_feature_disabled) if the server
    /// has no patterns, as before 3.13, which its discovery document tells: nothing was sent then. If
    /// the document can't be read, the request was sent, and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true: **the policy then prunes tags
    /// of every name** until it is changed or deleted.
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
        check_auto_prune(&policy)?;
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
        self.quay.send(request).await?;
        // Where nothing was changed, this says that there is no such policy.
        let stored = self.find(&id).await?;
        check_stored(&policy, &stored)
    }

    /// Deletes a policy.
    ///
    /// A server without policies of repositories would take the request for the deletion of a
    /// repository. Unless the client knows better, it looks first whether the server has them: see
    /// [`consult_discovery`](crate::QuayBuilder::consult_discovery).
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
    /// let policies = acme.autoprune_policies();
    /// policies.delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        existed(self.delete(id).await)
    }
}

/// Checks that a policy is stored as it was sent.
fn check_stored(sent: &SetAutoPrunePolicy, stored: &AutoPrunePolicy) -> Result<()> {
    let matches = |matches: Option<bool>| matches.unwrap_or(true);
    // The server removes whitespace around it.
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
            "the server has another policy than was asked for, although it reported success",
        ),
    };
    Err(Error::new(kind, message).after_a_write())
}
