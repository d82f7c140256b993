//! The address of the server.

use super::address;
use crate::{Error, Result};
use url::Url;

/// The address of a Quay server: an origin, and the path before `/api/v1` if a proxy adds one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    url: Url,
}

impl BaseUrl {
    /// Parses an address such as `https://host`, `host` or `https://host:8443/prefix/`.
    ///
    /// Plain http is only accepted for loopback addresses, unless `allow_http` is true.
    pub fn parse(text: &str, allow_http: bool) -> Result<Self> {
        let text = text.trim();
        Self::parse_trimmed(text, allow_http).map_err(|reason| {
            let shown = redact(text).unwrap_or_default();
            Error::invalid_input(format!("base URL {shown}is not valid: {reason}"))
        })
    }

    fn parse_trimmed(text: &str, allow_http: bool) -> std::result::Result<Self, String> {
        let invalid = |reason: &str| Err(reason.to_owned());
        // The whole address is searched: a slash in a password would end the host.
        if text.contains('@') {
            return invalid("it contains a user name or a password");
        }
        if text.contains(['?', '#']) {
            return invalid("it contains a query or a fragment");
        }
        let mut url = address::parse(text, "https")?;
        if url.scheme() == "http" && !allow_http && !address::is_loopback(&url) {
            return invalid(
                "plain http would show the token to the network: use https, or set `allow_http`",
            );
        }
        let written = text.split_once("://").map_or(text, |(_, rest)| rest);
        check_path(written.split_once('/').map_or("", |(_, path)| path))?;
        // Users copy the address of the API, or that of the start page of the web UI.
        let path = url.path().trim_end_matches('/');
        let path = path
            .strip_suffix("/api/v1")
            .unwrap_or(path)
            .trim_end_matches('/')
            .to_owned();
        url.set_path(&path);
        Ok(Self { url })
    }

    /// Returns the address without a trailing slash.
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Returns the address as a URL.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the path before `/api/v1`, without a trailing slash.
    pub fn path(&self) -> &str {
        self.url.path().trim_end_matches('/')
    }

    /// Returns the host, with its port unless that is the default port of the scheme.
    pub fn host_and_port(&self) -> &str {
        &self.url[url::Position::BeforeHost..url::Position::AfterPort]
    }

    /// Returns true if requests, including the token, are not encrypted.
    pub fn is_plain_http(&self) -> bool {
        self.url.scheme() == "http"
    }

    /// Returns true if a URL has the same scheme, host and port.
    pub fn is_origin_of(&self, url: &Url) -> bool {
        let Self { url: own } = self;
        own.scheme() == url.scheme()
            && own.host() == url.host()
            && own.port_or_known_default() == url.port_or_known_default()
    }

    /// Returns true if a URL has the same origin, and a path below that of the address.
    ///
    /// Other paths of the same origin may belong to another application.
    pub fn contains(&self, url: &Url) -> bool {
        self.is_origin_of(url)
            && url
                .path()
                .strip_prefix(self.path())
                .is_some_and(|rest| rest.starts_with('/'))
    }
}

/// Checks that the path is unambiguous: parsers of URLs drop some segments, and proxies decode
/// others. Trailing slashes are harmless.
fn check_path(path: &str) -> std::result::Result<(), &'static str> {
    let path = path.trim_end_matches('/');
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._~/".contains(c);
    if !path.chars().all(is_plain) {
        Err("its path must consist of ASCII letters, digits, `-`, `.`, `_`, `~` and slashes")
    } else if !path.is_empty() && path.split('/').any(|s| matches!(s, "" | "." | "..")) {
        Err("its path contains an empty segment, `.` or `..`")
    } else {
        Ok(())
    }
}

