//! User name and password in the `Authorization` header (HTTP Basic).

use base64::prelude::{BASE64_STANDARD, Engine as _};

/// Parses a header into user name and password.
///
/// The error is the message of the server.
pub fn parse(header: &str) -> Result<(String, String), &'static str> {
    let mut words = header.split_whitespace();
    let credentials = match (words.next(), words.next(), words.next()) {
        (Some(scheme), Some(text), None) if scheme.eq_ignore_ascii_case("basic") => text,
        _ => return Err("Invalid basic auth header"),
    };
    let decoded = BASE64_STANDARD.decode(credentials).ok();
    let credentials = decoded
        .and_then(|text| String::from_utf8(text).ok())
        .ok_or("Could not parse basic auth header")?;
    let (user, password) = credentials
        .split_once(':')
        .ok_or("Unexpected number of credentials found in basic auth header")?;
    Ok((user.to_owned(), password.to_owned()))
}
