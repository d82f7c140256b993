//! The handles of all organizations of the server.

use crate::api::shared::{Parent, none_if_not_found, outcome};
use crate::api::{SuperuserQuotaHandle, SuperuserQuotasHandle};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Listing, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{Organization, OrganizationAccount, QuotaId, RenameOrganization};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The handle of all organizations of the server:
/// [`SuperuserHandle::organizations`](crate::api::SuperuserHandle::organizations).
///
/// [`OrganizationsHandle::create`](crate::api::OrganizationsHandle::create) creates an
/// organization.
#[derive(Debug, Clone)]
pub struct SuperuserOrganizationsHandle {
    pub(crate) quay: Quay,
}

impl SuperuserOrganizationsHandle {
    /// Lists all organizations of the server.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/organizations/`, 100 a page, or 1 to
    /// 100 a page with [`page_size`](Listing::page_size).
    /// Operation: `listAllOrganizations`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for organization in quay.superuser().organizations().list().await? {
    ///     println!("{}", organization.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list superuser organizations")]
    #[doc(alias = "listAllOrganizations")]
    pub fn list(&self) -> Listing<ListOrganizations> {
        Listing::new(ListOrganizations {
            quay: self.quay.clone(),
            page_size: ListOrganizations::MAX,
        })
    }
}

/// The request of a listing of all organizations of the server.
#[derive(Debug, Clone)]
pub struct ListOrganizations {
    quay: Quay,
    page_size: u32,
}

impl ListRequest for ListOrganizations {
    type Row = OrganizationAccount;

    #[inline]
    fn page_request(&self, cursor: &Cursor) -> Result<PageRequest<OrganizationAccount>> {
        let request = self
            .quay
            .api()
            .list_all_organizations(params::ListAllOrganizations {
                limit: Some(self.page_size.into()),
                next_page: cursor.next_page(),
            });
        PageRequest::new(&self.quay, request, |response| {
            Ok(Page::by_token(response.organizations, response.next_page))
        })
    }

    fn rows_a_page(&self) -> Option<u32> {
        Some(self.page_size)
    }

    fn check(&self) -> Result<()> {
        check_page_size::<Self>(self.page_size)
    }

    fn row_key(&self, organization: &OrganizationAccount) -> Option<RowKey> {
        Some(RowKey::unique(&[&organization.name]))
    }
}

impl PageSize for ListOrganizations {
    // Without a size, the server sends all organizations in one response.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// The handle of one organization of the server, for superusers:
/// [`SuperuserHandle::organization`](crate::api::SuperuserHandle::organization).
#[derive(Debug, Clone)]
pub struct SuperuserOrganizationHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl SuperuserOrganizationHandle {
    /// Returns the name of the organization.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the organization as its members see it.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/organization/{orgname}`.
    /// Operation: `getOrganization`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.superuser().organization("acme")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get superuser organization")]
    #[doc(alias = "getOrganization")]
    pub async fn get(&self) -> Result<Organization> {
        let request = self.quay.api().get_organization(&self.name);
        self.quay.send(request).await
    }

    /// Reads the organization, or returns `None` if it does not exist.
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
    /// let is_there = quay.superuser().organization("acme")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Organization>> {
        none_if_not_found(self.get()).await
    }

    /// Renames the organization.
    ///
    /// Its repositories and robot accounts get the new name with it, and the old names no longer
    /// work.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/organizations/{name}`.
    /// Operation: `changeOrganization`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// The server responds with status 500 if the organization does not exist or the new name is in
    /// use. The method then finds the cause with `GET /api/v1/organization/{orgname}` and
    /// `GET /api/v1/users/{username}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, and an error for which
    /// [`is_already_exists`](crate::Error::is_already_exists) is true if an organization or a user
    /// has the new name.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.rename("acme-corp").await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "rename superuser organization")]
    #[doc(alias = "changeOrganization")]
    pub async fn rename(&self, name: impl Into<String>) -> Result<OrganizationAccount> {
        let new = name.into();
        let body = RenameOrganization::new().name(new.as_str());
        let request = self
            .quay
            .api()
            .change_organization(params::ChangeOrganization {
                name: &self.name,
                body: &body,
            });
        match self.quay.send(request).await {
            Err(error) if error.kind() == ErrorKind::Server => {
                Err(self.explain_rename(&new, error).await)
            }
            result => result,
        }
    }

    /// Returns the error that names the cause. Returns the server's own error if the organization
    /// may have been renamed, or if there is another cause.
    async fn explain_rename(&self, new: &str, error: Error) -> Error {
        let api = self.quay.api();
        let organization = |name| self.quay.send(api.get_organization(name));
        let is_taken = match organization(new).await {
            Ok(_) => true,
            Err(missing) if missing.is_not_found() => {
                self.quay.send(api.get_user_information(new)).await.is_ok()
            }
            Err(_) => return error,
        };
        match organization(&self.name).await {
            Ok(_) if is_taken => Error::new(
                ErrorKind::AlreadyExists,
                format!("an organization or user with the name {new} exists already"),
            )
            .with_subject_of(&error),
            Err(missing) if missing.is_not_found() && !is_taken => missing,
            _ => error,
        }
    }

    /// Deletes the organization and everything in it.
    ///
    /// The method reads the organization afterwards, since the server also acknowledges the
    /// deletion of an organization that was converted from a disabled user, but does not delete it.
    /// A deleted organization is inaccessible immediately. Its name can be used again after a
    /// worker of the server has removed it, some seconds or minutes later.
    ///
    /// Scope: `super:user`. Endpoints: `DELETE /api/v1/superuser/organizations/{name}`,
    /// `GET /api/v1/organization/{orgname}`.
    /// Operations: `deleteOrganization`, `getOrganization`. Feature: `FEATURE_SUPER_USERS`
    /// (`/api/v1/superuser/organizations/{name}`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, whatever status the server responds with. Returns an error for
    /// which [`is_conflict`](crate::Error::is_conflict) is true if the server did not delete it.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete superuser organization")]
    #[doc(alias = "deleteOrganization")]
    #[doc(alias = "getOrganization")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_organization(&self.name);
        let result = self.quay.send(request).await;
        outcome::organization_deleted(&self.quay, &self.name, result).await
    }

    /// Deletes the organization if it exists, and returns true if it existed.
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
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            let request = self.quay.api().delete_organization(&self.name);
            self.quay.check_has(request).await?;
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Returns the handle of the organization's storage quotas.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "quota")]
    pub fn quotas(&self) -> SuperuserQuotasHandle {
        SuperuserQuotasHandle {
            quay: self.quay.clone(),
            parent: Parent::Organization(Arc::clone(&self.name)),
        }
    }

    /// Returns the handle of one of the organization's storage quotas.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quota = quay.superuser().organization("acme")?.quota(1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn quota(&self, id: impl Into<QuotaId>) -> SuperuserQuotaHandle {
        SuperuserQuotaHandle {
            quotas: self.quotas(),
            id: id.into(),
        }
    }
}
