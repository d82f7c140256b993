//! All repositories, and new ones.

use crate::api::shared::{none_if_exists, query_flag};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest, RowKey};
use crate::types::{CreateRepository, CreatedRepository, RepositoryKind, RepositorySummary};
use crate::{Quay, Result};
use std::sync::Arc;

/// All repositories that the caller may see, and new ones: [`Quay::repositories`].
#[derive(Debug, Clone)]
pub struct RepositoriesHandle {
    pub(crate) quay: Quay,
}

impl RepositoriesHandle {
    /// Lists the repositories of an organization or a user that the caller may see: what was
    /// granted to the caller, and what is public.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository`, 100 a page.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::TryStreamExt;
    ///
    /// let mut repositories = quay.repositories().list("acme").with_last_modified().stream();
    /// while let Some(repository) = repositories.try_next().await? {
    ///     println!("{}/{}", repository.namespace, repository.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self, namespace: impl AsRef<str>) -> Listing<ListRepositories> {
        self.listing(Some(namespace.as_ref()))
    }

    /// Lists the public repositories of the whole server.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/repository?public=true`, 100 a page.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let first_hundred = quay.repositories().list_public().max_pages(1).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn list_public(&self) -> Listing<ListRepositories> {
        self.listing(None)
    }

    fn listing(&self, namespace: Option<&str>) -> Listing<ListRepositories> {
        Listing::new(ListRepositories {
            quay: self.quay.clone(),
            namespace: namespace.map(Arc::from),
            last_modified: false,
            popularity: false,
            kind: None,
        })
    }

    /// Creates a repository.
    ///
    /// Scope: `repo:create`. Endpoint: `POST /api/v1/repository`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists) if there is one of that name;
    /// [`ErrorKind::QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the plan allows no more
    /// private ones.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateRepository, Visibility};
    ///
    /// let request =
    ///     CreateRepository::new("web", Visibility::Private, "The web site").namespace("acme");
    /// let created = quay.repositories().create(request).await?;
    /// assert_eq!(created.name, "web");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, repository: CreateRepository) -> Result<CreatedRepository> {
        crate::types::check_new_repository(&repository)?;
        self.quay
            .send(self.quay.api().create_repo(&repository))
            .await
    }

    /// Creates a repository unless there is one of that name: `None` if there was.
    ///
    /// Scope and endpoint: as [`create`](Self::create).
    ///
    /// # Errors
    /// As [`create`](Self::create), but not for one that is there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateRepository, Visibility};
    ///
    /// let request = CreateRepository::new("web", Visibility::Private, "").namespace("acme");
    /// let is_new = quay.repositories().create_if_absent(request).await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        repository: CreateRepository,
    ) -> Result<Option<CreatedRepository>> {
        none_if_exists(self.create(repository).await)
    }
}

/// Which repositories are listed, and with what.
#[derive(Debug, Clone)]
pub struct ListRepositories {
    quay: Quay,
    namespace: Option<Arc<str>>,
    last_modified: bool,
    popularity: bool,
    kind: Option<RepositoryKind>,
}

impl Listing<ListRepositories> {
    /// Also asks when each repository last changed.
    pub fn with_last_modified(mut self) -> Self {
        self.query.last_modified = true;
        self
    }

    /// Also asks how much each repository is used.
    pub fn with_popularity(mut self) -> Self {
        self.query.popularity = true;
        self
    }

    /// Lists one kind of repository only.
    pub fn kind(mut self, kind: RepositoryKind) -> Self {
        self.query.kind = Some(kind);
        self
    }
}

impl ListRequest for ListRepositories {
    type Row = RepositorySummary;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<RepositorySummary>> {
        let kind = self.kind.as_ref().map(RepositoryKind::as_str);
        // Of a namespace, too, the public ones are given only when they are asked for.
        let public = query_flag(true);
        let (modified, popular) = (query_flag(self.last_modified), query_flag(self.popularity));
        let request = self.quay.api().list_repos(params::ListRepos {
            last_modified: modified,
            namespace: self.namespace.as_deref(),
            next_page: cursor.next_page(),
            popularity: popular,
            public,
            repo_kind: kind,
            starred: None,
        });
        PageRequest::new(&self.quay, request, |response| {
            Ok(Page::by_token(response.repositories, response.next_page))
        })
    }

    fn row_key(&self, repository: &RepositorySummary) -> Option<RowKey> {
        Some(RowKey::unique(&[&repository.namespace, &repository.name]))
    }
}
