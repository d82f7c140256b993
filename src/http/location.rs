//! The message of a redirect that is not followed.

use super::base_url::BaseUrl;
use super::credentials;
use super::percent_encode::decode;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use url::Url;

/// The maximum length of a path that is shown, in bytes of ASCII.
const MAX_PATH: usize = 120;

/// Returns the message of a redirect that is not followed.
///
/// It names the target without the parts that may be secret: the user name, the password, the
/// query, the fragment, and a path that contains the token.
pub(super) fn refused_redirect(
    status: StatusCode,
    headers: &HeaderMap,
    url: &Url,
    base: &BaseUrl,
    authorization: Option<&HeaderValue>,
) -> String {
    let Some(location) = headers.get(header::LOCATION) else {
        return "the server sent a redirect without a target".to_owned();
    };
    let target = std::str::from_utf8(location.as_bytes())
        .ok()
        .and_then(|location| url.join(location).ok());
    let Some(target) = target else {
        return "the server sent a redirect to an invalid URL".to_owned();
    };
    let shown = describe(&target, authorization);
    if !base.is_origin_of(&target) {
        return format!("the server redirects to another origin, {shown}");
    }
    match status.as_u16() {
        307 | 308 => {
            format!("the server redirects to {shown}, which must be one URL below the base URL")
        }
        _ => format!("the server redirects to {shown} with a status that may change the method"),
    }
}

/// Returns the scheme, host, port and path of a URL.
pub(super) fn describe(target: &Url, authorization: Option<&HeaderValue>) -> String {
    let Some(host) = target.host_str() else {
        return format!("a URL with the scheme {}", target.scheme());
    };
    let port = target
        .port()
        .map_or(String::new(), |port| format!(":{port}"));
    let has_token = authorization
        .map(credentials::secrets)
        .is_some_and(|secrets| {
            let path = decode(target.path());
            secrets.iter().any(|secret| path.contains(secret.as_str()))
        });
    // The path is ASCII, because all other characters are percent-encoded.
    let path = match target.path().get(..MAX_PATH) {
        _ if has_token => "/…".to_owned(),
        Some(start) if target.path().len() > MAX_PATH => format!("{start}…"),
        _ => target.path().to_owned(),
    };
    format!("{}://{host}{port}{path}", target.scheme())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_target_without_secrets() {
        let base = BaseUrl::parse("https://quay.example.com", false).unwrap();
        let url = Url::parse("https://quay.example.com/api/v1/user/").unwrap();
        let token = HeaderValue::from_static("Bearer hunter/2=");
        for (status, location, expected) in [
            (
                302,
                "https://me:hunter3@sso.example.com:8443/login?token=hunter3#hunter3",
                "redirects to another origin, https://sso.example.com:8443/login",
            ),
            (
                302,
                "/signin?x=hunter3",
                "https://quay.example.com/signin with a status that may change the method",
            ),
            (
                308,
                "https://x:hunter3@quay.example.com/y",
                "https://quay.example.com/y, which must be one URL below the base URL",
            ),
            (
                308,
                "http://quay.example.com/y",
                "another origin, http://quay.example.com/y",
            ),
            (
                302,
                "https://sso.example.com/hunter%2F2%3D/x",
                "another origin, https://sso.example.com/…",
            ),
            (
                302,
                "javascript:hunter3",
                "another origin, a URL with the scheme javascript",
            ),
            (302, "https://", "to an invalid URL"),
        ] {
            let headers: HeaderMap = [(header::LOCATION, location.parse().unwrap())]
                .into_iter()
                .collect();
            let status = StatusCode::from_u16(status).unwrap();
            let message = refused_redirect(status, &headers, &url, &base, Some(&token));
            assert!(message.contains(expected), "{location}: {message}");
            assert!(!message.contains("hunter"), "{location}: {message}");
        }
    }

    #[test]
    fn cuts_a_long_path() {
        let target = Url::parse(&format!("https://x.example/{}", "a".repeat(100_000))).unwrap();
        assert!(describe(&target, None).chars().count() < 230);
    }
}
