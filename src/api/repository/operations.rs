//! Operations on a repository itself.

use crate::api::RepositoryHandle;
use crate::api::shared::{
    impl_into_future, missing, none_if_not_found, path_segment, query_bool, query_flag,
};
use crate::generated::params;
use crate::types::{
    AuthorizedEmail, ChangeRepositoryState, ChangeRepositoryTrust, ChangeRepositoryVisibility,
    Repository, RepositorySignatures, RepositoryState, StarRepository, StarredRepository,
    UpdateRepository, Visibility,
};
use crate::{Error, ErrorKind, Result};

impl RepositoryHandle {
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
    /// `None` is certain only for a caller who would see the repository: others get an error for a
    /// hidden one and for a missing one alike.
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
        none_if_not_found(self.get()).await
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
        changed.map(drop).ok_or_else(|| self.not_found())
    }

    /// Makes it normal, read-only or a mirror. Only a mirror can be given a mirror's settings.
    ///
    /// A read-only repository takes no pushes and no changes of tags; its description, visibility
    /// and permissions can still be changed, and it can be deleted.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/changestate`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found); a state that the server does not know.
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

    /// Deletes the repository and everything in it.
    ///
    /// Success means that there is no such repository any more, be it that there was none: the
    /// server does not tell. [`delete_if_exists`](Self::delete_if_exists) does. The name is free at
    /// once; the server removes the content later.
    ///
    /// Scope: `repo:admin`. Endpoint: `DELETE /api/v1/repository/{repository}`.
    ///
    /// # Errors
    /// [`is_forbidden`](crate::Error::is_forbidden), also for a missing repository if the caller is
    /// no superuser; the registry takes no writes.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        let deleted = self
            .quay
            .send(self.quay.api().delete_repository(self.name.as_str()))
            .await;
        match deleted {
            // The server fails where there is no such namespace, hence no repository.
            Err(error) if error.kind() == ErrorKind::Server => match self.get_opt().await {
                Ok(None) => Ok(()),
                _ => Err(error),
            },
            other => other,
        }
    }

    /// Deletes the repository if it exists. Returns false if there is no such repository.
    ///
    /// The repository is read first, since the server reports success for a missing one, too. If
    /// another caller deletes it in between, the result is true for both; if another one creates it
    /// anew in between, the new one is deleted.
    ///
    /// Scope and endpoint: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`get`](Self::get) and [`delete`](Self::delete), but not for a missing repository. If the
    /// response to the deletion is lost, an error is returned although it may be done.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let was_there = quay.repository("acme/web")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        self.delete().await.map(|()| true)
    }

    /// Stars the repository for the caller; one that has the caller's star keeps it.
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
        starred.ok_or_else(|| self.not_found())
    }

    /// Takes the caller's star off the repository. Success means that it has none any more, be it
    /// that it had none, or that there is no such repository: the server does not tell.
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
        let address = path_segment("e-mail address", address.as_ref())?;
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
        let address = path_segment("e-mail address", address.as_ref())?;
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

    /// Returns the error that an empty success stands for.
    fn not_found(&self) -> Error {
        missing(&self.parent().named())
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
        let (activity, tags) = (query_flag(self.activity), query_bool(self.tags));
        let RepositoryHandle { quay, name } = &self.repository;
        quay.send(quay.api().get_repo(params::GetRepo {
            repository: name.as_str(),
            include_stats: activity,
            include_tags: tags,
        }))
        .await
    }
}

impl_into_future!(GetRepository => Repository, |get| get.send());
