//! The recorded exchanges, and which of them answers a request.

use super::{Answer, Received};
use crate::OPERATIONS;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// Exchanges with a real Quay server, one JSON object a line; secrets are replaced by random ones of the same form.
const EXCHANGES: &str = include_str!("exchanges.jsonl");

#[derive(Debug)]
pub(super) struct Recordings(Vec<Exchange>);

/// One recorded request and its answer.
#[derive(Debug, Deserialize)]
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
        // A test reads every line of the file; what can't be read would only be missing here.
        Self(EXCHANGES.lines().filter_map(|line| serde_json::from_str(line).ok()).collect())
    }

    /// The recording that comes nearest to a request: the same request, else one that differs in its body, else in its query as well, else a
    /// success of the same operation. Among equals a success goes first, then the one whose body has more in common.
    pub fn answer(&self, request: &Received) -> Answer {
        let best = self.0.iter().filter_map(|e| e.likeness(request).map(|l| ((l, e.status < 300, e.members_shared(request)), e)));
        // The first of the best: `max_by_key` would take the last.
        let best = best.reduce(|a, b| if b.0 > a.0 { b } else { a });
        match best {
            Some((_, exchange)) => exchange.answer(),
            None => Answer::text(
                404,
                "text/html; charset=utf-8",
                "<!DOCTYPE html>\n<html><head><title>Quay</title></head><body></body></html>\n",
            ),
        }
    }
}

impl Exchange {
    /// How near it comes to a request; `None` if it has nothing to do with it. Of two routes that fit, the one that says more of the path comes nearer: a
    /// nested repository could be called anything.
    fn likeness(&self, request: &Received) -> Option<(u8, usize)> {
        if self.method != request.method {
            return None;
        }
        let (path, query) = split(&self.path);
        let (asked_path, asked_query) = split(&request.path);
        if path == asked_path {
            let level = match (query == asked_query, self.request_body == request.body) {
                (true, true) => 3,
                (true, false) => 2,
                (false, _) => 1,
            };
            return Some((level, 0));
        }
        let operation = OPERATIONS.iter().find(|o| Some(o.id()) == self.operation_id.as_deref())?;
        let literal = operation.path().split('/').filter(|part| !part.starts_with('{')).count();
        (self.status < 300 && is_route(operation.path(), asked_path)).then_some((0, literal))
    }

    /// How many members of the body are the same.
    fn members_shared(&self, request: &Received) -> usize {
        match (&self.request_body, &request.body) {
            (Some(Value::Object(ours)), Some(Value::Object(asked))) => {
                ours.iter().filter(|(name, value)| asked.get(*name) == Some(value)).count()
            }
            _ => 0,
        }
    }

    /// What the server answered.
    pub fn answer(&self) -> Answer {
        let is_json = self.content_type.as_deref().unwrap_or_default().contains("json");
        let body = match &self.response_body {
            // Null was recorded like nothing.
            None if is_json => "null".to_owned(),
            None => String::new(),
            // What is not JSON was recorded as a text.
            Some(Value::String(text)) if !is_json => text.clone(),
            Some(body) => body.to_string(),
        };
        let mut answer = match &self.content_type {
            Some(content_type) => Answer::text(self.status, content_type, if self.status == 204 { String::new() } else { body }),
            None => Answer::text(self.status, "application/json", String::new()),
        };
        for (name, value) in &self.response_headers {
            answer = answer.header(name, value);
        }
        answer
    }
}

#[cfg(test)]
impl Exchange {
    /// The exchanges that are part of the crate.
    pub const COMMITTED: &str = EXCHANGES;

    /// What a refusal says, wherever in its body; empty if it says nothing.
    pub fn message(&self) -> String {
        let text = |value: &Value| value.as_str().map(|t| t.split_whitespace().collect::<Vec<_>>().join(" "));
        match &self.response_body {
            Some(Value::Object(body)) => {
                ["error_message", "detail", "message", "error"].iter().find_map(|n| body.get(*n).and_then(text)).unwrap_or_default()
            }
            _ => String::new(),
        }
    }
}

fn split(path: &str) -> (&str, BTreeSet<(String, String)>) {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    (path, url::form_urlencoded::parse(query.as_bytes()).into_owned().collect())
}

/// The operation behind a request: of the routes that fit, the one that says most of the path.
pub(super) fn operation_of(method: &str, path: &str) -> Option<&'static crate::Operation> {
    let (path, _) = split(path);
    let fitting = OPERATIONS.iter().filter(|o| o.method() == method && is_route(o.path(), path));
    fitting.max_by_key(|o| o.path().split('/').filter(|part| !part.starts_with('{')).count())
}

/// Whether a path is of a route; `{repository}` takes two segments or more.
fn is_route(route: &str, path: &str) -> bool {
    fn fits(route: &[&str], path: &[&str]) -> bool {
        match (route, path) {
            ([], []) => true,
            (["{repository}", route @ ..], [_, _, rest @ ..]) => (0..=rest.len()).any(|n| fits(route, &rest[n..])),
            (["{repository}", ..], _) => false,
            ([part, route @ ..], [segment, path @ ..]) => {
                (part == segment || part.starts_with('{') && !segment.is_empty()) && fits(route, path)
            }
            _ => false,
        }
    }
    fits(&route.split('/').collect::<Vec<_>>(), &path.split('/').collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_read() {
        assert_eq!(Recordings::load().0.len(), EXCHANGES.lines().count());
    }

    #[test]
    fn routes_take_nested_repositories() {
        for (route, path, fits) in [
            ("/api/v1/repository/{repository}/tag/", "/api/v1/repository/acme/web/tag/", true),
            ("/api/v1/repository/{repository}/tag/", "/api/v1/repository/acme/team/web/tag/", true),
            ("/api/v1/repository/{repository}", "/api/v1/repository/acme", false),
            ("/api/v1/user/", "/api/v1/user/", true),
            ("/api/v1/message/{uuid}", "/api/v1/message/", false),
        ] {
            assert_eq!(is_route(route, path), fits, "{route} {path}");
        }
    }
}
