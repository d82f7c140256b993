//! Default permissions: the roles that an organization grants in every new repository.

use crate::testing::Response;
use crate::testing::http::api_request::{ApiRequest, JsonBody, schema_error, type_error};
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::default_permissions::{DefaultPermission, Delegate};
use crate::types::{RepositoryRole, TeamRole};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrganizationPrototypePermissions", list),
    ("createOrganizationPrototypePermission", create),
    ("updateOrganizationPrototypePermission", update),
    ("deleteOrganizationPrototypePermission", delete),
];

const ROLES: [&str; 3] = ["read", "write", "admin"];

fn user_view(state: &State, organization: &str, name: &str) -> Value {
    let is_robot = state.robots.contains_key(name);
    let is_member = is_robot || state.teams_of(organization, name).next().is_some();
    json!({"name": name, "is_robot": is_robot, "kind": "user", "is_org_member": is_member, "avatar": views::avatar_of(state, name)})
}

fn view(state: &State, organization: &str, permission: &DefaultPermission) -> Value {
    let delegate = match &permission.delegate {
        Delegate::User(name) => user_view(state, organization, name),
        Delegate::Team(name) => {
            json!({"name": name, "kind": "team", "avatar": views::team_avatar(name)})
        }
    };
    let activating_user = permission
        .activating_user
        .as_deref()
        .map(|name| user_view(state, organization, name));
    json!({"activating_user": activating_user, "delegate": delegate, "role": permission.role, "id": permission.uuid})
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = state.organization(request.organization_as(state, TeamRole::Admin)?)?;
    let rows: Vec<Value> = organization
        .default_permissions
        .iter()
        .map(|p| view(state, &organization.name, p))
        .collect();
    Ok(Response::ok(json!({"prototypes": rows})))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let role = RepositoryRole::from(body.one_of("role", &ROLES)?);
    let missing = || schema_error("'delegate' is a required property", "required");
    let delegate = body
        .get("delegate")
        .and_then(Value::as_object)
        .map(JsonBody)
        .ok_or_else(missing)?;
    let (name, kind) = (
        delegate.required_string("name")?.to_owned(),
        delegate.one_of("kind", &["user", "team"])?,
    );
    let activating_user = body
        .get("activating_user")
        .map(|user| {
            user.as_object()
                .ok_or_else(|| type_error(user, "'object'"))
                .and_then(|user| JsonBody(user).required_string("name"))
        })
        .transpose()?;
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let delegate = if kind == "team" {
        Delegate::Team(name)
    } else {
        Delegate::User(name)
    };
    let permission = state.add_default_permission(
        &request.caller,
        organization,
        role,
        activating_user,
        delegate,
    )?;
    Ok(Response::ok(view(state, organization, &permission)))
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let role = RepositoryRole::from(request.body()?.one_of("role", &ROLES)?);
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let uuid = request.path("prototypeid");
    let permission = state.change_default_permission(&request.caller, organization, uuid, role)?;
    Ok(Response::ok(view(state, organization, &permission)))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let uuid = request.path("prototypeid");
    state.delete_default_permission(&request.caller, organization, uuid)?;
    Ok(Response::no_content())
}
