//! The bodies of error responses, in all forms in which Quay and proxies write them.

use crate::http::Response;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

/// The maximum length of a message, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

/// The maximum length of a kind. The longest one of Quay has 24 characters.
const MAX_KIND_LEN: usize = 64;

/// The content of an error response.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub message: Option<String>,
    /// The server's own name of the kind (`title`).
    pub kind: Option<String>,
    pub parameters: Vec<String>,
    /// Whether the registry is in read-only mode.
    pub is_read_only: bool,
    /// Whether it is a web page, written by a proxy or for a browser.
    pub is_html: bool,
    /// Whether it is a JSON object, as Quay itself writes it.
    pub is_object: bool,
    /// Whether there is a `Retry-After` header.
    pub has_retry_after: bool,
}

impl ErrorBody {
    /// Parses any body. The content type does not help: some JSON is sent as `text/html`.
    pub fn parse(response: &Response) -> Self {
        let json = std::str::from_utf8(&response.body)
            .ok()
            .and_then(|text| serde_json::from_str(text).ok());
        let body = match json {
            Some(Value::Object(object)) => Self::from_object(&object),
            Some(Value::String(message)) => Self {
                message: one_line(&message),
                ..Self::default()
            },
            _ => Self::from_text(&response.headers, &response.body),
        };
        Self {
            has_retry_after: response.headers.contains_key(header::RETRY_AFTER),
            ..body
        }
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        let parameters = match object.get("message") {
            Some(Value::Object(by_parameter)) => by_parameter.keys().cloned().collect(),
            _ => Vec::new(),
        };
        // The most specific first.
        let message_fields = [
            "error_message",
            "detail",
            "message",
            "error",
            "error_description",
            "title",
        ];
        Self {
            message: message_fields
                .iter()
                .find_map(|field| object.get(*field).and_then(parse_message)),
            kind: object
                .get("title")
                .or_else(|| object.get("error_type"))
                .and_then(Value::as_str)
                .and_then(parse_kind),
            parameters,
            is_read_only: object.get("is_readonly") == Some(&Value::Bool(true)),
            is_object: true,
            ..Self::default()
        }
    }

    fn from_text(headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        let is_html = text.starts_with('<')
            || text.is_empty()
                && headers
                    .get(header::CONTENT_TYPE)
                    .is_some_and(|t| t.as_bytes().starts_with(b"text/html"));
        let message = match text.chars().next() {
            _ if is_html => page_title(text),
            // JSON of an unknown form, or cut off: any part of it may be a secret.
            Some('[' | '{' | '"') => None,
            _ => Some(text),
        };
        Self {
            message: message.and_then(one_line),
            is_html,
            ..Self::default()
        }
    }
}

/// Returns a message, which may be a string or a map of messages by parameter.
fn parse_message(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => one_line(text),
        Value::Object(by_parameter) if !by_parameter.is_empty() => {
            let messages: Vec<String> = by_parameter
                .iter()
                .map(|(name, message)| {
                    format!("{name}: {}", message.as_str().unwrap_or("is wrong"))
                })
                .collect();
            one_line(&messages.join("; "))
        }
        _ => None,
    }
}

/// Returns the server's name of the kind of error, if it has the form of a name.
fn parse_kind(text: &str) -> Option<String> {
    let is_name = !text.is_empty()
        && text.len() <= MAX_KIND_LEN
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    is_name.then(|| text.to_owned())
}

fn page_title(page: &str) -> Option<&str> {
    let (_, rest) = page.split_once("<title>")?;
    let (title, _) = rest.split_once("</title>")?;
    Some(title.trim())
}

/// Returns the text as one line of bounded length; `None` if it is empty.
fn one_line(text: &str) -> Option<String> {
    let mut line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    line.retain(|c| !c.is_control());
    if let Some((end, _)) = line.char_indices().nth(MAX_MESSAGE_CHARS) {
        line.truncate(end);
        line.push('…');
    }
    (!line.is_empty()).then_some(line)
}

/// Returns the message of an error response whose body has none.
pub(super) fn default_message(status: StatusCode) -> String {
    match status.as_u16() {
        520 => "a service behind the server failed".to_owned(),
        _ => status
            .canonical_reason()
            .unwrap_or("no reason given")
            .to_lowercase(),
    }
}
