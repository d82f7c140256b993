//! Default permissions: the permissions that each new repository of an organization grants.

use crate::api::shared::{Desired, Ensure, find_row, missing_in, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    CreateDefaultPermission, DefaultPermission, PrincipalKind, RepositoryRole, RobotName,
    UpdateDefaultPermission,
};
use crate::{Error, Quay, Result};
use futures::FutureExt;
use futures::future::BoxFuture;
use std::sync::Arc;

/// The handle of an organization's default permissions:
/// [`OrganizationHandle::default_permissions`](crate::api::OrganizationHandle::default_permissions).
#[derive(Debug, Clone)]
pub struct DefaultPermissionsHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl DefaultPermissionsHandle {
    /// Lists the default permissions of the organization.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/prototypes`. The response
    /// is not paged.
    /// Operation: `getOrganizationPrototypePermissions`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// let all = defaults.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationPrototypePermissions")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<DefaultPermission>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .get_organization_prototype_permissions(&self.organization),
            |response| response.prototypes,
        )
    }

    /// Creates a default permission.
    ///
    /// **A second call creates a second, equal permission.**
    /// [`create_if_absent`](Self::create_if_absent) prevents this. A robot account of the
    /// organization can be named by its short or full name and the kind [`PrincipalKind::Robot`].
    /// The request then contains the kind "user", as the server requires.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/prototypes`.
    /// Operation: `createOrganizationPrototypePermission`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the user does not exist or, before anything is sent, if the delegate is neither a user, a
    /// robot account nor a team. Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the team does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole};
    ///
    /// let acme = quay.organization("acme")?;
    /// let defaults = acme.default_permissions();
    /// let delegate = Delegate::new("devs", PrincipalKind::Team);
    /// defaults.create(CreateDefaultPermission::new(RepositoryRole::Write, delegate)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create default permission")]
    #[doc(alias = "createOrganizationPrototypePermission")]
    pub async fn create(&self, permission: CreateDefaultPermission) -> Result<DefaultPermission> {
        let permission = self.with_known_kind(permission)?;
        self.send(permission).await
    }

    /// Creates a default permission, or returns `None` if an equal one exists.
    ///
    /// Two default permissions are equal if they grant the same role to the same delegate, for the
    /// new repositories of the same user. The method reads first: if an equal one exists, nothing
    /// is written. Two callers at the same time may both create it.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole};
    ///
    /// let defaults = quay.organization("acme")?.default_permissions();
    /// let scanner = Delegate::new("scanner", PrincipalKind::Robot);
    /// let rule = CreateDefaultPermission::new(RepositoryRole::Read, scanner);
    /// let created = defaults.create_if_absent(rule).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        permission: CreateDefaultPermission,
    ) -> Result<Option<DefaultPermission>> {
        let permission = self.with_known_kind(permission)?;
        let is_same = |existing: &DefaultPermission| {
            has_identity(&permission, existing) && existing.role == permission.role
        };
        if self.list().await?.iter().any(is_same) {
            return Ok(None);
        }
        self.send(permission).await.map(Some)
    }

    /// Ensures that this default permission exists: creates it or changes its role if necessary.
    ///
    /// A default permission is identified by its delegate and by the user whose new repositories
    /// grant it. Its role is compared. The server allows several equal permissions: if one of them
    /// has the desired role, nothing is changed, otherwise the first one is changed. See [desired
    /// state](crate::guide::desired_state).
    ///
    /// Scope and endpoints: as for [`list`](Self::list), [`create`](Self::create) and
    /// [`DefaultPermissionHandle::set_role`].
    ///
    /// # Errors
    ///
    /// Awaiting the result returns the errors of [`create`](Self::create) and
    /// [`DefaultPermissionHandle::set_role`].
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateDefaultPermission, Delegate, PrincipalKind, RepositoryRole};
    ///
    /// let defaults = quay.organization("acme")?.default_permissions();
    /// let devs = Delegate::new("devs", PrincipalKind::Team);
    /// defaults.ensure(CreateDefaultPermission::new(RepositoryRole::Write, devs)).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn ensure(&self, permission: CreateDefaultPermission) -> Ensure<DefaultPermission> {
        Ensure::new(EnsurePermission {
            permissions: self.clone(),
            permission,
        })
    }

    /// Returns the request with a kind of delegate that the server accepts.
    fn with_known_kind(
        &self,
        mut permission: CreateDefaultPermission,
    ) -> Result<CreateDefaultPermission> {
        let delegate = &mut permission.delegate;
        match &delegate.kind {
            PrincipalKind::User | PrincipalKind::Team => {}
            PrincipalKind::Robot => {
                let robot = RobotName::within(&self.organization, &delegate.name)?;
                delegate.name = robot.to_string();
                delegate.kind = PrincipalKind::User;
            }
            other => {
                return Err(Error::invalid_input(format!(
                    "the delegate of a default permission must be a user, a robot account or a \
                     team, got the kind {other}"
                )));
            }
        }
        Ok(permission)
    }

    async fn send(&self, permission: CreateDefaultPermission) -> Result<DefaultPermission> {
        self.quay
            .send(self.quay.api().create_organization_prototype_permission(
                params::CreateOrganizationPrototypePermission {
                    orgname: &self.organization,
                    body: &permission,
                },
            ))
            .await
    }
}

