//! Who is in an organization, and who works with it from outside.

use super::{Outcome, Routes, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::Team;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const ROUTES: Routes = &[
    ("getOrganizationMembers", list),
    ("getOrganizationMember", get),
    ("removeOrganizationMember", remove),
    ("getOrganizationCollaborators", collaborators),
];

/// The organization in the path, which the caller has to own.
fn owned<'c>(world: &State, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
    let name = world.may_in(call, TeamRole::Admin)?;
    world
        .organizations
        .get(name)
        .map(|_| name)
        .ok_or(ErrorResponse::NotFound)
}

/// The users in the teams of an organization, in the order in which they came into the oldest team.
fn members(world: &State, organization: &str) -> Vec<String> {
    let mut teams: Vec<&Team> = world
        .organizations
        .get(organization)
        .into_iter()
        .flat_map(|o| o.teams.values())
        .collect();
    teams.sort_by_key(|t| t.id);
    let mut seen = BTreeSet::new();
    let members = teams
        .into_iter()
        .flat_map(|t| &t.members)
        .filter(|m| world.users.contains_key(*m) && seen.insert(*m));
    members.cloned().collect()
}

/// The repositories of an organization in which someone was granted something directly.
fn repositories(world: &State, organization: &str, name: &str) -> Vec<String> {
    let granted = world
        .repositories_of(organization)
        .into_iter()
        .filter(|r| r.users.contains_key(name));
    granted.map(|r| r.name.clone()).collect()
}

fn member_view(world: &State, organization: &str, name: &str, kind: &str) -> Value {
    let team = |team: &Team| json!({"name": team.name, "avatar": views::team_avatar(&team.name)});
    let teams: Vec<Value> = world.teams_of(organization, name).map(team).collect();
    let avatar = views::avatar_of(world, name);
    json!({"name": name, "kind": kind, "avatar": avatar, "teams": teams, "repositories": repositories(world, organization, name)})
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = owned(world, call)?;
    let rows: Vec<Value> = members(world, organization)
        .iter()
        .map(|name| member_view(world, organization, name, "user"))
        .collect();
    Ok(Response::ok(json!({"members": rows})))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let name = call.path("membername");
    let robot = world.robots.get(name);
    if robot.is_none() && !world.users.contains_key(name) || !world.is_namespace(organization) {
        return Err(ErrorResponse::NotFound);
    }
    let is_member = world.teams_of(organization, name).next().is_some()
        || robot.is_some_and(|r| r.namespace() == organization);
    let kind = if robot.is_some() { "robot" } else { "user" };
    if is_member {
        Ok(Response::ok(member_view(world, organization, name, kind)))
    } else {
        Err(ErrorResponse::NotFound)
    }
}

fn remove(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let name = call.path("membername");
    if !world.users.contains_key(name) {
        return Err(ErrorResponse::NotFound);
    }
    let teams = &mut world
        .organizations
        .get_mut(organization)
        .ok_or(ErrorResponse::NotFound)?
        .teams;
    let owners: BTreeSet<&String> = teams
        .values()
        .filter(|t| t.role == TeamRole::Admin)
        .flat_map(|t| &t.members)
        .collect();
    if owners.len() == 1 && owners.iter().all(|owner| *owner == name) {
        return Err(ErrorResponse::message(
            "Cannot remove user as they are the only organization admin",
        ));
    }
    teams
        .values_mut()
        .for_each(|team| team.members.retain(|m| m != name));
    for repository in world
        .repositories
        .values_mut()
        .filter(|r| r.namespace == organization)
    {
        repository.users.remove(name);
    }
    Ok(Response::no_content())
}

fn collaborators(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = owned(world, call)?;
    let members = members(world, organization);
    let granted = world
        .repositories_of(organization)
        .into_iter()
        .flat_map(|r| r.users.keys());
    let outside: BTreeSet<&String> = granted
        .filter(|name| world.users.contains_key(*name) && !members.contains(name))
        .collect();
    let row = |name: &&String| json!({"kind": "user", "name": name, "avatar": views::avatar_of(world, name), "repositories": repositories(world, organization, name)});
    Ok(Response::ok(
        json!({"collaborators": outside.iter().map(row).collect::<Vec<_>>()}),
    ))
}
