//! How far a request got, and the errors of requests without a complete response.

use super::certificate::{broken_rule, refused_client};
use super::{Error, ErrorKind};
use serde::{Serialize, Serializer};
use std::error::Error as StdError;
use std::fmt;
use std::io;

/// The progress of a request.
///
/// This is about the last attempt, and about what this client saw. It does not say whether a write
/// took effect: [`Error::may_have_been_done`] does, for all attempts of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Delivery {
    /// The request was not sent. That is certain: it had no effect.
    #[default]
    NotSent,
    /// The request was sent, or may have been, and no response to it was seen. Whether the server
    /// received it and what became of it is unknown; so it is if the caller's own HTTP client
    /// followed a redirect.
    Unknown,
    /// There was a response. Whether the server sent it, or a proxy in front of it, can't be told:
    /// with an error response of a proxy the request may have reached the server, and a success of
    /// a proxy need not be one of the server.
    Responded,
}

impl Delivery {
    /// Returns the name, for a label or a log: `not_sent`, `unknown` or `responded`.
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
        // Without the URL: the operation identifies the request, and a URL could contain a secret.
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
            // The server ended the handshake: no request reached what is behind it.
            (ErrorKind::Tls, Delivery::NotSent, rule)
        } else if hyper(&source).is_some_and(hyper::Error::is_canceled) {
            // hyper reports this only for requests that it has not begun to send.
            (
                ErrorKind::Connection,
                Delivery::NotSent,
                "the connection was closed before the request was sent",
            )
        } else if hyper(&source).is_some_and(hyper::Error::is_user) {
            (
                ErrorKind::Cancelled,
                Delivery::Unknown,
                "the runtime that drives the connection was shut down",
            )
        } else if source.is_timeout() {
            (
                ErrorKind::Timeout,
                Delivery::Unknown,
                "the server did not respond in time",
            )
        } else if source.is_redirect() {
            // Only a client that the caller gave follows redirects: the first request was sent.
            (
                ErrorKind::Redirected,
                Delivery::Unknown,
                "the given HTTP client follows redirects by itself, and gave up; it needs \
                 `redirect::Policy::none()`",
            )
        } else {
            (
                ErrorKind::Connection,
                Delivery::Unknown,
                "the connection broke before there was a response",
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

/// Returns what an error and its sources say.
fn reasons(error: &reqwest::Error) -> String {
    let reasons: Vec<String> = chain(error).map(ToString::to_string).collect();
    reasons.join(": ")
}

fn hyper(error: &reqwest::Error) -> Option<&hyper::Error> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Returns true if there was a connection and TLS failed on it, which a retry does not change.
fn is_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|error| {
        // rustls reports invalid data; native TLS libraries have their own errors, which name the
        // certificate.
        is_invalid_data(error)
            || error
                .to_string()
                .to_ascii_lowercase()
                .contains("certificate")
    })
}

/// Returns true for invalid data, also within another I/O error, whose source it is not.
fn is_invalid_data(error: &(dyn StdError + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| {
        error.kind() == io::ErrorKind::InvalidData
            || error.get_ref().is_some_and(|inner| is_invalid_data(inner))
    })
}
