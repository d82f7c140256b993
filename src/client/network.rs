//! What a client shows of itself on the network, and what it takes: certificates and HTTP versions.

use super::QuayBuilder;
use super::tls::Trust;
use crate::types::Secret;

/// The HTTP versions that a client speaks: [`QuayBuilder::http_version`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpVersion {
    /// HTTP/2 if the server offers it in the TLS handshake, and HTTP/1.1 otherwise.
    #[default]
    Negotiated,
    /// HTTP/1.1 only.
    Http1,
    /// HTTP/2 only, over plain http without asking, too.
    Http2,
}

impl HttpVersion {
    pub(super) fn configure(self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        match self {
            Self::Negotiated => builder,
            Self::Http1 => builder.http1_only(),
            Self::Http2 => builder.http2_prior_knowledge(),
        }
    }
}

/// The settings of this file.
#[derive(Clone, Default)]
pub(super) struct Network {
    pub trust: Trust,
    pub http_version: HttpVersion,
}

impl Network {
    pub fn is_default(&self) -> bool {
        self.trust.is_default() && self.http_version == HttpVersion::Negotiated
    }
}

impl QuayBuilder {
    /// Adds one or several root certificates in PEM to those of the system.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.network.trust.roots.push(pem.into());
        self
    }

    /// Sets whether the root certificates of the operating system are trusted, as they are by
    /// default. Without them, only those of [`root_certificate`](Self::root_certificate) are.
    pub fn system_root_certificates(mut self, trust: bool) -> Self {
        self.network.trust.without_system_roots = !trust;
        self
    }

    /// Accepts any certificate. **Anybody on the path can read and change everything**;
    /// [`root_certificate`](Self::root_certificate) is what a server with a certificate of its own
    /// needs.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.network.trust.accept_invalid = accept;
        self
    }

    /// Sets the certificate with which the client identifies itself to a proxy or a server that
    /// asks for one, in PEM: its private key, and the certificate followed by those between it and
    /// its root. It takes the feature `rustls`.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use quay_api::Quay;
    ///
    /// let quay = Quay::builder()
    ///     .base_url("https://quay.example.com")
    ///     .client_certificate(std::fs::read_to_string("/etc/pki/client.pem")?)
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_certificate(mut self, pem: impl Into<Secret>) -> Self {
        self.network.trust.client_certificate = Some(pem.into());
        self
    }

    /// Sets the HTTP versions that the client speaks. By default, the server chooses.
    ///
    /// A server that Quay's templates set up allows more requests over HTTP/2.
    pub fn http_version(mut self, version: HttpVersion) -> Self {
        self.network.http_version = version;
        self
    }
}
