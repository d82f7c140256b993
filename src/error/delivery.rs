//! The progress of a request, and the errors of requests without a complete response.

use super::certificate::{broken_rule, refused_client};
use super::{Error, ErrorKind};
use serde::{Serialize, Serializer};
use std::error::Error as StdError;
use std::fmt;
use std::io;

const NOT_HTTP: &str =
    "the response is not valid HTTP: check the port of the base URL, and the proxies";

/// The progress of a request.
///
/// It describes the last attempt of a call, as far as this client knows.
/// [`Error::may_have_been_done`] tells whether a write may have taken effect in any attempt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request certainly had no effect: it was not sent, or an HTTP/2 server reported that it
    /// did not process it.
    #[default]
    NotSent,
    /// The request may have been sent, and no response was received. It is unknown whether the
    /// server received the request and what it did. This is also the value if the caller's own HTTP
    /// client followed a redirect.
    Unknown,
    /// A response was received, from the server or from a proxy in front of it. Although a proxy
    /// sent an error response, the server may have received the request. Although a proxy sent a
    /// success, the server may not have received it.
    Responded,
}

impl Delivery {
    /// Returns the name, for logs and metrics: `not_sent`, `unknown` or `responded`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotSent => "not_sent",
            Self::Unknown => "unknown",
            Self::Responded => "responded",
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Delivery {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl Error {
    /// Returns the error of a request without a complete response.
    pub(crate) fn from_transport(source: reqwest::Error) -> Self {
        // The URL is removed: the operation identifies the request, and a URL may contain a secret.
        let source = source.without_url();
        let (kind, delivery, message) = if source.is_builder() {
            (
                ErrorKind::InvalidInput,
                Delivery::NotSent,
                "the request can't be built",
            )
        } else if source.is_connect() {
            if source.is_timeout() {
                (
                    ErrorKind::Timeout,
                    Delivery::NotSent,
                    "could not connect to the server in time",
                )
            } else if is_tls(&source) {
                (
                    ErrorKind::Tls,
                    Delivery::NotSent,
                    broken_rule(&reasons(&source)),
                )
            } else {
                (
                    ErrorKind::Connection,
                    Delivery::NotSent,
                    "could not connect to the server",
                )
            }
        } else if let Some(rule) = refused_client(&reasons(&source)) {
            // The server ended the handshake, so it processed no request.
            (ErrorKind::Tls, Delivery::NotSent, rule)
        } else if is_canceled(&source) {
            (
                ErrorKind::Connection,
                Delivery::NotSent,
                "the connection was closed before the request was sent",
            )
        } else if hyper(&source).is_some_and(hyper::Error::is_user) {
            // hyper drops a request without a response if its runtime is shut down, and also if an
            // HTTP/2 connection ends while the request waits until the server allows one more. Even
            // then, the request may have been sent at the end.
            match is_http2(&source) {
                true => (
                    ErrorKind::Connection,
                    Delivery::Unknown,
                    "the connection was closed while the request waited to be sent",
                ),
                false => (
                    ErrorKind::Cancelled,
                    Delivery::Unknown,
                    "the runtime that drives the connection was shut down",
                ),
            }
        } else if source.is_timeout() {
            (
                ErrorKind::Timeout,
                Delivery::Unknown,
                "the server did not respond in time",
            )
        } else if source.is_redirect() {
            // Only an HTTP client of the caller follows redirects, after it sent the first request.
            (
                ErrorKind::Redirected,
                Delivery::Unknown,
                "the client that was set with `http_client` failed to follow a redirect: build it \
                 with `redirect::Policy::none()`",
            )
        } else if is_greeting(&reasons(&source)) {
            (ErrorKind::Connection, Delivery::NotSent, NOT_HTTP)
        } else if hyper(&source).is_some_and(hyper::Error::is_parse) {
            (ErrorKind::Connection, Delivery::Unknown, NOT_HTTP)
        } else if let Some((delivery, message)) = h2(&source).and_then(http2_failure) {
            (ErrorKind::Connection, delivery, message)
        } else {
            (
                ErrorKind::Connection,
                Delivery::Unknown,
                "the connection broke before a response was received",
            )
        };
        Self::new(kind, message)
            .with_delivery(delivery)
            .with_source(source)
    }
}

/// Returns an error and its sources.
fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| StdError::source(*error))
}

