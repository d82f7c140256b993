//! The settings of a repository.
//!
//! Each setting has its own operation and scope.

use crate::Result;
use crate::api::RepositoryHandle;
use crate::generated::params;
use crate::types::{
    ChangeRepositoryState, ChangeRepositoryTrust, ChangeRepositoryVisibility, RepositoryState,
    UpdateRepository, Visibility,
};

impl RepositoryHandle {
    /// Sets the description of the repository, in Markdown.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}`.
    /// Operation: `updateRepo`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist, and an error if the description is larger than 1 MiB.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_description("# The web site").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "updateRepo")]
    pub async fn set_description(&self, description: impl Into<String>) -> Result<()> {
        let body = UpdateRepository::new(description);
        self.quay
            .send(self.quay.api().update_repo(params::UpdateRepo {
                repository: self.name.as_str(),
                body: &body,
            }))
            .await
            .map(drop)
    }

    /// Sets the visibility of the repository: public or private.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changevisibility`.
    /// Operation: `changeRepoVisibility`.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::QuotaExceeded`](crate::ErrorKind::QuotaExceeded)
    /// if the plan allows no more private repositories. Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository does not exist. The
    /// server itself responds with an empty success.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_visibility(quay_api::types::Visibility::Private).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeRepoVisibility")]
    #[doc(alias = "changevisibility")]
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
        let changed = changed.map(drop);
        changed.ok_or_else(|| self.not_found("changeRepoVisibility"))
    }

    /// Sets the state of the repository: normal, read-only or mirror.
    ///
    /// Creating mirror settings sets the state of a mirror, and another state stops the
    /// synchronization without deleting the settings.
    ///
    /// A read-only repository accepts no pushes and no changes to its tags. Its description,
    /// visibility and permissions can still be changed, and it can be deleted.
    ///
    /// Scope: `repo:admin`. Endpoint: `PUT /api/v1/repository/{repository}/changestate`.
    /// Operation: `changeRepoState`. Feature: `FEATURE_REPO_MIRROR`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository does not exist, and an error if the server does not know the state.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_state(quay_api::types::RepositoryState::Mirror).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeRepoState")]
    #[doc(alias = "changestate")]
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

    /// Turns content trust on.
    ///
    /// The server first deletes the existing trust metadata of the repository, and with it the
    /// signatures of its tags.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changetrust`.
    /// Operation: `changeRepoTrust`. Feature: `FEATURE_SIGNING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the server has no content trust, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.enable_trust().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeRepoTrust")]
    #[doc(alias = "changetrust")]
    pub async fn enable_trust(&self) -> Result<()> {
        self.change_trust(true).await
    }

    /// Turns content trust off.
    ///
    /// The server first deletes the trust metadata of the repository, and with it the signatures of
    /// its tags.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changetrust`.
    /// Operation: `changeRepoTrust`. Feature: `FEATURE_SIGNING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the server has no content trust, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.disable_trust().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeRepoTrust")]
    pub async fn disable_trust(&self) -> Result<()> {
        self.change_trust(false).await
    }

    async fn change_trust(&self, trusted: bool) -> Result<()> {
        let body = ChangeRepositoryTrust::new(trusted);
        self.quay
            .send(self.quay.api().change_repo_trust(params::ChangeRepoTrust {
                repository: self.name.as_str(),
                body: &body,
            }))
            .await
            .map(drop)
    }
}
