//! Parsing the addresses of servers and proxies that a caller passes.

use url::{Host, Url};

/// Parses `[scheme://]host[:port][/path]`, where the scheme is https or http.
///
/// `Url` alone accepts much more, as browsers must: it repairs `https:/quay.io` and
/// `https:///quay.io`, drops tabs and line breaks, and accepts several notations of IP addresses.
/// This function accepts only the exact form. The error never contains the address.
pub(crate) fn parse(text: &str, default_scheme: &str) -> Result<Url, String> {
    let invalid = |reason: &str| Err(reason.to_owned());
    if text.is_empty() {
        return invalid("it is empty");
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return invalid("it contains whitespace or control characters");
    }
    if text.contains('\\') {
        return invalid("it contains a backslash");
    }
    let (scheme, rest) = text.split_once("://").unwrap_or((default_scheme, text));
    if !["https", "http"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s))
    {
        return invalid("its scheme must be https or http");
    }
    let (authority, _) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host_and_port = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host_and_port)| host_and_port);
    let host = check_host_and_port(host_and_port)?;
    let url = Url::parse(&format!("{scheme}://{rest}")).map_err(|e| e.to_string())?;
    match url.host() {
        Some(Host::Ipv4(ip)) if ip.to_string() != host => {
            invalid("an IPv4 address must consist of four decimal numbers")
        }
        _ => Ok(url),
    }
}

/// Checks `host[:port]`, and returns the host.
fn check_host_and_port(text: &str) -> Result<&str, &'static str> {
    let (host, port) = match text.find(']') {
        Some(end) if text.starts_with('[') => {
            let (host, rest) = text.split_at(end + 1);
            let port = rest.strip_prefix(':');
            if port.is_none() && !rest.is_empty() {
                return Err("a colon must separate the IPv6 address and the port");
            }
            (host, port)
        }
        _ => text
            .split_once(':')
            .map_or((text, None), |(host, port)| (host, Some(port))),
    };
    if host.is_empty() {
        return Err("the host is empty");
    }
    if ["https", "http"]
        .iter()
        .any(|s| host.eq_ignore_ascii_case(s))
    {
        return Err("the scheme must be followed by `://` and a host");
    }
    if !host.starts_with('[') {
        check_name(host)?;
    }
    match port {
        Some("") => Err("the port is empty"),
        Some(port) if !port.bytes().all(|b| b.is_ascii_digit()) => Err("the port is not a number"),
        Some(port) if port.parse().is_ok_and(|port: u16| port > 0) => Ok(host),
        Some(_) => Err("the port must be between 1 and 65535"),
        None => Ok(host),
    }
}

/// Checks a host that is not an IPv6 address.
fn check_name(host: &str) -> Result<(), &'static str> {
    // Letters of other scripts can make a host look like another one.
    if !host.is_ascii() {
        return Err("the host contains characters other than ASCII: use its `xn--` form");
    }
    if host.contains(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_')) {
        return Err("the host must consist of ASCII letters, digits, `-`, `.` and `_`");
    }
    let mut labels = host.strip_suffix('.').unwrap_or(host).split('.');
    if host.len() > 254 || labels.any(|label| !matches!(label.len(), 1..=63)) {
        return Err("the host must have at most 253 characters, and labels of 1 to 63 characters");
    }
    Ok(())
}

/// Returns true for an IP address of the loopback interface, and for `localhost`.
///
/// Names such as `quay.localhost` are resolved by the system, and may belong to another machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.to_canonical().is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_says_where_it_goes() {
        for (text, expected) in [
            ("quay.io", "https://quay.io/"),
            ("quay.io:443", "https://quay.io/"),
            ("QUAY.io:8443/a/b", "https://quay.io:8443/a/b"),
            ("HTTPS://Quay.IO", "https://quay.io/"),
            ("http://127.0.0.1:80", "http://127.0.0.1/"),
            ("http://[::1]:8080", "http://[::1]:8080/"),
            ("[::1]", "https://[::1]/"),
            ("quay.example.com.", "https://quay.example.com./"),
            ("registry_1:5000", "https://registry_1:5000/"),
            ("xn--bcher-kva.example", "https://xn--bcher-kva.example/"),
        ] {
            let url = parse(text, "https").map(String::from);
            assert_eq!(url.as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn refuses_what_could_go_elsewhere() {
        let long = format!("https://{}.example.com", "a".repeat(64));
        for (text, reason) in [
            ("", "empty"),
            ("https://", "the host is empty"),
            ("https:///quay.io", "the host is empty"),
            ("//quay.io", "the host is empty"),
            ("/quay.io", "the host is empty"),
            (":443", "the host is empty"),
            ("https:/quay.io", "followed by `://`"),
            ("https:quay.io", "followed by `://`"),
            ("https:443", "followed by `://`"),
            ("https", "followed by `://`"),
            ("https://https://quay.io", "followed by `://`"),
            ("https://http:/quay.io", "followed by `://`"),
            ("https:\\\\quay.io", "backslash"),
            ("https://quay.io\\@evil.example", "backslash"),
            ("https://quay.io\n.evil.example", "whitespace"),
            ("https://qu\tay.io", "whitespace"),
            ("https://quay.io evil", "whitespace"),
            ("https://quay\u{a0}.io", "whitespace"),
            ("htps://quay.io", "its scheme must be https or http"),
            ("ftp://quay.io", "its scheme must be https or http"),
            ("://quay.io", "its scheme must be https or http"),
            ("https://quay.io:", "the port is empty"),
            ("https://quay.io:0", "between 1 and 65535"),
            ("https://quay.io:65536", "between 1 and 65535"),
            ("https://quay.io:-1", "not a number"),
            ("https://quay.io:443:443", "not a number"),
            ("https://::1", "the host is empty"),
            ("https://[::1]443", "a colon must separate"),
            ("https://[::1", "the port is not a number"),
            ("https://[::1%25eth0]", "invalid IPv6"),
            ("https://qu\u{430}y.io", "characters other than ASCII"),
            ("https://quay\u{3002}io", "characters other than ASCII"),
            ("https://quay%2eio", "must consist of ASCII letters"),
            ("https://quay..io", "labels of 1 to 63"),
            ("https://.quay.io", "labels of 1 to 63"),
            ("https://.", "labels of 1 to 63"),
            (long.as_str(), "labels of 1 to 63"),
            ("http://127.1", "four decimal numbers"),
            ("http://0x7f.1", "four decimal numbers"),
            ("http://2130706433", "four decimal numbers"),
            ("http://0177.0.0.1", "four decimal numbers"),
            ("http://127.0.0.1.", "four decimal numbers"),
            ("http://127.0.0.256", "invalid IPv4"),
        ] {
            let error = parse(text, "https").err().unwrap_or_default();
            assert!(error.contains(reason), "{text:?}: {error}");
        }
    }

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for (text, expected) in [
            ("127.0.0.1", true),
            ("127.8.9.1", true),
            ("[::1]", true),
            ("[::ffff:127.0.0.1]", true),
            ("localhost", true),
            ("LOCALHOST", true),
            ("localhost.", false),
            ("quay.localhost", false),
            ("localhost.example.com", false),
            ("128.0.0.1", false),
            ("0.0.0.0", false),
            ("[::]", false),
            ("[::ffff:10.0.0.1]", false),
        ] {
            let url = parse(text, "https");
            assert_eq!(url.as_ref().map(is_loopback), Ok(expected), "{text}");
        }
    }
}
