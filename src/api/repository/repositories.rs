//! The handle of the server's repositories.

use crate::api::RepositoryHandle;
use crate::api::shared::{
    check_namespace_exists, may_not_look, missing_if_server_failed, none_if_not_found,
    path_segment, query_flag,
};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest, RowKey};
use crate::types::{
    Clearable, CreateRepository, CreatedRepository, RepositoryKind, RepositoryName,
    RepositorySummary, check_new_repository,
};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The handle of the server's repositories: [`Quay::repositories`].
///
/// [`OrganizationHandle::repositories`](crate::api::OrganizationHandle::repositories) is the handle
/// of one organization's repositories.
#[derive(Debug, Clone)]
pub struct RepositoriesHandle {
    pub(crate) quay: Quay,
}

impl RepositoriesHandle {
    /// Lists the repositories that the caller may see: those granted to the caller and public ones.
    ///
    /// The list covers the whole server unless [`namespace`](Listing::namespace) restricts it.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository`, 100 a page. If a namespace has no
    /// repositories, one or two more requests check that the namespace exists.
    /// Operation: `listRepos`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if no organization or user has the name of the namespace. The server itself responds
    /// with an empty list. Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`] if the namespace is empty, for which the server would list all
    /// repositories, or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use futures::TryStreamExt;
    ///
    /// let mut repositories = quay.repositories().list().namespace("acme").stream();
    /// while let Some(row) = repositories.try_next().await? {
    ///     let tags = quay.repository(&row)?.tags().list().active().await?;
    ///     println!("{}/{} has {} tags", row.namespace, row.name, tags.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list repositories")]
    #[doc(alias = "listRepos")]
    #[doc(alias = "list_public")]
    pub fn list(&self) -> Listing<ListRepositories> {
        Listing::new(ListRepositories {
            quay: self.quay.clone(),
            namespace: None,
            other_namespace: None,
            without_public: false,
            last_modified: false,
            popularity: false,
            kind: None,
        })
    }

