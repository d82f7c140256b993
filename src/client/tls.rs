//! TLS settings, as far as the enabled features allow.

use crate::{Error, Result};
use reqwest::ClientBuilder;

#[cfg(any(feature = "rustls", feature = "native-tls"))]
pub(super) fn configure(
    mut builder: ClientBuilder,
    roots: &[Vec<u8>],
    accept_invalid: bool,
) -> Result<ClientBuilder> {
    // With both features enabled, rustls is used: it is the default, and another crate may have
    // enabled the other.
    #[cfg(feature = "rustls")]
    {
        builder = builder.tls_backend_rustls();
    }
    for pem in roots {
        let invalid = || Error::invalid_input("a root certificate can't be read: it has to be PEM");
        let certificates =
            reqwest::Certificate::from_pem_bundle(pem).map_err(|e| invalid().with_source(e))?;
        if certificates.is_empty() {
            return Err(invalid());
        }
        builder = builder.tls_certs_merge(certificates);
    }
    Ok(builder.tls_danger_accept_invalid_certs(accept_invalid))
}

#[cfg(not(any(feature = "rustls", feature = "native-tls")))]
pub(super) fn configure(
    builder: ClientBuilder,
    roots: &[Vec<u8>],
    accept_invalid: bool,
) -> Result<ClientBuilder> {
    if accept_invalid || !roots.is_empty() {
        return Err(Error::invalid_input(
            "certificates can't be set: this crate is built with neither rustls nor native-tls",
        ));
    }
    Ok(builder)
}
