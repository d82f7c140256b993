//! The tags of a repository.

use crate::api::shared::{none_if_not_found, query_flag};
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{
    ChangeTag, Digest, ExpireTag, RepositoryName, RestoreTag, Tag, TagPullStatistics, Timestamp,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The tags of a repository: [`RepositoryHandle::tags`](crate::api::RepositoryHandle::tags).
#[derive(Debug, Clone)]
pub struct TagsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl TagsHandle {
    /// Lists the tags, newest first: unless [`active`](Listing::active) is asked for, those of the
    /// past as well.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/tag/`, 100 a page, or
    /// from 1 to 100 with [`page_size`](Listing::page_size).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::TryStreamExt;
    ///
    /// let mut tags = quay.repository("acme/web")?.tags().list().active().stream();
    /// while let Some(tag) = tags.try_next().await? {
    ///     println!("{} {:?}", tag.name, tag.size);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Listing<ListTags> {
        Listing::new(ListTags {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            active: false,
            name: None,
            filter: None,
            page_size: ListTags::MAX,
        })
    }
}

/// Which tags are listed.
#[derive(Debug, Clone)]
pub struct ListTags {
    quay: Quay,
    repository: Arc<RepositoryName>,
    active: bool,
    name: Option<Arc<str>>,
    filter: Option<Arc<str>>,
    page_size: u32,
}

impl Listing<ListTags> {
    /// Only what can be pulled now.
    pub fn active(mut self) -> Self {
        self.query.active = true;
        self
    }

    /// Only the tag of this name, with its past.
    pub fn named(mut self, name: impl AsRef<str>) -> Self {
        self.query.name = Some(Arc::from(name.as_ref()));
        self
    }

    /// Only tags whose name is like a pattern of the server: `like:v1`, `eq:latest`.
    pub fn filter(mut self, filter: impl AsRef<str>) -> Self {
        self.query.filter = Some(Arc::from(filter.as_ref()));
        self
    }
}

impl ListRequest for ListTags {
    type Row = Tag;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<Tag>> {
        let number = cursor.number();
        let page = i64::try_from(number).ok();
        let (name, filter) = (self.name.as_deref(), self.filter.as_deref());
        let size = Some(self.page_size.into());
        let request = self.quay.api().list_repo_tags(params::ListRepoTags {
            repository: self.repository.as_str(),
            filter_tag_name: filter,
            limit: size,
            only_active_tags: query_flag(self.active),
            page,
            specific_tag: name,
        });
        PageRequest::new(&self.quay, request, move |response| {
            Page::by_number(
                response.tags,
                number,
                response.page,
                response.has_additional,
            )
        })
    }

    fn check(&self) -> Result<()> {
        check_page_size::<Self>(self.page_size)
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn row_key(&self, tag: &Tag) -> Option<RowKey> {
        let [start, end] =
            [tag.start_ts, tag.end_ts].map(|moment| moment.map(|m| m.unix_seconds()));
        // The end of a tag changes when it is moved, deleted or set to expire. It only has to tell
        // apart tags that began in the same second: all of them but the last ended in it.
        let is_short = start.is_some() && start == end;
        Some(RowKey::unique(&[
            &tag.name,
            &start.map_or_else(String::new, |second| second.to_string()),
            if is_short { "short" } else { "" },
            tag.manifest_digest.as_deref().unwrap_or_default(),
        ]))
    }
}

impl Indexed for ListTags {}

impl PageSize for ListTags {
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// One tag: [`RepositoryHandle::tag`](crate::api::RepositoryHandle::tag).
#[derive(Debug, Clone)]
pub struct TagHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) tag: Arc<str>,
}

impl TagHandle {
    /// Reads the tag as it is now; `None` if there is none, or no longer.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/tag/?specificTag=…`.
    ///
    /// # Errors
    /// As listing tags.
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
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if the repository has no such manifest;
    /// [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable).
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
    pub async fn point_to(&self, manifest: &Digest) -> Result<()> {
        self.change(ChangeTag::new().manifest_digest(manifest.as_str()))
            .await
    }

    /// Sets when the tag expires; `None` removes the expiration.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`.
    ///
    /// # Errors
    /// A moment of the past.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::Timestamp;
    /// use std::time::Duration;
    ///
    /// let in_a_week = Timestamp::now().checked_add(Duration::from_secs(7 * 86400));
    /// quay.repository("acme/web")?.tag("nightly")?.expire_at(in_a_week).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn expire_at(&self, moment: Option<Timestamp>) -> Result<()> {
        self.change(match moment {
            Some(moment) => ChangeTag::new().expiration(moment.unix_seconds() as f64),
            None => ChangeTag::new().clear_expiration(),
        })
        .await
    }

    /// Changes several things of the tag at once: manifest, expiration, immutability.
    ///
    /// Scope: `repo:write`. Endpoint: `PUT /api/v1/repository/{repository}/tag/{tag}`.
    ///
    /// # Errors
    /// As [`point_to`](Self::point_to) and [`expire_at`](Self::expire_at).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::ChangeTag;
    ///
    /// quay.repository("acme/web")?.tag("v1.0")?.change(ChangeTag::new().immutable(true)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn change(&self, change: ChangeTag) -> Result<()> {
        self.quay
            .send(self.quay.api().change_tag(params::ChangeTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
                body: &change,
            }))
            .await
    }

    /// Points the tag back at a manifest that it pointed at before.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/restore`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if the manifest is gone.
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
    pub async fn restore(&self, manifest: &Digest) -> Result<()> {
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
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found);
    /// [`ErrorKind::TagImmutable`](crate::ErrorKind::TagImmutable).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.tag("nightly")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_full_tag(params::DeleteFullTag {
                repository: self.repository.as_str(),
                tag: &self.tag,
            }))
            .await
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
    /// quay.repository("acme/web")?.tag("nightly")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(none_if_not_found(self.delete().await)?.is_some())
    }

    /// Removes a version of the tag from the time machine, so that it can't be restored.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/tag/{tag}/expire`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::ExpireTag;
    ///
    /// let request = ExpireTag::new().manifest_digest("sha256:…").is_alive(false);
    /// quay.repository("acme/web")?.tag("old")?.forget(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn forget(&self, request: ExpireTag) -> Result<()> {
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
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let statistics = quay.repository("acme/web")?.tag("latest")?.pull_statistics().await?;
    /// println!("{}", statistics.tag_pull_count);
    /// # Ok(())
    /// # }
    /// ```
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