    /// Creates a repository.
    ///
    /// The repository belongs to the namespace of the request, or to the caller if the request has
    /// none. The server gives the caller the role `admin` on it, and applies the default
    /// permissions of the organization. The repository is not read afterwards, since that requires
    /// another scope, `repo:read`.
    ///
    /// Scope: `repo:create`. Endpoint: `POST /api/v1/repository`.
    /// Operation: `createRepo`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a repository of this name exists, an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the namespace does not exist, and an
    /// error of the kind [`ErrorKind::QuotaExceeded`](crate::ErrorKind::QuotaExceeded) if the plan
    /// allows no more private repositories.
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`], before anything is sent, if the
    /// name is not valid, and for a full name (`acme/web`) without a namespace: the server would
    /// create it in the caller's namespace.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateRepository, Visibility};
    ///
    /// let request =
    ///     CreateRepository::new("web", Visibility::Private, "The web site").namespace("acme");
    /// let created = quay.repositories().create(request).await?;
    /// let web = quay.repository(&created)?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create repository")]
    #[doc(alias = "createRepo")]
    pub async fn create(&self, repository: CreateRepository) -> Result<CreatedRepository> {
        check_name(&repository)?;
        let created = self
            .quay
            .send(self.quay.api().create_repo(&repository))
            .await;
        match repository.namespace {
            // The server responds with status 500 if the namespace does not exist.
            Some(namespace) => {
                let check = check_namespace_exists(&self.quay, &Arc::from(namespace));
                missing_if_server_failed(created, check).await
            }
            None => created,
        }
    }

    /// Creates a repository, or returns `None` if a repository of that name exists.
    ///
    /// The method reads the repository first, so nothing is written if it exists. `None` means that
    /// a repository of this name and kind exists. Its visibility, description and state are not
    /// compared with the request. If the caller may create repositories but not read this one, the
    /// method relies on the server's response that it exists. If another caller creates the
    /// repository at the same time, the result is `None` too. If the response to the creation is
    /// lost, an error is returned although the repository may have been created. In that case, the
    /// next call returns `None`.
    ///
    /// Scope: `repo:create` and `repo:read`; also `user:read` if the request has no namespace.
    /// Endpoint: `GET /api/v1/repository/{repository}`, then that of [`create`](Self::create).
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create) other than "already exists". Returns an error
    /// of the kind [`ErrorKind::Conflict`](crate::ErrorKind::Conflict) if a repository of the same
    /// name and another kind exists.
    ///
    /// # Examples
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
    #[doc(alias = "getRepo")]
    pub async fn create_if_absent(
        &self,
        repository: CreateRepository,
    ) -> Result<Option<CreatedRepository>> {
        check_name(&repository)?;
        let kind = match &repository.repo_kind {
            Clearable::Set(kind) => kind.clone(),
            Clearable::Keep | Clearable::Clear => RepositoryKind::Image,
        };
        let name = self.full_name(&repository).await?;
        if let Some(name) = &name
            && self.exists(name, &kind).await? == Some(true)
        {
            return Ok(None);
        }
        let error = match self.create(repository).await {
            Err(error) if error.is_already_exists() => error,
            created => return created.map(Some),
        };
        // Another caller created it in between, unless the caller may not see it.
        match &name {
            Some(name) if self.exists(name, &kind).await? == Some(false) => Err(error),
            _ => Ok(None),
        }
    }

    /// Returns the full name of a repository to be created, or `None` if its namespace is the
    /// caller's and the token may not read the caller's name.
    async fn full_name(&self, repository: &CreateRepository) -> Result<Option<RepositoryName>> {
        let namespace = match &repository.namespace {
            Some(namespace) => namespace.clone(),
            None => match self.quay.send(self.quay.api().get_logged_in_user()).await {
                Ok(user) => user.username,
                Err(error) if may_not_look(&error) => return Ok(None),
                Err(error) => return Err(error),
            },
        };
        Ok(Some(RepositoryName::new(
            &namespace,
            &repository.repository,
        )?))
    }

    /// Returns true if a repository of this name and kind exists, or `None` if the caller may not
    /// see it.
    async fn exists(&self, name: &RepositoryName, kind: &RepositoryKind) -> Result<Option<bool>> {
        let handle = RepositoryHandle {
            quay: self.quay.clone(),
            name: Arc::new(name.clone()),
        };
        match none_if_not_found(handle.get()).await {
            Ok(Some(found)) => match found.kind {
                Some(other) if other != *kind => Err(Error::new(
                    ErrorKind::Conflict,
                    format!("a repository {name} of the kind {} exists", other.as_str()),
                )
                .with_response_to("getRepo", &[("repository", name.as_str())])),
                _ => Ok(Some(true)),
            },
            Ok(None) => Ok(Some(false)),
            Err(error) if may_not_look(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// Checks the name of a repository to be created.
fn check_name(repository: &CreateRepository) -> Result<()> {
    check_new_repository(repository)?;
    let namespace = repository.namespace.as_deref().unwrap_or("caller");
    RepositoryName::new(namespace, &repository.repository)?;
    Ok(())
}

/// The request of a listing of repositories.
#[derive(Debug, Clone)]
pub struct ListRepositories {
    quay: Quay,
    namespace: Option<Arc<str>>,
    /// A second, different namespace, which the error names.
    other_namespace: Option<Arc<str>>,
    without_public: bool,
    last_modified: bool,
    popularity: bool,
    kind: Option<RepositoryKind>,
}

impl Listing<ListRepositories> {
    /// Lists only the repositories of this organization or user.
    ///
    /// Reading the list returns an error of the kind [`ErrorKind::InvalidInput`] if the list is
    /// already restricted to another organization or user.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repositories = quay.repositories().list().namespace("acme").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn namespace(mut self, name: impl AsRef<str>) -> Self {
        let name: Arc<str> = Arc::from(name.as_ref());
        match &self.query.namespace {
            Some(owner) if *owner != name => self.query.other_namespace = Some(name),
            _ => self.query.namespace = Some(name),
        }
        self
    }

    /// Lists only the repositories that were granted to the caller, and not other public ones.
    ///
    /// Reading the list returns an error of the kind [`ErrorKind::InvalidInput`] if no
    /// [`namespace`](Self::namespace) is set, since the server can't list all repositories in this
    /// way.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let granted = quay.repositories().list().namespace("acme").without_public().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn without_public(mut self) -> Self {
        self.query.without_public = true;
        self
    }

    /// Includes the time at which a tag of each repository was last pushed or moved.
    pub fn with_last_modified(mut self) -> Self {
        self.query.last_modified = true;
        self
    }

    /// Includes the number of actions in each repository in the last seven days.
    pub fn with_popularity(mut self) -> Self {
        self.query.popularity = true;
        self
    }

    /// Lists only repositories of this kind.
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
        // Even for a namespace, the server lists public repositories only if asked to.
        let public = query_flag(!self.without_public);
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
        let request = PageRequest::new(&self.quay, request, |response| {
            Ok(Page::by_token(response.repositories, response.next_page))
        })?;
        Ok(match &self.namespace {
            Some(namespace) if *cursor == Cursor::Start => {
                request.when_empty(check_namespace_exists(&self.quay, namespace))
            }
            _ => request,
        })
    }

    fn check(&self) -> Result<()> {
        match (&self.namespace, &self.other_namespace) {
            (Some(owner), Some(other)) => Err(Error::invalid_input(format!(
                "the listing can't be restricted to both {owner} and {other}"
            ))),
            (Some(namespace), None) => path_segment("namespace", namespace).map(drop),
            (None, _) if self.without_public => Err(Error::invalid_input(
                "`without_public` must be used together with `namespace`",
            )),
            (None, _) => Ok(()),
        }
    }

    fn row_key(&self, repository: &RepositorySummary) -> Option<RowKey> {
        Some(RowKey::unique(&[&repository.namespace, &repository.name]))
    }
}
