//! The permissions of teams for a repository.

use crate::api::shared::{
    Desired, Ensure, Parent, existed, exists_if_empty, missing, missing_if_server_failed,
    none_if_not_found, path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{ChangePermission, RepositoryName, RepositoryRole, TeamPermission};
use crate::{Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The permissions of teams for a repository:
/// [`RepositoryHandle::team_permissions`](crate::api::RepositoryHandle::team_permissions).
///
/// There is no `create`: [`TeamPermissionHandle::set`] makes a permission, or changes it.
#[derive(Debug, Clone)]
pub struct TeamPermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl TeamPermissionsHandle {
    /// Lists the permissions of teams.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/team/`. All
    /// in one response. If there is none, one request more finds out whether the repository exists.
    /// Operation: `listRepoTeamPermissions`.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the repository does not exist.
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

    /// Makes a team have this role: grants it, changes it, or leaves it.
    ///
    /// A permission is identified by the name of the team; the role is compared. A higher
    /// role is lowered. See [desired state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as [`TeamPermissionHandle::get`] and [`TeamPermissionHandle::set`].
    ///
    /// # Errors
    ///
    /// When it is awaited: returns the errors of [`TeamPermissionHandle::set`].
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
    pub fn ensure(&self, name: impl AsRef<str>, role: RepositoryRole) -> Ensure<TeamPermission> {
        self.ensure_role(name.as_ref().to_owned(), role)
    }

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

    fn existing(&self) -> BoxFuture<'_, Result<Vec<TeamPermission>>> {
        async move {
            let handle = TeamPermissionHandle::new(self.permissions.clone(), &self.name)?;
            Ok(handle.get_opt().await?.into_iter().collect())
        }
        .boxed()
    }

    fn is_met(&self, found: &TeamPermission) -> bool {
        found.role == self.role
    }

    fn create(&self) -> BoxFuture<'_, Result<TeamPermission>> {
        self.set().boxed()
    }

    fn update(&self, _: TeamPermission) -> BoxFuture<'_, Result<TeamPermission>> {
        self.set().boxed()
    }
}

/// The permission of one team for a repository:
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

    /// The name of the team.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the permission, from the listing: the server's operation for one team returns its role
    /// only, which is [`role`](Self::role).
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/team/`.
    /// Operation: `listRepoTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// none.
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
        let mut listed = permissions.list().await?.into_iter();
        listed
            .find(|permission| *permission.name == *self.name)
            .ok_or_else(|| {
                let (name, repository) = (&self.name, &self.repository);
                missing(&format!("permission of the team {name} for {repository}"))
            })
    }

    /// Reads it; `None` if there is no such permission.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
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

    /// Reads the role that the team has.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `getTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it has
    /// none, for which the server responds 400.
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

    /// Grants the team a role, in place of the one that it has.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `PUT /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `changeTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// server knows no such name, or no such repository, and
    /// [`is_invalid_request`](crate::Error::is_invalid_request) if the name can't be granted
    /// anything.
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

    /// Takes the permission away.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/permissions/team/{teamname}`.
    /// Operation: `deleteTeamPermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// none, for which the server responds 400.
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

    /// Takes it away if it is there. Returns false if there was none, be it that there is no such
    /// team or repository.
    ///
    /// False is certain. True means that this call took it away, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete), except for what does not exist.
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
