//! The roles of users, robot accounts and teams in repositories.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::repositories::Repository;
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listRepoUserPermissions", list_users),
    ("getUserPermissions", get_user),
    ("getUserTransitivePermission", get_transitive),
    ("changeUserPermissions", put_user),
    ("deleteUserPermissions", delete_user),
    ("listRepoTeamPermissions", list_teams),
    ("getTeamPermissions", get_team),
    ("changeTeamPermissions", put_team),
    ("deleteTeamPermissions", delete_team),
];

const ROLES: [&str; 3] = ["read", "write", "admin"];

fn no_permission(who: &str) -> ErrorResponse {
    ErrorResponse::message(format!("{who} does not have permission for repo."))
}

/// Returns the repository in the path, if it exists; the caller has to administer it.
fn administered<'s>(
    state: &'s State,
    request: &ApiRequest<'_>,
) -> Result<Option<&'s Repository>, StateError> {
    let (namespace, name) = request.repository_as(state, RepositoryRole::Admin)?;
    Ok(state.repository(namespace, name))
}

fn user_view(state: &State, namespace: &str, user: &str, role: &RepositoryRole) -> Value {
    let is_robot = state.robots.contains_key(user);
    let mut view = json!({"role": role, "name": user, "is_robot": is_robot, "avatar": views::avatar_of(state, user)});
    if state.organizations.contains_key(namespace) {
        view["is_org_member"] =
            (is_robot || state.teams_of(namespace, user).next().is_some()).into();
    }
    view
}

fn team_view(team: &str, role: &RepositoryRole) -> Value {
    json!({"role": role, "name": team, "avatar": views::team_avatar(team)})
}

fn list_users(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let rows = administered(state, request)?
        .into_iter()
        .flat_map(|r| r.users.iter().map(move |(user, role)| (r, user, role)));
    let rows = rows
        .map(|(r, user, role)| (user.clone(), user_view(state, &r.namespace, user, role)))
        .collect();
    Ok(Response::ok(json!({"permissions": Value::Object(rows)})))
}

fn get_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.path("username");
    let repository = administered(state, request)?;
    let found = repository.and_then(|r| Some((r, r.users.get(user)?)));
    let (repository, role) = found.ok_or_else(|| no_permission("User"))?;
    Ok(Response::ok(user_view(
        state,
        &repository.namespace,
        user,
        role,
    )))
}

/// Responds with everything that a user was granted, by teams as well.
fn get_transitive(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    administered(state, request)?;
    let granted = state.granted(request.path("username"), request.repository());
    if granted.is_empty() {
        return Err(ErrorResponse::NotFound);
    }
    let rows: Vec<Value> = granted.iter().map(|role| json!({"role": role})).collect();
    Ok(Response::ok(json!({"permissions": rows})))
}

fn put_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    let role = RepositoryRole::from(request.body()?.one_of("role", &ROLES)?);
    let user = request.path("username");
    state.grant_user(&request.caller, path, user, &role)?;
    Ok(Response::ok(user_view(state, path.0, user, &role)))
}

fn delete_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    state.revoke_user(&request.caller, path, request.path("username"))?;
    Ok(Response::no_content())
}

fn list_teams(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let rows = administered(state, request)?
        .into_iter()
        .flat_map(|r| &r.teams);
    let rows = rows
        .map(|(team, role)| (team.clone(), team_view(team, role)))
        .collect();
    Ok(Response::ok(json!({"permissions": Value::Object(rows)})))
}

fn get_team(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let role = administered(state, request)?.and_then(|r| r.teams.get(request.path("teamname")));
    Ok(Response::ok(
        json!({"role": role.ok_or_else(|| no_permission("Team"))?}),
    ))
}

fn put_team(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    let role = RepositoryRole::from(request.body()?.one_of("role", &ROLES)?);
    let team = request.path("teamname");
    state.grant_team(&request.caller, path, team, &role)?;
    Ok(Response::ok(team_view(team, &role)))
}

fn delete_team(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    state.revoke_team(&request.caller, path, request.path("teamname"))?;
    Ok(Response::no_content())
}
