//! The settings from environment variables.

use super::{Quay, QuayBuilder, tls};
use crate::http::base_url::BaseUrl;
use crate::http::small_file::{self, MAX_CERTIFICATE_FILE, MAX_WAIT};
use crate::http::token_source::TokenSource;
use crate::{Error, Result};
use std::ffi::OsString;
use std::time::Duration;

/// A method of the builder that sets a time-out.
type SetTimeout = fn(QuayBuilder, Duration) -> QuayBuilder;

/// Returns the builder with the settings of variables. `look_up` is `std::env::var_os`, except in
/// tests.
pub(super) fn builder(look_up: impl Fn(&str) -> Option<OsString>) -> Result<QuayBuilder> {
    let string = |name: &str| -> Result<Option<String>> {
        let Some(value) = look_up(name).filter(|v| !v.is_empty()) else {
            return Ok(None);
        };
        value
            .into_string()
            .map(Some)
            .map_err(|_| invalid(name, "it is not UTF-8"))
    };
    let flag = |name: &str| -> Result<Option<bool>> {
        let Some(value) = string(name)? else {
            return Ok(None);
        };
        match value.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => Ok(Some(true)),
            "false" | "0" | "no" | "off" => Ok(Some(false)),
            _ => Err(invalid(name, "it must be true or false")),
        }
    };
    let allow_http = flag("QUAY_ALLOW_HTTP")?.unwrap_or(false);
    let mut builder = Quay::builder().allow_http(allow_http);
    for name in ["QUAY_URL", "QUAY_HOST"] {
        if let Some(url) = string(name)? {
            BaseUrl::parse(&url, allow_http).map_err(|e| invalid(name, e.message()))?;
            builder = builder.base_url(url);
            break;
        }
    }
    if let Some(token) = string("QUAY_TOKEN")? {
        TokenSource::fixed(&token.as_str().into())
            .map_err(|e| invalid("QUAY_TOKEN", e.message()))?;
        builder = builder.token(token);
    } else if let Some(path) = look_up("QUAY_TOKEN_FILE").filter(|p| !p.is_empty()) {
        // The source is passed on, and not the path: a pipe, such as the shell's `<(command)`,
        // can't be read twice.
        let source = TokenSource::file(path.as_ref())
            .map_err(|e| invalid("QUAY_TOKEN_FILE", e.message()))?;
        builder = builder.token_source(source);
    } else {
        match (string("QUAY_USER")?, string("QUAY_PASSWORD")?) {
            (Some(user), Some(password)) => {
                TokenSource::basic(&user, &password.as_str().into())
                    .map_err(|e| invalid("QUAY_USER or QUAY_PASSWORD", e.message()))?;
                builder = builder.basic_auth(user, password);
            }
            // An anonymous client would see public data only, and no error would show it.
            (Some(_), None) => return Err(invalid("QUAY_USER", "it needs QUAY_PASSWORD")),
            (None, Some(_)) => return Err(invalid("QUAY_PASSWORD", "it needs QUAY_USER")),
            (None, None) => {}
        }
    }
    if string("QUAY_TIMEOUT")?.is_some() {
        let reason = "it is ambiguous: set QUAY_OPERATION_TIMEOUT for a whole call, or \
                      QUAY_ATTEMPT_TIMEOUT for each attempt";
        return Err(invalid("QUAY_TIMEOUT", reason));
    }
    let timeouts: [(&str, SetTimeout); 4] = [
        ("QUAY_OPERATION_TIMEOUT", QuayBuilder::operation_timeout),
        ("QUAY_ATTEMPT_TIMEOUT", QuayBuilder::attempt_timeout),
        ("QUAY_CONNECT_TIMEOUT", QuayBuilder::connect_timeout),
        ("QUAY_READ_TIMEOUT", QuayBuilder::read_timeout),
    ];
    for (name, set) in timeouts {
        if let Some(seconds) = string(name)? {
            let timeout = seconds
                .trim()
                .parse()
                .ok()
                .and_then(|s| Duration::try_from_secs_f64(s).ok())
                .filter(|t| !t.is_zero())
                .ok_or_else(|| invalid(name, "it must be a number of seconds greater than 0"))?;
            builder = set(builder, timeout);
        }
    }
    if let Some(verify) = flag("QUAY_VERIFY_SSL")? {
        builder = builder.danger_accept_invalid_certificates(!verify);
    }
    if let Some(path) = look_up("QUAY_CA_FILE").filter(|p| !p.is_empty()) {
        let path = std::path::Path::new(&path);
        let file = path.display();
        let pem = small_file::read_within(path, MAX_CERTIFICATE_FILE, MAX_WAIT)
            .map_err(|e| {
                invalid(
                    "QUAY_CA_FILE",
                    &small_file::describe_error("file", path, &e),
                )
            })?
            .bytes;
        // Validated here, so that the error can name the variable.
        tls::check_roots(&pem)
            .map_err(|e| invalid("QUAY_CA_FILE", &format!("{file}: {}", e.message())))?;
        builder = builder.root_certificate(pem);
    }
    Ok(builder)
}

