//! The TLS settings, as far as the enabled features support them.

use crate::types::Secret;
use crate::{Error, Result};
use reqwest::ClientBuilder;

/// The certificates that a client trusts, and the one with which it identifies itself.
#[derive(Clone, Default)]
pub(super) struct Trust {
    /// Root certificates in PEM.
    pub roots: Vec<Vec<u8>>,
    pub without_system_roots: bool,
    pub accept_invalid: bool,
    /// A private key and its certificates, in PEM.
    pub client_certificate: Option<Secret>,
}

impl Trust {
    pub fn is_default(&self) -> bool {
        self.roots.is_empty()
            && !self.without_system_roots
            && !self.accept_invalid
            && self.client_certificate.is_none()
    }
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn configure(mut builder: ClientBuilder, trust: &Trust) -> Result<ClientBuilder> {
    // If both features are enabled, rustls is used: it is the default, and another crate may have
    // enabled native-tls.
    #[cfg(feature = "rustls")]
    {
        builder = builder.tls_backend_rustls();
    }
    for pem in &trust.roots {
        let invalid =
            || Error::invalid_input("a root certificate is not valid: it must be in PEM format");
        let certificates =
            reqwest::Certificate::from_pem_bundle(pem).map_err(|e| invalid().with_source(e))?;
        if certificates.is_empty() {
            return Err(invalid());
        }
        builder = builder.tls_certs_merge(certificates);
    }
    if trust.without_system_roots {
        if trust.roots.is_empty() && !trust.accept_invalid {
            return Err(Error::invalid_input(
                "without the root certificates of the operating system, at least one must be \
                 added with `root_certificate`",
            ));
        }
        builder = builder.tls_certs_only([]);
    }
    if let Some(pem) = &trust.client_certificate {
        builder = builder.identity(identity(pem)?);
    }
    Ok(builder.tls_danger_accept_invalid_certs(trust.accept_invalid))
}

/// Reads a client certificate. The source of an error is left out: it could show the key.
#[cfg(feature = "rustls")]
fn identity(pem: &Secret) -> Result<reqwest::Identity> {
    reqwest::Identity::from_pem(pem.expose().as_bytes()).map_err(|_| {
        Error::invalid_input(
            "the client certificate is not valid: it must be in PEM format, with its private key",
        )
    })
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn identity(_: &Secret) -> Result<reqwest::Identity> {
    Err(Error::invalid_input(
        "a client certificate needs the feature `rustls`, or a client that is set with \
         `http_client`",
    ))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(builder: ClientBuilder, trust: &Trust) -> Result<ClientBuilder> {
    if !trust.is_default() {
        return Err(Error::invalid_input(
            "certificates can't be set: this crate was built without the features `rustls` and \
             `native-tls`",
        ));
    }
    Ok(builder)
}
