//! One repository.

use super::builds::{BuildHandle, BuildsHandle};
use super::logs::{LogsHandle, Subject};
use super::mirror::MirrorHandle;
use super::tags::{TagHandle, TagsHandle};
use super::{optional, segment};
use crate::types::{
    ChangeRepositoryState, ChangeRepositoryVisibility, Repository, RepositoryName, RepositoryState, UpdateRepository, Visibility,
};
use crate::{Quay, Result};
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
    /// [`is_not_found`](crate::Error::is_not_found); a repository that the caller may not see is refused as forbidden, or as if nobody had asked.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?.get().await?;
    /// println!("{} is {}", web.name, if web.is_public { "public" } else { "private" });
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Repository> {
        // Tags would be cut off at 500, and cost the server most of the work.
        self.quay.send(async |api| api.get_repo(self.name.as_str(), None, Some("false")).await).await
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
        self.quay.send(async |api| api.update_repo(self.name.as_str(), &body).await).await.map(drop)
    }

    /// Makes it public or private.
    ///
    /// Scope: `repo:admin`. Endpoint: `POST /api/v1/repository/{repository}/changevisibility`.
    ///
    /// # Errors
    /// [`ErrorKind::QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the plan allows no more private ones.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.set_visibility(quay_api::types::Visibility::Private).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_visibility(&self, visibility: Visibility) -> Result<()> {
        let body = ChangeRepositoryVisibility::new(visibility);
        self.quay.send(async |api| api.change_repo_visibility(self.name.as_str(), &body).await).await.map(drop)
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
        self.quay.send(async |api| api.change_repo_state(self.name.as_str(), &body).await).await.map(drop)
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
        self.quay.send(async |api| api.delete_repository(self.name.as_str()).await).await
    }

    /// Its tags.
    pub fn tags(&self) -> TagsHandle {
        TagsHandle { quay: self.quay.clone(), repository: Arc::clone(&self.name) }
    }

    /// One of its tags.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    pub fn tag(&self, name: impl AsRef<str>) -> Result<TagHandle> {
        let tag = segment("tag", name.as_ref())?;
        Ok(TagHandle { quay: self.quay.clone(), repository: Arc::clone(&self.name), tag })
    }

    /// Its builds.
    pub fn builds(&self) -> BuildsHandle {
        BuildsHandle { quay: self.quay.clone(), repository: Arc::clone(&self.name) }
    }

    /// One of its builds.
    ///
    /// # Errors
    /// The identifier can't be one, so nothing could be sent.
    pub fn build(&self, id: impl AsRef<str>) -> Result<BuildHandle> {
        let build = segment("build identifier", id.as_ref())?;
        Ok(BuildHandle { quay: self.quay.clone(), repository: Arc::clone(&self.name), build })
    }

    /// How it mirrors a repository of another registry.
    pub fn mirror(&self) -> MirrorHandle {
        MirrorHandle { quay: self.quay.clone(), repository: Arc::clone(&self.name) }
    }

    /// Its usage logs. Scope: `repo:admin`.
    pub fn logs(&self) -> LogsHandle {
        LogsHandle { quay: self.quay.clone(), subject: Subject::Repository(Arc::clone(&self.name)) }
    }
}
