//! Decode errors, which contain the position and nothing that could be a secret.

use serde_path_to_error::{Path, Segment};
use std::collections::VecDeque;

/// The maximum number of characters that are shown before and after the position.
const MAX_BEFORE: usize = 80;
const MAX_AFTER: usize = 40;

/// The length after which a path is cut, in characters.
const MAX_PATH: usize = 120;

/// The maximum position of an excerpt in a body, in bytes: the search begins at its start.
const MAX_SEARCHED: usize = 1024 * 1024;

/// The maximum length of a key that is shown.
const MAX_KEY: usize = 40;

/// A body that does not fit its type.
#[derive(Debug)]
pub(crate) struct DecodeError {
    /// The path in the JSON, such as `tags[0].name`.
    pub path: Option<String>,
    pub message: String,
    /// True if the body is not JSON, or is truncated: another attempt may return a whole body.
    pub is_unreadable: bool,
}

impl DecodeError {
    pub fn new(path: Option<&Path>, error: &serde_json::Error, body: &[u8]) -> Self {
        Self::of("the response", path, error, body)
    }

    /// Returns the error of a body that `subject` names.
    pub fn of(subject: &str, path: Option<&Path>, error: &serde_json::Error, body: &[u8]) -> Self {
        let path = path.map(path_string).filter(|path| !path.is_empty());
        let mut message = format!("{subject} does not fit its type");
        if let Some(path) = &path {
            message.push_str(": at ");
            message.push_str(path);
        }
        message.push_str(": ");
        message.push_str(&redact_reason(&error.to_string()));
        if let Some(excerpt) = excerpt(body, error.line(), error.column()) {
            message.push_str(", in `");
            message.push_str(&excerpt);
            message.push('`');
        }
        Self {
            path,
            message,
            is_unreadable: is_unreadable(error),
        }
    }

    /// Returns the error of a body that is not UTF-8.
    pub fn invalid_utf8(error: std::str::Utf8Error) -> Self {
        Self::unreadable(format!("the response does not fit its type: {error}"))
    }

    /// Returns the error of an empty body where the operation returns something.
    pub fn empty() -> Self {
        Self::unreadable("empty response body")
    }

    /// Returns the error of a body that is a web page.
    ///
    /// The title is not shown: unlike that of an error response, it may contain a secret.
    pub fn web_page() -> Self {
        Self::unreadable("the response is a web page, not JSON: check the base URL and the proxies")
    }

    /// Returns the error of a body that the HTTP client does not decompress.
    pub fn encoded() -> Self {
        Self::unreadable(
            "the response is compressed, which the client did not request: check the proxies",
        )
    }

    fn unreadable(message: impl Into<String>) -> Self {
        Self {
            path: None,
            message: message.into(),
            is_unreadable: true,
        }
    }
}

/// Returns true if the body is truncated, or is not JSON.
///
/// serde_json also reports JSON that is nested too deeply as a syntax error, but a retry is useless
/// then.
fn is_unreadable(error: &serde_json::Error) -> bool {
    error.is_eof() || error.is_syntax() && !error.to_string().contains("recursion limit")
}

/// Returns a path such as `tags[0].name`.
///
/// Its length is limited, and unusual keys are hidden: the server chooses the keys and the depth.
fn path_string(path: &Path) -> String {
    let mut shown = String::new();
    for segment in path.iter() {
        let key = match segment {
            Segment::Seq { index } => {
                shown.push_str(&format!("[{index}]"));
                continue;
            }
            Segment::Map { key } | Segment::Enum { variant: key } if is_plain_key(key) => key,
            _ => "…",
        };
        if shown.chars().count() > MAX_PATH {
            shown.push('…');
            break;
        }
        if !shown.is_empty() {
            shown.push('.');
        }
        shown.push_str(key);
    }
    shown
}

