//! Operations on a repository itself, except for its settings.

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
    /// Reads the repository without its tags, which [`tags`](Self::tags) lists.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist. For a repository that the caller may not see, the server's error
    /// says that access is forbidden or that the request was anonymous.
    ///
    /// # Examples
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

    /// Reads the repository, or returns `None` if it does not exist.
    ///
    /// A caller who may not see the repository gets an error, whether the repository exists or not.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}`.
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
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

    /// Reads the repository with these options.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get).
    ///
    /// # Examples
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
        // By default the server sends the tags too, which is most of its work for this request.
        let request = self.quay.api().get_repo(params::GetRepo {
            repository: self.name.as_str(),
            include_stats: query_flag(options.activity),
            include_tags: query_bool(options.tags),
        });
        self.quay.send(request).await
    }

    /// Reads the repository with these options, or returns `None` if it does not exist.
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
    /// The method reads the repository first, because the server also acknowledges the deletion of
    /// a repository that does not exist. The name can be used again immediately. The server removes
    /// the content later.
    ///
    /// Scope: `repo:admin`. Endpoints: `GET /api/v1/repository/{repository}`,
    /// `DELETE /api/v1/repository/{repository}`.
    /// Operations: `getRepo`, `deleteRepository`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist, an error for which [`is_forbidden`](crate::Error::is_forbidden)
    /// is true if the caller may not see the repository, and an error if the registry is read-only.
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput),
    /// before anything is sent, if the server would take the path of this repository for that of
    /// another resource and delete that one.
    ///
    /// # Examples
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
            Ok(None) => return Err(self.not_found("getRepo")),
            Err(error) if cannot_be_read(&error) => {}
            Err(error) => return Err(error),
        }
        self.send_deletion().await
    }

    /// Deletes the repository if it exists, and returns true if it existed.
    ///
    /// The method reads the repository first, because the server also acknowledges the deletion of
    /// a repository that does not exist. If another caller deletes the repository between the two
    /// requests, the result is true for both callers. If another caller deletes and creates it
    /// again in between, the new repository is deleted.
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found". If the response to
    /// the deletion is lost, an error is returned although the repository may have been deleted.
    ///
    /// # Examples
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

    /// Checks that the server would read the path of the deletion as that of the repository.
    fn check_deletion(&self) -> Result<()> {
        let request = self.quay.api().delete_repository(self.name.as_str());
        request.map(drop)
    }

    async fn send_deletion(&self) -> Result<()> {
        let request = self.quay.api().delete_repository(self.name.as_str());
        match self.quay.send(request).await {
            // The server responds with status 500 if the namespace was deleted in between.
            Err(error) if error.kind() == ErrorKind::Server => match self.get_opt().await {
                Ok(None) => Ok(()),
                _ => Err(error),
            },
            other => other,
        }
    }

    /// Stars the repository for the caller.
    ///
    /// Nothing changes if it is already starred.
    ///
    /// Scope: `user:admin`. Endpoint: `POST /api/v1/user/starred`.
    /// Operation: `createStar`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist. The server itself responds with an empty success.
    ///
    /// # Examples
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
        starred.ok_or_else(|| self.not_found("createStar"))
    }

    /// Removes the caller's star from the repository.
    ///
    /// The call also succeeds if the repository has no star.
    ///
    /// Scope: `user:admin`. Endpoint: `DELETE /api/v1/user/starred/{repository}`.
    /// Operation: `deleteStar`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist. The server itself responds with an empty success.
    ///
    /// # Examples
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

    /// Reads the signatures of the repository's tags.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/signatures`.
    /// Operation: `getRepoSignatures`. Feature: `FEATURE_SIGNING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server. Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository does not exist.
    ///
    /// # Examples
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

    /// Sends a message to an e-mail address and asks its owner to allow notifications.
    ///
    /// No message is sent if the owner has allowed them already. Until then, each call sends one.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `POST /api/v1/repository/{repository}/authorizedemail/{email}`.
    /// Operation: `sendAuthorizeRepoEmail`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// # Examples
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

    /// Reads whether notifications may be sent to an e-mail address.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/authorizedemail/{email}`.
    /// Operation: `checkRepoEmailAuthorized`. Feature: `FEATURE_MAILING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if no
    /// authorization of this address was requested for the repository.
    ///
    /// # Examples
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

    /// Returns the error for the response of an operation by which the server means "not found".
    pub(super) fn not_found(&self, operation: &str) -> Error {
        let parent = self.parent();
        missing(&parent.named()).with_response_to(operation, &parent.path_values())
    }
}

/// The options of [`RepositoryHandle::get_with`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GetRepository {
    activity: bool,
    tags: bool,
}

impl GetRepository {
    /// Creates options that read the repository alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Includes the number of actions on each of the last 91 days.
    pub fn with_activity(mut self) -> Self {
        self.activity = true;
        self
    }

    /// Includes the tags, of which the server sends at most 500.
    ///
    /// [`RepositoryHandle::tags`] lists all tags.
    pub fn with_tags(mut self) -> Self {
        self.tags = true;
        self
    }
}

/// Returns true if the repository can't be read, although it can be deleted. Either the server
/// would read the path of the GET as another route, or it is the Go registry, which only has the
/// deletion and reports a missing repository correctly.
fn cannot_be_read(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidInput | ErrorKind::FeatureDisabled
    )
}
