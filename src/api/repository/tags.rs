//! The tags of a repository.

use crate::api::shared::query_flag;
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{RepositoryName, Tag};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of a repository's tags:
/// [`RepositoryHandle::tags`](crate::api::RepositoryHandle::tags).
#[derive(Debug, Clone)]
pub struct TagsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl TagsHandle {
    /// Lists the tags and their past versions, newest first.
    ///
    /// [`active`](Listing::active) leaves out past versions and expired tags.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/tag/`, 100 a page, or 1
    /// to 100 a page with [`page_size`](Listing::page_size).
    /// Operation: `listRepoTags`.
    ///
    /// Filters work with every server: a tag that does not match is never yielded. A server before
    /// 3.9 ignores [`name_contains`](Listing::name_contains) and sends all tags; this crate then
    /// drops the tags that do not match. Pages can then be short or empty although more pages
    /// follow, and [`max_pages`](Listing::max_pages) counts the pages that the server sends.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist. It returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, for a
    /// filter that no tag can match.
    ///
    /// # Examples
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
    #[doc(alias = "list tags")]
    #[doc(alias = "listRepoTags")]
    pub fn list(&self) -> Listing<ListTags> {
        Listing::new(ListTags {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            active: false,
            name: None,
            part: None,
            page_size: ListTags::MAX,
        })
    }
}

/// The request of a listing of tags.
#[derive(Debug, Clone)]
pub struct ListTags {
    quay: Quay,
    repository: Arc<RepositoryName>,
    active: bool,
    name: Option<Arc<str>>,
    part: Option<Arc<str>>,
    page_size: u32,
}

impl Listing<ListTags> {
    /// Lists only the tags that can be pulled now.
    pub fn active(mut self) -> Self {
        self.query.active = true;
        self
    }

    /// Lists only the tag with this name.
    ///
    /// Past versions of the tag are listed too unless [`active`](Self::active) is set.
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for an empty name, for which the
    /// server would list all tags.
    pub fn named(mut self, name: impl AsRef<str>) -> Self {
        self.query.name = Some(Arc::from(name.as_ref()));
        self
    }

    /// Lists only the tags whose name contains `text`, which is case-sensitive and has no
    /// wildcards.
    ///
    /// The server ignores case and takes `_` as a wildcard. This crate drops the tags that match
    /// only in this way.
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if `text` is empty, longer than
    /// 128 characters, or contains a character that a tag's name can't contain, such as `*`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let tags = quay.repository("acme/web")?.tags();
    /// let nightly = tags.list().active().name_contains("nightly-").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn name_contains(mut self, text: impl AsRef<str>) -> Self {
        self.query.part = Some(Arc::from(text.as_ref()));
        self
    }
}

/// The maximum number of characters of a tag's name.
const MAX_NAME_CHARS: usize = 128;

/// Rejects an empty filter, which a server ignores.
fn check_not_empty(filter: &str, text: &str) -> Result<()> {
    match text {
        "" => Err(Error::invalid_input(format!(
            "`{filter}` must not be empty: leave it out to list all tags"
        ))),
        _ => Ok(()),
    }
}

/// Rejects a string that no tag's name can contain, such as a pattern.
fn check_part(text: &str) -> Result<()> {
    check_not_empty("name_contains", text)?;
    let reason = if let Some(other) = text
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-'))
    {
        format!("must consist of letters, digits, `_`, `.` and `-`, got {other:?}")
    } else if text.len() > MAX_NAME_CHARS {
        format!(
            "must have at most {MAX_NAME_CHARS} characters, got {}",
            text.len()
        )
    } else {
        return Ok(());
    };
    Err(Error::invalid_input(format!("`name_contains` {reason}")))
}

impl ListRequest for ListTags {
    type Row = Tag;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<Tag>> {
        let number = cursor.number();
        let page = i64::try_from(number).ok();
        let filter = self.part.as_ref().map(|part| format!("like:{part}"));
        let size = Some(self.page_size.into());
        let request = self.quay.api().list_repo_tags(params::ListRepoTags {
            repository: self.repository.as_str(),
            filter_tag_name: filter.as_deref(),
            limit: size,
            only_active_tags: query_flag(self.active),
            page,
            specific_tag: self.name.as_deref(),
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
        if let Some(name) = &self.name {
            check_not_empty("named", name)?;
        }
        if let Some(part) = &self.part {
            check_part(part)?;
        }
        check_page_size::<Self>(self.page_size)
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn is_wanted(&self, tag: &Tag) -> bool {
        let is_named = self.name.as_ref().is_none_or(|name| *tag.name == **name);
        let contains = self
            .part
            .as_ref()
            .is_none_or(|part| tag.name.contains(&**part));
        is_named && contains
    }

    fn row_key(&self, tag: &Tag) -> Option<RowKey> {
        let [start, end] =
            [tag.start_ts, tag.end_ts].map(|moment| moment.map(|m| m.unix_seconds()));
        // The end of a tag changes when the tag is moved, deleted or set to expire, so it is not
        // part of the key. It only distinguishes versions that began in the same second: all of
        // them except the last one also ended in that second.
        let is_short = start.is_some() && start == end;
        Some(RowKey::unique(&[
            &tag.name,
            &start.map_or_else(String::new, |second| second.to_string()),
            if is_short { "short" } else { "" },
            tag.manifest_digest
                .as_ref()
                .map_or("", |digest| digest.as_str()),
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
