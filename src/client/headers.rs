//! The headers that a caller adds to each request.

use crate::types::Secret;
use crate::{Error, Result};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers that the crate or the HTTP library sets.
const RESERVED: [&str; 14] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "host",
    "keep-alive",
    "proxy-authorization",
    "te",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "x-requested-with",
];

/// Returns the headers, marked as sensitive. The last one of several with the same name is used.
///
/// # Errors
///
/// Returns an error that names the header and does not contain its value.
pub(super) fn parse(headers: &[(String, Secret)]) -> Result<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let Ok(header) = HeaderName::try_from(name.as_str()) else {
            // The message does not contain the name: the caller may have swapped the arguments.
            return Err(Error::invalid_input("invalid name of a default header"));
        };
        let invalid = |reason: &str| {
            Error::invalid_input(format!("default header {header} is not valid: {reason}"))
        };
        match header.as_str() {
            "authorization" => {
                return Err(invalid(
                    "the crate sets it: use `token`, `token_file`, `token_from` or `basic_auth`",
                ));
            }
            "user-agent" => return Err(invalid("the crate sets it: use `user_agent`")),
            name if RESERVED.contains(&name) => return Err(invalid("the crate sets it")),
            _ => {}
        }
        let text = value.expose();
        // HTTP drops leading and trailing whitespace, and servers decode characters other than
        // ASCII differently.
        if text.trim() != text {
            return Err(invalid("its value has leading or trailing whitespace"));
        }
        if text.bytes().any(|b| !matches!(b, b' '..=b'~')) {
            return Err(invalid(
                "its value must consist of printable ASCII characters",
            ));
        }
        let mut value = HeaderValue::try_from(text)
            .map_err(|_| invalid("its value must consist of printable ASCII characters"))?;
        value.set_sensitive(true);
        map.insert(header, value);
    }
    Ok(map)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, value: &str) -> Result<HeaderMap> {
        parse(&[(name.to_owned(), Secret::from(value))])
    }

    #[test]
    fn marks_values_as_sensitive() -> Result<()> {
        let headers = one("CF-Access-Client-Secret", "hunter2")?;
        assert_eq!(headers["cf-access-client-secret"], "hunter2");
        assert!(!format!("{headers:?}").contains("hunter2"));
        Ok(())
    }

    #[test]
    fn refuses_reserved_names_and_invalid_values_without_showing_them() {
        for (name, value, reason) in [
            ("Authorization", "Bearer hunter2", "use `token`"),
            ("user-agent", "hunter2", "use `user_agent`"),
            ("X-Requested-With", "hunter2", "the crate sets it"),
            ("host", "hunter2", "the crate sets it"),
            ("x-team", "hunter2\r\nx: y", "printable ASCII"),
            ("x-team", " hunter2", "whitespace"),
            ("x-team", "hunter2é", "printable ASCII"),
            ("hunter2 x", "x-team", "invalid name"),
            ("", "hunter2", "invalid name"),
        ] {
            let error = one(name, value).err().map(|e| format!("{e} {e:?}"));
            let error = error.unwrap_or_default();
            assert!(
                error.contains(reason) && !error.contains("hunter2"),
                "{name}: {error}"
            );
        }
    }
}
