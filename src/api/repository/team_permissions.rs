//! The permissions of teams for a repository.

use crate::api::shared::{
    Desired, Ensure, ExistenceCheck, Parent, existed, exists_if_empty, missing_if_server_failed,
    missing_in, none_if_not_found, path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{ChangePermission, RepositoryName, RepositoryRole, TeamPermission};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The handle of the permissions of teams for a repository:
/// [`RepositoryHandle::team_permissions`](crate::api::RepositoryHandle::team_permissions).
///
/// There is no `create`: [`TeamPermissionHandle::set`] creates or changes a permission.
#[derive(Debug, Clone)]
pub struct TeamPermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl TeamPermissionsHandle {
    /// Lists the permissions of teams for the repository.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/team/`. The
    /// response is not paged. If the list is empty, one more request checks that the repository
    /// exists.
    /// Operation: `listRepoTeamPermissions`.
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
    /// for permission in repository.team_permissions().list().await? {
    ///     println!("{} {}", permission.name, permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listRepoTeamPermissions")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<TeamPermission>> {
        let request = self
            .quay
            .api()
            .list_repo_team_permissions(self.repository.as_str());
        let parent = Parent::Repository(Arc::clone(&self.repository));
        Listing::single_page(&self.quay, request, |response| {
            response.permissions.into_values().collect()
        })
        .when_empty(exists_if_empty(&self.quay, &parent))
    }

    /// Ensures that a team has this role: grants or changes it if necessary.
    ///
    /// The permission is identified by the name of the team, and its role is compared. A higher
    /// role is lowered. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`TeamPermissionHandle::get`] and [`TeamPermissionHandle::set`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`TeamPermissionHandle::set`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RepositoryRole;
    ///
    /// let permissions = quay.repository("acme/web")?.team_permissions();
    /// let ensured = permissions.ensure("devs", RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, name: impl AsRef<str>, role: RepositoryRole) -> Ensure<TeamPermission> {
        self.ensure_role(name.as_ref().to_owned(), role)
    }

    #[inline]
    fn ensure_role(&self, name: String, role: RepositoryRole) -> Ensure<TeamPermission> {
        Ensure::new(EnsureRole {
            permissions: self.clone(),
            name,
            role,
        })
    }
}

struct EnsureRole {
    permissions: TeamPermissionsHandle,
    name: String,
    role: RepositoryRole,
}

impl EnsureRole {
    async fn set(&self) -> Result<TeamPermission> {
        let handle = TeamPermissionHandle::new(self.permissions.clone(), &self.name)?;
        handle.set(self.role.clone()).await
    }
}

impl Desired for EnsureRole {
    type Item = TeamPermission;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<TeamPermission>>> {
        async move {
            let handle = TeamPermissionHandle::new(self.permissions.clone(), &self.name)?;
            Ok(handle.get_opt().await?.into_iter().collect())
        }
        .boxed()
    }

    fn parent_check(&self) -> Option<ExistenceCheck> {
        let TeamPermissionsHandle { quay, repository } = &self.permissions;
        Some(Parent::Repository(Arc::clone(repository)).check_exists(quay))
    }

    fn is_met(&self, found: &TeamPermission) -> bool {
        found.role == self.role
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<TeamPermission>> {
        self.set().boxed()
    }

    #[inline]
    fn update(&self, _: TeamPermission) -> BoxFuture<'_, Result<TeamPermission>> {
        self.set().boxed()
    }
}

/// The handle of the permission of one team for a repository:
/// [`RepositoryHandle::team_permission`](crate::api::RepositoryHandle::team_permission).
#[derive(Debug, Clone)]
pub struct TeamPermissionHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) name: Arc<str>,
}

impl TeamPermissionHandle {
    pub(crate) fn new(permissions: TeamPermissionsHandle, name: &str) -> Result<Self> {
        let TeamPermissionsHandle { quay, repository } = permissions;
        Ok(Self {
            quay,
            repository,
            name: path_segment("team", name)?,
        })
    }

    /// Returns the name of the team.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the permission of the team.
    ///
    /// The method searches the list, since the server's operation for one team returns only its
    /// [`role`](Self::role).
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/team/`.
    /// Operation: `listRepoTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// has no permission for the repository.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let permission = repository.team_permission("devs")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get team permission")]
    #[doc(alias = "listRepoTeamPermissions")]
    pub async fn get(&self) -> Result<TeamPermission> {
        let permissions = TeamPermissionsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
        };
        let listing = permissions.list();
        let mut listed = listing.clone().await?.into_iter();
        listed
            .find(|permission| *permission.name == *self.name)
            .ok_or_else(|| {
                let (name, repository) = (&self.name, &self.repository);
                let what = format!("permission of the team {name} for {repository}");
                missing_in(&listing, &what, &[("repository", repository.as_str())])
            })
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
    /// let permission = repository.team_permission("devs")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<TeamPermission>> {
        none_if_not_found(self.get()).await
    }

    /// Reads the role of the team for the repository.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `getTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// has no role. The server itself responds with status 400.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let role = repository.team_permission("devs")?.role().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getTeamPermissions")]
    pub async fn role(&self) -> Result<RepositoryRole> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_team_permissions(params::GetTeamPermissions {
                        repository: self.repository.as_str(),
                        teamname: &self.name,
                    }),
            )
            .await
            .map(|granted| granted.role)
    }

    /// Grants the team a role, which replaces its present role.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `PUT /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `changeTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the team
    /// or the repository does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server can't grant
    /// this name a permission.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RepositoryRole;
    ///
    /// let repository = quay.repository("acme/web")?;
    /// repository.team_permission("devs")?.set(RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "set team permission")]
    #[doc(alias = "changeTeamPermissions")]
    #[doc(alias = "grant")]
    pub async fn set(&self, role: RepositoryRole) -> Result<TeamPermission> {
        let body = ChangePermission::new(role);
        let request = self
            .quay
            .api()
            .change_team_permissions(params::ChangeTeamPermissions {
                repository: self.repository.as_str(),
                teamname: &self.name,
                body: &body,
            });
        let granted = self.quay.send(request).await;
        let parent = Parent::Repository(Arc::clone(&self.repository));
        missing_if_server_failed(granted, parent.check_exists(&self.quay)).await
    }

    /// Deletes the permission of the team.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `deleteTeamPermissions`.
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
    /// repository.team_permission("devs")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete team permission")]
    #[doc(alias = "deleteTeamPermissions")]
    #[doc(alias = "revoke")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_team_permissions(params::DeleteTeamPermissions {
                        repository: self.repository.as_str(),
                        teamname: &self.name,
                    }),
            )
            .await
    }

    /// Deletes the permission if it exists, and returns true if it existed.
    ///
    /// The result is false if the permission, the team or the repository does not exist. The result
    /// is also true if a retry after a lost response finds nothing, because the first attempt may
    /// have deleted the permission.
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
    /// repository.team_permission("devs")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "revoke_if_exists")]
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}
