//! The handlers of operations: one file an area, each with a table of its operations.
//!
//! A handler parses the request, calls the [`State`], and shows the result as Quay does; errors of
//! the state become error responses by `?`. An operation without a handler gets a recorded
//! response.

mod app_tokens;
mod applications;
mod autoprune_policies;
mod builds;
mod default_permissions;
mod immutability_policies;
mod logs;
mod manifests;
mod members;
mod mirror_health;
mod mirrors;
mod notices;
mod notifications;
mod organization_mirrors;
mod organizations;
mod permissions;
mod proxy_caches;
mod pull_statistics;
mod quotas;
mod repositories;
mod robots;
mod search;
mod server;
mod service_keys;
mod superuser;
mod tags;
mod teams;
mod triggers;
mod users;
mod views;

use crate::testing::http::api_request::ApiRequest;
use crate::testing::recordings::Recordings;
use crate::testing::state::State;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

/// Handles the requests of one operation.
pub type Handler = fn(&mut State, &ApiRequest<'_>) -> HandlerResult;

/// The response to a request, or the error response.
pub type HandlerResult = Result<Response, ErrorResponse>;

/// The handlers of an area, by their operations.
pub type Routes = &'static [(&'static str, Handler)];

/// The tables of every area.
const AREAS: &[Routes] = &[
    app_tokens::ROUTES,
    applications::ROUTES,
    autoprune_policies::ROUTES,
    builds::ROUTES,
    default_permissions::ROUTES,
    immutability_policies::ROUTES,
    logs::ROUTES,
    manifests::ROUTES,
    members::ROUTES,
    mirror_health::ROUTES,
    mirrors::ROUTES,
    notices::ROUTES,
    notifications::ROUTES,
    organization_mirrors::ROUTES,
    organizations::ROUTES,
    permissions::ROUTES,
    proxy_caches::ROUTES,
    pull_statistics::ROUTES,
    quotas::ROUTES,
    repositories::ROUTES,
    robots::ROUTES,
    search::ROUTES,
    server::ROUTES,
    service_keys::ROUTES,
    superuser::ROUTES,
    tags::ROUTES,
    teams::ROUTES,
    triggers::ROUTES,
    users::ROUTES,
];

/// Returns the handler of an operation, if it has one.
fn handler_of(operation: &str) -> Option<Handler> {
    AREAS
        .iter()
        .flat_map(|routes| routes.iter())
        .find(|(id, _)| *id == operation)
        .map(|(_, handler)| *handler)
}

/// Operations outside Quay's API, which need neither a token nor protection against forged
/// requests.
const OPEN: [&str; 1] = ["initializeUser"];

/// Writes that a read-only registry accepts.
const ALLOWED_IF_READ_ONLY: [&str; 3] = [
    "retrieveExternalLoginAuthorizationUrl",
    "signinUser",
    "verifyUser",
];

/// A read that a read-only registry rejects, since it deletes the notices about its rows.
const READ_WITH_EFFECT: &str = "listAssignedAuthorizations";

/// Responds to a request from the state, or else from a recording.
pub fn handle(state: &mut State, request: &ApiRequest<'_>, recordings: &Recordings) -> Response {
    let id = request.operation.id();
    let is_write = request.operation.method() != "GET";
    if is_write && request.caller.token().is_none() && !OPEN.contains(&id) {
        return ErrorResponse::Csrf.into();
    }
    let needs_write = is_write && !ALLOWED_IF_READ_ONLY.contains(&id) || id == READ_WITH_EFFECT;
    if state.is_read_only && needs_write && !OPEN.contains(&id) {
        return ErrorResponse::ReadOnly.into();
    }
    let result = match handler_of(id) {
        Some(handler) => handler(state, request),
        None => recorded(state, request, recordings),
    };
    result.unwrap_or_else(Response::from)
}

/// Responds from a recording, if the caller may use the operation at all.
fn recorded(state: &State, request: &ApiRequest<'_>, recordings: &Recordings) -> HandlerResult {
    if request.operation.needs_superuser() {
        request.as_superuser(state)?;
    } else if let Some(scope) = request.operation.scope() {
        state.require_scope(&request.caller, scope, request.repository())?;
    }
    recordings
        .success_of(
            request.operation,
            &request.parameters,
            request.recorded.body.as_ref(),
        )
        .ok_or(ErrorResponse::Internal)
}

/// Returns the rows of a page, and the token of the next page if there is one.
fn paged(name: &str, rows: Vec<Value>, next: Option<String>) -> Response {
    let mut body = json!({name: rows});
    if let (Value::Object(fields), Some(next)) = (&mut body, next) {
        fields.insert("next_page".to_owned(), next.into());
    }
    Response::ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{OPERATIONS, Operation};
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_handler_or_a_recording() {
        let (known, recordings) = (
            OPERATIONS.iter().map(|o| o.id()).collect::<BTreeSet<_>>(),
            Recordings::load(),
        );
        let mut stateful = BTreeSet::new();
        for (id, _) in AREAS.iter().flat_map(|routes| routes.iter()) {
            assert!(known.contains(id), "{id} is no operation");
            assert!(stateful.insert(*id), "{id} has two handlers");
        }
        let is_recorded = |id: &str| {
            Operation::find(id).is_some_and(|o| {
                recordings
                    .success_of(o, &Default::default(), None)
                    .is_some()
            })
        };
        let missing: Vec<&str> = known
            .difference(&stateful)
            .copied()
            .filter(|id| !is_recorded(id))
            .collect();
        assert!(
            missing.is_empty(),
            "neither handled nor recorded: {missing:?}"
        );
        println!(
            "{} of {} operations have state:",
            stateful.len(),
            known.len()
        );
        stateful.iter().for_each(|id| println!("  {id}"));
    }
}
