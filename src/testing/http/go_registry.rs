//! Quay's registry in Go, as of August 2026.

use crate::testing::http::basic_auth;
use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::{RecordedRequest, Response};
use crate::types::RepositoryRole;
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

/// Everything below it is a repository: the first segment is the namespace, the rest the name.
const REPOSITORIES: &str = "/api/v1/repository/";

/// Responds to any request.
pub fn respond(state: &mut State, request: &RecordedRequest) -> Response {
    let path = request.path.split('?').next().unwrap_or_default();
    let path = percent_decode_str(path).decode_utf8_lossy();
    match path.as_ref() {
        "/healthz" if request.method == "GET" => json_line(200, &json!({"status": "ok"})),
        path if path.starts_with("/api/") => match repository(path) {
            None => error(404, "not found"),
            Some(_) if request.method != "DELETE" => {
                error(405, "method not allowed").header("allow", "DELETE")
            }
            Some(repository) => delete(state, request, repository),
        },
        // The rest is the protocol of registries, which is not part of the sandbox.
        _ => Response::text(404, "text/plain; charset=utf-8", "404 page not found\n"),
    }
}

/// Returns namespace and name of the repository that a path names.
fn repository(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix(REPOSITORIES)?;
    path.split_once('/')
        .filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty())
}

fn delete(
    state: &mut State,
    request: &RecordedRequest,
    (namespace, name): (&str, &str),
) -> Response {
    let caller = match caller(state, request) {
        Ok(caller) => caller,
        Err(reason) => {
            let realm = format!("Basic realm={:?}", state.host);
            return error(401, reason).header("www-authenticate", &realm);
        }
    };
    if state.repository(namespace, name).is_none() {
        return error(404, "repository not found");
    }
    let role = state.repository_role(&caller, (namespace, name));
    if role != Some(RepositoryRole::Admin) {
        return error(403, "forbidden");
    }
    state.remove_repository(namespace, name);
    Response::empty(204)
}

/// Returns the user or the robot account that the request logs in.
fn caller(state: &State, request: &RecordedRequest) -> Result<Caller, &'static str> {
    let header = request.header("authorization").unwrap_or_default();
    let scheme = header.split_whitespace().next().unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("basic") {
        return Err("authentication required");
    }
    basic_auth::parse(header)
        .ok()
        .and_then(|(user, password)| state.log_in(&user, &password))
        .ok_or("authentication failed")
}

fn error(status: u16, message: &str) -> Response {
    json_line(status, &json!({"error": message}))
}

/// Returns a response of JSON as Go writes it, with a line break at its end.
fn json_line(status: u16, body: &Value) -> Response {
    Response::text(status, "application/json", format!("{body}\n"))
}
