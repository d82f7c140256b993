//! The bodies of error responses, in all formats of Quay and of proxies.

use super::text;
use crate::client::defaults::MAX_ERROR_BODY;
use crate::http::Response;
use http::{HeaderMap, StatusCode, header};
use serde_json::{Map, Value};

/// The maximum length of a message, in characters.
const MAX_MESSAGE_CHARS: usize = 500;

/// The maximum number of parameters, and of the characters of each. The server chooses both.
const MAX_PARAMETERS: usize = 100;
const MAX_PARAMETER_CHARS: usize = 100;

/// The maximum length of a kind. The longest one of Quay has 24 characters.
const MAX_KIND_LEN: usize = 64;

/// The message of a failure for which the server gives no reason.
const NO_MESSAGE: &str = "the server gave no reason";

/// The fields that can contain the message, the most specific one first.
const MESSAGE_FIELDS: [&str; 6] = [
    "error_message",
    "detail",
    "message",
    "error",
    "error_description",
    "title",
];

/// The content of an error response.
#[derive(Debug, Default)]
pub(super) struct ErrorBody {
    pub message: Option<String>,
    /// The server's name of the kind (`title`).
    pub kind: Option<String>,
    pub parameters: Vec<String>,
    /// True if the registry is in read-only mode.
    pub is_read_only: bool,
    /// True for a web page, which is from a proxy or meant for a browser.
    pub is_html: bool,
    /// True for a JSON object, as Quay itself sends it.
    pub is_object: bool,
    /// True if the response has a `Retry-After` header.
    pub has_retry_after: bool,
    /// True for `{"error": "not found"}`, the response of Quay's registry that is written in Go to
    /// an unknown route. If an object is missing, its message names the object.
    pub is_missing_route: bool,
}

impl ErrorBody {
    /// Parses any body, without its content type: Quay sends some JSON as `text/html`.
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

    /// Returns true if this is a web page with the default title of a Quay.
    pub fn is_page_of_quay(&self, title: &str) -> bool {
        self.is_html && title.to_ascii_lowercase().contains("quay")
    }

    fn from_object(object: &Map<String, Value>) -> Self {
        let parameters = match object.get("message") {
            Some(Value::Object(by_parameter)) => by_parameter
                .keys()
                .take(MAX_PARAMETERS)
                .filter_map(|name| text::one_line(name, MAX_PARAMETER_CHARS))
                .collect(),
            _ => Vec::new(),
        };
        Self {
            message: find_message(object, &MESSAGE_FIELDS),
            kind: object
                .get("title")
                .or_else(|| object.get("error_type"))
                .and_then(Value::as_str)
                .and_then(parse_kind),
            parameters,
            is_read_only: object.get("is_readonly") == Some(&Value::Bool(true)),
            is_missing_route: object.len() == 1
                && object.get("error").and_then(Value::as_str) == Some("not found"),
            is_object: true,
            ..Self::default()
        }
    }

    fn from_text(headers: &HeaderMap, body: &[u8]) -> Self {
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        let is_html = text.starts_with('<') || text.is_empty() && is_html_type(headers);
        let message = match text.chars().next() {
            _ if is_html => page_title(text),
            // JSON in an unknown format, or truncated JSON: any part of it may be a secret.
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
                    format!("{name}: {}", message.as_str().unwrap_or("is invalid"))
                })
                .collect();
            one_line(&messages.join("; "))
        }
        _ => None,
    }
}

/// Returns the server's name of the kind of error, if it consists of the characters of a name.
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

/// The text after the reason where Quay rejects a body that breaks its JSON schema. The schema and
/// the whole body of the request follow.
const SCHEMA_DUMP: &str = "\n\nFailed validating ";

/// Returns the text as one line of bounded length; `None` if it is empty. It has nothing of a body
/// that Quay repeats: that may contain a password, or words by which errors are classified.
fn one_line(text: &str) -> Option<String> {
    let reason = text.split(SCHEMA_DUMP).next().unwrap_or(text);
    text::one_line(reason, MAX_MESSAGE_CHARS)
}

/// Returns true if the content type is that of a web page.
pub(crate) fn is_html_type(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|t| t.as_bytes().to_ascii_lowercase().starts_with(b"text/html"))
}

/// Returns true if a success is a web page.
///
/// Quay sends some JSON and some empty bodies with the content type `text/html`.
pub(crate) fn is_web_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let is_json = text.is_empty() || text.starts_with(['{', '[', '"']);
    text.starts_with('<') || is_html_type(headers) && !is_json
}

/// Returns the message of a success whose body reports a failure.
///
/// Such an object contains an error, a message, or `"success": false`.
pub(crate) fn reported_failure(object: &Map<String, Value>) -> Option<String> {
    let is_success = object.get("success").and_then(Value::as_bool);
    let has_error = ["error", "error_message", "error_type", "errors"]
        .iter()
        .filter_map(|field| object.get(*field))
        .any(|value| !matches!(value, Value::Null | Value::Bool(false)) && *value != "");
    let message = find_message(object, &MESSAGE_FIELDS);
    match is_success {
        Some(false) => {}
        Some(true) if !has_error => return None,
        _ if has_error || find_message(object, &["detail", "message"]).is_some() => {}
        _ => return None,
    }
    Some(message.unwrap_or_else(|| NO_MESSAGE.to_owned()))
}

/// Returns the message of a success whose body is only an error: all fields are those of an error.
///
/// A type whose fields are all optional would otherwise be decoded from it.
pub(crate) fn only_failure(body: &[u8]) -> Option<String> {
    let name = first_name(body).and_then(|name| std::str::from_utf8(name).ok())?;
    if !is_name_of_an_error(name) || body.len() > MAX_ERROR_BODY {
        return None;
    }
    let object: Map<String, Value> = serde_json::from_slice(body).ok()?;
    let is_of_errors = |(name, value): (&String, &Value)| {
        is_name_of_an_error(name) && (name != "status" || value.is_number())
    };
    match object.iter().all(is_of_errors) {
        true => reported_failure(&object),
        false => None,
    }
}

