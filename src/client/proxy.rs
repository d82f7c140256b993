//! The proxy of a client: one that is set, or one of the environment variables.

use crate::http::address;
use crate::http::base_url::BaseUrl;
use crate::types::Secret;
use crate::{Error, Result};
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Proxy};
use std::ffi::OsString;
use url::Url;

/// The variables with the proxy of an https server. The first one that is not empty is used.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Sets the proxy through which a server is called.
///
/// `look_up` is `std::env::var_os`, except in tests. reqwest reads the variables too, but it
/// ignores a proxy that it can't use and calls the server directly. It also sends plain http
/// requests, with the token, to a proxy.
pub(super) fn configure(
    builder: ClientBuilder,
    base: &BaseUrl,
    proxy: Option<&Secret>,
    allow_http: bool,
    look_up: impl Fn(&str) -> Option<OsString>,
) -> Result<ClientBuilder> {
    let url = if let Some(proxy) = proxy {
        let url =
            parse(proxy.expose()).map_err(|reason| Error::invalid_input(invalid_url(&reason)))?;
        if base.is_plain_http() && !allow_http && !address::is_loopback(&url) {
            return Err(Error::invalid_input(
                "plain http would show the token to the proxy: use https, or set `allow_http`",
            ));
        }
        url
    } else if base.is_plain_http() {
        return Ok(builder.no_proxy());
    } else {
        match variable(base, look_up)? {
            Variable::Proxy(url) => url,
            Variable::Excluded => return Ok(builder.no_proxy()),
            // reqwest then uses the proxy of the operating system's settings, if there is one.
            Variable::None => return Ok(builder),
        }
    };
    // The source of the error is left out: it would show the URL, which may contain a password.
    let proxy = Proxy::all(url)
        .map_err(|_| Error::invalid_input(invalid_url("the HTTP client rejects it")))?;
    Ok(builder.proxy(proxy))
}

/// Returns the message of an invalid URL, which it does not contain.
fn invalid_url(reason: &str) -> String {
    format!("the proxy's URL is not valid: {reason}")
}

/// The proxy for a server according to the environment variables.
#[derive(Debug, PartialEq, Eq)]
enum Variable {
    Proxy(Url),
    /// The server is called directly.
    Excluded,
    None,
}

fn variable(base: &BaseUrl, look_up: impl Fn(&str) -> Option<OsString>) -> Result<Variable> {
    let first = |names: &[&'static str]| {
        names
            .iter()
            .filter_map(|name| Some((*name, look_up(name)?)))
            .find(|(_, value)| !value.is_empty())
    };
    let Some((name, value)) = first(&PROXY_VARIABLES) else {
        return Ok(Variable::None);
    };
    let invalid = |name: &str, reason: &str| {
        Error::invalid_input(format!("environment variable {name}: {reason}"))
    };
    if let Some((name, excluded)) = first(&["NO_PROXY", "no_proxy"]) {
        let excluded = excluded
            .into_string()
            .map_err(|_| invalid(name, "it is not UTF-8"))?;
        if is_excluded(base, excluded) {
            return Ok(Variable::Excluded);
        }
    }
    let value = value
        .into_string()
        .map_err(|_| invalid(name, "it is not UTF-8"))?;
    parse(&value)
        .map(Variable::Proxy)
        .map_err(|reason| invalid(name, &invalid_url(&reason)))
}

/// Returns true if a list of hosts, as in `NO_PROXY`, contains the server.
fn is_excluded(base: &BaseUrl, hosts: String) -> bool {
    let all = Matcher::builder().all("http://proxy").no(hosts).build();
    let uri = base.as_str().parse::<Uri>();
    uri.is_ok_and(|uri| all.intercept(&uri).is_none())
}

