//! The tags of a repository.

use crate::api::shared::query_flag;
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{RepositoryName, Tag};
use crate::{Error, Quay, Result};
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
    /// Operation: `listRepoTags`.
    ///
    /// Filters hold on every server: tags that do not match are never yielded. A server before 3.9
    /// does not know [`name_contains`](Listing::name_contains) and sends all tags, of which the
    /// others are dropped here. Pages are then shorter, or empty though more follow, and
    /// [`max_pages`](Listing::max_pages) counts the pages of the server.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist, and an error, before anything is sent, for a filter
    /// that no tag could match.
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

    /// Lists only the tag whose name equals `name`, with its past unless
    /// [`active`](Self::active) is asked for too.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for an
    /// empty name, for which the server would list all tags.
    pub fn named(mut self, name: impl AsRef<str>) -> Self {
        self.query.name = Some(Arc::from(name.as_ref()));
        self
    }

    /// Lists only the tags whose name contains `text`. Upper and lower case differ, and no
    /// character is a wildcard.
    ///
    /// The server itself ignores case and takes `_` for any character; what it lists beyond that is
    /// dropped here.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// `text` is empty, or if no name of a tag can contain it, as with the `*` of a pattern.
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

/// Refuses an empty filter, which a server ignores.
fn check_not_empty(filter: &str, text: &str) -> Result<()> {
    match text {
        "" => Err(Error::invalid_input(format!(
            "`{filter}` must not be empty: leave it out to list all tags"
        ))),
        _ => Ok(()),
    }
}

/// Refuses a part that no name of a tag has, such as a pattern.
fn check_part(text: &str) -> Result<()> {
    check_not_empty("name_contains", text)?;
    let reason = if let Some(other) = text
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '.' | '-'))
    {
        format!(
            "takes no pattern, and the name of a tag has letters, digits, `_`, `.` and `-` only, \
             not {other:?}"
        )
    } else if text.len() > MAX_NAME_CHARS {
        format!("must have at most {MAX_NAME_CHARS} characters, as the name of a tag has")
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
        // The end of a tag changes when it is moved, deleted or set to expire. It only has to tell
        // apart tags that began in the same second: all of them but the last ended in it.
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