fn invalid(name: &str, reason: &str) -> Error {
    Error::invalid_input(format!("environment variable {name}: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(variables: &[(&str, &str)]) -> Result<Quay> {
        builder(|name| {
            variables
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, value)| value.into())
        })?
        .build()
    }

    #[test]
    fn builds_a_client_from_variables() -> Result<()> {
        assert_eq!(client(&[])?.base_url(), "https://quay.io");
        assert_eq!(
            client(&[("QUAY_HOST", "quay.example.com")])?.base_url(),
            "https://quay.example.com"
        );
        let both = [
            ("QUAY_HOST", "a.example.com"),
            ("QUAY_URL", "https://b.example.com/x/"),
            ("QUAY_TOKEN", "hunter2"),
        ];
        let quay = client(&both)?;
        assert_eq!(quay.base_url(), "https://b.example.com/x");
        assert_eq!(
            format!("{quay:?}"),
            "Quay { base_url: \"https://b.example.com/x\", token: Fixed, .. }"
        );
        let builder = builder(|name| {
            let names = [
                "QUAY_OPERATION_TIMEOUT",
                "QUAY_ATTEMPT_TIMEOUT",
                "QUAY_READ_TIMEOUT",
            ];
            let index = names.iter().position(|n| *n == name)?;
            Some(format!("{}", index + 1).into())
        })?;
        let shown = format!("{builder:?}");
        for setting in [
            "operation_timeout: Some(1s)",
            "attempt_timeout: 2s",
            "read_timeout: 3s",
        ] {
            assert!(shown.contains(setting), "{shown}");
        }
        let lab = [("QUAY_URL", "http://quay.lab"), ("QUAY_ALLOW_HTTP", "true")];
        assert_eq!(client(&lab)?.base_url(), "http://quay.lab");
        client(&[
            ("QUAY_OPERATION_TIMEOUT", "2.5"),
            ("QUAY_ATTEMPT_TIMEOUT", " 2 "),
            ("QUAY_CONNECT_TIMEOUT", "1"),
            ("QUAY_READ_TIMEOUT", "1.5"),
            ("QUAY_TIMEOUT", ""),
            ("QUAY_VERIFY_SSL", "False"),
            ("QUAY_TOKEN", ""),
        ])?;
        for (user, password, token) in [("alice", "hunter2", ""), ("alice", "", "hunter2")] {
            let quay = client(&[
                ("QUAY_USER", user),
                ("QUAY_PASSWORD", password),
                ("QUAY_TOKEN", token),
            ])?;
            assert!(format!("{quay:?}").contains("token: Fixed"), "{quay:?}");
        }
        Ok(())
    }

    #[test]
    fn errors_name_the_variable() {
        for (name, value, reason) in [
            ("QUAY_URL", "http://quay.io", "allow_http"),
            ("QUAY_HOST", "a b", "whitespace or control characters"),
            (
                "QUAY_TOKEN",
                "hunter2\nX",
                "whitespace or control characters",
            ),
            (
                "QUAY_TOKEN_FILE",
                "/nowhere/token",
                "token file /nowhere/token: it can't be read",
            ),
            ("QUAY_TOKEN_FILE", "hunter2", "token file: it can't be read"),
            ("QUAY_CA_FILE", "hunter2", "file: it can't be read"),
            ("QUAY_URL", "https:/quay.io", "followed by `://`"),
            (
                "QUAY_TIMEOUT",
                "hunter2",
                "it is ambiguous: set QUAY_OPERATION_TIMEOUT",
            ),
            ("QUAY_OPERATION_TIMEOUT", "hunter2", "a number of seconds"),
            ("QUAY_VERIFY_SSL", "hunter2", "must be true or false"),
            ("QUAY_ATTEMPT_TIMEOUT", "soon", "a number of seconds"),
            ("QUAY_CONNECT_TIMEOUT", "0", "a number of seconds"),
            ("QUAY_READ_TIMEOUT", "-1", "a number of seconds"),
            ("QUAY_OPERATION_TIMEOUT", "1e300", "a number of seconds"),
            ("QUAY_VERIFY_SSL", "perhaps", "must be true or false"),
            ("QUAY_ALLOW_HTTP", "perhaps", "must be true or false"),
            ("QUAY_CA_FILE", "/nowhere/ca.pem", "can't be read"),
            ("QUAY_TOKEN", "\"hunter2\"", "must not contain quotes"),
            ("QUAY_USER", "hunter2", "it needs QUAY_PASSWORD"),
            ("QUAY_PASSWORD", "hunter2", "it needs QUAY_USER"),
            (
                "QUAY_CA_FILE",
                concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"),
                "PEM",
            ),
        ] {
            let error = client(&[(name, value)])
                .err()
                .map(|e| format!("{e} {e:?}"))
                .unwrap_or_default();
            assert!(
                error.starts_with(&format!("environment variable {name}: ")),
                "{name}: {error}"
            );
            assert!(
                error.contains(reason) && !error.contains("hunter2"),
                "{name}: {error}"
            );
        }
    }
}
