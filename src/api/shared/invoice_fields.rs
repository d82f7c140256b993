//! Custom lines that are printed on invoices, which only quay.io has.

use crate::api::BillingHandle;
use crate::api::shared::{Parent, find_row, missing_in, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{CreateInvoiceField, InvoiceField};
use crate::{Error, Result};
use std::sync::Arc;

/// The handle of the custom lines on the invoices of an organization or of the caller:
/// [`BillingHandle::invoice_fields`].
#[derive(Debug, Clone)]
pub struct InvoiceFieldsHandle {
    pub(crate) billing: BillingHandle,
}

impl InvoiceFieldsHandle {
    /// Lists the custom lines on the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/invoice/fields` or `GET /api/v1/user/invoice/fields`.
    /// The response is not paged.
    /// Operations: `listOrgInvoiceFields`, `listUserInvoiceFields`. Feature: `FEATURE_BILLING`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let lines = quay.organization("acme")?.billing().invoice_fields().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgInvoiceFields")]
    #[doc(alias = "listUserInvoiceFields")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<InvoiceField>> {
        let BillingHandle { quay, parent } = &self.billing;
        let request = match parent {
            Parent::Organization(name) => quay.api().list_org_invoice_fields(name),
            Parent::Me => quay.api().list_user_invoice_fields(),
            other => other.has_no("billing"),
        };
        Listing::single_page(quay, request, |response| response.fields)
    }

    /// Creates a custom line on the invoices.
    ///
    /// A second call creates a second, equal line.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/invoice/fields` or `POST /api/v1/user/invoice/fields`.
    /// Operations: `createOrgInvoiceField`, `createUserInvoiceField`. Feature: `FEATURE_BILLING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateInvoiceField;
    ///
    /// let lines = quay.organization("acme")?.billing().invoice_fields();
    /// lines.create(CreateInvoiceField::new("Cost centre", "4711")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create invoice field")]
    #[doc(alias = "createOrgInvoiceField")]
    #[doc(alias = "createUserInvoiceField")]
    pub async fn create(&self, line: CreateInvoiceField) -> Result<InvoiceField> {
        let BillingHandle { quay, parent } = &self.billing;
        let request = match parent {
            Parent::Organization(name) => {
                quay.api()
                    .create_org_invoice_field(params::CreateOrgInvoiceField {
                        orgname: name,
                        body: &line,
                    })
            }
            Parent::Me => quay.api().create_user_invoice_field(&line),
            other => other.has_no("billing"),
        };
        quay.send(request).await
    }

    /// Creates a custom line, or returns `None` if one with this title and value exists.
    ///
    /// The method reads first: if the line exists, nothing is written. Two callers at the same time
    /// may both create it.
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
    /// use quay_api::types::CreateInvoiceField;
    ///
    /// let lines = quay.organization("acme")?.billing().invoice_fields();
    /// let line = CreateInvoiceField::new("Cost centre", "4711");
    /// let created = lines.create_if_absent(line).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, line: CreateInvoiceField) -> Result<Option<InvoiceField>> {
        let is_same =
            |existing: &InvoiceField| existing.title == line.title && existing.value == line.value;
        if find_row(self.list(), is_same).await?.is_some() {
            return Ok(None);
        }
        self.create(line).await.map(Some)
    }
}

/// The handle of one custom line on the invoices: [`BillingHandle::invoice_field`].
#[derive(Debug, Clone)]
pub struct InvoiceFieldHandle {
    pub(crate) billing: BillingHandle,
    pub(crate) uuid: Arc<str>,
}

impl InvoiceFieldHandle {
    /// Returns the identifier of the invoice field.
    pub fn uuid(&self) -> &str {
        &self.uuid
    }

    /// Reads the custom line.
    ///
    /// The method searches the list, since the server has no operation that reads one line.
    ///
    /// Scope and endpoint: as for [`InvoiceFieldsHandle::list`].
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the line
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// let line = billing.invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<InvoiceField> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| self.not_found())
    }

    /// Reads the custom line, or returns `None` if it does not exist.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except that a missing line is not an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// let line = billing.invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<InvoiceField>> {
        let lines = self.billing.invoice_fields();
        find_row(lines.list(), |line| *line.uuid == *self.uuid).await
    }

    /// Deletes the custom line.
    ///
    /// The method lists the lines first, since the server also acknowledges the deletion of a line
    /// that does not exist.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoints:
    /// `GET /api/v1/organization/{orgname}/invoice/fields` and
    /// `DELETE /api/v1/organization/{orgname}/invoice/field/{field_uuid}`, or
    /// `GET /api/v1/user/invoice/fields` and `DELETE /api/v1/user/invoice/field/{field_uuid}`.
    /// Operations: `listOrgInvoiceFields`, `deleteOrgInvoiceField`, `listUserInvoiceFields`,
    /// `deleteUserInvoiceField`. Feature: `FEATURE_BILLING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the line
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// billing.invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete invoice field")]
    #[doc(alias = "listOrgInvoiceFields")]
    #[doc(alias = "deleteOrgInvoiceField")]
    #[doc(alias = "listUserInvoiceFields")]
    #[doc(alias = "deleteUserInvoiceField")]
    pub async fn delete(&self) -> Result<()> {
        match self.delete_if_exists().await? {
            true => Ok(()),
            false => Err(self.not_found()),
        }
    }

    /// Deletes the custom line if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// billing.invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        let BillingHandle { quay, parent } = &self.billing;
        let request = match parent {
            Parent::Organization(name) => {
                quay.api()
                    .delete_org_invoice_field(params::DeleteOrgInvoiceField {
                        orgname: name,
                        field_uuid: &self.uuid,
                    })
            }
            Parent::Me => quay.api().delete_user_invoice_field(&self.uuid),
            other => other.has_no("billing"),
        };
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(quay.send(request).await)
    }

    fn not_found(&self) -> Error {
        let what = format!("invoice field {}", self.uuid);
        let listing = self.billing.invoice_fields().list();
        missing_in(&listing, &what, &self.billing.parent.path_values())
    }
}
