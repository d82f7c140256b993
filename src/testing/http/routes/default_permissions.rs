//! What an organization grants with every new repository.

use super::{Outcome, Routes, views};
use crate::testing::http::call::{Body, Call, unfit};
use crate::testing::state::State;
use crate::testing::state::accounts::Organization;
use crate::testing::state::default_permissions::{DefaultPermission, Delegate};
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, TeamRole};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrganizationPrototypePermissions", list),
    ("createOrganizationPrototypePermission", create),
    ("updateOrganizationPrototypePermission", update),
    ("deleteOrganizationPrototypePermission", delete),
];

const ROLES: [&str; 3] = ["read", "write", "admin"];

fn owned<'w>(world: &'w State, call: &Call<'_>) -> Result<&'w Organization, ErrorResponse> {
    world
        .organizations
        .get(world.may_in(call, TeamRole::Admin)?)
        .ok_or(ErrorResponse::NotFound)
}

fn user_view(world: &State, organization: &str, name: &str) -> Value {
    let is_robot = world.robots.contains_key(name);
    let is_member = is_robot || world.teams_of(organization, name).next().is_some();
    json!({"name": name, "is_robot": is_robot, "kind": "user", "is_org_member": is_member, "avatar": views::avatar_of(world, name)})
}

fn view(world: &State, organization: &str, permission: &DefaultPermission) -> Value {
    let delegate = match &permission.delegate {
        Delegate::User(name) => user_view(world, organization, name),
        Delegate::Team(name) => {
            json!({"name": name, "kind": "team", "avatar": views::team_avatar(name)})
        }
    };
    let activating_user = permission
        .activating_user
        .as_deref()
        .map(|name| user_view(world, organization, name));
    json!({"activating_user": activating_user, "delegate": delegate, "role": permission.role, "id": permission.uuid})
}

fn log(
    world: &mut State,
    call: &Call<'_>,
    kind: &str,
    permission: &DefaultPermission,
    old_role: Option<&RepositoryRole>,
) {
    let mut metadata = json!({
        "prototypeid": permission.uuid, "username": call.user(), "activating_username": permission.activating_user, "role": permission.role,
    });
    match &permission.delegate {
        Delegate::User(name) => metadata["delegate_user"] = name.as_str().into(),
        Delegate::Team(name) => metadata["delegate_team"] = name.as_str().into(),
    }
    if let Some(role) = old_role {
        metadata["original_role"] = json!(role);
    }
    world.log(call, kind, call.path("orgname"), None, metadata);
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = owned(world, call)?;
    let rows: Vec<Value> = organization
        .default_permissions
        .iter()
        .map(|p| view(world, &organization.name, p))
        .collect();
    Ok(Response::ok(json!({"prototypes": rows})))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let role = RepositoryRole::from(body.one_of("role", &ROLES)?);
    let missing = || unfit("'delegate' is a required property", "required");
    let delegate = body
        .get("delegate")
        .and_then(Value::as_object)
        .map(Body)
        .ok_or_else(missing)?;
    let (name, kind) = (
        delegate.required("name")?.to_owned(),
        delegate.one_of("kind", &["user", "team"])?,
    );
    let activating_user = body
        .get("activating_user")
        .and_then(Value::as_object)
        .map(|user| Body(user).required("name"))
        .transpose()?;
    let organization = owned(world, call)?;
    let is_known = |name: &str| world.users.contains_key(name) || world.robots.contains_key(name);
    if kind == "team" && !organization.teams.contains_key(&name) {
        return Err(ErrorResponse::message(format!(
            "('Team does not exist: %s/%s', '{}', '{name}')",
            organization.name
        )));
    }
    if activating_user.is_some_and(|user| !is_known(user)) {
        return Err(ErrorResponse::invalid("Unknown activating user"));
    }
    if kind == "user" && !is_known(&name) {
        return Err(ErrorResponse::invalid("Missing delegate user or team"));
    }
    let delegate = if kind == "team" {
        Delegate::Team(name)
    } else {
        Delegate::User(name)
    };
    let (uuid, activating_user) = (world.random_uuid(), activating_user.map(str::to_owned));
    let permission = DefaultPermission {
        uuid,
        role,
        activating_user,
        delegate,
    };
    let organization = call.path("orgname");
    world
        .organizations
        .get_mut(organization)
        .ok_or(ErrorResponse::NotFound)?
        .default_permissions
        .push(permission.clone());
    log(
        world,
        call,
        "create_prototype_permission",
        &permission,
        None,
    );
    Ok(Response::ok(view(world, organization, &permission)))
}

/// All of the organization's, and the place of the one in the path.
fn found<'w>(
    world: &'w mut State,
    call: &Call<'_>,
) -> Result<(&'w mut Vec<DefaultPermission>, usize), ErrorResponse> {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let all = &mut world
        .organizations
        .get_mut(organization)
        .ok_or(ErrorResponse::NotFound)?
        .default_permissions;
    let place = all
        .iter()
        .position(|p| p.uuid == call.path("prototypeid"))
        .ok_or(ErrorResponse::NotFound)?;
    Ok((all, place))
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let role = RepositoryRole::from(call.body()?.one_of("role", &ROLES)?);
    let (all, place) = found(world, call)?;
    let old_role = std::mem::replace(&mut all[place].role, role);
    let permission = all[place].clone();
    log(
        world,
        call,
        "modify_prototype_permission",
        &permission,
        Some(&old_role),
    );
    Ok(Response::ok(view(world, call.path("orgname"), &permission)))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let (all, place) = found(world, call)?;
    let permission = all.remove(place);
    log(
        world,
        call,
        "delete_prototype_permission",
        &permission,
        None,
    );
    Ok(Response::no_content())
}
