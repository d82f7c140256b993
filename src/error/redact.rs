//! Removing the caller's credentials from the messages of a server.

use super::Error;
use crate::http::credentials;
use http::HeaderValue;

/// The minimum length of a string that is removed. Shorter ones are no tokens of a server, and may
/// occur in any message.
const MIN_TOKEN: usize = 6;

impl Error {
    /// Removes the credentials that were sent, if the server repeats them.
    pub(crate) fn redact_token(mut self, authorization: &HeaderValue) -> Self {
        for secret in credentials::secrets(authorization) {
            self.redact_text(&secret);
        }
        self
    }

    /// Removes the value of a header that was sent, if the server repeats it.
    pub(crate) fn redact_header(mut self, value: &HeaderValue) -> Self {
        if let Ok(value) = value.to_str() {
            self.redact_text(value);
        }
        self
    }

    fn redact_text(&mut self, secret: &str) {
        if secret.len() >= MIN_TOKEN {
            let inner = &mut *self.0;
            [
                Some(&mut inner.message),
                inner.server_kind.as_mut(),
                inner.path.as_mut(),
            ]
            .into_iter()
            .flatten()
            .chain(&mut inner.parameters)
            .for_each(|text| redact(text, secret));
        }
    }
}

/// Removes a token from a string, and the beginning of the token at the end of a truncated string.
///
/// The string is short, so a long token takes no longer.
fn redact(text: &mut String, token: &str) {
    if text.contains(token) {
        *text = text.replace(token, "…");
    }
    let Some(end) = text.strip_suffix('…') else {
        return;
    };
    let part = (MIN_TOKEN..token.len().min(end.len() + 1))
        .rev()
        .find(|length| token.get(..*length).is_some_and(|part| end.ends_with(part)));
    if let Some(part) = part {
        text.truncate(end.len() - part);
        text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ErrorKind;

    fn redacted(message: &str, token: &str) -> String {
        let header = HeaderValue::try_from(format!("Bearer {token}")).unwrap();
        let error = Error::new(ErrorKind::Other, message).redact_token(&header);
        error.message().to_owned()
    }

    #[test]
    fn removes_a_token_and_the_beginning_of_one() {
        assert_eq!(redacted("no hunter2, no hunter2", "hunter2"), "no …, no …");
        assert_eq!(redacted("no hunter…", "hunter2"), "no …");
        assert_eq!(redacted("no hunter", "hunter2"), "no hunter");
        assert_eq!(redacted("no hunte…", "hunter2"), "no hunte…");
        assert_eq!(redacted("abcde", "abcde"), "abcde", "too short for a token");
        let long = "x".repeat(64_000);
        assert_eq!(redacted(&format!("no {long}"), &long), "no …");
    }
}
