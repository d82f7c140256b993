//! Headers of the caller's own.

use crate::types::Secret;
use crate::{Error, Result};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers that the crate or the HTTP library sets: a second value would change what is sent.
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

/// Returns the headers, marked as sensitive. Of several with the same name, the last one counts.
///
/// # Errors
///
/// Returns an error that names the header and does not contain its value.
pub(super) fn parse(headers: &[(String, Secret)]) -> Result<HeaderMap> {
    let mut map = HeaderMap::with_capacity(headers.len());
    for (name, value) in headers {
        let Ok(header) = HeaderName::try_from(name.as_str()) else {
            // Without the name: the two arguments may have been swapped.
            return Err(Error::invalid_input("default header: invalid name"));
        };
        let invalid =
            |reason: &str| Error::invalid_input(format!("default header {header}: {reason}"));
        match header.as_str() {
            "authorization" => {
                return Err(invalid(
                    "the crate sets it; set the token with `token`, `token_file` or `token_from`",
                ));
            }
            "user-agent" => return Err(invalid("the crate sets it; use `user_agent`")),
            name if RESERVED.contains(&name) => return Err(invalid("the crate sets it")),
            _ => {}
        }
        let text = value.expose();
        // HTTP drops whitespace at the ends, and each server reads other characters in its own way.
        if text.trim() != text {
            return Err(invalid("the value has leading or trailing whitespace"));
        }
        if text.bytes().any(|b| !matches!(b, b' '..=b'~')) {
            return Err(invalid("the value must consist of visible ASCII"));
        }
        let mut value = HeaderValue::try_from(text)
            .map_err(|_| invalid("the value must consist of visible ASCII"))?;
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
            ("Authorization", "Bearer hunter2", "set the token with"),
            ("user-agent", "hunter2", "use `user_agent`"),
            ("X-Requested-With", "hunter2", "the crate sets it"),
            ("host", "hunter2", "the crate sets it"),
            ("x-team", "hunter2\r\nx: y", "visible ASCII"),
            ("x-team", " hunter2", "whitespace"),
            ("x-team", "hunter2é", "visible ASCII"),
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