/// Returns true if a key can be shown, because it looks like the name of a field.
fn is_plain_key(key: &str) -> bool {
    key.len() <= MAX_KEY
        && key
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// Removes the value from the reason of an error, because it may be a secret.
///
/// serde quotes values, and the names of unknown variants and fields. All other names in its
/// messages are those of the type.
fn redact_reason(reason: &str) -> String {
    let mut reason = reason.to_owned();
    for (start, end) in [
        ("unknown variant `", "`, expected"),
        ("unknown variant `", "`, there are"),
        ("unknown field `", "`, expected"),
        ("\"", "\""),
    ] {
        if let (Some(first), Some(last)) = (reason.find(start), reason.rfind(end)) {
            let first = first + start.len();
            if first < last {
                reason.replace_range(first..last, "…");
            }
        }
    }
    reason
}

/// Returns the JSON around a position, with all strings redacted except the names of fields.
///
/// The result is `None` if the body is not JSON, because any part of it may then be a secret.
fn excerpt(body: &[u8], line: usize, column: usize) -> Option<String> {
    let text = std::str::from_utf8(body).ok()?;
    if !text.trim_start().starts_with(['{', '[']) || line == 0 {
        return None;
    }
    let lines = text
        .split_inclusive('\n')
        .take(line - 1)
        .map(str::len)
        .sum::<usize>();
    let position = lines.saturating_add(column).min(text.len());
    if position > MAX_SEARCHED {
        return None;
    }
    // It is only cut between tokens: a part of a secret might look like a key.
    let (mut before, mut after) = (VecDeque::new(), String::new());
    let (mut before_chars, mut is_cut) = (0, false);
    let mut at = 0;
    while at < text.len() && after.chars().count() < MAX_AFTER {
        let (shown, length) = redact_token(&text[at..]);
        if at < position {
            before_chars += shown.chars().count();
            before.push_back(shown);
            while before_chars > MAX_BEFORE {
                let first: String = before.pop_front().unwrap_or_default();
                before_chars -= first.chars().count();
                is_cut = true;
            }
        } else {
            after.push_str(&shown);
        }
        at += length;
    }
    let before: String = before.into_iter().collect();
    let (head, tail) = (
        if is_cut { "…" } else { "" },
        if at < text.len() { "…" } else { "" },
    );
    Some(format!("{head}{before}{after}{tail}"))
}

/// Returns the first token of some JSON in its redacted form, and its length.
///
/// An unterminated string is a token too.
fn redact_token(rest: &str) -> (String, usize) {
    let Some(inner) = rest.strip_prefix('"') else {
        // The search stops at the end of the token, because the rest may be long.
        let found = rest.find(['"', ',', ':', '{', '}', '[', ']']);
        let end = found.map_or(rest.len(), |i| {
            if rest[i..].starts_with('"') { i } else { i + 1 }
        });
        let shown: String = rest[..end].split_whitespace().collect();
        // Everything except punctuation, numbers and literals is not JSON, and may be a secret.
        let word = shown.trim_end_matches([',', ':', '{', '}', '[', ']']);
        let is_json = matches!(word, "" | "true" | "false" | "null")
            || word.parse::<f64>().is_ok_and(|_| word.len() < 24);
        return (if is_json { shown } else { "…".to_owned() }, end);
    };
    let mut escaped = false;
    let end = inner.char_indices().find(|(_, c)| {
        let closes = *c == '"' && !escaped;
        escaped = *c == '\\' && !escaped;
        closes
    });
    let Some((end, _)) = end else {
        return ("\"…".to_owned(), rest.len());
    };
    let length = end + 2;
    let is_key = rest[length..].trim_start().starts_with(':');
    let shown = match is_key && is_plain_key(&inner[..end]) {
        true => rest[..length].to_owned(),
        false => "\"…\"".to_owned(),
    };
    (shown, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message<T: serde::de::DeserializeOwned>(body: &str) -> String {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        DecodeError::new(None, &error, body.as_bytes()).message
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    #[serde(deny_unknown_fields)]
    struct Row {
        kind: Kind,
        count: u8,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Kind {
        Image,
        Application,
    }

    #[test]
    fn shows_the_structure_without_strings() {
        let message = message::<Row>(
            r#"{"kind": "image", "count": "hunter2", "x": {"token": "hunter2 \" hunter2"}}"#,
        );
        assert!(
            message.contains("string \"…\", expected u8")
                && message
                    .ends_with("in `{\"kind\":\"…\",\"count\":\"…\",\"x\":{\"token\":\"…\"}}`"),
            "{message}"
        );
    }

    #[test]
    fn never_shows_strings() {
        for body in [
            "{\"kind\": \"hunter2\", \"count\": 1}",
            "{\"hunter2 hunter2\": 1}",
            "{\"kind\": \"hunter2",
            "{\"kind\": hunter2}",
            "{\"kind\": \"image\", \"count\": \"hunter2\\",
            "{\"count\": [\"hunter2\", {\"a\": \"hunter2\"}], \"kind\": \"image\"",
            "hunter2",
            "\"hunter2\"",
            "[\"hunter2\", \"x\" \"hunter2\"]",
            "<html>hunter2</html>",
            "{\"kind\": 'hunter2'}",
            "{\"kind\": \"a`, expected `hunter2\"}",
            "{\"kind\": \"a\n\u{1F600}hunter2\u{e9}\", \"count\": 999}",
            "{\"k\": 1}\u{1F600}hunter2",
        ] {
            let message = message::<Row>(body);
            assert!(!message.contains("hunter2"), "{body}: {message}");
        }
    }

    #[test]
    fn cuts_a_long_body_on_both_sides() {
        let row = "{\"kind\": \"image\", \"count\": 1}";
        let body = format!(
            "[{}, {{\"kind\": \"image\", \"count\": 999}}, {}]",
            [row; 50].join(","),
            [row; 50].join(",")
        );
        let message = message::<Vec<Row>>(&body);
        let (_, excerpt) = message.split_once(", in `").unwrap();
        assert!(
            excerpt.starts_with('…')
                && excerpt.ends_with("…`")
                && excerpt.contains("\"count\":999"),
            "{excerpt}"
        );
        assert!(excerpt.chars().count() < 200, "{excerpt}");
    }
}
