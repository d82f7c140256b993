//! All organizations of the server.

use crate::api::AssignedQuotasHandle;
use crate::api::shared::{Parent, none_if_not_found};
use crate::generated::params;
use crate::pagination::{
    Cursor, ListRequest, Page, PageRequest, PageSize, RowKey, check_page_size,
};
use crate::types::{OrganizationAccount, RenameOrganization};
use crate::{Quay, Result};
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
pub struct OrganizationAccountHandle {
    pub(crate) quay: Quay,
    pub(crate) name: Arc<str>,
}

impl OrganizationAccountHandle {
    /// Renames the organization.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/organizations/{name}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_already_exists`](crate::Error::is_already_exists).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.rename("acme-corp").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn rename(&self, name: impl Into<String>) -> Result<OrganizationAccount> {
        let body = RenameOrganization::new().name(name);
        self.quay
            .send(
                self.quay
                    .api()
                    .change_organization(params::ChangeOrganization {
                        name: &self.name,
                        body: &body,
                    }),
            )
            .await
    }

    /// Deletes the organization with everything in it.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/superuser/organizations/{name}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().delete_organization(&self.name))
            .await
    }

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// superuser.organization("acme")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(none_if_not_found(self.delete().await)?.is_some())
    }

    /// Its storage quotas.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let quotas = quay.superuser().organization("acme")?.quotas();
    /// # Ok(())
    /// # }
    /// ```
    pub fn quotas(&self) -> AssignedQuotasHandle {
        AssignedQuotasHandle {
            quay: self.quay.clone(),
            parent: Parent::Organization(Arc::clone(&self.name)),
        }
    }
}
