//! Redirects.
//!
//! The HTTP library does not follow redirects: it would turn a write into a read (302), and its
//! rules can't be set on a client that the caller passes.

use super::base_url::BaseUrl;
use super::response::Response;
use crate::error::{Delivery, Error, ErrorKind};
use bytes::Bytes;
use http::{HeaderMap, StatusCode, Uri, header};
use url::Url;

/// The maximum number of redirects that one attempt follows.
pub(super) const MAX_REDIRECTS: usize = 5;

/// Returns the target of a redirect if it is followed.
///
/// It must keep the method, and lead to the same scheme, host and port, below the path of the base
/// URL.
pub(super) fn target(
    status: StatusCode,
    headers: &HeaderMap,
    url: &Url,
    base: &BaseUrl,
) -> Option<Url> {
    if !matches!(status.as_u16(), 307 | 308) {
        return None;
    }
    let mut locations = headers.get_all(header::LOCATION).iter();
    let location = locations.next()?;
    // Proxies and clients differ in which one of several headers they use.
    if location.is_empty() || locations.any(|other| other != location) {
        return None;
    }
    let mut target = url.join(location.to_str().ok()?).ok()?;
    let has_credentials = !target.username().is_empty() || target.password().is_some();
    // A fragment is not sent, so the URL of the response has no fragment.
    target.set_fragment(None);
    (!has_credentials && base.contains(&target) && can_be_sent(&target)).then_some(target)
}

/// Returns true if the HTTP library can send a request to a URL. It can't if the URL is very long.
pub(super) fn can_be_sent(url: &Url) -> bool {
    url.as_str().parse::<Uri>().is_ok()
}

/// Returns the error of a response to which the caller's own HTTP client was redirected.
///
/// The method and the effect of the redirected request are unknown.
pub(super) fn unexpected_redirect(response: &reqwest::Response) -> Error {
    let response = Response {
        status: response.status(),
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    Error::with_response(ErrorKind::Redirected, FOLLOWS_REDIRECTS, response)
        .with_delivery(Delivery::Unknown)
}

/// Returns the error of a request for which the HTTP library returned an error.
///
/// If the library fails to build a request although the URL is valid, the caller's own HTTP client
/// was redirected to an invalid URL. The first request was sent then.
pub(super) fn transport_error(error: reqwest::Error, url: &Url) -> Error {
    if error.is_builder() && can_be_sent(url) {
        Error::new(ErrorKind::Redirected, FOLLOWS_REDIRECTS)
            .with_delivery(Delivery::Unknown)
            .with_source(error.without_url())
    } else {
        Error::from_transport(error)
    }
}

const FOLLOWS_REDIRECTS: &str = "the client that was set with `http_client` follows redirects: \
                                 build it with `redirect::Policy::none()`";

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    /// Returns where a POST to `/registry/api/v1/x` is sent to next.
    fn followed(locations: &[&[u8]]) -> Option<String> {
        let base = BaseUrl::parse("https://quay.example.com/registry", false).ok()?;
        let url = Url::parse("https://quay.example.com/registry/api/v1/x").ok()?;
        let mut headers = HeaderMap::new();
        for location in locations {
            headers.append(header::LOCATION, HeaderValue::from_bytes(location).ok()?);
        }
        target(StatusCode::PERMANENT_REDIRECT, &headers, &url, &base).map(String::from)
    }

    #[test]
    fn follows_redirects_below_the_base_url() {
        let there = "https://quay.example.com/registry/api/v1/x/";
        for location in [
            there,
            "x/",
            "/registry/api/v1/x/",
            "//quay.example.com/registry/api/v1/x/",
            "HTTPS://QUAY.Example.com:443/registry/api/v1/x/",
            "https://quay.example.com/registry/api/v1/x/#part",
            "#part",
            "x/#a?b=c@d",
            "/elsewhere/../registry/api/v1/x/",
        ] {
            let expected = match location {
                "#part" => "https://quay.example.com/registry/api/v1/x",
                _ => there,
            };
            let target = followed(&[location.as_bytes()]);
            assert_eq!(target.as_deref(), Some(expected), "{location}");
        }
        assert_eq!(followed(&[b"x/", b"x/"]).as_deref(), Some(there));
    }

    #[test]
    fn follows_no_redirect_that_leaves_the_server() {
        let long = format!("/registry/{}", "x".repeat(100_000));
        for location in [
            "",
            "https://evil.example/registry/",
            "//evil.example/registry/",
            "/\\evil.example/registry/",
            "\\\\evil.example/registry/",
            "https://quay.example.com.evil.example/registry/",
            "https://quay.example.com./registry/",
            "https://quay.example.com:8443/registry/",
            "http://quay.example.com/registry/",
            "https://me@quay.example.com/registry/",
            "https://:secret@quay.example.com/registry/",
            "https://quay.example.com@evil.example/registry/",
            "https:/other/",
            "https:../../../../other/",
            "/other/",
            "/registry",
            "/registry2/x",
            "/registry/../other/",
            "/registry/%2e%2e/other/",
            "file:///etc/passwd",
            "javascript:x",
            "https://",
            long.as_str(),
        ] {
            let target = followed(&[location.as_bytes()]);
            assert_eq!(target, None, "{location}");
        }
        assert_eq!(followed(&[]), None);
        assert_eq!(followed(&[b"x/", b"y/"]), None, "several");
        assert_eq!(followed(&[b"x/\xff"]), None, "no text");
        assert_eq!(
            followed(&["/registry/\u{e4}".as_bytes()]),
            None,
            "not ASCII"
        );
    }
}
