//! The handle of one tag.

use crate::api::TagsHandle;
use crate::api::shared::{checked_digest, existed};
use crate::generated::params;
use crate::types::{
    Digest, ExpireTag, InvalidValue, RepositoryName, RestoreTag, Tag, TagPullStatistics, Timestamp,
    UpdateTag,
};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of one tag: [`RepositoryHandle::tag`](crate::api::RepositoryHandle::tag).
#[derive(Debug, Clone)]
pub struct TagHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) tag: Arc<str>,
}

impl TagHandle {
    /// Returns the name of the tag.
    pub fn name(&self) -> &str {
        &self.tag
    }

    /// Reads the current version of the tag.
    ///
    /// The method reads it from the listing, since the server has no operation that reads one tag.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/tag/?specificTag=…`.
    /// Operation: `listRepoTags`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the tag
    /// or the repository does not exist, or if the tag was deleted or has expired. The error is
    /// another one for a repository that [the caller can't
    /// see](crate::api::RepositoryHandle#repositories-that-the-caller-cant-see).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let latest = quay.repository("acme/web")?.tag("latest")?.get().await?;
    /// println!("{:?}", latest.manifest_digest);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get tag")]
    #[doc(alias = "listRepoTags")]
    pub async fn get(&self) -> Result<Tag> {
        self.get_opt().await?.ok_or_else(|| self.no_such_tag())
    }