/// Returns the messages of an error and its sources.
fn reasons(error: &reqwest::Error) -> String {
    let reasons: Vec<String> = chain(error).map(ToString::to_string).collect();
    reasons.join(": ")
}

/// Returns true if hyper had not begun to send the request.
fn is_canceled(error: &reqwest::Error) -> bool {
    let is_of_pool = |error: &(dyn StdError + 'static)| {
        // It has no method for its kind.
        error.is::<hyper_util::client::legacy::Error>() && error.to_string().ends_with("(Canceled)")
    };
    hyper(error).is_some_and(|error| error.is_canceled() || error.is_closed())
        || chain(error).any(is_of_pool)
}

/// Returns true if the server sent bytes before the client sent a request, as servers of other
/// protocols do.
fn is_greeting(reasons: &str) -> bool {
    reasons.contains("received unexpected message from connection")
}

/// Returns true for a request over a connection that negotiated HTTP/2.
fn is_http2(error: &reqwest::Error) -> bool {
    chain(error)
        .find_map(|error| error.downcast_ref::<hyper_util::client::legacy::Error>())
        .and_then(|error| error.connect_info())
        .is_some_and(|connection| connection.is_negotiated_h2())
}

/// Returns the delivery and the message of a request that ended with a frame of HTTP/2; `None` if
/// the connection broke.
fn http2_failure(error: &h2::Error) -> Option<(Delivery, &'static str)> {
    let reason = error.reason()?;
    Some(match (error.is_remote(), reason) {
        _ if is_refused_stream(error) => (
            Delivery::NotSent,
            "the server refused the request without processing it",
        ),
        (true, h2::Reason::HTTP_1_1_REQUIRED) => (
            Delivery::Unknown,
            "the server requires HTTP/1.1: set `http_version` to `HttpVersion::Http1`",
        ),
        (true, _) if error.is_go_away() => (
            Delivery::Unknown,
            "the server closed the connection without a response",
        ),
        (true, _) => (
            Delivery::Unknown,
            "the server ended the request without a response",
        ),
        // The first bytes of `HTTP/1.1`, read as the length of a frame, exceed every limit.
        (false, h2::Reason::FRAME_SIZE_ERROR) => (
            Delivery::Unknown,
            "the server does not speak HTTP/2 on this port (`http_version`)",
        ),
        (false, _) => (
            Delivery::Unknown,
            "the response is not valid HTTP/2: check the proxies, or set `http_version`",
        ),
    })
}

fn hyper(error: &reqwest::Error) -> Option<&hyper::Error> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Returns true if the server closed the HTTP/2 connection and did not process the request
/// (GOAWAY).
///
/// hyper also reports this for a request that it was sending when the connection was closed.
pub(crate) fn is_go_away(error: &reqwest::Error) -> bool {
    h2(error).is_some_and(|error| error.is_go_away() && error.is_remote())
}

/// Returns true if an HTTP/2 server reported that it did not process the request.
pub(crate) fn is_unprocessed(error: &Error) -> bool {
    error
        .source()
        .and_then(|source| source.downcast_ref::<reqwest::Error>())
        .is_some_and(|error| is_go_away(error) || h2(error).is_some_and(is_refused_stream))
}

/// Returns true if the server refused a single request over HTTP/2, which it did not process.
fn is_refused_stream(error: &h2::Error) -> bool {
    error.is_reset() && error.is_remote() && error.reason() == Some(h2::Reason::REFUSED_STREAM)
}

fn h2(error: &reqwest::Error) -> Option<&h2::Error> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Returns true if the connection succeeded and TLS failed, for which a retry is useless.
fn is_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|error| {
        // rustls reports invalid data. Native TLS libraries report their own errors, which mention
        // the certificate.
        is_invalid_data(error)
            || error
                .to_string()
                .to_ascii_lowercase()
                .contains("certificate")
    })
}

/// Returns true for invalid data, also if another I/O error wraps it without being its source.
fn is_invalid_data(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        error.kind() == io::ErrorKind::InvalidData
            || error.get_ref().is_some_and(|inner| is_invalid_data(inner))
    })
}
