//! Teams of an organization and their members.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::teams::Team;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("updateOrganizationTeam", put),
    ("deleteOrganizationTeam", delete),
    ("getOrganizationTeamMembers", members),
    ("updateOrganizationTeamMember", add_member),
    ("deleteOrganizationTeamMember", remove_member),
    ("inviteTeamMemberEmail", invite),
    ("deleteTeamMemberEmailInvite", delete_invite),
    ("getOrganizationTeamPermissions", permissions),
];

fn view(state: &State, request: &ApiRequest<'_>, team: &Team, is_new: bool) -> Value {
    let is_admin =
        state.organization_role(&request.caller, request.path("orgname")) == Some(TeamRole::Admin);
    json!({
        "name": team.name, "description": team.description, "can_view": is_admin, "role": team.role,
        "avatar": views::team_avatar(&team.name), "new_team": is_new,
    })
}

fn put(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let role = TeamRole::from(body.one_of("role", &["member", "creator", "admin"])?);
    let description = body.string("description")?;
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let name = request.path("teamname");
    let (team, is_new) = state.put_team(&request.caller, organization, name, role, description)?;
    Ok(Response::ok(view(state, request, &team, is_new)))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    state.delete_team(&request.caller, organization, request.path("teamname"))?;
    Ok(Response::no_content())
}

fn member_view(state: &State, name: &str, invited: bool) -> Value {
    let is_robot = state.robots.contains_key(name);
    json!({"name": name, "kind": "user", "is_robot": is_robot, "avatar": views::avatar_of(state, name), "invited": invited})
}

fn invite_view(email: &str) -> Value {
    json!({"email": email, "kind": "invite", "avatar": views::avatar(email, email, "user"), "invited": true})
}

fn members(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.path("orgname");
    let role = state.organization_role(&request.caller, organization);
    let can_edit = role == Some(TeamRole::Admin);
    let team = state.team(organization, request.path("teamname"));
    let is_in = |team: &Team| request.user().is_some_and(|user| team.has(user));
    let can_view = can_edit || role.is_some() && team.is_some_and(is_in);
    if !can_view {
        return Err(request.caller.denied().into());
    }
    let team = team.ok_or(ErrorResponse::NotFound)?;
    let mut rows: Vec<Value> = team
        .members
        .iter()
        .map(|m| member_view(state, m, false))
        .collect();
    if request.query_flag("includePending", false) && can_edit {
        rows.extend(team.invites.iter().map(|email| invite_view(email)));
    }
    Ok(Response::ok(
        json!({"name": team.name, "members": rows, "can_edit": can_edit}),
    ))
}

fn add_member(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let (name, member) = (request.path("teamname"), request.path("membername"));
    state.add_team_member(&request.caller, organization, name, member)?;
    Ok(Response::ok(member_view(state, member, false)))
}

fn remove_member(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let (name, member) = (request.path("teamname"), request.path("membername"));
    state.remove_team_member(&request.caller, organization, name, member)?;
    Ok(Response::no_content())
}

fn invite(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let (name, email) = (request.path("teamname"), request.path("email"));
    state.invite_to_team(&request.caller, organization, name, email)?;
    Ok(Response::ok(invite_view(email)))
}

fn delete_invite(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let (name, email) = (request.path("teamname"), request.path("email"));
    state.delete_team_invite(&request.caller, organization, name, email)?;
    Ok(Response::no_content())
}

fn permissions(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let name = request.path("teamname");
    state
        .team(organization, name)
        .ok_or(ErrorResponse::NotFound)?;
    let granted = state
        .repositories_of(organization)
        .into_iter()
        .filter_map(|r| Some(views::permission(r, r.teams.get(name)?)));
    Ok(Response::ok(
        json!({"permissions": granted.collect::<Vec<_>>()}),
    ))
}
