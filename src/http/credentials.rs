//! The credentials in the `Authorization` header.
//!
//! They are a bearer token, or a user name and a password as HTTP Basic (RFC 7617).

use crate::types::is_redacted;
use base64::prelude::{BASE64_STANDARD, Engine as _};
use http::HeaderValue;

const BEARER: &str = "Bearer ";
const BASIC: &str = "Basic ";

/// Characters that RFC 6750 does not allow in a token, and that show a common mistake: the quotes
/// of an environment file, JSON, a placeholder, a variable, or a user name with a password.
///
/// Quay does not reject such a token: it treats the request as anonymous, and the caller would
/// receive public data only.
const NO_TOKEN: [char; 16] = [
    '"', '\'', '`', '{', '}', '[', ']', '<', '>', '(', ')', '\\', '$', ',', ':', ';',
];

/// Returns the header of a token; the error never contains the token.
pub(super) fn bearer_header(token: &str) -> Result<HeaderValue, &'static str> {
    let reason = if token.is_empty() {
        "it is empty"
    } else if is_redacted(token) {
        "it was redacted when it was serialized, and can't be restored"
    } else if starts_with_scheme(token) {
        "it begins with `Bearer`, which the client adds"
    } else if token.contains(|c: char| c.is_whitespace() || c.is_control()) {
        "it contains whitespace or control characters"
    } else if !token.is_ascii() {
        "it contains characters other than ASCII"
    } else if token.contains(NO_TOKEN) {
        "it must not contain quotes, brackets, backslashes, `$`, `,`, `:` or `;`"
    } else {
        return secret_header(&format!("{BEARER}{token}"));
    };
    Err(reason)
}

/// Returns true if the value of a header was copied, and not the token.
fn starts_with_scheme(token: &str) -> bool {
    let scheme = token.get(..BEARER.len());
    scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(BEARER))
}

/// Returns the header of a user name and a password; the error contains neither.
pub(super) fn basic_header(user: &str, password: &str) -> Result<HeaderValue, &'static str> {
    let reason = if user.is_empty() {
        "the user name is empty"
    } else if user.contains(':') {
        "the user name contains a colon"
    } else if user.contains(char::is_control) {
        "the user name contains control characters"
    } else if password.is_empty() {
        "the password is empty"
    } else if is_redacted(password) {
        "the password was redacted when it was serialized, and can't be restored"
    } else if password.contains(char::is_control) {
        "the password contains control characters"
    } else {
        let credentials = BASE64_STANDARD.encode(format!("{user}:{password}"));
        return secret_header(&format!("{BASIC}{credentials}"));
    };
    Err(reason)
}

fn secret_header(value: &str) -> Result<HeaderValue, &'static str> {
    let mut header = HeaderValue::try_from(value).map_err(|_| "it can't be sent in a header")?;
    // Keeps the value out of the debug output of requests, and out of HTTP/2's tables.
    header.set_sensitive(true);
    Ok(header)
}

/// Returns true for the header of a user name and a password.
pub(super) fn is_basic(authorization: &HeaderValue) -> bool {
    authorization.as_bytes().starts_with(BASIC.as_bytes())
}

/// Returns the secrets in a header: the token, or the credentials, encoded and decoded.
pub(crate) fn secrets(authorization: &HeaderValue) -> Vec<String> {
    let Ok(header) = authorization.to_str() else {
        return Vec::new();
    };
    if let Some(token) = header.strip_prefix(BEARER) {
        return vec![token.to_owned()];
    }
    let Some(credentials) = header.strip_prefix(BASIC) else {
        return Vec::new();
    };
    let decoded = BASE64_STANDARD.decode(credentials).unwrap_or_default();
    let decoded = String::from_utf8(decoded).unwrap_or_default();
    let password = decoded.split_once(':').map(|(_, password)| password);
    let secrets = [Some(credentials), password];
    secrets.into_iter().flatten().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodes_user_name_and_password() {
        let header = basic_header("Aladdin", "open sesame").map(|h| h.to_str().map(str::to_owned));
        // The example of RFC 7617.
        let expected = "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==";
        assert!(matches!(header, Ok(Ok(text)) if text == expected));
        let header = basic_header("alice", "p:ä").unwrap();
        assert!(header.is_sensitive());
        assert_eq!(secrets(&header), ["YWxpY2U6cDrDpA==", "p:ä"]);
        assert_eq!(secrets(&bearer_header("hunter2").unwrap()), ["hunter2"]);
    }

    #[test]
    fn rejects_values_that_are_no_token() {
        let characters = "it must not contain quotes, brackets, backslashes, `$`, `,`, `:` or `;`";
        let scheme = "it begins with `Bearer`, which the client adds";
        for (token, reason) in [
            ("\"hunter2\"", Some(characters)),
            ("'hunter2'", Some(characters)),
            ("{\"token\":\"hunter2\"}", Some(characters)),
            ("alice:hunter2", Some(characters)),
            ("<token>", Some(characters)),
            ("$QUAY_TOKEN", Some(characters)),
            ("Bearer hunter2", Some(scheme)),
            ("bearer hunter2", Some(scheme)),
            ("Bearer", None),
            ("a.b-c_d~e+f/g==", None),
        ] {
            assert_eq!(bearer_header(token).err(), reason, "{token}");
        }
    }

    #[test]
    fn rejects_invalid_credentials() {
        for (user, password, reason) in [
            ("", "x", "the user name is empty"),
            ("a:b", "x", "the user name contains a colon"),
            ("a\n", "x", "the user name contains control characters"),
            ("a", "", "the password is empty"),
            (
                "a",
                "***redacted***",
                "the password was redacted when it was serialized, and can't be restored",
            ),
            ("a", "x\r\ny", "the password contains control characters"),
        ] {
            assert_eq!(basic_header(user, password).err(), Some(reason));
        }
    }
}
