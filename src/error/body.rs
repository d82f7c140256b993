//! The ten shapes of a refusal's body.

use super::Response;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

/// More of a message than this is left out.
const LONGEST_MESSAGE: usize = 500;

/// The longest name that Quay has for a kind of error has 24 characters.
const LONGEST_KIND: usize = 64;

/// What a refusal's body says.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub message: Option<String>,
    /// The server's own name for the kind (`title`).
    pub kind: Option<String>,
    pub parameters: Vec<String>,
    /// The registry takes no writes.
    pub is_read_only: bool,
    /// A web page, written by a proxy or for a browser.
    pub is_page: bool,
    /// A JSON object, as Quay itself writes it.
    pub is_object: bool,
    /// The server says when to come back.
    pub has_retry_after: bool,
}

impl ErrorBody {
    /// Reads any body. The content type does not help: some JSON is sent as `text/html`.
    pub fn read(answer: &Response) -> Self {
        let json = std::str::from_utf8(&answer.body)
            .ok()
            .and_then(|text| serde_json::from_str(text).ok());
        let refusal = match json {
            Some(Value::Object(object)) => Self::of_object(&object),
            Some(Value::String(text)) => Self {
                message: shortened(&text),
                ..Self::default()
            },
            _ => Self::of_text(&answer.headers, &answer.body),
        };
        Self {
            has_retry_after: answer.headers.contains_key(header::RETRY_AFTER),
            ..refusal
        }
    }

    fn of_object(object: &Map<String, Value>) -> Self {
        let parameters = match object.get("message") {
            Some(Value::Object(helps)) => helps.keys().cloned().collect(),
            _ => Vec::new(),
        };
        // In the order of how much they say.
        let texts = [
            "error_message",
            "detail",
            "message",
            "error",
            "error_description",
            "title",
        ];
        Self {
            message: texts
                .iter()
                .find_map(|name| object.get(*name).and_then(message)),
            kind: object
                .get("title")
                .or_else(|| object.get("error_type"))
                .and_then(Value::as_str)
                .and_then(kind),
            parameters,
            is_read_only: object.get("is_readonly") == Some(&Value::Bool(true)),
            is_object: true,
            ..Self::default()
        }
    }

    fn of_text(headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        let is_html = text.starts_with('<')
            || text.is_empty()
                && headers
                    .get(header::CONTENT_TYPE)
                    .is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
        let message = match text.chars().next() {
            _ if is_html => page_title(text),
            // JSON of no known shape, or cut off: nothing in it is known to be a message, and
            // anything in it may be a secret.
            Some('[' | '{' | '"') => None,
            _ => Some(text),
        };
        Self {
            message: message.and_then(shortened),
            is_page: is_html,
            ..Self::default()
        }
    }
}

/// A message may be a text, or say what is wrong with each parameter.
fn message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => shortened(text),
        Value::Object(helps) if !helps.is_empty() => {
            let helps: Vec<String> = helps
                .iter()
                .map(|(name, help)| format!("{name}: {}", help.as_str().unwrap_or("is wrong")))
                .collect();
            shortened(&helps.join("; "))
        }
        _ => None,
    }
}

/// A name of the server's for a kind of error. Anything that is no name is left out: it would be
/// shown as one.
fn kind(text: &str) -> Option<String> {
    let is_name = !text.is_empty()
        && text.len() <= LONGEST_KIND
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| text.to_owned())
}

fn page_title(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    Some(title.trim())
}

/// One line of bounded length; `None` if nothing is left.
fn shortened(text: &str) -> Option<String> {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.retain(|c| !c.is_control());
    if let Some((end, _)) = line.char_indices().nth(LONGEST_MESSAGE) {
        line.truncate(end);
        line.push('…');
    }
    (!line.is_empty()).then_some(line)
}

/// What is said when the body says nothing.
pub(super) fn reason(status: StatusCode) -> String {
    match status.as_u16() {
        520 => "a service behind the server failed".to_owned(),
        _ => status
            .canonical_reason()
            .unwrap_or("no reason given")
            .to_lowercase(),
    }
}
