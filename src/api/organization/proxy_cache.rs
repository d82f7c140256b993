//! An organization as a proxy cache of another registry.

use crate::generated::params;
use crate::types::{ProxyCache, ProxyCacheConfig};
use crate::{Quay, Result};
use std::sync::Arc;

/// The proxy cache of an organization:
/// [`OrganizationHandle::proxy_cache`](crate::api::OrganizationHandle::proxy_cache). It can't be
/// changed, only ended and set up again.
#[derive(Debug, Clone)]
pub struct ProxyCacheHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl ProxyCacheHandle {
    /// Reads the settings; `None` if the organization is no proxy cache, which the server says with
    /// empty texts.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/proxycache`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// let settings = cache.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ProxyCacheConfig>> {
        self.quay
            .send(self.quay.api().get_proxy_cache_config(&self.organization))
            .await
            .map(|config| Some(config).filter(|c| !c.upstream_registry.is_empty()))
    }

    /// Makes the organization a proxy cache.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/proxycache`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// cache.create(quay_api::types::ProxyCache::new("docker.io/library")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, settings: ProxyCache) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .create_proxy_cache_config(params::CreateProxyCacheConfig {
                        orgname: &self.organization,
                        body: &settings,
                    }),
            )
            .await
    }

    /// Tries whether the registry can be reached with these settings.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/validateproxycache`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// cache.validate(quay_api::types::ProxyCache::new("docker.io/library")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn validate(&self, settings: ProxyCache) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .validate_proxy_cache_config(params::ValidateProxyCacheConfig {
                        orgname: &self.organization,
                        body: &settings,
                    }),
            )
            .await
    }

    /// Ends the proxy cache.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/proxycache`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// cache.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_proxy_cache_config(&self.organization),
            )
            .await
    }
}
