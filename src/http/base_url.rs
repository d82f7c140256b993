//! The address of the server.

use crate::{Error, Result};
use std::net::IpAddr;
use url::{Host, Url};

/// The address of a Quay server: an origin, and a path before `/api/v1` if a proxy puts one there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseUrl {
    url: Url,
}

impl BaseUrl {
    /// Parses `https://host`, `host`, `https://host:8443/prefix/`. Plain http is accepted for
    /// loopback addresses only, unless it is allowed.
    pub fn parse(text: &str, allow_http: bool) -> Result<Self> {
        let invalid = |reason: &str| {
            Err(Error::invalid_input(format!(
                "base URL {}: {reason}",
                redact(text)
            )))
        };
        let trimmed = text.trim();
        if trimmed.is_empty() {
            return invalid("it is empty");
        }
        let with_scheme = match trimmed.contains("://") {
            true => trimmed.to_owned(),
            false => format!("https://{trimmed}"),
        };
        let mut url = match Url::parse(&with_scheme) {
            Ok(url) => url,
            Err(e) => return invalid(&e.to_string()),
        };
        if !matches!(url.scheme(), "https" | "http") {
            return invalid("only https and http are spoken");
        }
        // A password with a slash in it is split into a host and a path.
        if !url.username().is_empty() || url.password().is_some() || url.path().contains('@') {
            return invalid("a user name or password has no place in it");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return invalid("a query or fragment has no place in it");
        }
        if url.scheme() == "http" && !allow_http && !is_loopback(&url) {
            return invalid(
                "plain http would show the token to the network; use https, or allow it by name \
                 (allow_http)",
            );
        }
        // Users copy the address of the API or that of the start page.
        let path = url.path().trim_end_matches('/');
        let path = path
            .strip_suffix("/api/v1")
            .unwrap_or(path)
            .trim_end_matches('/')
            .to_owned();
        url.set_path(&path);
        Ok(Self { url })
    }

    /// Returns the address without a slash at the end, as the generated client expects it.
    pub fn as_str(&self) -> &str {
        self.url.as_str().trim_end_matches('/')
    }

    /// Returns true if a URL has the same scheme, host and port.
    pub fn is_origin_of(&self, url: &Url) -> bool {
        let Self { url: own } = self;
        own.scheme() == url.scheme()
            && own.host() == url.host()
            && own.port_or_known_default() == url.port_or_known_default()
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(ip)) => IpAddr::V4(ip).is_loopback(),
        Some(Host::Ipv6(ip)) => IpAddr::V6(ip).is_loopback(),
        None => false,
    }
}

/// Returns the text for an error message: on one line, shortened, without user name and password.
fn redact(text: &str) -> String {
    let text = match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{host}"),
        None => text.to_owned(),
    };
    // A query is left out too: some other service's address may contain a token there.
    let text = match text.find(['?', '#']) {
        Some(end) => format!("{}…", &text[..=end]),
        None => text,
    };
    let short: String = text.chars().take(100).collect();
    format!("{short:?}")
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
            ("https://", "empty host"),
            ("ftp://quay.io", "only https and http"),
            ("https://quay.io/?x=1", "query"),
            ("https://quay.io/#x", "fragment"),
            ("http://quay.io", "allow_http"),
            ("http://10.0.0.1", "allow_http"),
            ("https://quay.io:port", "port"),
            ("https://a b", "invalid"),
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
        let error = BaseUrl::parse("https://me:hunter2@quay.io", false)
            .err()
            .map(|e| format!("{e} {e:?}"))
            .unwrap_or_default();
        assert!(
            error.contains("user name or password") && !error.contains("hunter2"),
            "{error}"
        );
        let error = BaseUrl::parse("https://hunter/2@quay.io", false)
            .err()
            .map(|e| format!("{e} {e:?}"))
            .unwrap_or_default();
        assert!(
            error.contains("user name or password") && !error.contains("hunter"),
            "{error}"
        );
    }
}
