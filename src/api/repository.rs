//! One repository.

use super::builds::{BuildHandle, BuildsHandle};
use super::logs::{LogsHandle, Subject};
use super::manifests::ManifestHandle;
use super::mirror::MirrorHandle;
use super::notifications::NotificationsHandle;
use super::permissions::PermissionsHandle;
use super::policies::{AutoPrunePoliciesHandle, ImmutabilityPoliciesHandle};
use super::tags::{TagHandle, TagsHandle};
use super::triggers::{TriggerHandle, TriggersHandle};
use super::{Place, Ruled};
use super::{awaited, flag, optional, segment};
use crate::generated::params;
use crate::types::{
    AuthorizedEmail, ChangeRepositoryState, ChangeRepositoryTrust, ChangeRepositoryVisibility,
    Digest, Repository, RepositoryName, RepositorySignatures, RepositoryState, StarRepository,
    StarredRepository, UpdateRepository, Visibility,
};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// One repository: [`Quay::repository`].
#[derive(Debug, Clone)]
pub struct RepositoryHandle {
    pub(super) quay: Quay,
    pub(super) name: Arc<RepositoryName>,
}

impl RepositoryHandle {
    /// Its full name.
    pub fn name(&self) -> &RepositoryName {
        &self.name
    }

    /// Reads the repository, without its tags: those are [`tags`](Self::tags).
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found); a repository that the caller may not see is
    /// refused as forbidden, or as if nobody had asked.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// println!("{}", web.get().await?.is_public);
    /// println!("{:?}", web.get().with_activity().await?.stats);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self) -> GetRepository {
        GetRepository {
            repository: self.clone(),
            activity: false,
            tags: false,
        }
    }

    /// Reads the repository; `None` if there is none.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// if quay.repository("acme/web")?.get_opt().await?.is_none() {
    ///     println!("there is none");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Repository>> {
        optional(self.get().await)
    }

    /// Sets the description, in Markdown.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found), or a description of more than a MiB.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.describe("# The web site").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn describe(&self, description: impl Into<String>) -> Result<()> {
        let body = UpdateRepository::new(description);
        self.quay
            .send(self.quay.api().update_repo(params::UpdateRepo {
                repository: self.name.as_str(),
                body: &body,
            }))
            .await
            .map(drop)
    }

    /// Makes it public or private.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changevisibility`.
    ///
    /// # Errors
    /// [`ErrorKind::QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the plan allows no more
    /// private ones, [`ErrorKind::NotFound`](crate::ErrorKind::NotFound) if there is no such
    /// repository: Quay says so with a success that holds nothing.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_visibility(quay_api::types::Visibility::Private).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_visibility(&self, visibility: Visibility) -> Result<()> {
        let body = ChangeRepositoryVisibility::new(visibility);
        let changed = self
            .quay
            .send(
                self.quay
                    .api()
                    .change_repo_visibility(params::ChangeRepoVisibility {
                        repository: self.name.as_str(),
                        body: &body,
                    }),
            )
            .await?;
        changed.map(drop).ok_or_else(|| self.missing())
    }

    /// Makes it normal, read-only or a mirror. Only a mirror can be given a mirror's settings.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/changestate`.
    ///
    /// # Errors
    /// A state that the server does not know.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_state(quay_api::types::RepositoryState::Mirror).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_state(&self, state: RepositoryState) -> Result<()> {
        let body = ChangeRepositoryState::new(state);
        self.quay
            .send(self.quay.api().change_repo_state(params::ChangeRepoState {
                repository: self.name.as_str(),
                body: &body,
            }))
            .await
            .map(drop)
    }

    /// Deletes the repository and everything in it. Deleting one that is not there is a success.
    ///
    /// Scope: `repo:admin`. Endpoint: `DELETE /api/v1/repository/{repository}`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden), or the registry takes no writes.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_repository(self.name.as_str()))
            .await
    }

    /// Its tags.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tags = quay.repository("acme/web")?.tags();
    /// # Ok(())
    /// # }
    /// ```
    pub fn tags(&self) -> TagsHandle {
        TagsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its tags.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tag = quay.repository("acme/web")?.tag("latest")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn tag(&self, name: impl AsRef<str>) -> Result<TagHandle> {
        let tag = segment("tag", name.as_ref())?;
        Ok(TagHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            tag,
        })
    }

    /// Its builds.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let builds = quay.repository("acme/web")?.builds();
    /// # Ok(())
    /// # }
    /// ```
    pub fn builds(&self) -> BuildsHandle {
        BuildsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its builds.
    ///
    /// # Errors
    /// The identifier can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn build(&self, id: impl AsRef<str>) -> Result<BuildHandle> {
        let build = segment("build identifier", id.as_ref())?;
        Ok(BuildHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            build,
        })
    }

    /// How it mirrors a repository of another registry.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let mirror = quay.repository("acme/web")?.mirror();
    /// # Ok(())
    /// # }
    /// ```
    pub fn mirror(&self) -> MirrorHandle {
        MirrorHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// Its usage logs. Scope: `repo:admin`.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let logs = quay.repository("acme/web")?.logs();
    /// # Ok(())
    /// # }
    /// ```
    pub fn logs(&self) -> LogsHandle {
        LogsHandle {
            quay: self.quay.clone(),
            subject: Subject::Repository(Arc::clone(&self.name)),
        }
    }
}

