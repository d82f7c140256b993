//! Who may do what with a repository.

use crate::api::shared::{
    Parent, existed, exists_if_empty, missing_if_server_failed, path_segment,
};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    ChangePermission, RepositoryName, RepositoryRole, TeamPermission, UserPermission,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// Who may do what with a repository:
/// [`RepositoryHandle::permissions`](crate::api::RepositoryHandle::permissions).
#[derive(Debug, Clone)]
pub struct PermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl PermissionsHandle {
    fn parent(&self) -> Parent {
        Parent::Repository(Arc::clone(&self.repository))
    }

    /// Lists the permissions of users and robot accounts.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/user/`. All
    /// in one answer. If there is none, one request more finds out whether the repository exists.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found) if the repository does not
    /// exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// for permission in repository.permissions().users().await? {
    ///     println!("{} {}", permission.name, permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn users(&self) -> Listing<SinglePage<UserPermission>> {
        let request = self
            .quay
            .api()
            .list_repo_user_permissions(self.repository.as_str());
        Listing::single_page(&self.quay, request, |response| {
            response.permissions.into_values().collect()
        })
        .when_empty(exists_if_empty(&self.quay, &self.parent()))
    }

    /// Lists the permissions of teams.
    ///
    /// Scope: `repo:admin`. Endpoint: `GET /api/v1/repository/{repository}/permissions/team/`. All
    /// in one answer. If there is none, one request more finds out whether the repository exists.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found) if the repository does not
    /// exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let teams = repository.permissions().teams().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn teams(&self) -> Listing<SinglePage<TeamPermission>> {
        let request = self
            .quay
            .api()
            .list_repo_team_permissions(self.repository.as_str());
        Listing::single_page(&self.quay, request, |response| {
            response.permissions.into_values().collect()
        })
        .when_empty(exists_if_empty(&self.quay, &self.parent()))
    }

    /// Reads the permission of a user, or of a robot account by its full name.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/user/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is none, which the server says with a
    /// 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let permission = repository.permissions().user("acme+ci").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user(&self, name: impl AsRef<str>) -> Result<UserPermission> {
        let name = path_segment("user name", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .get_user_permissions(params::GetUserPermissions {
                        repository: self.repository.as_str(),
                        username: &name,
                    }),
            )
            .await
    }

    /// Reads the permission of a team.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/team/{teamname}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is none, which the server says with a
    /// 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let role = repository.permissions().team("devs").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn team(&self, name: impl AsRef<str>) -> Result<RepositoryRole> {
        let name = path_segment("team", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .get_team_permissions(params::GetTeamPermissions {
                        repository: self.repository.as_str(),
                        teamname: &name,
                    }),
            )
            .await
            .map(|granted| granted.role)
    }

    /// Reads what a user or robot account may do, of their own and through teams: a role for each
    /// way.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `GET /api/v1/repository/{repository}/permissions/user/{username}/transitive`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// let roles = repository.permissions().user_transitive("alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn user_transitive(&self, name: impl AsRef<str>) -> Result<Vec<RepositoryRole>> {
        let name = path_segment("user name", name.as_ref())?;
        let found = self
            .quay
            .send(self.quay.api().get_user_transitive_permission(
                params::GetUserTransitivePermission {
                    repository: self.repository.as_str(),
                    username: &name,
                },
            ))
            .await?;
        Ok(found
            .permissions
            .into_iter()
            .map(|granted| granted.role)
            .collect())
    }

    /// Grants a permission to a user, or to a robot account by its full name; one that is there
    /// already is changed.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `PUT /api/v1/repository/{repository}/permissions/user/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if the server knows no such name, or no such
    /// repository. [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// use quay_api::types::RepositoryRole;
    ///
    /// repository.permissions().grant_user("acme+ci", RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn grant_user(
        &self,
        name: impl AsRef<str>,
        role: RepositoryRole,
    ) -> Result<UserPermission> {
        let name = path_segment("user name", name.as_ref())?;
        let body = ChangePermission::new(role);
        let request = self
            .quay
            .api()
            .change_user_permissions(params::ChangeUserPermissions {
                repository: self.repository.as_str(),
                username: &name,
                body: &body,
            });
        let granted = self.quay.send(request).await;
        missing_if_server_failed(granted, self.parent().check_exists(&self.quay)).await
    }

    /// Grants a permission to a team; one that is there already is changed.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `PUT /api/v1/repository/{repository}/permissions/team/{teamname}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if the server knows no such name, or no such
    /// repository. [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// use quay_api::types::RepositoryRole;
    ///
    /// repository.permissions().grant_team("devs", RepositoryRole::Write).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn grant_team(
        &self,
        name: impl AsRef<str>,
        role: RepositoryRole,
    ) -> Result<TeamPermission> {
        let name = path_segment("team", name.as_ref())?;
        let body = ChangePermission::new(role);
        let request = self
            .quay
            .api()
            .change_team_permissions(params::ChangeTeamPermissions {
                repository: self.repository.as_str(),
                teamname: &name,
                body: &body,
            });
        let granted = self.quay.send(request).await;
        missing_if_server_failed(granted, self.parent().check_exists(&self.quay)).await
    }

    /// Takes the permission of a user or robot account away.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/permissions/user/{username}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is none, which the server says with a
    /// 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.permissions().revoke_user("acme+ci").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_user(&self, name: impl AsRef<str>) -> Result<()> {
        let name = path_segment("user name", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_user_permissions(params::DeleteUserPermissions {
                        repository: self.repository.as_str(),
                        username: &name,
                    }),
            )
            .await
    }

    /// Takes it away if it is there. Returns false if the user or robot account had none of its own,
    /// be it that there is no such user or repository. Permissions through teams stay.
    ///
    /// False is certain. True means that this call took it away, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`revoke_user`](Self::revoke_user).
    ///
    /// # Errors
    /// As [`revoke_user`](Self::revoke_user), but not for a missing permission.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.permissions().revoke_user_if_exists("acme+ci").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_user_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        existed(self.revoke_user(name)).await
    }

    /// Takes the permission of a team away.
    ///
    /// Scope: `repo:admin`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/permissions/team/{teamname}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found) if there is none, which the server says with a
    /// 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.permissions().revoke_team("devs").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_team(&self, name: impl AsRef<str>) -> Result<()> {
        let name = path_segment("team", name.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_team_permissions(params::DeleteTeamPermissions {
                        repository: self.repository.as_str(),
                        teamname: &name,
                    }),
            )
            .await
    }

    /// Takes it away if it is there. Returns false if the team had none, be it that there is no such
    /// team or repository.
    ///
    /// False is certain. True means that this call took it away, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`revoke_team`](Self::revoke_team).
    ///
    /// # Errors
    /// As [`revoke_team`](Self::revoke_team), but not for a missing permission.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let repository = quay.repository("acme/web")?;
    /// repository.permissions().revoke_team_if_exists("devs").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn revoke_team_if_exists(&self, name: impl AsRef<str>) -> Result<bool> {
        existed(self.revoke_team(name)).await
    }
}
