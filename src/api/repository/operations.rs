//! Operations on a repository itself, but for its settings.

use crate::api::RepositoryHandle;
use crate::api::shared::{
    existed, missing, none_if_not_found, path_segment, query_bool, query_flag,
};
use crate::generated::params;
use crate::types::{
    AuthorizedEmail, Repository, RepositorySignatures, StarRepository, StarredRepository,
};
use crate::{Error, ErrorKind, Result};

impl RepositoryHandle {
    /// Reads the repository, without its tags: those are [`tags`](Self::tags).
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such repository. For one that the caller may not see, the server responds that it is
    /// forbidden, or that the request was anonymous.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// println!("{}", web.get().await?.is_public);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get repository")]
    #[doc(alias = "getRepo")]
    pub async fn get(&self) -> Result<Repository> {
        self.get_with(GetRepository::new()).await
    }

    /// Reads the repository; `None` if there is none.
    ///
    /// `None` is certain only for a caller who would see the repository: others get an error for a
    /// hidden one and for a missing one alike.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// if quay.repository("acme/web")?.get_opt().await?.is_none() {
    ///     println!("there is none");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepo")]
    pub async fn get_opt(&self) -> Result<Option<Repository>> {
        self.get_opt_with(GetRepository::new()).await
    }

    /// Reads the repository with what is chosen.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::api::GetRepository;
    ///
    /// let web = quay.repository("acme/web")?;
    /// let read = web.get_with(GetRepository::new().with_activity()).await?;
    /// println!("{:?}", read.stats);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_with(&self, options: GetRepository) -> Result<Repository> {
        // The server would give the tags unless told otherwise, and they cost it most of the work.
        let request = self.quay.api().get_repo(params::GetRepo {
            repository: self.name.as_str(),
            include_stats: query_flag(options.activity),
            include_tags: query_bool(options.tags),
        });
        self.quay.send(request).await
    }

    /// Reads the repository with what is chosen; `None` if there is none, as
    /// [`get_opt`](Self::get_opt) does.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::api::GetRepository;
    ///
    /// let web = quay.repository("acme/web")?;
    /// let found = web.get_opt_with(GetRepository::new().with_tags()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt_with(&self, options: GetRepository) -> Result<Option<Repository>> {
        none_if_not_found(self.get_with(options)).await
    }

    /// Deletes the repository and everything in it.
    ///
    /// The repository is read first, since the server acknowledges the deletion of a missing one.
    /// The name is free at once; the server removes the content later.
    ///
    /// Scope: `repo:admin`. Endpoints: `GET /api/v1/repository/{repository}`,
    /// `DELETE /api/v1/repository/{repository}`.
    /// Operations: `getRepo`, `deleteRepository`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such repository, or [`is_forbidden`](crate::Error::is_forbidden) if the caller may not
    /// know, and an error if the registry takes no writes. Before anything is sent, returns one of
    /// the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a name whose
    /// deletion the server would read as that of something else.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete repository")]
    #[doc(alias = "getRepo")]
    #[doc(alias = "deleteRepository")]
    pub async fn delete(&self) -> Result<()> {
        self.check_deletion()?;
        match self.get_opt().await {
            Ok(Some(_)) => {}
            Ok(None) => return Err(self.not_found()),
            Err(error) if cannot_be_read(&error) => {}
            Err(error) => return Err(error),
        }
        self.send_deletion().await
    }

    /// Deletes the repository if it exists. Returns false if there is no such repository.
    ///
    /// The repository is read first, since the server acknowledges the deletion of a missing one.
    /// If another caller deletes it in between, the result is true for both; if another one creates
    /// it anew in between, the new one is deleted.
    ///
    /// Scope and endpoints: as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete), except for what does not exist. If the
    /// response to the deletion is lost, an error is returned although it may be done.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let was_there = quay.repository("acme/web")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        self.check_deletion()?;
        match self.get_opt().await {
            Ok(Some(_)) => self.send_deletion().await.map(|()| true),
            Ok(None) => Ok(false),
            Err(error) if cannot_be_read(&error) => existed(self.send_deletion()).await,
            Err(error) => Err(error),
        }
    }

    /// Checks that the server would read the deletion as that of the repository.
    fn check_deletion(&self) -> Result<()> {
        let request = self.quay.api().delete_repository(self.name.as_str());
        request.map(drop)
    }

    async fn send_deletion(&self) -> Result<()> {
        let request = self.quay.api().delete_repository(self.name.as_str());
        match self.quay.send(request).await {
            // The server fails where the namespace was deleted in between.
            Err(error) if error.kind() == ErrorKind::Server => match self.get_opt().await {
                Ok(None) => Ok(()),
                _ => Err(error),
            },
            other => other,
        }
    }

    /// Stars the repository for the caller; one that has the caller's star keeps it.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/starred`.
    /// Operation: `createStar`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such repository, for which the server responds with an empty success.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.star().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "createStar")]
    pub async fn star(&self) -> Result<StarredRepository> {
        let body = StarRepository::new(self.name.namespace(), self.name.name());
        let starred = self.quay.send(self.quay.api().create_star(&body)).await?;
        starred.ok_or_else(|| self.not_found())
    }

    /// Takes the caller's star off the repository. Success means that it has none any more, be it
    /// that it had none, or that there is no such repository: the server does not tell.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/starred/{repository}`.
    /// Operation: `deleteStar`.
    ///
    /// # Errors
    ///
    /// Returns no error of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.unstar().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "deleteStar")]
    pub async fn unstar(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_star(self.name.as_str()))
            .await
    }

    /// Reads who signed the tags.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/signatures`.
    /// Operation: `getRepoSignatures`. Feature: `FEATURE_SIGNING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the server has the feature off. [`is_not_found`](crate::Error::is_not_found) is true
    /// if it does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// println!("{:?}", repository.signatures().await?.delegations);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoSignatures")]
    pub async fn signatures(&self) -> Result<RepositorySignatures> {
        self.quay
            .send(self.quay.api().get_repo_signatures(self.name.as_str()))
            .await
    }

    /// Sends a message to an address, whose owner can then allow notifications to be sent there.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/authorizedemail/{email}`.
    /// Operation: `sendAuthorizeRepoEmail`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the server has the feature off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.authorize_email("team@example.com").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "sendAuthorizeRepoEmail")]
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
    /// Operation: `checkRepoEmailAuthorized`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does
    /// not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let is_allowed = repository.email_authorization("team@example.com").await?.confirmed;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "checkRepoEmailAuthorized")]
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
    pub(super) fn not_found(&self) -> Error {
        missing(&self.parent().named())
    }
}

/// The options of [`RepositoryHandle::get_with`]: what is read with a repository.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GetRepository {
    activity: bool,
    tags: bool,
}

impl GetRepository {
    /// Reads the repository alone.
    pub fn new() -> Self {
        Self::default()
    }

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
}

/// Returns true if the repository can't be read, although it can be deleted: the server would take
/// the path of the GET for that of another route, or it is the Go registry, which has the deletion
/// alone and says truly what is missing.
fn cannot_be_read(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::FeatureDisabled
    )
}
