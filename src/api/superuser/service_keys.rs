//! Keys that services sign with.

use crate::api::shared::{none_if_not_found, outcome, path_segment};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    ApproveServiceKey, CreateServiceKey, CreatedServiceKey, ServiceKey, UpdateServiceKey,
};
use crate::{Quay, Result};

/// The service keys of the server:
/// [`SuperuserHandle::service_keys`](crate::api::SuperuserHandle::service_keys).
#[derive(Debug, Clone)]
pub struct ServiceKeysHandle {
    pub(crate) quay: Quay,
}

impl ServiceKeysHandle {
    /// Lists the keys.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/keys`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// let all = keys.list().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<ServiceKey>> {
        Listing::single_page(
            &self.quay,
            self.quay.api().list_service_keys(),
            |response| response.keys,
        )
    }

    /// Creates a key; its private part is shown once.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/keys`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// use quay_api::types::CreateServiceKey;
    ///
    /// let created = keys.create(CreateServiceKey::new("clair", None).name("scanner")).await?;
    /// let private = created.private_key;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, key: CreateServiceKey) -> Result<CreatedServiceKey> {
        self.quay
            .send(self.quay.api().create_service_key(&key))
            .await
    }

    /// Reads a key.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/keys/{kid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// let key = keys.get("kid1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, kid: impl AsRef<str>) -> Result<ServiceKey> {
        let kid = path_segment("key identifier", kid.as_ref())?;
        self.quay.send(self.quay.api().get_service_key(&kid)).await
    }

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// let key = keys.get_opt("kid1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, kid: impl AsRef<str>) -> Result<Option<ServiceKey>> {
        none_if_not_found(self.get(kid)).await
    }

    /// Changes a key.
    ///
    /// Scope: `super:user`. Endpoint: `PUT /api/v1/superuser/keys/{kid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// keys.update("kid1", quay_api::types::UpdateServiceKey::new().name("scanner")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn update(
        &self,
        kid: impl AsRef<str>,
        change: UpdateServiceKey,
    ) -> Result<ServiceKey> {
        let kid = path_segment("key identifier", kid.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .update_service_key(params::UpdateServiceKey {
                        kid: &kid,
                        body: &change,
                    }),
            )
            .await
    }

    /// Approves a key.
    ///
    /// Scope: `super:user`. Endpoint: `POST /api/v1/superuser/approvedkeys/{kid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// keys.approve("kid1", quay_api::types::ApproveServiceKey::new().notes("checked")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn approve(&self, kid: impl AsRef<str>, approval: ApproveServiceKey) -> Result<()> {
        let kid = path_segment("key identifier", kid.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .approve_service_key(params::ApproveServiceKey {
                        kid: &kid,
                        body: &approval,
                    }),
            )
            .await
    }

    /// Deletes a key.
    ///
    /// Scope: `super:user`. Endpoint: `DELETE /api/v1/superuser/keys/{kid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// keys.delete("kid1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, kid: impl AsRef<str>) -> Result<()> {
        let kid = path_segment("key identifier", kid.as_ref())?;
        self.quay
            .send(self.quay.api().delete_service_key(&kid))
            .await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let keys = superuser.service_keys();
    /// keys.delete_if_exists("kid1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, kid: impl AsRef<str>) -> Result<bool> {
        let kid = kid.as_ref();
        if self.get_opt(kid).await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete(kid).await)
    }
}
