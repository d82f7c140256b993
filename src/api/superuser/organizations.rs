//! All organizations of the server.

use crate::api::SuperuserQuotasHandle;
use crate::api::shared::{Parent, none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{OrganizationAccount, RenameOrganization};
use crate::{Error, ErrorKind, Quay, Result};
use std::sync::Arc;

/// The organizations of the server.
#[derive(Debug, Clone)]
pub struct ListOrganizations {
    pub(crate) quay: Quay,
    pub(crate) page_size: u32,
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
    // As with users.
    const MAX: u32 = 100;

    fn size(&mut self) -> &mut u32 {
        &mut self.page_size
    }
}

/// One organization of the server, for superusers:
/// [`SuperuserHandle::organization`](crate::api::SuperuserHandle::organization).
#[derive(Debug, Clone)]
pub struct SuperuserOrganizationHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl SuperuserOrganizationHandle {
    /// Renames the organization.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/organizations/{name}`.
    ///
    /// The server responds 500 if the organization does not exist or the new name is in use. Then
    /// `GET /api/v1/organization/{orgname}` and `GET /api/v1/users/{username}` tell which.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does not
    /// exist, and [`is_already_exists`](crate::Error::is_already_exists) if an organization or a user
    /// has the new name.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.rename("acme-corp").await?;
    /// # Ok(())
    /// # }
    /// ```
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

    /// Returns the error that says why it could not be renamed; the server's own one if it may have
    /// been renamed, or for another reason.
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
                format!("an organization or user is called {new} already"),
            )
            .with_subject_of(&error),
            Err(missing) if missing.is_not_found() && !is_taken => missing,
            _ => error,
        }
    }

    /// Deletes the organization with everything in it.
    ///
    /// It looks whether the organization is gone, since the server acknowledges the deletion of one
    /// that was made of a disabled user, and keeps it. A deleted organization is gone at once; its
    /// name is free again after the server's worker has removed it, some seconds or minutes later.
    ///
    /// Scope: `super:user`. Endpoints: `DELETE /api/v1/superuser/organizations/{name}`,
    /// `GET /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does not
    /// exist, whatever the server says of that, and [`is_conflict`](crate::Error::is_conflict) if the
    /// server kept it.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_organization(&self.name);
        let result = self.quay.send(request).await;
        outcome::organization_deleted(&self.quay, &self.name, result).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It
    /// reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`delete`](Self::delete), and
    /// `GET /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        let found = self.quay.send(self.quay.api().get_organization(&self.name));
        if none_if_not_found(found).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Its storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    pub fn quotas(&self) -> SuperuserQuotasHandle {
        SuperuserQuotasHandle {
            quay: self.quay.clone(),
            parent: Parent::Organization(Arc::clone(&self.name)),
        }
    }
}