/// Returns true for the name of a field that a body with nothing but an error may contain.
fn is_name_of_an_error(name: &str) -> bool {
    matches!(name, "status" | "error_type" | "type") || MESSAGE_FIELDS.contains(&name)
}

/// Returns the name of the first field of an object, as it is written.
///
/// Each success is checked by it, so nothing else of the body is read.
fn first_name(body: &[u8]) -> Option<&[u8]> {
    let fields = body.trim_ascii_start().strip_prefix(b"{")?;
    let name = fields.trim_ascii_start().strip_prefix(b"\"")?;
    name.split(|byte| *byte == b'"').next()
}

/// Returns the first message in the fields of an object.
fn find_message(object: &Map<String, Value>, fields: &[&str]) -> Option<String> {
    fields
        .iter()
        .find_map(|field| object.get(*field).and_then(parse_message))
}

/// Returns a message without the status, which the error shows already.
///
/// The titles of web pages contain it: "429 Too Many Requests", "HTTP Status 404 – Not Found". The
/// result is `None` if the message contains nothing else.
pub(super) fn without_status(message: &str, status: StatusCode) -> Option<String> {
    let code = status.as_str();
    let rest = ["", "HTTP ", "HTTP Status ", "Error ", "Error: ", "Status "]
        .iter()
        .find_map(|lead| message.strip_prefix(lead)?.strip_prefix(code))
        .filter(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
        .unwrap_or(message);
    let rest = rest
        .trim_end()
        .strip_suffix(&format!("({code})"))
        .unwrap_or(rest);
    let rest = if rest.len() == message.len() {
        rest
    } else {
        rest.trim_matches(|c: char| c.is_whitespace() || ":-–—|.,".contains(c))
    };
    (!rest.is_empty()).then(|| rest.to_owned())
}

/// Returns the message of an error response whose body contains no message.
pub(super) fn default_message(status: StatusCode) -> String {
    match status.as_u16() {
        520 => "a service behind the server failed".to_owned(),
        _ => status
            .canonical_reason()
            .unwrap_or(NO_MESSAGE)
            .to_ascii_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn removes_the_status_from_a_message() {
        for (message, expected) in [
            ("429 Too Many Requests", Some("Too Many Requests")),
            ("429", None),
            ("Error 429", None),
            (
                "HTTP Status 429 – Too Many Requests",
                Some("Too Many Requests"),
            ),
            ("429: slow down", Some("slow down")),
            ("Too Many Requests (429)", Some("Too Many Requests")),
            ("4290 requests", Some("4290 requests")),
            ("429th request", Some("429th request")),
            ("more than 429.", Some("more than 429.")),
        ] {
            let found = without_status(message, StatusCode::TOO_MANY_REQUESTS);
            assert_eq!(found.as_deref(), expected, "{message}");
        }
    }

    #[test]
    fn finds_failures_in_the_body_of_a_success() {
        for (object, failure) in [
            (json!({}), None),
            (json!({"uuid": "x"}), None),
            (json!({"error": "no"}), Some("no")),
            (json!({"error": null, "uuid": "x"}), None),
            (json!({"error": [7]}), Some(NO_MESSAGE)),
            (json!({"message": "no"}), Some("no")),
            (json!({"message": ""}), None),
            (json!({"success": false, "message": "no"}), Some("no")),
            (json!({"success": false}), Some(NO_MESSAGE)),
            (json!({"success": true, "message": "fine"}), None),
        ] {
            let found = object.as_object().and_then(reported_failure);
            assert_eq!(found.as_deref(), failure, "{object}");
        }
    }

    #[test]
    fn a_failure_has_no_other_fields() {
        let reason = "x".repeat(400);
        let long = json!({"detail": &reason, "error": "y".repeat(4000)}).to_string();
        for (body, failure) in [
            (r#"{"error": "no"}"#, Some("no")),
            (
                r#"{"status": 400, "title": "invalid_request", "detail": "no"}"#,
                Some("no"),
            ),
            (r#"{"status": "error", "message": "no"}"#, None),
            (r#"{"success": true, "message": "no"}"#, None),
            (r#"{"type": "x", "title": "y"}"#, None),
            (r#"{"error": null}"#, None),
            (r#"{"id": 1, "error": "no"}"#, None),
            (r#"{"error": "no", "id": 1}"#, None),
            ("\n{ \"message\": \"no\"}", Some("no")),
            (&long, Some(&*reason)),
            ("{}", None),
            ("{", None),
            ("{1: 2}", None),
            ("[]", None),
        ] {
            assert_eq!(only_failure(body.as_bytes()).as_deref(), failure, "{body}");
        }
    }

    #[test]
    fn distinguishes_a_web_page_from_json() {
        let html: HeaderMap = [(
            header::CONTENT_TYPE,
            "Text/HTML; charset=utf-8".parse().unwrap(),
        )]
        .into_iter()
        .collect();
        let json = HeaderMap::new();
        for (headers, body, expected) in [
            (&json, "\u{feff}\n <html><title>Sign in</title>", true),
            (&json, "<!DOCTYPE html>", true),
            (&html, "Welcome", true),
            (&json, "Welcome", false),
            (&html, "", false),
            (&html, "\"\"", false),
            (&html, "{\"error", false),
        ] {
            assert_eq!(is_web_page(headers, body.as_bytes()), expected, "{body}");
        }
    }
}
