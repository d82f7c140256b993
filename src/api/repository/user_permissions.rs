//! The permissions of users and robot accounts for a repository.

use crate::api::shared::{
    Desired, Ensure, ExistenceCheck, Parent, existed, exists_if_empty, missing_if_server_failed,
    none_if_not_found, path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{ChangePermission, RepositoryName, RepositoryRole, UserPermission};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The handle of the permissions of users and robot accounts for a repository:
/// [`RepositoryHandle::user_permissions`](crate::api::RepositoryHandle::user_permissions).
///
/// There is no `create`: [`UserPermissionHandle::set`] creates or changes a permission.
#[derive(Debug, Clone)]
pub struct UserPermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl UserPermissionsHandle {
    /// Lists the permissions of users and robot accounts for the repository.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/user/`. The
    /// response is not paged. If the list is empty, one more request checks that the repository
    /// exists.
    /// Operation: `listRepoUserPermissions`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// for permission in repository.user_permissions().list().await? {
    ///     println!("{} {}", permission.name, permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listRepoUserPermissions")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<UserPermission>> {
        let request = self
            .quay
            .api()
            .list_repo_user_permissions(self.repository.as_str());
        let parent = Parent::Repository(Arc::clone(&self.repository));
        Listing::single_page(&self.quay, request, |response| {
            response.permissions.into_values().collect()
        })
        .when_empty(exists_if_empty(&self.quay, &parent))
    }

    /// Ensures that a user or robot account has this role: grants or changes it if necessary.
    ///
    /// The permission is identified by the name of the user or robot account, and its role is
    /// compared. A higher role is lowered. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`UserPermissionHandle::get`] and [`UserPermissionHandle::set`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`UserPermissionHandle::set`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RepositoryRole;
    ///
    /// let permissions = quay.repository("acme/web")?.user_permissions();
    /// let ensured = permissions.ensure("acme+ci", RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, name: impl AsRef<str>, role: RepositoryRole) -> Ensure<UserPermission> {
        self.ensure_role(name.as_ref().to_owned(), role)
    }

    #[inline]
    fn ensure_role(&self, name: String, role: RepositoryRole) -> Ensure<UserPermission> {
        Ensure::new(EnsureRole {
            permissions: self.clone(),
            name,
            role,
        })
    }
}

struct EnsureRole {
    permissions: UserPermissionsHandle,
    name: String,
    role: RepositoryRole,
}

impl EnsureRole {
    async fn set(&self) -> Result<UserPermission> {
        let handle = UserPermissionHandle::new(self.permissions.clone(), &self.name)?;
        handle.set(self.role.clone()).await
    }
}

impl Desired for EnsureRole {
    type Item = UserPermission;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<UserPermission>>> {
        async move {
            let handle = UserPermissionHandle::new(self.permissions.clone(), &self.name)?;
            Ok(handle.get_opt().await?.into_iter().collect())
        }
        .boxed()
    }

    fn parent_check(&self) -> Option<ExistenceCheck> {
        let UserPermissionsHandle { quay, repository } = &self.permissions;
        Some(Parent::Repository(Arc::clone(repository)).check_exists(quay))
    }

    fn is_met(&self, found: &UserPermission) -> bool {
        found.role == self.role
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<UserPermission>> {
        self.set().boxed()
    }

    #[inline]
    fn update(&self, _: UserPermission) -> BoxFuture<'_, Result<UserPermission>> {
        self.set().boxed()
    }
}

/// The handle of the permission of one user or robot account for a repository:
/// [`RepositoryHandle::user_permission`](crate::api::RepositoryHandle::user_permission).
#[derive(Debug, Clone)]
pub struct UserPermissionHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) name: Arc<str>,
}

impl UserPermissionHandle {
    pub(crate) fn new(permissions: UserPermissionsHandle, name: &str) -> Result<Self> {
        let UserPermissionsHandle { quay, repository } = permissions;
        Ok(Self {
            quay,
            repository,
            name: path_segment("user name", name)?,
        })
    }

    /// Returns the name of the user, or the full name of the robot account.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the permission that was granted to the user or robot account directly.
    ///
    /// [`transitive_roles`](Self::transitive_roles) also returns roles that are granted through
    /// teams.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/user/{username}`.
    /// Operation: `getUserPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// permission does not exist. The server itself responds with status 400.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let permission = repository.user_permission("acme+ci")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get user permission")]
    #[doc(alias = "getUserPermissions")]
    pub async fn get(&self) -> Result<UserPermission> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_user_permissions(params::GetUserPermissions {
                        repository: self.repository.as_str(),
                        username: &self.name,
                    }),
            )
            .await
    }

    /// Reads the permission, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let permission = repository.user_permission("acme+ci")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<UserPermission>> {
        none_if_not_found(self.get()).await
    }

    /// Reads all roles of the user or robot account, granted directly or through teams.
    ///
    /// The list has one role for each grant. It does not contain the rights of the owner of the
    /// namespace, or of administrators of the organization.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/user/{username}/transitive`.
    /// Operation: `getUserTransitivePermission`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// or robot account does not exist, or has no role.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let roles = repository.user_permission("alice")?.transitive_roles().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getUserTransitivePermission")]
    pub async fn transitive_roles(&self) -> Result<Vec<RepositoryRole>> {
        let found = self
            .quay
            .send(self.quay.api().get_user_transitive_permission(
                params::GetUserTransitivePermission {
                    repository: self.repository.as_str(),
                    username: &self.name,
                },
            ))
            .await?;
        let granted = found.permissions.into_iter();
        Ok(granted.map(|granted| granted.role).collect())
    }

    /// Grants the user or robot account a role, which replaces its present role.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `PUT /api/v1/repository/{repository}/permissions/user/{username}`.
    /// Operation: `changeUserPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user,
    /// robot account or repository does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true for the owner of the
    /// namespace and for a robot account of another namespace.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RepositoryRole;
    ///
    /// let repository = quay.repository("acme/web")?;
    /// repository.user_permission("acme+ci")?.set(RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "set user permission")]
    #[doc(alias = "changeUserPermissions")]
    #[doc(alias = "grant")]
    pub async fn set(&self, role: RepositoryRole) -> Result<UserPermission> {
        let body = ChangePermission::new(role);
        let request = self
            .quay
            .api()
            .change_user_permissions(params::ChangeUserPermissions {
                repository: self.repository.as_str(),
                username: &self.name,
                body: &body,
            });
        let granted = self.quay.send(request).await;
        let parent = Parent::Repository(Arc::clone(&self.repository));
        missing_if_server_failed(granted, parent.check_exists(&self.quay)).await
    }

    /// Deletes the permission.
    ///
    /// Permissions through teams are kept.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/permissions/user/{username}`.
    /// Operation: `deleteUserPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// permission does not exist. The server itself responds with status 400.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.user_permission("acme+ci")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete user permission")]
    #[doc(alias = "deleteUserPermissions")]
    #[doc(alias = "revoke")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_user_permissions(params::DeleteUserPermissions {
                        repository: self.repository.as_str(),
                        username: &self.name,
                    }),
            )
            .await
    }

    /// Deletes the permission if it exists, and returns true if it existed.
    ///
    /// The result is false if the permission, the user or robot account, or the repository does not
    /// exist. The result is also true if a retry after a lost response finds nothing, because the
    /// first attempt may have deleted the permission.
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
    /// let repository = quay.repository("acme/web")?;
    /// repository.user_permission("acme+ci")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "revoke_if_exists")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}
