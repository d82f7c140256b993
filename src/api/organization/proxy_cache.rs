//! An organization that is a proxy cache of another registry.

use crate::api::shared::{Parent, missing, outcome};
use crate::generated::params;
use crate::types::{ProxyCache, ProxyCacheConfig};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of an organization's proxy cache settings:
/// [`OrganizationHandle::proxy_cache`](crate::api::OrganizationHandle::proxy_cache).
///
/// The settings can't be changed, only deleted and created again.
#[derive(Debug, Clone)]
pub struct ProxyCacheHandle {
    pub(crate) quay: Quay,
    pub(crate) organization: Arc<str>,
}

impl ProxyCacheHandle {
    /// Reads the proxy cache settings.
    ///
    /// Scope and endpoint: as for [`get_opt`](Self::get_opt).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization is not a proxy cache or does not exist, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
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
        found.ok_or_else(|| {
            missing(&format!("proxy cache of {}", self.organization))
                .with_response_to("getProxyCacheConfig", &[("orgname", &*self.organization)])
        })
    }

    /// Reads the proxy cache settings, or returns `None` if the organization is not a proxy cache.
    ///
    /// Scope: `org:admin`. Endpoint: `GET /api/v1/organization/{orgname}/proxycache`.
    /// Operation: `getProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
    ///
    /// If the organization is not a proxy cache, the server responds with empty fields. It does so
    /// too if the organization does not exist. In this case the method therefore also reads the
    /// organization.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// organization does not exist, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
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
            let found = organization.check_exists(&self.quay).await;
            found.map_err(|error| match error.is_not_found() {
                true => error.with_operation_id("getProxyCacheConfig"),
                false => error,
            })?;
            return Ok(None);
        }
        Ok(Some(config))
    }

    /// Configures the organization as a proxy cache, and reads the settings afterwards.
    ///
    /// The method sets `org_name` in the request to this organization. Many servers before 3.17
    /// require the field, and make the organization with *that* name a proxy cache. The settings
    /// are read afterwards, since the server's response does not contain them.
    ///
    /// Scope: `org:admin`. Endpoints: `POST` and `GET /api/v1/organization/{orgname}/proxycache`.
    /// Operations: `createProxyCacheConfig`, `getProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// the organization is a proxy cache already, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server. Returns an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the server rejects the
    /// settings, or, before anything is sent, if `org_name` is another organization. If the
    /// settings were created but could not be read,
    /// [`may_have_been_done`](crate::Error::may_have_been_done) is true.
    ///
    /// # Examples
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

    /// Checks that the server can reach the other registry with these settings.
    ///
    /// Scope: `org:admin`. Endpoint: `POST /api/v1/organization/{orgname}/validateproxycache`.
    /// Operation: `validateProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server can't reach the registry or can't log in to it, and an error for which
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) is true if the feature is off on
    /// the server.
    ///
    /// # Examples
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

    /// Deletes the proxy cache settings if they exist, and returns true if they existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get_opt`](Self::get_opt) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests, except that an organization without a proxy cache is
    /// not an error.
    ///
    /// # Examples
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

    /// Deletes the proxy cache settings.
    ///
    /// Scope: `org:admin`. Endpoint: `DELETE /api/v1/organization/{orgname}/proxycache`.
    /// Operation: `deleteProxyCacheConfig`. Feature: `FEATURE_PROXY_CACHE`.
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
