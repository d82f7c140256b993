//! Marketplace subscriptions of an organization, which only quay.io has.

use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{BindSubscriptions, BoundSubscription, SubscriptionId};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the marketplace subscriptions that are bound to an organization:
/// [`OrganizationHandle::marketplace`](crate::api::OrganizationHandle::marketplace).
#[derive(Debug, Clone)]
pub struct MarketplaceHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl MarketplaceHandle {
    /// Lists the subscriptions that are bound to the organization.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/marketplace`. The response
    /// is not paged.
    /// Operation: `listOrgSkus`. Since: 3.10. Feature: `FEATURE_BILLING`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let subscriptions = acme.marketplace().list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listOrgSkus")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<BoundSubscription>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_org_skus(&self.organization),
            |rows| rows,
        )
    }

    /// Binds subscriptions of the caller to the organization.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/marketplace`.
    /// Operation: `bindSkuToOrg`. Since: 3.10. Feature: `FEATURE_BILLING`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a subscription, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::{BindSubscriptions, SubscriptionReference};
    ///
    /// let acme = quay.organization("acme")?;
    /// acme.marketplace()
    ///     .bind(BindSubscriptions::new([SubscriptionReference::new(12345678)]))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "bindSkuToOrg")]
    pub async fn bind(&self, subscriptions: BindSubscriptions) -> Result<()> {
        self.quay
            .send(self.quay.api().bind_sku_to_org(params::BindSkuToOrg {
                orgname: &self.organization,
                body: &subscriptions,
            }))
            .await
    }

    /// Unbinds subscriptions from the organization.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/marketplace/batchremove`.
    /// Operation: `batchRemoveSku`. Since: 3.11. Feature: `FEATURE_BILLING`.
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
    /// use quay_api::types::{BindSubscriptions, SubscriptionReference};
    ///
    /// let acme = quay.organization("acme")?;
    /// acme.marketplace()
    ///     .unbind(BindSubscriptions::new([SubscriptionReference::new(12345678)]))
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "batchRemoveSku")]
    pub async fn unbind(&self, subscriptions: BindSubscriptions) -> Result<()> {
        self.quay
            .send(self.quay.api().batch_remove_sku(params::BatchRemoveSku {
                orgname: &self.organization,
                body: &subscriptions,
            }))
            .await
    }

    /// Unbinds one subscription from the organization.
    ///
    /// Scope: `org:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/marketplace/{subscription_id}`.
    /// Operation: `removeSkuFromOrg`. Since: 3.10. Feature: `FEATURE_BILLING`.
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
    /// acme.marketplace().unbind_one(12345678).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "removeSkuFromOrg")]
    pub async fn unbind_one(&self, id: impl Into<SubscriptionId>) -> Result<()> {
        let id = id.into().to_string();
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
