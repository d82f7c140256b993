//! Search.

use crate::api::shared::{impl_into_future, path_segment, query_flag};
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, LAST_PAGE_OF_A_SEARCH, ListRequest, Listing, Page, PageRequest, RowKey,
};
use crate::types::{Entity, Principal, RepositorySearchResult, SearchResult};
use crate::{Quay, Result};
use std::sync::Arc;

/// Search: [`Quay::search`].
#[derive(Debug, Clone)]
pub struct SearchHandle {
    pub(crate) quay: Quay,
}

impl SearchHandle {
    /// Searches for everything that the caller may see: five of each kind at most.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/find/all`.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().everything("web").await? {
    ///     println!("{} {}", found.kind, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn everything(&self, query: impl AsRef<str>) -> Result<Vec<SearchResult>> {
        let query = query.as_ref();
        self.quay
            .send(self.quay.api().conduct_search(Some(query)))
            .await
            .map(|found| found.results)
    }

    /// Searches for repositories that the caller may see: a hundred at most, ten a page.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/find/repositories`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().repositories("web").await? {
    ///     println!("{}/{}", found.namespace.name, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn repositories(&self, query: impl AsRef<str>) -> Listing<SearchRepositories> {
        Listing::new(SearchRepositories {
            quay: self.quay.clone(),
            query: Arc::from(query.as_ref()),
            usage: false,
        })
    }

    /// Finds users, robot accounts, teams and organizations whose name begins with a text: ten at
    /// most. Teams and robot accounts are found if their organization is named.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/entities/{prefix}`.
    ///
    /// # Errors
    /// A text that can't be a part of a name; then nothing was sent.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().entities("al").within("acme").await? {
    ///     println!("{} {}", found.kind, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn entities(&self, prefix: impl AsRef<str>) -> FindEntities {
        FindEntities {
            quay: self.quay.clone(),
            prefix: Arc::from(prefix.as_ref()),
            organization: None,
        }
    }

    /// Makes an account for a user of the outside directory who was never here, so that something
    /// can be granted to them.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/entities/link/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.search().link_external_user("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn link_external_user(&self, name: impl AsRef<str>) -> Result<Principal> {
        let name = path_segment("user name", name.as_ref())?;
        self.quay
            .send(self.quay.api().link_external_user(&name))
            .await
            .map(|linked| linked.entity)
    }
}

/// Finding whom to grant something to: await it. [`SearchHandle::entities`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited"]
pub struct FindEntities {
    quay: Quay,
    prefix: Arc<str>,
    organization: Option<Arc<str>>,
}

impl FindEntities {
    /// Also finds teams and robot accounts of this organization, and says who belongs to it.
    pub fn within(mut self, organization: impl AsRef<str>) -> Self {
        self.organization = Some(Arc::from(organization.as_ref()));
        self
    }

    async fn send(self) -> Result<Vec<Entity>> {
        let prefix = path_segment("prefix", &self.prefix)?;
        let (all, organization) = (Some("true"), self.organization.as_deref());
        let found = self
            .quay
            .send(
                self.quay
                    .api()
                    .get_matching_entities(params::GetMatchingEntities {
                        prefix: &prefix,
                        include_orgs: all,
                        include_teams: all,
                        namespace: organization,
                    }),
            )
            .await?;
        Ok(found.results)
    }
}

impl_into_future!(FindEntities => Vec<Entity>, |find| find.send());

/// Which repositories are searched for.
#[derive(Debug, Clone)]
pub struct SearchRepositories {
    quay: Quay,
    query: Arc<str>,
    usage: bool,
}

impl Listing<SearchRepositories> {
    /// Also asks when each repository last changed, and how much it is used.
    pub fn with_usage(mut self) -> Self {
        self.query.usage = true;
        self
    }
}

impl ListRequest for SearchRepositories {
    type Row = RepositorySearchResult;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<RepositorySearchResult>> {
        let number = cursor.number();
        let page = i64::try_from(number).ok();
        let request = self
            .quay
            .api()
            .conduct_repo_search(params::ConductRepoSearch {
                include_usage: query_flag(self.usage),
                page,
                query: Some(&self.query),
            });
        PageRequest::new(&self.quay, request, move |response| {
            // It answers the last page again for any beyond it, and says that more follow.
            let has_more = response.has_additional && number < LAST_PAGE_OF_A_SEARCH;
            Page::by_number(response.results, number, response.page, has_more)
        })
    }

    fn row_key(&self, found: &RepositorySearchResult) -> Option<RowKey> {
        Some(RowKey::unique(&[&found.namespace.name, &found.name]))
    }
}

impl Indexed for SearchRepositories {}
