//! Service keys, with which services sign their requests.

use crate::api::shared::{none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    ApproveServiceKey, CreateServiceKey, CreatedServiceKey, ServiceKey, UpdateServiceKey,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the server's service keys:
/// [`SuperuserHandle::service_keys`](crate::api::SuperuserHandle::service_keys).
#[derive(Debug, Clone)]
pub struct ServiceKeysHandle {
    pub(crate) quay: Quay,
}

impl ServiceKeysHandle {
    /// Lists the service keys.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/keys`. The response is not paged.
    /// Operation: `listServiceKeys`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// let all = keys.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "listServiceKeys")]
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<ServiceKey>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_service_keys(),
            |response| response.keys,
        )
    }

    /// Creates a service key.
    ///
    /// The server returns its private part only once. The key is approved in the name of the
    /// caller.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/keys`.
    /// Operation: `createServiceKey`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects a value.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateServiceKey;
    ///
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// let created = keys.create(CreateServiceKey::new("clair", None).name("scanner")).await?;
    /// let private = created.private_key;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create service key")]
    #[doc(alias = "createServiceKey")]
    pub async fn create(&self, key: CreateServiceKey) -> Result<CreatedServiceKey> {
        self.quay
            .send(self.quay.api().create_service_key(&key))
            .await
    }
}

/// The handle of one service key:
/// [`SuperuserHandle::service_key`](crate::api::SuperuserHandle::service_key).
#[derive(Debug, Clone)]
pub struct ServiceKeyHandle {
    pub(crate) quay: Quay,
    pub(crate) kid: Arc<str>,
}

impl ServiceKeyHandle {
    /// Returns the identifier of the service key.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Reads the key.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/keys/{kid}`.
    /// Operation: `getServiceKey`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the key
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let key = quay.superuser().service_key("kid1")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get service key")]
    #[doc(alias = "getServiceKey")]
    pub async fn get(&self) -> Result<ServiceKey> {
        let request = self.quay.api().get_service_key(&self.kid);
        self.quay.send(request).await
    }

    /// Reads the key, or returns `None` if it does not exist.
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
    /// let key = quay.superuser().service_key("kid1")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ServiceKey>> {
        none_if_not_found(self.get()).await
    }

    /// Changes the key.
    ///
    /// Metadata that the request does not contain is kept.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/keys/{kid}`.
    /// Operation: `updateServiceKey`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the key
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::UpdateServiceKey;
    ///
    /// let key = quay.superuser().service_key("kid1")?;
    /// key.update(UpdateServiceKey::new().name("scanner")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "update service key")]
    #[doc(alias = "updateServiceKey")]
    pub async fn update(&self, change: UpdateServiceKey) -> Result<ServiceKey> {
        let request = self
            .quay
            .api()
            .update_service_key(params::UpdateServiceKey {
                kid: &self.kid,
                body: &change,
            });
        self.quay.send(request).await
    }

    /// Approves the key.
    ///
    /// Nothing changes if it is approved already.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/approvedkeys/{kid}`.
    /// Operation: `approveServiceKey`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the key
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::ApproveServiceKey;
    ///
    /// let key = quay.superuser().service_key("kid1")?;
    /// key.approve(ApproveServiceKey::new().notes("checked")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "approve service key")]
    #[doc(alias = "approveServiceKey")]
    pub async fn approve(&self, approval: ApproveServiceKey) -> Result<()> {
        let request = self
            .quay
            .api()
            .approve_service_key(params::ApproveServiceKey {
                kid: &self.kid,
                body: &approval,
            });
        self.quay.send(request).await
    }

    /// Deletes the key.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/superuser/keys/{kid}`.
    /// Operation: `deleteServiceKey`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the key
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.superuser().service_key("kid1")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete service key")]
    #[doc(alias = "deleteServiceKey")]
    pub async fn delete(&self) -> Result<()> {
        let request = self.quay.api().delete_service_key(&self.kid);
        self.quay.send(request).await
    }

    /// Deletes the service key if it exists, and returns true if it existed.
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
    /// quay.superuser().service_key("kid1")?.delete_if_exists().await?;
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
