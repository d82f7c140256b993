//! One tag.

use crate::api::TagsHandle;
use crate::api::shared::{checked_digest, existed};
use crate::generated::params;
use crate::types::{
    Digest, ExpireTag, InvalidValue, RepositoryName, RestoreTag, Tag, TagPullStatistics, Timestamp,
    UpdateTag,
};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// One tag: [`RepositoryHandle::tag`](crate::api::RepositoryHandle::tag).
#[derive(Debug, Clone)]
pub struct TagHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) tag: Arc<str>,
}

impl TagHandle {
    /// Returns its name.
    pub fn name(&self) -> &str {
        &self.tag
    }

    /// Reads the tag as it is now, from the listing: the server has no operation for one tag.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/tag/?specificTag=…`.
    /// Operation: `listRepoTags`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such tag, or no longer, or no such repository.
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

    /// Reads the tag as it is now; `None` if there is none, or no longer.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`TagsHandle::list`]: if there is no such repository, its error is
    /// returned, and not `None`.
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

    /// Points the tag at a manifest of the repository: creates it, or moves it there.
    ///
    /// This begins a new version of the tag. An expiration of the version before does not carry
    /// over; instead, **the tag expires if the manifest has the label `quay.expires-after`**, that
    /// long from now. [`update`](Self::update) can set or clear the expiration in the same call.
    /// The new version is immutable if a policy or a label of the manifest says so.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `changeTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// repository has no such manifest, or none that a tag points at now:
    /// [`restore`](Self::restore) takes those, too. Returns one of the kind
    /// [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable) if the tag may not be moved.
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

    /// Sets when the tag expires; `None` removes the expiration.
    ///
    /// Success means that the server stored this very second. A server moves an expiration without
    /// saying so: by default to at least an hour and at most 104 weeks after the tag was pointed at
    /// its manifest (`LABELED_EXPIRATION_MINIMUM` and `LABELED_EXPIRATION_MAXIMUM` in its
    /// configuration). The tag is therefore read before and after the change, three requests in
    /// all; removing the expiration takes one.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`, and
    /// `GET /api/v1/repository/{repository}/tag/?specificTag=…`.
    /// Operations: `changeTag`, `listRepoTags`.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput),
    /// and sends nothing, for a moment that is not in the future. Returns one of the kind
    /// [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if the server stored another moment,
    /// which the message names, and, before anything is changed, if the tag was pointed at its
    /// manifest more than 104 weeks ago: such a tag would expire at once. Point it there anew
    /// first. Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if
    /// there is no such tag.
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

    /// Changes several things of the tag: manifest, expiration, immutability.
    ///
    /// A server loses an expiration that comes with a manifest, so each change is a request of its
    /// own: first what makes the tag mutable, then the [manifest](Self::point_to), the
    /// [expiration](Self::set_expiration), and what makes it immutable. If one of them fails, the
    /// later ones are not sent, the message says what was done before, and
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true. Others may see, and
    /// change, the tag in between. The result of an expiration or immutability is read back.
    ///
    /// Scope: `repo:write`; `repo:admin` to make it mutable. Endpoint:
    /// `PUT /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `changeTag`.
    ///
    /// # Errors
    ///
    /// As [`point_to`](Self::point_to) and [`set_expiration`](Self::set_expiration).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server has no
    /// immutable tags; it ignores the wish otherwise. Returns one of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for a change of nothing.
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

    /// Points the tag back at a manifest that it pointed at before.
    ///
    /// The server checks no more than that the repository still has the manifest. As with
    /// [`point_to`](Self::point_to), a new version of the tag begins: the label
    /// `quay.expires-after` of the manifest applies, and an earlier expiration does not.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/restore`.
    /// Operation: `restoreTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest is gone, and one of the kind
    /// [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable) if the tag may not be moved.
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
        self.quay
            .send(self.quay.api().restore_tag(params::RestoreTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
                body: &body,
            }))
            .await
    }

    /// Deletes the tag. Until the time machine forgets it, it can be [restored](Self::restore).
    ///
    /// Scope: `repo:write`. Endpoint: `DELETE /api/v1/repository/{repository}/tag/{tag}`.
    /// Operation: `deleteFullTag`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such tag, and one of the kind [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable)
    /// if it may not be deleted.
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

    /// Deletes the tag if it exists. Returns false if there was no such tag, be it that there is no
    /// such repository.
    ///
    /// The tag of that moment is deleted, even if it was moved since the caller read it.
    /// False is certain. True means that this call deleted it, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// As [`delete`](Self::delete), but not for a missing tag.
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

    /// Removes versions of the tag from the time machine, so that they can't be restored.
    ///
    /// There are two ways: `manifest_digest` removes the *past* versions that pointed at this
    /// manifest; `is_alive(true)` deletes the tag of this moment for good, whatever it points at.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/expire`.
    /// Operation: `removeTagFromTimemachine`. Since: 3.9. Feature: `PERMANENTLY_DELETE_TAGS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such version, or if it is immutable. Returns one of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for both ways at once, or
    /// neither: with `is_alive(true)` the server ignores the digest.
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
                    "`is_alive` and `manifest_digest` exclude each other: the server would delete \
                     the tag whatever it points at",
                ));
            }
            (_, Some(digest)) => {
                digest.parse::<Digest>()?;
            }
            (_, None) => {
                return Err(Error::invalid_input(
                    "a version of a tag is chosen by `manifest_digest`, or by `is_alive`",
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

    /// Reads how often the tag was pulled.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/tag/{tag}/pull_statistics`.
    /// Operation: `getTagPullStatistics`. Since: 3.16. Feature: `FEATURE_IMAGE_PULL_STATS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does
    /// not exist. [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the server
    /// has the feature off.
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
