//! The builder's settings for certificates and HTTP versions.

use super::QuayBuilder;
use super::defaults::{self, default};
use super::tls::Trust;
use crate::types::Secret;

/// The HTTP versions that a client uses: [`QuayBuilder::http_version`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum HttpVersion {
    /// HTTP/2 if the server offers it in the TLS handshake, otherwise HTTP/1.1.
    #[default]
    Negotiated,
    /// HTTP/1.1 only.
    Http1,
    /// HTTP/2 only. Over plain http, it is used without negotiation.
    Http2,
}

impl HttpVersion {
    pub(super) fn configure(self, builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
        // All calls share an HTTP/2 connection. If its server disappears behind a proxy that keeps
        // the connection open, every call would use that connection and fail.
        let builder = builder
            .http2_keep_alive_interval(defaults::HTTP2_PING_INTERVAL)
            .http2_keep_alive_timeout(defaults::HTTP2_PING_TIMEOUT)
            .http2_max_header_list_size(defaults::MAX_HTTP2_HEADERS);
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
    /// Adds one or more root certificates in PEM to those of the operating system.
    ///
    /// Each begins with the line `-----BEGIN CERTIFICATE-----`. `openssl x509 -inform der` converts
    /// a certificate in DER format.
    pub fn root_certificate(mut self, pem: impl Into<Vec<u8>>) -> Self {
        self.network.trust.roots.push(pem.into());
        self
    }

    /// Sets whether the client trusts the root certificates of the operating system.
    ///
    /// The default is true. If it is false, the client only trusts the certificates that
    /// [`root_certificate`](Self::root_certificate) adds.
    pub fn system_root_certificates(mut self, trust: bool) -> Self {
        self.network.trust.without_system_roots = !trust;
        self
    }

    /// Sets whether the client accepts any certificate of the server.
    ///
    /// The default is false. **If it is true, an attacker in the network can read and change all
    /// data, including the token.** For a server whose certificate is not signed by a public
    /// authority, use [`root_certificate`](Self::root_certificate) instead.
    pub fn danger_accept_invalid_certificates(mut self, accept: bool) -> Self {
        self.network.trust.accept_invalid = accept;
        self
    }

    /// Sets the client certificate for servers and proxies that require one.
    ///
    /// The argument is PEM that contains the private key, and the certificate followed by its
    /// intermediate certificates. The key must not be encrypted, and the certificate must have
    /// version 3. The setting needs the feature `rustls`.
    ///
    /// # Examples
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

    /// Sets the HTTP versions that the client uses.
    ///
    /// By default, client and server [negotiate](HttpVersion::Negotiated) the version. With the
    /// configuration that Quay ships with, a server allows more requests over HTTP/2.
    ///
    /// All calls share one HTTP/2 connection. If the server sends nothing for
    #[doc = concat!(default!(http2_ping_interval_secs), " seconds while a call waits, the client sends")]
    #[doc = concat!("a PING, and it closes the connection if there is no response within ", default!(http2_ping_timeout_secs))]
    /// seconds. The calls on it then end with a time-out, and others use a new connection.
    pub fn http_version(mut self, version: HttpVersion) -> Self {
        self.network.http_version = version;
        self
    }
}