    /// Reads the current version of the tag, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`TagsHandle::list`]. A missing repository is an error, and not
    /// `None`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let latest = quay.repository("acme/web")?.tag("latest")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Tag>> {
        let tags = TagsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
        };
        tags.list().active().named(&self.tag).first().await
    }

    /// Creates the tag with this manifest, or moves the tag to it.
    ///
    /// The request begins a new version of the tag. The new version does not keep an earlier
    /// expiration. **If the manifest has the label `quay.expires-after`, the tag expires after that
    /// time.** [`update`](Self::update) can also set or clear the expiration. The new version is
    /// immutable if an immutability policy or a label of the manifest says so.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `changeTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no such manifest, or if no tag points now at the manifest or at an index that
    /// contains it; [`restore`](Self::restore) accepts such a manifest. Returns an error of the
    /// kind [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable) if the tag may not be
    /// moved.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.tag("stable")?.point_to(&digest).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeTag")]
    pub async fn point_to(
        &self,
        manifest: impl TryInto<Digest, Error: Into<InvalidValue>>,
    ) -> Result<()> {
        let manifest = checked_digest(manifest)?;
        self.apply(UpdateTag::new().manifest_digest(manifest.as_str()))
            .await
    }

    /// Sets when the tag expires, or removes the expiration if `moment` is `None`.
    ///
    /// Success means that the server stored exactly this second. The server silently moves an
    /// expiration into an allowed range. By default, a tag expires at least one hour and at most
    /// 104 weeks after it was pointed at its manifest (`LABELED_EXPIRATION_MINIMUM` and
    /// `LABELED_EXPIRATION_MAXIMUM` in the server's configuration). The method therefore reads the
    /// tag before and after the change and sends three requests in total. Removing the expiration
    /// takes one request.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`, and
    /// `GET /api/v1/repository/{repository}/tag/?specificTag=…`.
    /// Operations: `changeTag`, `listRepoTags`.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput),
    /// before anything is sent, if the time is not in the future.
    ///
    /// Returns an error of the kind [`ErrorKind::Conflict`](crate::ErrorKind::Conflict), before
    /// anything is changed, if the tag was pointed at its manifest more than 104 weeks ago: such a
    /// tag would expire immediately. Point it at the manifest again first. Returns an error of the
    /// same kind if the server stored another time. The message contains that time.
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the tag
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::Timestamp;
    /// use std::time::Duration;
    ///
    /// let in_a_week = Timestamp::now().checked_add(Duration::from_secs(7 * 86400));
    /// quay.repository("acme/web")?.tag("nightly")?.set_expiration(in_a_week).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "changeTag")]
    #[doc(alias = "listRepoTags")]
    #[doc(alias = "expire")]
    pub async fn set_expiration(&self, moment: impl Into<Option<Timestamp>>) -> Result<()> {
        self.apply(match moment.into() {
            Some(moment) => UpdateTag::new().expires_at(moment),
            None => UpdateTag::new().clear_expiration(),
        })
        .await
    }

    /// Changes the manifest, the expiration and the immutability of the tag.
    ///
    /// A server loses an expiration that is sent together with a manifest, so each change is a
    /// separate request. The order is: make the tag mutable, set the [manifest](Self::point_to),
    /// set the [expiration](Self::set_expiration), make the tag immutable. If a request fails, the
    /// later ones are not sent, the message says which changes were made, and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true. Other callers can see and
    /// change the tag between the requests. The method reads the tag afterwards to check expiration
    /// and immutability.
    ///
    /// Scope: `repo:write`; `repo:admin` to make the tag mutable. Endpoint:
    /// `PUT /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `changeTag`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`point_to`](Self::point_to) and
    /// [`set_expiration`](Self::set_expiration). Returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server has no
    /// immutable tags and would ignore the field. Returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the request sets nothing.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateTag;
    ///
    /// let release = quay.repository("acme/web")?.tag("v1.0")?;
    /// let change = UpdateTag::new().manifest_digest(digest.as_str()).clear_expiration();
    /// release.update(change.immutable(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update tag")]
    #[doc(alias = "changeTag")]
    pub async fn update(&self, change: UpdateTag) -> Result<()> {
        self.apply(change).await
    }

    /// Points the tag at a manifest that it pointed at before.
    ///
    /// The server only checks that the repository still has the manifest. As with
    /// [`point_to`](Self::point_to), a new version of the tag begins: the label
    /// `quay.expires-after` of the manifest applies, and an earlier expiration is not kept.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/restore`.
    /// Operation: `restoreTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest no longer exists, and an error of the kind
    /// [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable) if the tag may not be moved.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.tag("latest")?.restore(&digest).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "restore tag")]
    #[doc(alias = "restoreTag")]
    pub async fn restore(
        &self,
        manifest: impl TryInto<Digest, Error: Into<InvalidValue>>,
    ) -> Result<()> {
        let manifest = checked_digest(manifest)?;
        let body = RestoreTag::new().manifest_digest(manifest.as_str());
        let restored = self
            .quay
            .send(self.quay.api().restore_tag(params::RestoreTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
                body: &body,
            }))
            .await;
        restored.map_err(|error| self.explain_missing(error, manifest.as_str()))
    }

    /// Deletes the tag.
    ///
    /// The tag can be [restored](Self::restore) until the server's time machine removes it. Its
    /// pull statistics are reset. Servers newer than 3.18.0 delete the Cosign tags of its manifest
    /// too (`sha256-….sig`, `.att` and `.sbom`), unless another tag points at the manifest.
    ///
    /// Scope: `repo:write`. Endpoint: `DELETE /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `deleteFullTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the tag
    /// does not exist, except in a repository that [the caller can't
    /// see](crate::api::RepositoryHandle#repositories-that-the-caller-cant-see). Returns an error
    /// of the kind [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable) if the tag may not
    /// be deleted.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.tag("nightly")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete tag")]
    #[doc(alias = "deleteFullTag")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_full_tag(params::DeleteFullTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
            }))
            .await
    }

    /// Deletes the tag if it exists, and returns true if it existed.
    ///
    /// The method deletes the current version of the tag, even if the tag was moved after the
    /// caller read it. It sends the deletion only. The result is false if the tag or its repository
    /// does not exist; a repository that [the caller can't
    /// see](crate::api::RepositoryHandle#repositories-that-the-caller-cant-see) is an error. The
    /// result is also true if a retry after a lost response finds nothing, because the first
    /// attempt may have deleted the tag.
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
    /// quay.repository("acme/web")?.tag("nightly")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }

    /// Deletes versions of the tag permanently, so that they can't be restored.
    ///
    /// The request chooses the versions in one of two ways. `manifest_digest` deletes the *past*
    /// versions that pointed at this manifest. `is_alive(true)` deletes the current version,
    /// whatever it points at.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/expire`.
    /// Operation: `removeTagFromTimemachine`. Since: 3.9. Feature: `PERMANENTLY_DELETE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if no
    /// version matches, or if the version is immutable. Returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if the request uses both ways or
    /// neither: with `is_alive(true)` the server ignores the digest.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::ExpireTag;
    ///
    /// let request = ExpireTag::new().manifest_digest(digest.as_str());
    /// quay.repository("acme/web")?.tag("old")?.delete_permanently(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "removeTagFromTimemachine")]
    #[doc(alias = "forget")]
    pub async fn delete_permanently(&self, request: ExpireTag) -> Result<()> {
        match (request.is_alive, &request.manifest_digest) {
            (Some(true), None) => {}
            (Some(true), Some(_)) => {
                return Err(Error::invalid_input(
                    "`is_alive` and `manifest_digest` exclude each other: with `is_alive` the \
                     server ignores the digest",
                ));
            }
            (_, Some(digest)) => {
                digest.parse::<Digest>()?;
            }
            (_, None) => {
                return Err(Error::invalid_input(
                    "a permanent deletion must set either `manifest_digest` or `is_alive(true)`",
                ));
            }
        }
        self.quay
            .send(
                self.quay
                    .api()
                    .remove_tag_from_timemachine(params::RemoveTagFromTimemachine {
                        repository: self.repository.as_str(),
                        tag: &self.tag,
                        body: &request,
                    }),
            )
            .await
    }

    /// Reads how often the tag and its manifest were pulled.
    ///
    /// A worker of the server counts pulls some time after they happen.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/tag/{tag}/pull_statistics`.
    /// Operation: `getTagPullStatistics`. Since: 3.16. Feature: `FEATURE_IMAGE_PULL_STATS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the tag
    /// does not exist. Returns an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let statistics = quay.repository("acme/web")?.tag("latest")?.pull_statistics().await?;
    /// println!("{}", statistics.tag_pull_count);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getTagPullStatistics")]
    pub async fn pull_statistics(&self) -> Result<TagPullStatistics> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_tag_pull_statistics(params::GetTagPullStatistics {
                        repository: self.repository.as_str(),
                        tag: &self.tag,
                    }),
            )
            .await
    }
}
