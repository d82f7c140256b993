//! Plans, payment cards and invoices, which only quay.io has.

use crate::api::shared::{Parent, path_segment};
use crate::api::{InvoiceFieldHandle, InvoiceFieldsHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    Card, CheckoutSession, Invoice, PrivateAllowed, SetCard, Subscribe, Subscription,
};
use crate::{Quay, Result};

/// The handle of the plan, the payment card and the invoices of an organization or of the caller.
///
/// [`OrganizationHandle::billing`](crate::api::OrganizationHandle::billing) and
/// [`MeHandle::billing`](crate::api::MeHandle::billing) return it.
#[derive(Debug, Clone)]
pub struct BillingHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl BillingHandle {
    /// Reads the subscribed plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/plan` or
    /// `GET /api/v1/user/plan`.
    /// Operations: `getOrgSubscription`, `getUserSubscription`. Feature: `FEATURE_BILLING`.
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
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{:?}", billing.get().await?.plan);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get billing")]
    #[doc(alias = "getOrgSubscription")]
    #[doc(alias = "getUserSubscription")]
    #[doc(alias = "subscription")]
    pub async fn get(&self) -> Result<Subscription> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_org_subscription(name),
            Parent::Me => self.quay.api().get_user_subscription(),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await
    }

    /// Requests the URL of a page on which a user subscribes to a plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `POST /api/v1/organization/{orgname}/plan` or
    /// `POST /api/v1/user/plan`.
    /// Operations: `createOrgSubscription`, `createUserSubscription`. Since: 3.9. Feature:
    /// `FEATURE_BILLING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let checkout = billing.subscribe(quay_api::types::Subscribe::new("bus-small")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "createOrgSubscription")]
    #[doc(alias = "createUserSubscription")]
    pub async fn subscribe(&self, plan: Subscribe) -> Result<CheckoutSession> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .create_org_subscription(params::CreateOrgSubscription {
                        orgname: name,
                        body: &plan,
                    })
            }
            Parent::Me => self.quay.api().create_user_subscription(&plan),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await
    }

    /// Changes the subscribed plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/plan` or
    /// `PUT /api/v1/user/plan`.
    /// Operations: `updateOrgSubscription`, `updateUserSubscription`. Feature: `FEATURE_BILLING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// billing.change_plan(quay_api::types::Subscribe::new("bus-medium")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "updateOrgSubscription")]
    #[doc(alias = "updateUserSubscription")]
    pub async fn change_plan(&self, plan: Subscribe) -> Result<Subscription> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .update_org_subscription(params::UpdateOrgSubscription {
                        orgname: name,
                        body: &plan,
                    })
            }
            Parent::Me => self.quay.api().update_user_subscription(&plan),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await
    }

    /// Reads the payment card.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/card` or
    /// `GET /api/v1/user/card`.
    /// Operations: `getOrgCard`, `getUserCard`. Feature: `FEATURE_BILLING`.
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
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{:?}", billing.card().await?.last4);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrgCard")]
    #[doc(alias = "getUserCard")]
    pub async fn card(&self) -> Result<Card> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_org_card(name),
            Parent::Me => self.quay.api().get_user_card(),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await.map(|response| response.card)
    }

    /// Requests the URL of a page on which a user changes the payment card.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/card` or `POST /api/v1/user/card`.
    /// Operations: `setOrgCard`, `setUserCard`. Feature: `FEATURE_BILLING`.
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
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let checkout = billing
    ///     .set_card(quay_api::types::SetCard::new(
    ///         "https://example.com/done",
    ///         "https://example.com/not",
    ///     ))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "setOrgCard")]
    #[doc(alias = "setUserCard")]
    pub async fn set_card(&self, urls: SetCard) -> Result<CheckoutSession> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().set_org_card(params::SetOrgCard {
                orgname: name,
                body: &urls,
            }),
            Parent::Me => self.quay.api().set_user_card(&urls),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await
    }

    /// Lists the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/invoices`
    /// or `GET /api/v1/user/invoices`. The response is not paged.
    /// Operations: `listOrgInvoices`, `listUserInvoices`. Feature: `FEATURE_BILLING`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let invoices = billing.invoices().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgInvoices")]
    #[doc(alias = "listUserInvoices")]
    #[inline]
    pub fn invoices(&self) -> Listing<SinglePage<Invoice>> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().list_org_invoices(name),
            Parent::Me => self.quay.api().list_user_invoices(),
            other => other.has_no("billing"),
        };
        Listing::single_page(&self.quay, request, |response| response.invoices)
    }

    /// Returns the handle of the custom lines that are printed on the invoices.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let lines = quay.organization("acme")?.billing().invoice_fields();
    /// # Ok(())
    /// # }
    /// ```
    pub fn invoice_fields(&self) -> InvoiceFieldsHandle {
        InvoiceFieldsHandle {
            billing: self.clone(),
        }
    }

    /// Returns the handle of one of the custom lines on the invoices, by its identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let billing = quay.organization("acme")?.billing();
    /// let line = billing.invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn invoice_field(&self, uuid: impl AsRef<str>) -> Result<InvoiceFieldHandle> {
        Ok(InvoiceFieldHandle {
            billing: self.clone(),
            uuid: path_segment("invoice field identifier", uuid.as_ref())?,
        })
    }

    /// Reads whether the plan allows another private repository.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/private`
    /// or `GET /api/v1/user/private`.
    /// Operations: `getOrganizationPrivateAllowed`, `getUserPrivateAllowed`. Feature:
    /// `FEATURE_BILLING`.
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
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{}", billing.private_allowed().await?.private_allowed);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrganizationPrivateAllowed")]
    #[doc(alias = "getUserPrivateAllowed")]
    pub async fn private_allowed(&self) -> Result<PrivateAllowed> {
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_organization_private_allowed(name),
            Parent::Me => self.quay.api().get_user_private_allowed(),
            other => other.has_no("billing"),
        };
        self.quay.send(request).await
    }
}
