//! What users, robots and teams may in a repository.

use super::{Outcome, Routes, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
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

/// The repository in the path, of which the caller has to be an administrator.
fn administered<'w>(
    world: &'w State,
    call: &Call<'_>,
) -> Result<Option<&'w Repository>, ErrorResponse> {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    Ok(world.repository(namespace, name))
}

fn user_view(world: &State, namespace: &str, user: &str, role: &RepositoryRole) -> Value {
    let is_robot = world.robots.contains_key(user);
    let mut view = json!({"role": role, "name": user, "is_robot": is_robot, "avatar": views::avatar_of(world, user)});
    if world.organizations.contains_key(namespace) {
        view["is_org_member"] =
            (is_robot || world.teams_of(namespace, user).next().is_some()).into();
    }
    view
}

fn team_view(team: &str, role: &RepositoryRole) -> Value {
    json!({"role": role, "name": team, "avatar": views::team_avatar(team)})
}

fn list_users(world: &mut State, call: &Call<'_>) -> Outcome {
    let rows = administered(world, call)?
        .into_iter()
        .flat_map(|r| r.users.iter().map(move |(user, role)| (r, user, role)));
    let rows = rows
        .map(|(r, user, role)| (user.clone(), user_view(world, &r.namespace, user, role)))
        .collect();
    Ok(Response::ok(json!({"permissions": Value::Object(rows)})))
}

fn get_user(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = call.path("username");
    let repository = administered(world, call)?;
    let found = repository.and_then(|r| Some((r, r.users.get(user)?)));
    let (repository, role) = found.ok_or_else(|| no_permission("User"))?;
    Ok(Response::ok(user_view(
        world,
        &repository.namespace,
        user,
        role,
    )))
}

/// Everything that a user was granted, by teams as well.
fn get_transitive(world: &mut State, call: &Call<'_>) -> Outcome {
    administered(world, call)?;
    let granted = world.granted(call.path("username"), call.repository());
    if granted.is_empty() {
        return Err(ErrorResponse::NotFound);
    }
    let rows: Vec<Value> = granted.iter().map(|role| json!({"role": role})).collect();
    Ok(Response::ok(json!({"permissions": rows})))
}

fn put_user(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    let role = RepositoryRole::from(call.body()?.one_of("role", &ROLES)?);
    let user = call.path("username");
    if user == namespace {
        return Err(ErrorResponse::invalid(
            "Namespace owner must always be admin.",
        ));
    }
    match world.robots.get(user) {
        Some(robot) if robot.namespace() != namespace => {
            return Err(ErrorResponse::invalid(format!(
                "Cannot add robot {user} under namespace {namespace}"
            )));
        }
        None if !world.is_namespace(user) => {
            return Err(ErrorResponse::invalid(format!("Invalid username: {user}")));
        }
        _ => {}
    }
    grant(world, call, |repository| {
        drop(repository.users.insert(user.to_owned(), role.clone()))
    })?;
    world.log_repository(
        call,
        "change_repo_permission",
        (namespace, name),
        json!({"username": user, "role": role}),
    );
    Ok(Response::ok(user_view(world, namespace, user, &role)))
}

/// Changes the permissions of the repository in the path.
fn grant(
    world: &mut State,
    call: &Call<'_>,
    change: impl FnOnce(&mut Repository),
) -> Result<(), ErrorResponse> {
    let (namespace, name) = call.repository();
    let missing =
        || ErrorResponse::invalid(format!("Repository {namespace}/{name} does not exist"));
    world
        .repository_mut(namespace, name)
        .map(change)
        .ok_or_else(missing)
}

fn delete_user(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    let user = call.path("username");
    if user == namespace {
        return Err(ErrorResponse::invalid(
            "Namespace owner must always be admin.",
        ));
    }
    let removed = world
        .repository_mut(namespace, name)
        .and_then(|r| r.users.remove(user));
    removed.ok_or_else(|| ErrorResponse::invalid("User does not have permission for repo."))?;
    world.log_repository(
        call,
        "delete_repo_permission",
        (namespace, name),
        json!({"username": user}),
    );
    Ok(Response::no_content())
}

fn list_teams(world: &mut State, call: &Call<'_>) -> Outcome {
    let rows = administered(world, call)?
        .into_iter()
        .flat_map(|r| &r.teams);
    let rows = rows
        .map(|(team, role)| (team.clone(), team_view(team, role)))
        .collect();
    Ok(Response::ok(json!({"permissions": Value::Object(rows)})))
}

fn get_team(world: &mut State, call: &Call<'_>) -> Outcome {
    let role = administered(world, call)?.and_then(|r| r.teams.get(call.path("teamname")));
    Ok(Response::ok(
        json!({"role": role.ok_or_else(|| no_permission("Team"))?}),
    ))
}

fn put_team(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    let role = RepositoryRole::from(call.body()?.one_of("role", &ROLES)?);
    let team = call.path("teamname");
    if !world
        .organizations
        .get(namespace)
        .is_some_and(|o| o.teams.contains_key(team))
    {
        return Err(ErrorResponse::invalid(format!(
            "No team {team} in organization {namespace}"
        )));
    }
    grant(world, call, |repository| {
        drop(repository.teams.insert(team.to_owned(), role.clone()))
    })?;
    let metadata = json!({"team": team, "repo": name, "role": role});
    world.log(
        call,
        "change_repo_permission",
        namespace,
        Some(name),
        metadata,
    );
    Ok(Response::ok(team_view(team, &role)))
}

fn delete_team(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    let team = call.path("teamname");
    let removed = world
        .repository_mut(namespace, name)
        .and_then(|r| r.teams.remove(team));
    removed.ok_or_else(|| ErrorResponse::invalid("Team does not have permission for repo."))?;
    world.log(
        call,
        "delete_repo_permission",
        namespace,
        Some(name),
        json!({"team": team, "repo": name}),
    );
    Ok(Response::no_content())
}
