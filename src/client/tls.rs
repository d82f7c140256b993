//! The TLS settings, as far as the enabled features support them.

use crate::types::Secret;
use crate::{Error, Result};
use reqwest::ClientBuilder;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
const BEGIN_CERTIFICATE: &str = "-----BEGIN CERTIFICATE-----";
#[cfg(any(feature = "rustls", feature = "native-tls"))]
const NO_CERTIFICATE: &str = "it is not an X.509 certificate";

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
        // With native-tls, the content of the certificates is read here as well.
        let certificates = reqwest::Certificate::from_pem_bundle(pem)
            .map_err(|e| invalid_pem(pem).with_source(e))?;
        if certificates.is_empty() {
            return Err(invalid_pem(pem));
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

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn invalid_root(reason: &str) -> Error {
    Error::invalid_input(format!("a root certificate is not valid: {reason}"))
}

/// Returns the error of a root certificate that can't be read.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn invalid_pem(pem: &[u8]) -> Error {
    match String::from_utf8_lossy(pem).contains(BEGIN_CERTIFICATE) {
        true => invalid_root(NO_CERTIFICATE),
        false => invalid_root(&format!(
            "it must be in PEM format, with the line `{BEGIN_CERTIFICATE}`"
        )),
    }
}

/// Checks that a client can be built with these root certificates: their content is only read then.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn check_roots(pem: &[u8]) -> Result<()> {
    let trust = Trust {
        roots: vec![pem.to_vec()],
        // They take time to load.
        without_system_roots: true,
        ..Trust::default()
    };
    configure(reqwest::Client::builder(), &trust)?
        .build()
        .map(drop)
        .map_err(|e| invalid_root(NO_CERTIFICATE).with_source(e))
}

/// Returns the error of the setting because of which a client can't be built.
#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn build_error(trust: &Trust, error: reqwest::Error) -> Error {
    if let Some(invalid) = trust.roots.iter().find_map(|pem| check_roots(pem).err()) {
        return invalid;
    }
    if trust.client_certificate.is_none() {
        return super::build::build_error(error);
    }
    invalid_identity(match format!("{error:?}").contains("KeyMismatch") {
        true => "its private key does not belong to its first certificate",
        false => "it must be an X.509 certificate of version 3, with a key for TLS",
    })
}

/// Reads a client certificate. The source of an error is left out: it could show the key.
#[cfg(feature = "rustls")]
fn identity(pem: &Secret) -> Result<reqwest::Identity> {
    let pem = pem.expose();
    let reason = if pem.contains("ENCRYPTED") {
        "its private key is encrypted: decrypt it, for example with `openssl pkey`"
    } else if !pem.contains("-----BEGIN ") {
        "it must be in PEM format, with its private key"
    } else if !pem.contains("PRIVATE KEY-----") {
        "its private key is missing"
    } else if !pem.contains(BEGIN_CERTIFICATE) {
        "it contains a private key, but no certificate"
    } else {
        "it must be in PEM format, with its private key"
    };
    reqwest::Identity::from_pem(pem.as_bytes()).map_err(|_| invalid_identity(reason))
}

#[cfg(any(feature = "rustls", feature = "native-tls"))]
fn invalid_identity(reason: &str) -> Error {
    Error::invalid_input(format!("the client certificate is not valid: {reason}"))
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
        return Err(not_built());
    }
    Ok(builder)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn check_roots(_: &[u8]) -> Result<()> {
    Err(not_built())
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn build_error(_: &Trust, error: reqwest::Error) -> Error {
    super::build::build_error(error)
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
fn not_built() -> Error {
    Error::invalid_input(
        "certificates can't be set: this crate was built without the features `rustls` and \
         `native-tls`",
    )
}
