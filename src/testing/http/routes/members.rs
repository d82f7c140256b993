//! Members of organizations, and outside collaborators.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::teams::Team;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrganizationMembers", list),
    ("getOrganizationMember", get),
    ("removeOrganizationMember", remove),
    ("getOrganizationCollaborators", collaborators),
];

/// Returns the repositories of an organization in which someone was granted something directly.
fn repositories(state: &State, organization: &str, name: &str) -> Vec<String> {
    let granted = state
        .repositories_of(organization)
        .into_iter()
        .filter(|r| r.users.contains_key(name));
    granted.map(|r| r.name.clone()).collect()
}

fn member_view(state: &State, organization: &str, name: &str, kind: &str) -> Value {
    let team = |team: &Team| json!({"name": team.name, "avatar": views::team_avatar(&team.name)});
    let teams: Vec<Value> = state.teams_of(organization, name).map(team).collect();
    let avatar = views::avatar_of(state, name);
    json!({"name": name, "kind": kind, "avatar": avatar, "teams": teams, "repositories": repositories(state, organization, name)})
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    state.organization(organization)?;
    let rows: Vec<Value> = state
        .members_of(organization)
        .iter()
        .map(|name| member_view(state, organization, name, "user"))
        .collect();
    Ok(Response::ok(json!({"members": rows})))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let name = request.path("membername");
    let robot = state.robots.get(name);
    if robot.is_none() && !state.users.contains_key(name) || !state.is_namespace(organization) {
        return Err(ErrorResponse::NotFound);
    }
    let is_member = state.teams_of(organization, name).next().is_some()
        || robot.is_some_and(|r| r.namespace() == organization);
    let kind = if robot.is_some() { "robot" } else { "user" };
    if is_member {
        Ok(Response::ok(member_view(state, organization, name, kind)))
    } else {
        Err(ErrorResponse::NotFound)
    }
}

fn remove(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    state.remove_organization_member(organization, request.path("membername"))?;
    Ok(Response::no_content())
}

fn collaborators(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    state.organization(organization)?;
    let row = |name: &str| {
        json!({
            "kind": "user", "name": name, "avatar": views::avatar_of(state, name),
            "repositories": repositories(state, organization, name),
        })
    };
    let rows: Vec<Value> = state
        .collaborators_of(organization)
        .into_iter()
        .map(row)
        .collect();
    Ok(Response::ok(json!({"collaborators": rows})))
}
