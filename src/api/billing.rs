//! Plans, payment cards, invoices and marketplace subscriptions: on quay.io only.

use super::{Owner, segment};
use crate::generated::params;
use crate::pagination::{Listing, ListingId, SinglePage};
use crate::types::{
    BindSubscriptions, BoundSubscription, Card, CheckoutSession, CreateInvoiceField, Invoice,
    InvoiceField, PrivateAllowed, SetCard, Subscribe, Subscription,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// What an organization or the caller pays:
/// [`OrganizationHandle::billing`](super::OrganizationHandle::billing),
/// [`MeHandle::billing`](super::MeHandle::billing).
#[derive(Debug, Clone)]
pub struct BillingHandle {
    pub(super) quay: Quay,
    pub(super) place: Owner,
}

impl BillingHandle {
    /// Reads the plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/plan` or
    /// `GET /api/v1/user/plan`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{:?}", billing.subscription().await?.plan);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn subscription(&self) -> Result<Subscription> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().get_org_subscription(name))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().get_user_subscription())
                    .await
            }
        }
    }

    /// Asks where a browser is sent to subscribe to a plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `POST /api/v1/organization/{orgname}/plan` or
    /// `POST /api/v1/user/plan`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let checkout = billing.subscribe(quay_api::types::Subscribe::new("bus-small")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn subscribe(&self, plan: Subscribe) -> Result<CheckoutSession> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(
                        self.quay
                            .api()
                            .create_org_subscription(params::CreateOrgSubscription {
                                orgname: name,
                                body: &plan,
                            }),
                    )
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().create_user_subscription(&plan))
                    .await
            }
        }
    }

    /// Changes the plan.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `PUT /api/v1/organization/{orgname}/plan` or
    /// `PUT /api/v1/user/plan`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// billing.change_plan(quay_api::types::Subscribe::new("bus-medium")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn change_plan(&self, plan: Subscribe) -> Result<Subscription> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(
                        self.quay
                            .api()
                            .update_org_subscription(params::UpdateOrgSubscription {
                                orgname: name,
                                body: &plan,
                            }),
                    )
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().update_user_subscription(&plan))
                    .await
            }
        }
    }

    /// Reads the payment card.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/card` or
    /// `GET /api/v1/user/card`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{:?}", billing.card().await?.last4);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn card(&self) -> Result<Card> {
        let answer = match &self.place {
            Owner::Organization(name) => self.quay.send(self.quay.api().get_org_card(name)).await,
            Owner::Me => self.quay.send(self.quay.api().get_user_card()).await,
        };
        answer.map(|answer| answer.card)
    }

    /// Asks where a browser is sent to change the payment card.
    ///
    /// Scope: none or `user:admin`. Endpoint: `POST /api/v1/organization/{orgname}/card` or
    /// `POST /api/v1/user/card`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let checkout = billing.set_card(quay_api::types::SetCard::new("https://example.com/done", "https://example.com/not")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_card(&self, urls: SetCard) -> Result<CheckoutSession> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().set_org_card(params::SetOrgCard {
                        orgname: name,
                        body: &urls,
                    }))
                    .await
            }
            Owner::Me => self.quay.send(self.quay.api().set_user_card(&urls)).await,
        }
    }

    /// Lists the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/invoices`
    /// or `GET /api/v1/user/invoices`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let invoices = billing.invoices().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn invoices(&self) -> Listing<SinglePage<Invoice>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                self.place.either("listOrgInvoices", "listUserInvoices"),
                &self.place,
            ),
            move || {
                let this = this.clone();
                async move {
                    let answer = match &this.place {
                        Owner::Organization(name) => {
                            this.quay
                                .send(this.quay.api().list_org_invoices(name))
                                .await
                        }
                        Owner::Me => this.quay.send(this.quay.api().list_user_invoices()).await,
                    }?;
                    Ok(answer.invoices)
                }
            },
        )
    }

    /// Lists the lines that are printed on the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/invoice/fields` or `GET /api/v1/user/invoice/fields`.
    /// All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// let lines = billing.invoice_fields().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn invoice_fields(&self) -> Listing<SinglePage<InvoiceField>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                self.place
                    .either("listOrgInvoiceFields", "listUserInvoiceFields"),
                &self.place,
            ),
            move || {
                let this = this.clone();
                async move {
                    let answer = match &this.place {
                        Owner::Organization(name) => {
                            this.quay
                                .send(this.quay.api().list_org_invoice_fields(name))
                                .await
                        }
                        Owner::Me => {
                            this.quay
                                .send(this.quay.api().list_user_invoice_fields())
                                .await
                        }
                    }?;
                    Ok(answer.fields)
                }
            },
        )
    }

    /// Creates a line that is printed on the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/invoice/fields` or `POST /api/v1/user/invoice/fields`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// billing.create_invoice_field(quay_api::types::CreateInvoiceField::new("Cost centre", "4711")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_invoice_field(&self, line: CreateInvoiceField) -> Result<InvoiceField> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(
                        self.quay
                            .api()
                            .create_org_invoice_field(params::CreateOrgInvoiceField {
                                orgname: name,
                                body: &line,
                            }),
                    )
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().create_user_invoice_field(&line))
                    .await
            }
        }
    }

    /// Deletes a line that is printed on the invoices.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/invoice/field/{field_uuid}` or
    /// `DELETE /api/v1/user/invoice/field/{field_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// billing.delete_invoice_field("20c7409a-c1ce-4f64-b938-ce0d5f158440").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_invoice_field(&self, id: impl AsRef<str>) -> Result<()> {
        let id = segment("invoice field identifier", id.as_ref())?;
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(
                        self.quay
                            .api()
                            .delete_org_invoice_field(params::DeleteOrgInvoiceField {
                                orgname: name,
                                field_uuid: &id,
                            }),
                    )
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().delete_user_invoice_field(&id))
                    .await
            }
        }
    }

    /// Reads whether the plan allows one more private repository.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `GET /api/v1/organization/{orgname}/private`
    /// or `GET /api/v1/user/private`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let billing = acme.billing();
    /// println!("{}", billing.private_allowed().await?.private_allowed);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn private_allowed(&self) -> Result<PrivateAllowed> {
        match &self.place {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().get_organization_private_allowed(name))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().get_user_private_allowed())
                    .await
            }
        }
    }
}

