//! The repositories of an organization.

use crate::api::{ListRepositories, RepositoriesHandle};
use crate::pagination::Listing;
use crate::types::{CreateRepository, CreatedRepository};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of an organization's repositories:
/// [`OrganizationHandle::repositories`](crate::api::OrganizationHandle::repositories).
#[derive(Debug, Clone)]
pub struct OrganizationRepositoriesHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl OrganizationRepositoriesHandle {
    /// Lists the repositories of the organization that the caller may see.
    ///
    /// [`RepositoriesHandle::list`](crate::api::RepositoriesHandle::list) describes the listing.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository`, 100 a page. If the list is empty,
    /// one or two more requests check that the organization exists.
    /// Operation: `listRepos`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for repository in quay.organization("acme")?.repositories().list().await? {
    ///     println!("{}", repository.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list organization repositories")]
    #[doc(alias = "listRepos")]
    pub fn list(&self) -> Listing<ListRepositories> {
        self.all().list().namespace(&self.organization)
    }

    /// Creates a repository in the organization.
    ///
    /// [`RepositoriesHandle::create`](crate::api::RepositoriesHandle::create) describes the
    /// request.
    ///
    /// Scope: `repo:create`. Endpoint: `POST /api/v1/repository`.
    /// Operation: `createRepo`.
    ///
    /// # Errors
    ///
    /// Returns the errors of
    /// [`RepositoriesHandle::create`](crate::api::RepositoriesHandle::create), and an error for
    /// which [`is_invalid_request`](crate::Error::is_invalid_request) is true, before anything is
    /// sent, if the request contains another namespace.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateRepository, Visibility};
    ///
    /// let request = CreateRepository::new("web", Visibility::Private, "The web site");
    /// quay.organization("acme")?.repositories().create(request).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create organization repository")]
    #[doc(alias = "createRepo")]
    pub async fn create(&self, repository: CreateRepository) -> Result<CreatedRepository> {
        let repository = self.within(repository)?;
        self.all().create(repository).await
    }

    /// Creates a repository in the organization, or returns `None` if one of that name exists.
    ///
    /// [`RepositoriesHandle::create_if_absent`](crate::api::RepositoriesHandle::create_if_absent)
    /// describes the requests.
    ///
    /// Scope: `repo:create` and `repo:read`. Endpoints: `GET /api/v1/repository/{repository}`, then
    /// that of [`create`](Self::create).
    /// Operation: `getRepo`.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create), except that an existing repository is not an
    /// error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateRepository, Visibility};
    ///
    /// let repositories = quay.organization("acme")?.repositories();
    /// let request = CreateRepository::new("web", Visibility::Private, "The web site");
    /// let is_new = repositories.create_if_absent(request).await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepo")]
    pub async fn create_if_absent(
        &self,
        repository: CreateRepository,
    ) -> Result<Option<CreatedRepository>> {
        let repository = self.within(repository)?;
        self.all().create_if_absent(repository).await
    }

    fn all(&self) -> RepositoriesHandle {
        self.quay.repositories()
    }

    /// Returns the request with the organization as its namespace.
    fn within(&self, repository: CreateRepository) -> Result<CreateRepository> {
        match &repository.namespace {
            Some(namespace) if **namespace != *self.organization => Err(Error::invalid_input(
                format!("`namespace` must be {}, got {namespace}", self.organization),
            )),
            _ => Ok(repository.namespace(&*self.organization)),
        }
    }
}