/// Returns true if both have the same delegate and apply to the new repositories of the same user.
/// In the request that is sent, the delegate is a user or a team.
fn has_identity(sent: &CreateDefaultPermission, existing: &DefaultPermission) -> bool {
    let activating = existing.activating_user.as_ref().map(|user| &user.name);
    // The server only names the kind "team".
    let is_team = existing.delegate.kind == Some(PrincipalKind::Team);
    existing.delegate.name == sent.delegate.name
        && is_team == (sent.delegate.kind == PrincipalKind::Team)
        && activating == sent.activating_user.as_ref().map(|user| &user.name)
}

struct EnsurePermission {
    permissions: DefaultPermissionsHandle,
    permission: CreateDefaultPermission,
}

impl Desired for EnsurePermission {
    type Item = DefaultPermission;

    #[inline]
    fn existing(&self) -> BoxFuture<'_, Result<Vec<DefaultPermission>>> {
        async move {
            let sent = self.permissions.with_known_kind(self.permission.clone())?;
            let mut permissions = self.permissions.list().await?;
            permissions.retain(|existing| has_identity(&sent, existing));
            Ok(permissions)
        }
        .boxed()
    }

    fn is_met(&self, found: &DefaultPermission) -> bool {
        found.role == self.permission.role
    }

    #[inline]
    fn create(&self) -> BoxFuture<'_, Result<DefaultPermission>> {
        self.permissions.create(self.permission.clone()).boxed()
    }

    #[inline]
    fn update(&self, found: DefaultPermission) -> BoxFuture<'_, Result<DefaultPermission>> {
        async move {
            let handle = DefaultPermissionHandle {
                permissions: self.permissions.clone(),
                id: Arc::from(found.id),
            };
            handle.set_role(self.permission.role.clone()).await
        }
        .boxed()
    }
}

/// The handle of one default permission of an organization:
/// [`OrganizationHandle::default_permission`](crate::api::OrganizationHandle::default_permission).
#[derive(Debug, Clone)]
pub struct DefaultPermissionHandle {
    pub(crate) permissions: DefaultPermissionsHandle,
    pub(crate) id: Arc<str>,
}

impl DefaultPermissionHandle {
    /// Returns the identifier of the default permission.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Reads the default permission.
    ///
    /// The method searches the list, since the server has no operation that reads one default
    /// permission.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/prototypes`.
    /// Operation: `getOrganizationPrototypePermissions`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// default permission does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let rule = acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get default permission")]
    #[doc(alias = "getOrganizationPrototypePermissions")]
    pub async fn get(&self) -> Result<DefaultPermission> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| {
            let what = format!("default permission {}", self.id);
            let values = [("orgname", &*self.permissions.organization)];
            missing_in(&self.permissions.list(), &what, &values)
        })
    }

    /// Reads the default permission, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except that a missing default permission is not an
    /// error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let rule = acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let is_there = rule.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<DefaultPermission>> {
        find_row(self.permissions.list(), |rule| *rule.id == *self.id).await
    }

    /// Sets the role that the default permission grants.
    ///
    /// Scope: `org:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/prototypes/{prototypeid}`.
    /// Operation: `updateOrganizationPrototypePermission`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// default permission does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RepositoryRole;
    ///
    /// let acme = quay.organization("acme")?;
    /// let rule = acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// rule.set_role(RepositoryRole::Read).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "updateOrganizationPrototypePermission")]
    #[doc(alias = "update")]
    pub async fn set_role(&self, role: RepositoryRole) -> Result<DefaultPermission> {
        let DefaultPermissionsHandle { quay, organization } = &self.permissions;
        let body = UpdateDefaultPermission::new(role);
        quay.send(quay.api().update_organization_prototype_permission(
            params::UpdateOrganizationPrototypePermission {
                orgname: organization,
                prototypeid: &self.id,
                body: &body,
            },
        ))
        .await
    }

    /// Deletes the default permission.
    ///
    /// Repositories keep the permissions that it has granted.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/prototypes/{prototypeid}`.
    /// Operation: `deleteOrganizationPrototypePermission`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// default permission does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete default permission")]
    #[doc(alias = "deleteOrganizationPrototypePermission")]
    pub async fn delete(&self) -> Result<()> {
        let DefaultPermissionsHandle { quay, organization } = &self.permissions;
        quay.send(quay.api().delete_organization_prototype_permission(
            params::DeleteOrganizationPrototypePermission {
                orgname: organization,
                prototypeid: &self.id,
            },
        ))
        .await
    }

    /// Deletes the default permission if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let rule = acme.default_permission("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// rule.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }
}
