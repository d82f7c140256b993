//! Teams of an organization and who is in them.

use super::{Outcome, Routes, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::Team;
use crate::testing::state::default_permissions::Delegate;
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

fn team<'w>(world: &'w mut State, call: &Call<'_>) -> Option<&'w mut Team> {
    world
        .organizations
        .get_mut(call.path("orgname"))?
        .teams
        .get_mut(call.path("teamname"))
}

/// The teams in which a user administers an organization.
fn owned_by(world: &State, organization: &str, user: &str) -> Vec<String> {
    world
        .teams_of(organization, user)
        .filter(|t| t.role == TeamRole::Admin)
        .map(|t| t.name.clone())
        .collect()
}

fn view(world: &State, call: &Call<'_>, team: &Team, is_new: bool) -> Value {
    let is_admin = world.organization_role(call, call.path("orgname")) == Some(TeamRole::Admin);
    json!({
        "name": team.name, "description": team.description, "can_view": is_admin, "role": team.role,
        "avatar": views::team_avatar(&team.name), "new_team": is_new,
    })
}

fn put(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let role = TeamRole::from(body.one_of("role", &["member", "creator", "admin"])?);
    let description = body.text("description")?;
    let organization = world.may_in(call, TeamRole::Admin)?;
    let name = call.path("teamname");
    let owned = owned_by(world, organization, call.user().unwrap_or_default());
    let Some(team) = team(world, call) else {
        let team = world
            .create_team(organization, name, role, description.unwrap_or_default())?
            .clone();
        world.log(
            call,
            "org_create_team",
            organization,
            None,
            json!({"team": name}),
        );
        return Ok(Response::ok(view(world, call, &team, true)));
    };
    let mut entries = Vec::new();
    if let Some(description) = description.filter(|d| *d != team.description) {
        description.clone_into(&mut team.description);
        entries.push((
            "org_set_team_description",
            json!({"team": name, "description": description}),
        ));
    }
    if team.role != role {
        if team.role == TeamRole::Admin && owned.len() <= 1 && owned.iter().any(|o| o == name) {
            return Err(ErrorResponse::message(format!(
                "Cannot remove admin from team '{name}' because calling user would no longer have admin on org '{organization}'"
            )));
        }
        team.role = role.clone();
        entries.push(("org_set_team_role", json!({"team": name, "role": role})));
    }
    let team = team.clone();
    for (kind, metadata) in entries {
        world.log(call, kind, organization, None, metadata);
    }
    Ok(Response::ok(view(world, call, &team, false)))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let (name, user) = (call.path("teamname"), call.user().unwrap_or_default());
    let owned = owned_by(world, organization, user);
    let missing = || {
        ErrorResponse::message(format!(
            "Team '{name}' is not a team in org '{organization}'"
        ))
    };
    let role = team(world, call).ok_or_else(missing)?.role.clone();
    if role == TeamRole::Admin && owned == [name] {
        return Err(ErrorResponse::message(format!(
            "Deleting team '{name}' would remove admin ability for user '{user}' in organization '{organization}'"
        )));
    }
    world
        .organizations
        .entry(organization.to_owned())
        .and_modify(|o| {
            o.teams.remove(name);
            o.default_permissions
                .retain(|p| p.delegate != Delegate::Team(name.to_owned()));
        });
    for repository in world
        .repositories
        .values_mut()
        .filter(|r| r.namespace == organization)
    {
        repository.teams.remove(name);
    }
    world.log(
        call,
        "org_delete_team",
        organization,
        None,
        json!({"team": name}),
    );
    Ok(Response::no_content())
}

fn member_view(world: &State, name: &str, invited: bool) -> Value {
    let is_robot = world.robots.contains_key(name);
    json!({"name": name, "kind": "user", "is_robot": is_robot, "avatar": views::avatar_of(world, name), "invited": invited})
}

fn invite_view(email: &str) -> Value {
    json!({"email": email, "kind": "invite", "avatar": views::avatar(email, email, "user"), "invited": true})
}

fn members(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = call.path("orgname");
    let can_edit = world.organization_role(call, organization) == Some(TeamRole::Admin);
    let has_role = world.organization_role(call, organization).is_some();
    let is_in = |team: &&mut Team| {
        call.user()
            .is_some_and(|user| team.members.iter().any(|m| m == user))
    };
    let found = team(world, call);
    let can_view = can_edit || has_role && found.as_ref().is_some_and(is_in);
    if !can_view {
        return Err(world.unauthorized(call));
    }
    let team = found.ok_or(ErrorResponse::NotFound)?.clone();
    let mut rows: Vec<Value> = team
        .members
        .iter()
        .map(|m| member_view(world, m, false))
        .collect();
    if call.flag("includePending", false) && can_edit {
        rows.extend(team.invites.iter().map(|email| invite_view(email)));
    }
    Ok(Response::ok(
        json!({"name": team.name, "members": rows, "can_edit": can_edit}),
    ))
}

fn add_member(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let (name, member) = (call.path("teamname"), call.path("membername"));
    let is_known = world.users.contains_key(member) || world.robots.contains_key(member);
    let team = team(world, call).ok_or(ErrorResponse::NotFound)?;
    if !is_known {
        return Err(ErrorResponse::invalid("Unknown user"));
    }
    if team.members.iter().any(|m| m == member) {
        return Err(ErrorResponse::message(format!(
            "User {member} is already a member of team {name}"
        )));
    }
    team.members.push(member.to_owned());
    world.log(
        call,
        "org_add_team_member",
        organization,
        None,
        json!({"member": member, "team": name}),
    );
    Ok(Response::ok(member_view(world, member, false)))
}

fn remove_member(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let (name, member) = (call.path("teamname"), call.path("membername"));
    let is_known = world.users.contains_key(member) || world.robots.contains_key(member);
    let owned = owned_by(world, organization, member);
    let team = team(world, call)
        .filter(|_| is_known)
        .ok_or(ErrorResponse::NotFound)?;
    let Some(place) = team.members.iter().position(|m| m == member) else {
        return Err(ErrorResponse::message(format!(
            "User {member} does not belong to team {name}"
        )));
    };
    if call.user() == Some(member) && owned == [name] {
        return Err(ErrorResponse::message(
            "User cannot remove themselves from their only admin team.",
        ));
    }
    team.members.remove(place);
    world.log(
        call,
        "org_remove_team_member",
        organization,
        None,
        json!({"member": member, "team": name}),
    );
    Ok(Response::no_content())
}

fn invite(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let email = call.path("email");
    let team = team(world, call).ok_or(ErrorResponse::NotFound)?;
    if !team.invites.iter().any(|invited| invited == email) {
        team.invites.push(email.to_owned());
    }
    let metadata = json!({"email": email, "team": call.path("teamname"), "member": email});
    world.log(call, "org_invite_team_member", organization, None, metadata);
    Ok(Response::ok(invite_view(email)))
}

fn delete_invite(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let email = call.path("email");
    let team = team(world, call).ok_or(ErrorResponse::NotFound)?;
    let place = team
        .invites
        .iter()
        .position(|invited| invited == email)
        .ok_or(ErrorResponse::NotFound)?;
    team.invites.remove(place);
    let metadata = json!({"email": email, "team": call.path("teamname"), "member": email});
    world.log(
        call,
        "org_delete_team_member_invite",
        organization,
        None,
        metadata,
    );
    Ok(Response::no_content())
}

fn permissions(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let name = team(world, call)
        .ok_or(ErrorResponse::NotFound)?
        .name
        .clone();
    let granted = world
        .repositories_of(organization)
        .into_iter()
        .filter_map(|r| Some((r, r.teams.get(&name)?)));
    let rows: Vec<Value> =
        granted.map(|(r, role)| json!({"repository": {"name": r.name, "is_public": r.is_public()}, "role": role})).collect();
    Ok(Response::ok(json!({"permissions": rows})))
}