impl RepositoryHandle {
    /// One of its manifests.
    pub fn manifest(&self, digest: &Digest) -> ManifestHandle {
        ManifestHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            digest: Arc::new(digest.clone()),
        }
    }

    /// Who may do what with it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let permissions = quay.repository("acme/web")?.permissions();
    /// # Ok(())
    /// # }
    /// ```
    pub fn permissions(&self) -> PermissionsHandle {
        PermissionsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// What is told when something happens in it.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let notifications = quay.repository("acme/web")?.notifications();
    /// # Ok(())
    /// # }
    /// ```
    pub fn notifications(&self) -> NotificationsHandle {
        NotificationsHandle {
            quay: self.quay.clone(),
            place: Place::Repository(Arc::clone(&self.name)),
        }
    }

    /// Which of its tags the server deletes by itself.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let autoprune_policies = quay.repository("acme/web")?.autoprune_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn autoprune_policies(&self) -> AutoPrunePoliciesHandle {
        AutoPrunePoliciesHandle {
            quay: self.quay.clone(),
            place: Place::Repository(Arc::clone(&self.name)),
        }
    }

    /// Which of its tags may not be moved or deleted.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let immutability_policies = quay.repository("acme/web")?.immutability_policies();
    /// # Ok(())
    /// # }
    /// ```
    pub fn immutability_policies(&self) -> ImmutabilityPoliciesHandle {
        ImmutabilityPoliciesHandle {
            quay: self.quay.clone(),
            place: Ruled::Repository(Arc::clone(&self.name)),
        }
    }

    /// Its build triggers.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let triggers = quay.repository("acme/web")?.triggers();
    /// # Ok(())
    /// # }
    /// ```
    pub fn triggers(&self) -> TriggersHandle {
        TriggersHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
        }
    }

    /// One of its build triggers.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let trigger = quay.repository("acme/web")?.trigger("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn trigger(&self, trigger: impl AsRef<str>) -> Result<TriggerHandle> {
        let trigger = segment("build trigger identifier", trigger.as_ref())?;
        Ok(TriggerHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.name),
            trigger,
        })
    }

    /// Turns content trust on or off.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changetrust`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.set_trust(true).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_trust(&self, trusted: bool) -> Result<()> {
        let body = ChangeRepositoryTrust::new(trusted);
        self.quay
            .send(self.quay.api().change_repo_trust(params::ChangeRepoTrust {
                repository: self.name.as_str(),
                body: &body,
            }))
            .await
            .map(drop)
    }

    /// Reads who signed the tags.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/signatures`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// println!("{:?}", repository.signatures().await?.delegations);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn signatures(&self) -> Result<RepositorySignatures> {
        self.quay
            .send(self.quay.api().get_repo_signatures(self.name.as_str()))
            .await
    }

    /// Stars the repository for the caller.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/starred`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) for a repository that is not there, which the
    /// server says with a success.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.star().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn star(&self) -> Result<StarredRepository> {
        let body = StarRepository::new(self.name.namespace(), self.name.name());
        let starred = self.quay.send(self.quay.api().create_star(&body)).await?;
        starred.ok_or_else(|| self.missing())
    }

    /// What a success that holds nothing means.
    fn missing(&self) -> Error {
        Error::new(
            ErrorKind::NotFound,
            format!("there is no repository {}", self.name),
        )
    }

    /// Takes the caller's star off the repository.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/starred/{repository}`.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.unstar().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unstar(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_star(self.name.as_str()))
            .await
    }

    /// Sends a message to an address, whose owner can then allow notifications to be sent there.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/authorizedemail/{email}`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.authorize_email("team@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn authorize_email(&self, address: impl AsRef<str>) -> Result<AuthorizedEmail> {
        let address = segment("e-mail address", address.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .send_authorize_repo_email(params::SendAuthorizeRepoEmail {
                        repository: self.name.as_str(),
                        email: &address,
                    }),
            )
            .await
    }

    /// Reads whether notifications may be sent to an address.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/authorizedemail/{email}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let is_allowed = repository.email_authorization("team@example.com").await?.confirmed;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn email_authorization(&self, address: impl AsRef<str>) -> Result<AuthorizedEmail> {
        let address = segment("e-mail address", address.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .check_repo_email_authorized(params::CheckRepoEmailAuthorized {
                        repository: self.name.as_str(),
                        email: &address,
                    }),
            )
            .await
    }
}

/// Reading a repository: await it. [`RepositoryHandle::get`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited"]
pub struct GetRepository {
    repository: RepositoryHandle,
    activity: bool,
    tags: bool,
}

impl GetRepository {
    /// Also reads how much was done on each of the last days.
    pub fn with_activity(mut self) -> Self {
        self.activity = true;
        self
    }

    /// Also reads the tags, of which the server gives 500 at most: [`RepositoryHandle::tags`] lists
    /// them all.
    pub fn with_tags(mut self) -> Self {
        self.tags = true;
        self
    }

    async fn send(self) -> Result<Repository> {
        // The server would give the tags unless told otherwise, and they cost it most of the work.
        let (activity, tags) = (
            flag(self.activity),
            Some(if self.tags { "true" } else { "false" }),
        );
        let RepositoryHandle { quay, name } = &self.repository;
        quay.send(quay.api().get_repo(params::GetRepo {
            repository: name.as_str(),
            include_stats: activity,
            include_tags: tags,
        }))
        .await
    }
}

awaited!(GetRepository => Repository, |this| this.send());
