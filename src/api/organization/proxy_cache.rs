//! An organization as a proxy cache of another registry.

use crate::api::shared::{Parent, missing, outcome};
use crate::generated::params;
use crate::types::{ProxyCache, ProxyCacheConfig};
use crate::{Error, Quay, Result};
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
    /// Reads the settings.
    ///
    /// Scope and endpoint: as [`get_opt`](Self::get_opt).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization is no proxy cache or does not exist, and
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) if the feature is off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let settings = quay.organization("acme")?.proxy_cache().get().await?;
    /// println!("{}", settings.upstream_registry);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<ProxyCacheConfig> {
        let found = self.get_opt().await?;
        found.ok_or_else(|| missing(&format!("proxy cache of {}", self.organization)))
    }

    /// Reads the settings; `None` if the organization is no proxy cache, which the server says with
    /// empty texts.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/proxycache`.
    /// Operation: `getProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
    ///
    /// If it is none, the organization is read as well: the server says the same of one that does
    /// not exist.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, and [`is_feature_disabled`](crate::Error::is_feature_disabled)
    /// if the feature is off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// let settings = cache.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getProxyCacheConfig")]
    pub async fn get_opt(&self) -> Result<Option<ProxyCacheConfig>> {
        let request = self.quay.api().get_proxy_cache_config(&self.organization);
        let config = self.quay.send(request).await?;
        if config.upstream_registry.is_empty() {
            let organization = Parent::Organization(Arc::clone(&self.organization));
            organization.check_exists(&self.quay).await?;
            return Ok(None);
        }
        Ok(Some(config))
    }

    /// Makes the organization a proxy cache. `org_name` of the request is set to the organization:
    /// servers before 3.17 require it, and would set up *that* organization. The settings are read
    /// afterwards: the response does not hold them.
    ///
    /// Scope: `org:admin`. Endpoints: `POST` and `GET /api/v1/organization/{orgname}/proxycache`.
    /// Operations: `createProxyCacheConfig`, `getProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// it is a proxy cache, [`is_feature_disabled`](crate::Error::is_feature_disabled) if the
    /// feature is off, and [`is_invalid_request`](crate::Error::is_invalid_request) if the registry
    /// refuses the settings, or, with nothing sent, if `org_name` is another organization. If the
    /// proxy cache was created and could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?;
    /// let cache = acme.proxy_cache();
    /// cache.create(quay_api::types::ProxyCache::new("docker.io/library")).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create proxy cache")]
    #[doc(alias = "createProxyCacheConfig")]
    #[doc(alias = "getProxyCacheConfig")]
    pub async fn create(&self, mut settings: ProxyCache) -> Result<ProxyCacheConfig> {
        let organization = settings.org_name.as_deref().unwrap_or(&self.organization);
        if organization != &*self.organization {
            return Err(Error::invalid_input(format!(
                "`org_name` must be {}, got {organization}",
                self.organization
            )));
        }
        settings.org_name = Some(organization.to_owned());
        self.quay
            .send(
                self.quay
                    .api()
                    .create_proxy_cache_config(params::CreateProxyCacheConfig {
                        orgname: &self.organization,
                        body: &settings,
                    }),
            )
            .await?;
        let what = format!("the proxy cache of {}", self.organization);
        outcome::read_created(self.get().await, &what)
    }

    /// Tries whether the registry can be reached with these settings.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/validateproxycache`.
    /// Operation: `validateProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
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
    #[doc(alias = "validateProxyCacheConfig")]
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

    /// Ends the proxy cache if the organization is one: true if it was, false if there was nothing
    /// to do. It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get_opt`](Self::get_opt) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for an organization that is no proxy cache.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.proxy_cache().delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Ends the proxy cache.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/proxycache`.
    /// Operation: `deleteProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
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
    #[doc(alias = "delete proxy cache")]
    #[doc(alias = "deleteProxyCacheConfig")]
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
