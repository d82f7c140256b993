//! The search for repositories, users and other resources.

use crate::api::shared::{path_segment, query_flag};
use crate::generated::params;
use crate::pagination::{
    Cursor, Indexed, LAST_PAGE_OF_A_SEARCH, ListRequest, Listing, Page, PageRequest, RowKey,
    SinglePage,
};
use crate::types::{Entity, Principal, RepositorySearchResult, SearchResult};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the search: [`Quay::search`].
#[derive(Debug, Clone)]
pub struct SearchHandle {
    pub(crate) quay: Quay,
}

impl SearchHandle {
    /// Searches all kinds of resources that the caller may see, with at most five to ten results of
    /// each kind.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/find/all`. The response is not paged.
    /// Operation: `conductSearch`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().everything("web").await? {
    ///     println!("{} {}", found.kind, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "conductSearch")]
    #[inline]
    pub fn everything(&self, query: impl AsRef<str>) -> Listing<SinglePage<SearchResult>> {
        let request = self.quay.api().conduct_search(Some(query.as_ref()));
        Listing::single_page(&self.quay, request, |response| response.results)
    }

    /// Searches the repositories that the caller may see, with at most 100 results, 10 a page.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/find/repositories`.
    /// Operation: `conductRepoSearch`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().repositories("web").await? {
    ///     println!("{}/{}", found.namespace.name, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "conductRepoSearch")]
    pub fn repositories(&self, query: impl AsRef<str>) -> Listing<SearchRepositories> {
        Listing::new(SearchRepositories {
            quay: self.quay.clone(),
            query: Arc::from(query.as_ref()),
            usage: false,
        })
    }

    /// Searches users, robot accounts, teams and organizations by the beginning of their name.
    ///
    /// The list contains at most ten teams, ten users and robot accounts, and ten users of an
    /// external directory. Teams and robot accounts are only found [within](Listing::within) an
    /// organization, by its members and with the scope `org:admin`. Unless
    /// `FEATURE_PARTIAL_USER_AUTOCOMPLETE` is on, the server finds users only by their whole name.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/entities/{prefix}`. The response is not paged.
    /// Operation: `getMatchingEntities`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// text is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for found in quay.search().entities("al").within("acme").await? {
    ///     println!("{} {}", found.kind, found.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getMatchingEntities")]
    pub fn entities(&self, prefix: impl AsRef<str>) -> Listing<FindEntities> {
        Listing::new(FindEntities {
            quay: self.quay.clone(),
            prefix: Arc::from(prefix.as_ref()),
            organization: None,
        })
    }

    /// Creates an account for a user of the external directory who has never logged in.
    ///
    /// Permissions can then be granted to the user.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/entities/link/{username}`.
    /// Operation: `linkExternalUser`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// directory does not contain the user.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let alice = quay.search().link_external_user("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "linkExternalUser")]
    pub async fn link_external_user(&self, name: impl AsRef<str>) -> Result<Principal> {
        let name = path_segment("user name", name.as_ref())?;
        self.quay
            .send(self.quay.api().link_external_user(&name))
            .await
            .map(|linked| linked.entity)
    }
}

/// The request of a search for users, robot accounts, teams and organizations.
#[derive(Debug, Clone)]
pub struct FindEntities {
    quay: Quay,
    prefix: Arc<str>,
    organization: Option<Arc<str>>,
}

impl Listing<FindEntities> {
    /// Includes teams and robot accounts of this organization, and marks its members.
    pub fn within(mut self, organization: impl AsRef<str>) -> Self {
        self.query.organization = Some(Arc::from(organization.as_ref()));
        self
    }
}

impl ListRequest for FindEntities {
    type Row = Entity;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<Entity>> {
        let (all, organization) = (Some("true"), self.organization.as_deref());
        let request = self
            .quay
            .api()
            .get_matching_entities(params::GetMatchingEntities {
                prefix: &self.prefix,
                include_orgs: all,
                include_teams: all,
                namespace: organization,
            });
        PageRequest::new(&self.quay, request, |response| {
            Ok(Page::whole(response.results))
        })
    }

    fn check(&self) -> Result<()> {
        path_segment("prefix", &self.prefix).map(drop)
    }
}

/// The request of a search for repositories.
#[derive(Debug, Clone)]
pub struct SearchRepositories {
    quay: Quay,
    query: Arc<str>,
    usage: bool,
}

impl Listing<SearchRepositories> {
    /// Includes the last change, the popularity and the number of stars of each repository.
    ///
    /// The last change is the time at which a tag was last pushed or moved, and the popularity is
    /// the number of actions in the last seven days.
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
            // For any page after the last one, the server sends the last page again and says that
            // more follow.
            let has_more = response.has_additional && number < LAST_PAGE_OF_A_SEARCH;
            Page::by_number(response.results, number, response.page, has_more)
        })
    }

    fn row_key(&self, found: &RepositorySearchResult) -> Option<RowKey> {
        Some(RowKey::unique(&[&found.namespace.name, &found.name]))
    }
}

impl Indexed for SearchRepositories {}