/// The marketplace subscriptions that are bound to an organization:
/// [`OrganizationHandle::marketplace`](super::OrganizationHandle::marketplace).
#[derive(Debug, Clone)]
pub struct MarketplaceHandle {
    pub(super) quay: Quay,
    pub(super) organization: Arc<str>,
}

impl MarketplaceHandle {
    /// Lists the subscriptions.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/marketplace`. All in one
    /// answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let subscriptions = acme.marketplace().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<BoundSubscription>> {
        let this = self.clone();
        Listing::whole(
            ListingId::new(&self.quay, "listOrgSkus", &self.organization),
            move || {
                let this = this.clone();
                async move {
                    this.quay
                        .send(this.quay.api().list_org_skus(&this.organization))
                        .await
                }
            },
        )
    }

    /// Binds subscriptions of the caller.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/marketplace`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// use quay_api::types::{BindSubscriptions, SubscriptionReference};
    ///
    /// acme.marketplace().bind(BindSubscriptions::new([SubscriptionReference::new(12345678)])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn bind(&self, subscriptions: BindSubscriptions) -> Result<()> {
        self.quay
            .send(self.quay.api().bind_sku_to_org(params::BindSkuToOrg {
                orgname: &self.organization,
                body: &subscriptions,
            }))
            .await
    }

    /// Unbinds subscriptions.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/marketplace/batchremove`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// use quay_api::types::{BindSubscriptions, SubscriptionReference};
    ///
    /// acme.marketplace().unbind(BindSubscriptions::new([SubscriptionReference::new(12345678)])).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unbind(&self, subscriptions: BindSubscriptions) -> Result<()> {
        self.quay
            .send(self.quay.api().batch_remove_sku(params::BatchRemoveSku {
                orgname: &self.organization,
                body: &subscriptions,
            }))
            .await
    }

    /// Unbinds a subscription.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/marketplace/{subscription_id}`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// acme.marketplace().unbind_one(12345678).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn unbind_one(&self, id: i64) -> Result<()> {
        let id = id.to_string();
        self.quay
            .send(
                self.quay
                    .api()
                    .remove_sku_from_org(params::RemoveSkuFromOrg {
                        orgname: &self.organization,
                        subscription_id: &id,
                    }),
            )
            .await
    }
}
