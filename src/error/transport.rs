//! What became of a request that brought no whole answer.

use super::{Delivery, Error, ErrorKind};
use std::error::Error as StdError;
use std::io;

impl Error {
    /// No whole answer came.
    pub(crate) fn transport(source: reqwest::Error) -> Self {
        // The URL is left out: the operation says as much, and a URL could hold what the caller
        // wants hidden.
        let source = source.without_url();
        let (kind, sent, message) = if source.is_builder() {
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
                    "could not agree with the server on a secure connection",
                )
            } else {
                (
                    ErrorKind::Connection,
                    Delivery::NotSent,
                    "could not connect to the server",
                )
            }
        } else if hyper(&source).is_some_and(hyper::Error::is_canceled) {
            // hyper says so only of what it still holds whole.
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
                "the server did not answer in time",
            )
        } else if source.is_redirect() {
            (
                ErrorKind::Redirected,
                Delivery::Responded,
                "the server redirects to a place where this client does not go",
            )
        } else {
            (
                ErrorKind::Connection,
                Delivery::Unknown,
                "the connection broke before an answer came",
            )
        };
        Self::new(kind, message)
            .with_delivery(sent)
            .with_source(source)
    }
}

fn chain<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error| StdError::source(*error))
}

fn hyper(error: &reqwest::Error) -> Option<&hyper::Error> {
    chain(error).find_map(|error| error.downcast_ref())
}

/// Whether the connection was there, and TLS failed on it: waiting does not help.
fn is_tls(error: &reqwest::Error) -> bool {
    chain(error).any(|error| {
        // What rustls finds wrong comes as invalid data; native TLS libraries have errors of their
        // own, which name what they are about.
        let is_invalid = error
            .downcast_ref::<io::Error>()
            .is_some_and(|e| e.kind() == io::ErrorKind::InvalidData);
        is_invalid
            || error
                .to_string()
                .to_ascii_lowercase()
                .contains("certificate")
    })
}
