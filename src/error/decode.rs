//! Where and why a body does not fit its type, without showing what could be a secret.

use serde_path_to_error::{Path, Segment};

/// As much of the body is shown before the place, and after it.
const BEFORE: usize = 80;
const AFTER: usize = 40;

/// A place is shown up to this many characters.
const LONGEST_PLACE: usize = 120;

/// What does not fit.
#[derive(Debug)]
pub(crate) struct DecodeError {
    /// The place in the JSON, such as `tags[0].name`.
    pub path: Option<String>,
    pub message: String,
}

impl DecodeError {
    pub fn new(path: Option<&Path>, error: &serde_json::Error, body: &[u8]) -> Self {
        let path = path.map(place).filter(|place| !place.is_empty());
        let mut message = "the answer does not fit its type".to_owned();
        if let Some(path) = &path {
            message.push_str(": at ");
            message.push_str(path);
        }
        message.push_str(": ");
        message.push_str(&without_text(&error.to_string()));
        if let Some(excerpt) = excerpt(body, error.line(), error.column()) {
            message.push_str(", in `");
            message.push_str(&excerpt);
            message.push('`');
        }
        Self { path, message }
    }
}

/// Where a path leads, such as `tags[0].name`. The names in it are the server's: a map may be keyed
/// by anything, and be as deep as it likes.
fn place(path: &Path) -> String {
    let mut place = String::new();
    for segment in path.iter() {
        let name = match segment {
            Segment::Seq { index } => {
                place.push_str(&format!("[{index}]"));
                continue;
            }
            Segment::Map { key } | Segment::Enum { variant: key } if is_plain(key) => key,
            _ => "…",
        };
        if place.chars().count() > LONGEST_PLACE {
            place.push('…');
            break;
        }
        if !place.is_empty() {
            place.push('.');
        }
        place.push_str(name);
    }
    place
}

/// Whether a name can be shown: it is like those of members, not like a text.
fn is_plain(name: &str) -> bool {
    name.len() <= 40
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c))
}

/// A decoding error without the text that did not fit: it could be a secret.
///
/// serde quotes a value, and the name of a variant or field that it does not know; all other names
/// in its messages are the type's own.
fn without_text(reason: &str) -> String {
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

/// The JSON around a place, with every text in it blanked but the names of members.
///
/// `None` if it is no JSON: of anything else, nothing is known to be harmless.
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
    let place = lines.saturating_add(column).min(text.len());
    let (mut before, mut after) = (String::new(), String::new());
    let mut at = 0;
    while at < text.len() && after.chars().count() < AFTER {
        let rest = &text[at..];
        let (shown, length) = token(rest);
        let side = if at < place { &mut before } else { &mut after };
        side.push_str(&shown);
        at += length;
        // Only its end is shown.
        if before.len() > 64 * BEFORE {
            before = before
                .chars()
                .skip(before.chars().count() - BEFORE - 1)
                .collect();
        }
    }
    let excess = before.chars().count().saturating_sub(BEFORE);
    let before: String = before.chars().skip(excess).collect();
    let (head, tail) = (
        if excess > 0 { "…" } else { "" },
        if at < text.len() { "…" } else { "" },
    );
    Some(format!("{head}{before}{after}{tail}"))
}

/// The first token of some JSON as it may be shown, and how long it is. A text without an end is
/// one, too.
fn token(rest: &str) -> (String, usize) {
    let Some(inner) = rest.strip_prefix('"') else {
        // No further than to the end of the token: the rest may be long.
        let found = rest.find(['"', ',', ':', '{', '}', '[', ']']);
        let end = found.map_or(rest.len(), |i| {
            if rest[i..].starts_with('"') { i } else { i + 1 }
        });
        let shown: String = rest[..end].split_whitespace().collect();
        // What is neither punctuation nor a number nor a word of JSON is no JSON, and may be
        // anything.
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
    let is_name = rest[length..].trim_start().starts_with(':');
    let shown = match is_name && is_plain(&inner[..end]) {
        true => rest[..length].to_owned(),
        false => "\"…\"".to_owned(),
    };
    (shown, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn misfit<T: serde::de::DeserializeOwned>(body: &str) -> String {
        let error = serde_json::from_str::<T>(body).err().unwrap();
        DecodeError::new(None, &error, body.as_bytes()).message
    }

    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    #[serde(deny_unknown_fields)]
    struct Typed {
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
    fn the_shape_is_shown_and_no_text() {
        let message = misfit::<Typed>(
            "{\"kind\": \"image\", \"count\": \"hunter2\", \"x\": {\"token\": \"hunter2 \\\" hunter2\"}}",
        );
        assert!(
            message.contains("string \"…\", expected u8")
                && message
                    .ends_with("in `{\"kind\":\"…\",\"count\":\"…\",\"x\":{\"token\":\"…\"}}`"),
            "{message}"
        );
    }

    #[test]
    fn whatever_comes_no_text_of_it_is_shown() {
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
            let message = misfit::<Typed>(body);
            assert!(!message.contains("hunter2"), "{body}: {message}");
        }
    }

    #[test]
    fn a_long_body_is_cut_on_both_sides() {
        let row = "{\"kind\": \"image\", \"count\": 1}";
        let body = format!(
            "[{}, {{\"kind\": \"image\", \"count\": 999}}, {}]",
            [row; 50].join(","),
            [row; 50].join(",")
        );
        let message = misfit::<Vec<Typed>>(&body);
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
