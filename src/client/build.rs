//! Building a client from the settings of a builder.

use super::builder::{QuayBuilder, TokenSetting};
use super::settings::check_rate;
use super::{Quay, Settings, headers, proxy, tls};
use crate::http::base_url::BaseUrl;
use crate::http::token_source::TokenSource;
use crate::http::{Limits, Transport};
use crate::{Error, Result};
use http::HeaderValue;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

impl QuayBuilder {
    /// Builds the client.
    ///
    /// Nothing is sent.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// a setting, or an environment variable with a proxy, can't be used. The message names it,
    /// and contains no value that may be a secret.
    pub fn build(self) -> Result<Quay> {
        let base = BaseUrl::parse(&self.base_url, self.allow_http)?;
        let tokens = match &self.token {
            TokenSetting::Anonymous => TokenSource::Anonymous,
            TokenSetting::Fixed(token) => TokenSource::fixed(token)?,
            TokenSetting::Basic(user, password) => TokenSource::basic(user, password)?,
            TokenSetting::File(path) => TokenSource::file(path)?,
            TokenSetting::Source(source) => source.clone(),
        };
        let user_agent = user_agent(self.user_agent.as_deref())?;
        let default_headers = headers::parse(&self.default_headers)?;
        let limits = self.limits()?;
        let settings = Arc::new(self.settings.clone());
        let http = self.into_http_client(&base)?;
        Ok(Quay {
            transport: Arc::new(Transport::new(
                http,
                base,
                tokens,
                user_agent,
                default_headers,
                limits,
            )),
            settings,
        })
    }

    fn limits(&self) -> Result<Limits> {
        if self.max_in_flight == 0 {
            return Err(Error::invalid_input(
                "`max_in_flight` must be at least 1, got 0",
            ));
        }
        if let Some(rate) = self.requests_per_second {
            check_rate(rate).map_err(Error::invalid_input)?;
        }
        let Settings {
            operation_timeout,
            attempt_timeout,
            read_timeout,
            ..
        } = self.settings;
        for (name, limit) in [
            ("connect_timeout", Some(self.connect_timeout)),
            ("read_timeout", Some(read_timeout)),
            ("attempt_timeout", Some(attempt_timeout)),
            ("operation_timeout", operation_timeout),
        ] {
            if limit.is_some_and(|limit| limit.is_zero()) {
                let message = format!("`{name}` must be greater than 0, got 0");
                return Err(Error::invalid_input(message));
            }
        }
        let Self {
            max_in_flight,
            requests_per_second,
            ..
        } = *self;
        Ok(Limits {
            max_in_flight,
            requests_per_second,
            retry_budget: self.settings.retry.retry_budget(),
        })
    }

    fn into_http_client(self, base: &BaseUrl) -> Result<reqwest::Client> {
        if let Some(client) = self.http {
            if self.proxy.is_some() || !self.network.is_default() {
                return Err(Error::invalid_input(
                    "the proxy, certificates and HTTP versions can't be set together with \
                     `http_client`: set them on that client",
                ));
            }
            return Ok(client);
        }
        let mut builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .referer(false)
            .redirect(reqwest::redirect::Policy::none());
        if base.is_plain_http() {
            // As RFC 6761 requires, so that no resolver can send the token to another machine.
            let loopback = [
                (Ipv4Addr::LOCALHOST, 0).into(),
                (Ipv6Addr::LOCALHOST, 0).into(),
            ];
            builder = builder.resolve_to_addrs("localhost", &loopback);
        }
        builder = proxy::configure(
            builder,
            base,
            self.proxy.as_ref(),
            self.allow_http,
            |name| std::env::var_os(name),
        )?;
        builder = self.network.http_version.configure(builder);
        builder = tls::configure(builder, &self.network.trust)?;
        builder
            .build()
            .map_err(|e| tls::build_error(&self.network.trust, e))
    }
}

/// Returns the error of an HTTP client that can't be built for an unknown reason.
pub(super) fn build_error(error: reqwest::Error) -> Error {
    Error::invalid_input("the HTTP client can't be built").with_source(error)
}

/// Returns the header, or an error if a receiver could read another value: HTTP drops leading and
/// trailing whitespace, and servers decode characters other than ASCII differently.
fn user_agent(application: Option<&str>) -> Result<HeaderValue> {
    let own = concat!("quay-api/", env!("CARGO_PKG_VERSION"));
    let Some(application) = application else {
        return Ok(HeaderValue::from_static(own));
    };
    let invalid =
        |reason: &str| Error::invalid_input(format!("the user agent is not valid: {reason}"));
    if application.is_empty() {
        return Err(invalid("it is empty"));
    }
    if application.trim() != application {
        return Err(invalid("it has leading or trailing whitespace"));
    }
    if application.bytes().any(|b| !matches!(b, b' '..=b'~')) {
        return Err(invalid("it must consist of printable ASCII characters"));
    }
    HeaderValue::try_from(format!("{own} {application}"))
        .map_err(|_| invalid("it must consist of printable ASCII characters"))
}