/// Parses the URL of a proxy, by default with the scheme http. The error never contains the URL.
fn parse(text: &str) -> std::result::Result<Url, String> {
    let text = text.trim();
    let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
    if scheme.to_ascii_lowercase().starts_with("socks") {
        return Err(
            "its scheme must be https or http: for SOCKS, set a client with `http_client`"
                .to_owned(),
        );
    }
    let url = address::parse(text, "http")?;
    // If the password contains a slash, a part of the password would be read as the host.
    if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
        return Err(
            "it must end after host and port: percent-encode slashes, `?` and `#` in a password"
                .to_owned(),
        );
    }
    // reqwest ignores a proxy that hyper-util can't convert into a URI.
    let uri = url.as_str().parse::<Uri>();
    let is_usable = uri.is_ok_and(|uri| {
        let host_and_port = uri.authority().map(|a| a.as_str().rsplit('@').next());
        host_and_port
            .flatten()
            .is_some_and(|text| text.parse::<http::uri::Authority>().is_ok())
    });
    match is_usable {
        true => Ok(url),
        false => Err("the HTTP client rejects it".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(base: &str, variables: &[(&str, &str)]) -> Result<Variable> {
        variable(&BaseUrl::parse(base, false)?, |name| {
            let value = variables.iter().find(|(n, _)| *n == name);
            value.map(|(_, value)| value.into())
        })
    }

    #[test]
    fn the_first_variable_counts_unless_the_server_is_excluded() -> Result<()> {
        let proxy = |url: &str| {
            Url::parse(url)
                .map(Variable::Proxy)
                .map_err(|e| Error::invalid_input(e.to_string()))
        };
        for (variables, expected) in [
            (vec![], Variable::None),
            (vec![("HTTPS_PROXY", "")], Variable::None),
            (vec![("HTTP_PROXY", "ftp://x")], Variable::None),
            (vec![("HTTPS_PROXY", "http://a:1")], proxy("http://a:1")?),
            (vec![("https_proxy", "a:1")], proxy("http://a:1")?),
            (vec![("all_proxy", "https://a")], proxy("https://a")?),
            (
                vec![("ALL_PROXY", "http://me:pw@a:1/")],
                proxy("http://me:pw@a:1/")?,
            ),
            (
                vec![("ALL_PROXY", "socks5://b"), ("https_proxy", "a:1")],
                proxy("http://a:1")?,
            ),
            (
                vec![("HTTPS_PROXY", ""), ("https_proxy", "a:1")],
                proxy("http://a:1")?,
            ),
            (
                vec![("ALL_PROXY", "a:1"), ("NO_PROXY", "example.com")],
                proxy("http://a:1")?,
            ),
            (
                vec![("ALL_PROXY", "a:1"), ("NO_PROXY", "x, quay.io")],
                Variable::Excluded,
            ),
            (
                vec![("ALL_PROXY", "a:1"), ("no_proxy", ".quay.io")],
                Variable::Excluded,
            ),
            (
                vec![("ALL_PROXY", "socks5://b"), ("NO_PROXY", "*")],
                Variable::Excluded,
            ),
        ] {
            assert_eq!(
                of("https://quay.io", &variables)?,
                expected,
                "{variables:?}"
            );
        }
        Ok(())
    }

    #[test]
    fn errors_name_the_variable_and_show_no_password() {
        for (value, reason) in [
            ("ftp://me:hunter2@host", "must be https or http"),
            ("htps://me:hunter2@host", "must be https or http"),
            ("socks5://me:hunter2@host:1080", "for SOCKS, set a client"),
            ("http:/hunter2:3128", "followed by `://`"),
            ("http://", "the host is empty"),
            ("http://me:hunter2@", "the host is empty"),
            ("http://me:hunter2@host:port", "the port is not a number"),
            ("http://me:hunt/er2@host", "the port is not a number"),
            (
                "http://me:12/34hunter2@host",
                "must end after host and port",
            ),
            ("http://me:12#hunter2@host", "must end after host and port"),
            ("http://host:3128/hunter2", "must end after host and port"),
            ("hunter2 host", "whitespace"),
            ("::hunter2::", "the host is empty"),
        ] {
            for name in PROXY_VARIABLES {
                let error = of("https://quay.io", &[(name, value)]).err();
                let error = error.map(|e| format!("{e} {e:?}")).unwrap_or_default();
                assert!(
                    error.starts_with(&format!(
                        "environment variable {name}: the proxy's URL is not valid: "
                    )) && error.contains(reason)
                        && !error.contains("hunt"),
                    "{value}: {error}"
                );
            }
        }
    }
}
