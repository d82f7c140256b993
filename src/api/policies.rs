//! Policies: which tags the server deletes by itself, and which may not be moved or deleted.

use super::{Place, Ruled, optional, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{
    AutoPrunePolicy, ImmutabilityPolicy, PolicyReference, SetAutoPrunePolicy, SetImmutabilityPolicy,
};
use crate::{Quay, Result};

/// The pruning policies of an organization, of a repository, or of the caller.
#[derive(Debug, Clone)]
pub struct AutoPrunePoliciesHandle {
    pub(super) quay: Quay,
    pub(super) place: Place,
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                self.place.pick(
                    "listOrganizationAutoPrunePolicies",
                    "listRepositoryAutoPrunePolicies",
                    "listUserAutoPrunePolicies",
                ),
                &self.place,
            ),
            move || {
                let this = this.clone();
                async move {
                    let answer = match &this.place {
                        Place::Organization(name) => {
                            this.quay
                                .send(this.quay.api().list_organization_auto_prune_policies(name))
                                .await
                        }
                        Place::Repository(name) => {
                            this.quay
                                .send(
                                    this.quay
                                        .api()
                                        .list_repository_auto_prune_policies(name.as_str()),
                                )
                                .await
                        }
                        Place::Me => {
                            this.quay
                                .send(this.quay.api().list_user_auto_prune_policies())
                                .await
                        }
                    }?;
                    Ok(answer.policies)
                }
            },
        )
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
    /// let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, String::from("30d")).tag_pattern("^nightly-");
    /// let created = policies.create(policy).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, policy: SetAutoPrunePolicy) -> Result<PolicyReference> {
        match &self.place {
            Place::Organization(name) => {
                self.quay
                    .send(self.quay.api().create_organization_auto_prune_policy(
                        params::CreateOrganizationAutoPrunePolicy {
                            orgname: name,
                            body: &policy,
                        },
                    ))
                    .await
            }
            Place::Repository(name) => {
                self.quay
                    .send(self.quay.api().create_repository_auto_prune_policy(
                        params::CreateRepositoryAutoPrunePolicy {
                            repository: name.as_str(),
                            body: &policy,
                        },
                    ))
                    .await
            }
            Place::Me => {
                self.quay
                    .send(self.quay.api().create_user_auto_prune_policy(&policy))
                    .await
            }
        }
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
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Place::Organization(name) => {
                self.quay
                    .send(self.quay.api().get_organization_auto_prune_policy(
                        params::GetOrganizationAutoPrunePolicy {
                            orgname: name,
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Place::Repository(name) => {
                self.quay
                    .send(self.quay.api().get_repository_auto_prune_policy(
                        params::GetRepositoryAutoPrunePolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Place::Me => {
                self.quay
                    .send(self.quay.api().get_user_auto_prune_policy(&id))
                    .await
            }
        }
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
        optional(self.get(id).await)
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
    /// policies.update("20c7409a-c1ce-4f64-b938-ce0d5f158440", SetAutoPrunePolicy::new(AutoPruneMethod::NumberOfTags, 20)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: impl AsRef<str>, policy: SetAutoPrunePolicy) -> Result<()> {
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Place::Organization(name) => {
                self.quay
                    .send(self.quay.api().update_organization_auto_prune_policy(
                        params::UpdateOrganizationAutoPrunePolicy {
                            orgname: name,
                            policy_uuid: &id,
                            body: &policy,
                        },
                    ))
                    .await
            }
            Place::Repository(name) => {
                self.quay
                    .send(self.quay.api().update_repository_auto_prune_policy(
                        params::UpdateRepositoryAutoPrunePolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                            body: &policy,
                        },
                    ))
                    .await
            }
            Place::Me => {
                self.quay
                    .send(self.quay.api().update_user_auto_prune_policy(
                        params::UpdateUserAutoPrunePolicy {
                            policy_uuid: &id,
                            body: &policy,
                        },
                    ))
                    .await
            }
        }
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
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Place::Organization(name) => {
                self.quay
                    .send(self.quay.api().delete_organization_auto_prune_policy(
                        params::DeleteOrganizationAutoPrunePolicy {
                            orgname: name,
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Place::Repository(name) => {
                self.quay
                    .send(self.quay.api().delete_repository_auto_prune_policy(
                        params::DeleteRepositoryAutoPrunePolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Place::Me => {
                self.quay
                    .send(self.quay.api().delete_user_auto_prune_policy(&id))
                    .await
            }
        }
        .map(drop)
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
        Ok(optional(self.delete(id).await)?.is_some())
    }
}

/// The immutability policies of an organization or of a repository.
#[derive(Debug, Clone)]
pub struct ImmutabilityPoliciesHandle {
    pub(super) quay: Quay,
    pub(super) place: Ruled,
}

impl ImmutabilityPoliciesHandle {
    /// Lists the policies.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `GET /api/v1/repository/{repository}/immutabilitypolicy/`. All in one answer.
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                self.place.pick(
                    "listOrgImmutabilityPolicies",
                    "listRepositoryImmutabilityPolicies",
                ),
                &self.place,
            ),
            move || {
                let this = this.clone();
                async move {
                    let answer = match &this.place {
                        Ruled::Organization(name) => {
                            this.quay
                                .send(this.quay.api().list_org_immutability_policies(name))
                                .await
                        }
                        Ruled::Repository(name) => {
                            this.quay
                                .send(
                                    this.quay
                                        .api()
                                        .list_repository_immutability_policies(name.as_str()),
                                )
                                .await
                        }
                    }?;
                    Ok(answer.policies)
                }
            },
        )
    }

    /// Creates a policy.
    ///
    /// Scope: `org:admin` or `repo:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/immutabilitypolicy/` or
    /// `POST /api/v1/repository/{repository}/immutabilitypolicy/`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let policies = acme.immutability_policies();
    /// use quay_api::types::SetImmutabilityPolicy;
    ///
    /// let created = policies.create(SetImmutabilityPolicy::new("^v[0-9]")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, policy: SetImmutabilityPolicy) -> Result<PolicyReference> {
        match &self.place {
            Ruled::Organization(name) => {
                self.quay
                    .send(self.quay.api().create_org_immutability_policy(
                        params::CreateOrgImmutabilityPolicy {
                            orgname: name,
                            body: &policy,
                        },
                    ))
                    .await
            }
            Ruled::Repository(name) => {
                self.quay
                    .send(self.quay.api().create_repository_immutability_policy(
                        params::CreateRepositoryImmutabilityPolicy {
                            repository: name.as_str(),
                            body: &policy,
                        },
                    ))
                    .await
            }
        }
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
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Ruled::Organization(name) => {
                self.quay
                    .send(self.quay.api().get_org_immutability_policy(
                        params::GetOrgImmutabilityPolicy {
                            orgname: name,
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Ruled::Repository(name) => {
                self.quay
                    .send(self.quay.api().get_repository_immutability_policy(
                        params::GetRepositoryImmutabilityPolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
        }
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
    /// let policies = acme.immutability_policies();
    /// let policy = policies.get_opt("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<ImmutabilityPolicy>> {
        optional(self.get(id).await)
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
    /// policies.update("20c7409a-c1ce-4f64-b938-ce0d5f158440", SetImmutabilityPolicy::new("^v[0-9]+$")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(&self, id: impl AsRef<str>, policy: SetImmutabilityPolicy) -> Result<()> {
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Ruled::Organization(name) => {
                self.quay
                    .send(self.quay.api().update_org_immutability_policy(
                        params::UpdateOrgImmutabilityPolicy {
                            orgname: name,
                            policy_uuid: &id,
                            body: &policy,
                        },
                    ))
                    .await
            }
            Ruled::Repository(name) => {
                self.quay
                    .send(self.quay.api().update_repository_immutability_policy(
                        params::UpdateRepositoryImmutabilityPolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                            body: &policy,
                        },
                    ))
                    .await
            }
        }
    }

    /// Deletes a policy.
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
        let id = segment("policy identifier", id.as_ref())?;
        match &self.place {
            Ruled::Organization(name) => {
                self.quay
                    .send(self.quay.api().delete_org_immutability_policy(
                        params::DeleteOrgImmutabilityPolicy {
                            orgname: name,
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
            Ruled::Repository(name) => {
                self.quay
                    .send(self.quay.api().delete_repository_immutability_policy(
                        params::DeleteRepositoryImmutabilityPolicy {
                            repository: name.as_str(),
                            policy_uuid: &id,
                        },
                    ))
                    .await
            }
        }
        .map(drop)
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
    /// let policies = acme.immutability_policies();
    /// policies.delete_if_exists("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        Ok(optional(self.delete(id).await)?.is_some())
    }
}