/// Returns the scheme and the host of an address, for an error message.
///
/// The result is `None` if the string does not begin like a URL. It may then be a token that was
/// passed by mistake.
fn redact(text: &str) -> Option<String> {
    let (scheme, rest) = text.split_once("://")?;
    let is_known = ["https", "http"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s));
    // The part before an `@` may be a password, and so may the part after a `:`.
    if !is_known || text.contains('@') {
        return None;
    }
    let end = rest.find(['/', '?', '#', ':', '\\']).unwrap_or(rest.len());
    let host: String = rest[..end].chars().take(100).collect();
    let more = if host.len() < rest.len() { "…" } else { "" };
    Some(format!("{:?} ", format!("{scheme}://{host}{more}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_common_forms() -> Result<()> {
        for (text, base) in [
            ("https://quay.io", "https://quay.io"),
            ("quay.example.com/", "https://quay.example.com"),
            ("https://host:8443/registry/", "https://host:8443/registry"),
            ("https://quay.io/api/v1/", "https://quay.io"),
            ("https://host/a/b/api/v1", "https://host/a/b"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost", "http://localhost"),
            (" quay.io\n", "https://quay.io"),
            ("https://quay.io//", "https://quay.io"),
            ("http://[::ffff:127.0.0.1]:1", "http://[::ffff:7f00:1]:1"),
        ] {
            let url = BaseUrl::parse(text, false)?;
            assert_eq!(url.as_str(), base, "{text}");
        }
        assert_eq!(
            BaseUrl::parse("http://quay.example.com", true)?.as_str(),
            "http://quay.example.com"
        );
        Ok(())
    }

    #[test]
    fn rejects_invalid_addresses_and_names_the_reason() {
        for (text, reason) in [
            ("", "it is empty"),
            ("https://", "the host is empty"),
            ("ftp://quay.io", "must be https or http"),
            ("https://quay.io/?x=1", "query"),
            ("https://quay.io/#x", "fragment"),
            ("http://quay.io", "allow_http"),
            ("http://10.0.0.1", "allow_http"),
            ("https://quay.io:port", "port"),
            ("https://a b", "whitespace or control characters"),
            ("https:/quay.io", "followed by `://`"),
            ("https:quay.io", "followed by `://`"),
            ("//quay.io", "the host is empty"),
            ("http://quay.localhost", "allow_http"),
            ("http://127.1", "four decimal numbers"),
            ("http://[::ffff:10.0.0.1]", "allow_http"),
            ("https://quay.io:0", "port"),
            ("https://quay.io//registry", "an empty segment"),
            ("https://quay.io/a/../b", "`..`"),
            (
                "https://quay.io/a/%2E%2e/b",
                "its path must consist of ASCII letters",
            ),
            (
                "https://quay.io/a+b=c",
                "its path must consist of ASCII letters",
            ),
        ] {
            let error = BaseUrl::parse(text, false)
                .err()
                .map(|e| e.to_string())
                .unwrap_or_default();
            assert!(
                error.contains(reason) && error.starts_with("base URL "),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn errors_show_the_host_and_no_secret() {
        let error = |text: &str| {
            BaseUrl::parse(text, false)
                .err()
                .map(|e| format!("{e} {e:?}"))
                .unwrap_or_default()
        };
        for (text, reason) in [
            ("https://me:hunter2@quay.io", "a user name or a password"),
            ("https://hunter2/2@quay.io", "a user name or a password"),
            ("https://quay.io:hunter2", "the port is not a number"),
            ("https://quay.io/hunter2/../x", "`..`"),
            ("https://quay.io/x?token=hunter2", "a query or a fragment"),
            ("ftp://hunter2", "must be https or http"),
            ("hunter2 hunter2", "whitespace"),
            ("hunter2/in+a=x%an", "its path must consist of"),
            ("hunter2=", "the host must consist of"),
            ("hunter2/+/=#", "a query or a fragment"),
        ] {
            let error = error(text);
            assert!(
                error.contains(reason) && !error.contains("hunter2"),
                "{text}: {error}"
            );
        }
        assert!(error("http://quay.example.com/x").starts_with(
            "base URL \"http://quay.example.com…\" is not valid: plain http would show the token"
        ));
    }

    #[test]
    fn contains_what_is_below_its_path() -> Result<()> {
        for (base, url, expected) in [
            ("https://quay.io", "https://quay.io/x", true),
            ("https://quay.io", "https://QUAY.IO:443/x", true),
            ("https://quay.io", "https://quay.io.", false),
            ("https://quay.io", "http://quay.io/x", false),
            ("https://quay.io", "https://quay.io:8443/x", false),
            ("https://host/registry", "https://host/registry/x", true),
            ("https://host/registry", "https://host/registry2/x", false),
            ("https://host/registry", "https://host/registry/../x", false),
            ("https://host/registry", "https://host/x", false),
        ] {
            let url = Url::parse(url).map_err(|e| Error::invalid_input(e.to_string()))?;
            let contains = BaseUrl::parse(base, false)?.contains(&url);
            assert_eq!(contains, expected, "{base} {url}");
        }
        Ok(())
    }
}
