//! Redirects.
//!
//! The HTTP library follows none: it would turn a write into a read (302), and its rules can't be
//! set on a client that the caller provides.

use super::base_url::BaseUrl;
use super::response::Response;
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use http::{HeaderMap, header};
use url::Url;

/// The maximum number of redirects that one attempt follows.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Returns the target of a redirect that is followed: one that keeps the method, and the scheme,
/// host and port of the server.
pub(super) fn target(response: &reqwest::Response, url: &Url, base: &BaseUrl) -> Option<Url> {
    if !matches!(response.status().as_u16(), 307 | 308) {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let target = url.join(location).ok()?;
    let has_credentials = !target.username().is_empty() || target.password().is_some();
    (!has_credentials && base.is_origin_of(&target)).then_some(target)
}

/// The error of a response that the caller's own HTTP client was redirected to. Where the request
/// went, and whether with the same method, is unknown.
pub(super) fn unexpected_redirect(response: &reqwest::Response) -> Error {
    let message =
        "the given HTTP client follows redirects by itself; it needs `redirect::Policy::none()`";
    let response = Response {
        status: response.status(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    Error::with_response(ErrorKind::Redirected, message, response)
}
