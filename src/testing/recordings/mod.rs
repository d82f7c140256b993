//! The recorded exchanges, and which of them is the response to a request.

use crate::Operation;
use crate::http::route::{self, PathParameters};
use crate::testing::{ErrorResponse, RecordedRequest, Response};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Exchanges with a real Quay server, one JSON object a line; secrets are replaced by random ones
/// of the same form.
const EXCHANGES: &str = include_str!("exchanges.jsonl");

#[derive(Debug)]
pub(super) struct Recordings(&'static [Exchange]);

/// They are read once, for all sandboxes of a process: it takes longer than most tests do.
static READ: LazyLock<Vec<Exchange>> = LazyLock::new(|| {
    // A test reads every line of the file; what can't be read would only be missing here.
    EXCHANGES
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect()
});

/// One recorded request and its response.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Exchange {
    pub operation_id: Option<String>,
    pub method: String,
    pub path: String,
    pub request_body: Option<Value>,
    pub status: u16,
    pub content_type: Option<String>,
    pub response_body: Option<Value>,
    #[serde(default)]
    pub response_headers: std::collections::BTreeMap<String, String>,
}

impl Recordings {
    pub fn load() -> Self {
        Self(&READ)
    }

    /// Returns the recording that is most similar to a request: the same request, else one that
    /// differs in its body, else in its query as well, else a success of the same operation. Among
    /// equals a success goes first, then the one whose body has more in common.
    pub fn response_to(&self, request: &RecordedRequest) -> Response {
        let best = self.0.iter().filter_map(|e| {
            e.likeness(request).map(|l| {
                (
                    (l, e.status < 300, e.shared_fields(request.body.as_ref())),
                    e,
                )
            })
        });
        // The first of the best: `max_by_key` would take the last.
        let best = best.reduce(|a, b| if b.0 > a.0 { b } else { a });
        best.map_or_else(
            || ErrorResponse::NoSuchRoute.into(),
            |(_, exchange)| exchange.response(),
        )
    }

    /// Returns a success of an operation that was recorded, with the names of a request in the
    /// place of its own. Of several, the one whose request body has most in common with this one.
    pub fn success_of(
        &self,
        operation: &'static Operation,
        parameters: &PathParameters,
        body: Option<&Value>,
    ) -> Option<Response> {
        let successes = self
            .0
            .iter()
            .filter(|e| e.operation_id.as_deref() == Some(operation.id()) && e.status < 300);
        let best = successes.reduce(|a, b| {
            if b.shared_fields(body) > a.shared_fields(body) {
                b
            } else {
                a
            }
        })?;
        let recorded = route::match_route(operation, &best.path).unwrap_or_default();
        let names: Vec<_> = recorded
            .iter()
            .filter_map(|(name, old)| Some(spellings(name, old, parameters.get(name)?)))
            .flatten()
            .collect();
        let mut renamed = best.clone();
        if let Some(body) = &mut renamed.response_body {
            rename(body, &names);
        }
        Some(renamed.response())
    }
}

impl Exchange {
    /// Returns how similar it is to a request; `None` if it is of another operation. Of two routes
    /// that fit, the one with more fixed segments is more similar: a nested repository could have
    /// any name.
    fn likeness(&self, request: &RecordedRequest) -> Option<(u8, usize)> {
        if self.method != request.method {
            return None;
        }
        let (path, query) = split(&self.path);
        let (requested_path, requested_query) = split(&request.path);
        if path == requested_path {
            let level = match (query == requested_query, self.request_body == request.body) {
                (true, true) => 3,
                (true, false) => 2,
                (false, _) => 1,
            };
            return Some((level, 0));
        }
        let operation = Operation::find(self.operation_id.as_deref()?)?;
        (self.status < 300 && route::match_route(operation, requested_path).is_some())
            .then(|| (0, route::literal_segments(operation.path())))
    }

    /// Counts the fields of the body that are the same.
    fn shared_fields(&self, asked: Option<&Value>) -> usize {
        match (&self.request_body, asked) {
            (Some(Value::Object(ours)), Some(Value::Object(asked))) => ours
                .iter()
                .filter(|(name, value)| asked.get(*name) == Some(value))
                .count(),
            _ => 0,
        }
    }

    /// Returns the recorded response.
    pub fn response(&self) -> Response {
        let is_json = self
            .content_type
            .as_deref()
            .unwrap_or_default()
            .contains("json");
        let body = match &self.response_body {
            // Null was recorded like nothing.
            None if is_json => "null".to_owned(),
            None => String::new(),
            // A body that is not JSON was recorded as a string.
            Some(Value::String(text)) if !is_json => text.clone(),
            Some(body) => body.to_string(),
        };
        let mut response = match &self.content_type {
            Some(content_type) => Response::text(
                self.status,
                content_type,
                if self.status == 204 {
                    String::new()
                } else {
                    body
                },
            ),
            None => Response::text(self.status, "application/json", String::new()),
        };
        for (name, value) in &self.response_headers {
            response = response.header(name, value);
        }
        response
    }
}

#[cfg(test)]
impl Exchange {
    /// The exchanges that are part of the crate.
    pub const COMMITTED: &str = EXCHANGES;

    /// Returns the message of an error, wherever it is in the body; empty if there is none.
    pub fn message(&self) -> String {
        let text = |value: &Value| {
            value
                .as_str()
                .map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        match &self.response_body {
            Some(Value::Object(body)) => ["error_message", "detail", "message", "error"]
                .iter()
                .find_map(|n| body.get(*n).and_then(text))
                .unwrap_or_default(),
            _ => String::new(),
        }
    }
}

fn split(path: &str) -> (&str, BTreeSet<(String, String)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (
        path,
        url::form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect(),
    )
}

/// Replaces the names that were recorded by those of a request.
fn rename(body: &mut Value, names: &[(String, String)]) {
    match body {
        Value::String(text) => {
            if let Some((_, requested)) = names.iter().find(|(recorded, _)| recorded == text) {
                requested.clone_into(text);
            }
        }
        Value::Array(rows) => rows.iter_mut().for_each(|row| rename(row, names)),
        Value::Object(fields) => fields.values_mut().for_each(|value| rename(value, names)),
        _ => {}
    }
}

/// Returns the strings of a body that stand for a path parameter; of a repository also its parts.
fn spellings(name: &str, recorded: &str, asked: &str) -> Vec<(String, String)> {
    let whole = (recorded.to_owned(), asked.to_owned());
    match (name, recorded.split_once('/'), asked.split_once('/')) {
        ("repository", Some(recorded), Some(asked)) => {
            vec![
                whole,
                (recorded.0.to_owned(), asked.0.to_owned()),
                (recorded.1.to_owned(), asked.1.to_owned()),
            ]
        }
        _ => vec![whole],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(Recordings::load().0.len(), EXCHANGES.lines().count());
    }

    #[test]
    fn a_recording_takes_the_names_that_are_asked_for() {
        let path = "/api/v1/repository/initech/mail/permissions/team/";
        let found = route::match_request("GET", path).unwrap_or_else(|| panic!("no operation"));
        let recorded = Recordings::load()
            .success_of(found.operation, &found.parameters, None)
            .unwrap_or_else(|| panic!("no recording"));
        assert_eq!(recorded.status, 200);
        let mut body = serde_json::json!({"namespace": "acme", "rows": ["acme/app00", "acme2"]});
        rename(
            &mut body,
            &spellings("repository", "acme/app00", "initech/mail"),
        );
        assert_eq!(
            body,
            serde_json::json!({"namespace": "initech", "rows": ["initech/mail", "acme2"]})
        );
    }
}
