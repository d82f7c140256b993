//! How operations are answered: one file an area, each with a table of operations and the functions
//! that answer them.
//!
//! A function reads and changes the [`State`], and gives an [`Response`] or a [`ErrorResponse`]. An
//! operation that is in no table is answered by a recording.

mod app_tokens;
mod applications;
mod autoprune_policies;
mod builds;
mod default_permissions;
mod discovery;
mod federation;
mod gone;
mod immutability_policies;
mod logs;
mod manifests;
mod members;
mod messages;
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
mod service_keys;
mod stars;
mod superuser;
mod tags;
mod teams;
mod triggers;
mod users;
mod views;

use crate::testing::http::call::Call;
use crate::testing::recordings::Recordings;
use crate::testing::state::State;
use crate::testing::state::places::Place;
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, RepositoryState, TeamRole};
use serde_json::{Value, json};

/// Answers a call of one operation.
pub type Handler = fn(&mut State, &Call<'_>) -> Outcome;

/// What a call leads to.
pub type Outcome = Result<Response, ErrorResponse>;

/// The functions of an area, by the operations that they answer.
pub type Routes = &'static [(&'static str, Handler)];

/// Every area.
const AREAS: &[Routes] = &[
    app_tokens::ROUTES,
    applications::ROUTES,
    autoprune_policies::ROUTES,
    builds::ROUTES,
    default_permissions::ROUTES,
    federation::ROUTES,
    discovery::ROUTES,
    gone::ROUTES,
    immutability_policies::ROUTES,
    logs::ROUTES,
    manifests::ROUTES,
    members::ROUTES,
    messages::ROUTES,
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
    service_keys::ROUTES,
    stars::ROUTES,
    superuser::ROUTES,
    tags::ROUTES,
    teams::ROUTES,
    triggers::ROUTES,
    users::ROUTES,
];

/// The function that answers an operation, if one does.
pub fn handler_of(operation: &str) -> Option<Handler> {
    AREAS
        .iter()
        .flat_map(|routes| routes.iter())
        .find(|(id, _)| *id == operation)
        .map(|(_, handler)| *handler)
}

/// Operations that Quay answers outside its API, where no token and no protection against forged
/// requests is asked for.
const OPEN: [&str; 1] = ["initializeUser"];

/// Answers a call from the state, or else from a recording.
pub fn answer(world: &mut State, call: &Call<'_>, recordings: &Recordings) -> Response {
    let is_write = call.operation.method() != "GET";
    if is_write && call.token.is_none() && !OPEN.contains(&call.operation.id()) {
        return ErrorResponse::Csrf.into();
    }
    let outcome = match handler_of(call.operation.id()) {
        Some(handler) => handler(world, call),
        None => recorded(world, call, recordings),
    };
    outcome.unwrap_or_else(Response::from)
}

/// Answers from a recording, if the caller may do such a thing at all.
fn recorded(world: &State, call: &Call<'_>, recordings: &Recordings) -> Outcome {
    let scope = call.operation.scope();
    if call.operation.needs_superuser() {
        world.may_as_superuser(call)?;
    } else if let Some(token) = &call.token {
        let is_covered = |scope: &str| match scope {
            "repo:read" => ["repo:read", "repo:write", "repo:admin"]
                .iter()
                .any(|s| token.has(s)),
            "repo:write" => token.has("repo:write") || token.has("repo:admin"),
            other => token.has(other),
        };
        if scope.is_some_and(|scope| !is_covered(scope) && !world.is_superuser(call)) {
            return Err(world.unauthorized(call));
        }
    } else if scope.is_some() {
        let (namespace, name) = call.repository();
        let is_public = world
            .repository(namespace, name)
            .is_some_and(|r| r.is_public());
        if scope != Some("repo:read") || !is_public {
            return Err(ErrorResponse::Unauthenticated);
        }
    }
    recordings
        .of(
            call.operation,
            &call.parameters,
            call.received.body.as_ref(),
        )
        .ok_or(ErrorResponse::Internal)
}

/// The repository in the path, if it can be written to: a role is not enough where it is read-only
/// or a mirror.
fn writable<'c>(
    world: &State,
    call: &'c Call<'_>,
    role: RepositoryRole,
) -> Result<(&'c str, &'c str), ErrorResponse> {
    let path = world.may(call, role)?;
    let state = match world.repository(path.0, path.1).map(|r| &r.state) {
        None | Some(RepositoryState::Normal) => return Ok(path),
        Some(RepositoryState::ReadOnly) => 1,
        Some(RepositoryState::Mirror) => 2,
        Some(_) => 4,
    };
    Err(ErrorResponse::Message(
        503,
        format!("Repository is in read only or mirror mode: {state}").into(),
    ))
}

/// The place whose things are meant: the repository or the organization in the path, or the
/// caller's namespace. Only who administers it may.
fn administered(world: &State, call: &Call<'_>) -> Result<Place, ErrorResponse> {
    if call.parameters.contains_key("repository") {
        world
            .may(call, RepositoryRole::Admin)
            .map(Place::repository)
    } else if call.parameters.contains_key("orgname") {
        world.may_in(call, TeamRole::Admin).map(Place::namespace_of)
    } else {
        world.may_as_user(call).map(Place::namespace_of)
    }
}

/// Whether there is such a place.
fn exists(world: &State, place: &Place) -> bool {
    match place.name() {
        Some(name) => world.repository(place.namespace(), name).is_some(),
        None => world.is_namespace(place.namespace()),
    }
}

/// The rows of a listing and, if there is one, the token of its next page.
fn paged(name: &str, rows: Vec<Value>, next: Option<String>) -> Response {
    let mut body = json!({name: rows});
    if let (Value::Object(members), Some(next)) = (&mut body, next) {
        members.insert("next_page".to_owned(), next.into());
    }
    Response::ok(body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OPERATIONS;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_is_answered_by_a_function_or_by_a_recording() {
        let (known, recordings) = (
            OPERATIONS.iter().map(|o| o.id()).collect::<BTreeSet<_>>(),
            Recordings::load(),
        );
        let mut stateful = BTreeSet::new();
        for (id, _) in AREAS.iter().flat_map(|routes| routes.iter()) {
            assert!(known.contains(id), "{id} is no operation");
            assert!(stateful.insert(*id), "{id} is answered twice");
        }
        let is_recorded = |id: &str| {
            let operation = OPERATIONS.iter().find(|o| o.id() == id);
            operation.is_some_and(|o| recordings.of(o, &Default::default(), None).is_some())
        };
        let missing: Vec<&str> = known
            .difference(&stateful)
            .copied()
            .filter(|id| !is_recorded(id))
            .collect();
        assert!(
            missing.is_empty(),
            "neither answered nor recorded: {missing:?}"
        );
        println!(
            "{} of {} operations have state:",
            stateful.len(),
            known.len()
        );
        stateful.iter().for_each(|id| println!("  {id}"));
    }
}
