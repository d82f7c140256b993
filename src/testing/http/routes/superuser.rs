//! Users and organizations, as a superuser manages them.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, paged, views};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::organizations::Organization;
use crate::testing::state::users::{User, check_password};
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listAllUsers", list_users),
    ("createInstallUser", create_user),
    ("getInstallUser", get_user),
    ("changeInstallUser", change_user),
    ("deleteInstallUser", delete_user),
    ("listAllOrganizations", list_organizations),
    ("changeOrganization", change_organization),
    ("deleteOrganization", delete_organization),
    ("takeOwnership", take_ownership),
];

const LIMIT: &str = "Limit to the number of results to return per page. Max 100.";

pub fn user_view(state: &State, user: &User) -> Value {
    let mut view = json!({
        "kind": "user", "name": user.name, "username": user.name, "email": user.email, "verified": user.verified,
        "avatar": views::avatar(&user.name, &user.email, "user"), "super_user": user.superuser, "global_readonly_super_user": false,
        "enabled": user.enabled,
    });
    views::add_quotas(state, &user.name, &mut view);
    view
}

fn organization_view(state: &State, organization: &Organization) -> Value {
    let avatar = views::avatar(&organization.name, &organization.email, "org");
    let mut view =
        json!({"name": organization.name, "email": organization.email, "avatar": avatar});
    views::add_quotas(state, &organization.name, &mut view);
    view
}

/// Responds with everything in one response, or in pages if a size is requested.
fn listed(
    state: &mut State,
    request: &ApiRequest<'_>,
    name: &str,
    rows: Vec<(u64, Value)>,
) -> HandlerResult {
    let limit = match state.edition.is_since(Some("3.8.9")) {
        true => request.query_number("limit", LIMIT)?,
        false => None,
    };
    if limit.is_some_and(|limit| limit > 100) {
        return Err(ErrorResponse::invalid("Page limit cannot be above 100"));
    }
    let token = request.query("next_page").filter(|_| limit.is_some());
    let (rows, next) = state.page(rows, |(id, _)| *id, limit.unwrap_or(-1), token.as_deref());
    Ok(paged(
        name,
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

fn list_users(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let with_disabled = request.query_flag("disabled", true);
    let mut users: Vec<&User> = state
        .users
        .values()
        .filter(|u| u.enabled || with_disabled)
        .collect();
    users.sort_by_key(|u| u.id);
    let rows = users
        .into_iter()
        .map(|u| (u.id, user_view(state, u)))
        .collect();
    listed(state, request, "users", rows)
}

fn create_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (name, email) = (body.required_string("username")?, body.string("email")?);
    let superuser = request.as_superuser(state)?;
    state.create_user(name, email.unwrap_or_default())?;
    let (password, encrypted) = (state.random_text(32), state.random_text(108));
    if let Some(user) = state.users.get_mut(name) {
        user.password = Some(password.as_str().into());
    }
    state.log(
        &request.caller,
        "user_create",
        name,
        None,
        json!({"email": email, "username": name, "superuser": superuser}),
    );
    Ok(Response::ok(
        json!({"username": name, "email": email, "password": password, "encrypted_password": encrypted}),
    ))
}

/// Returns the user in the path.
fn user<'s>(state: &'s State, request: &ApiRequest<'_>) -> Result<&'s User, ErrorResponse> {
    state
        .users
        .get(request.path("username"))
        .ok_or(ErrorResponse::NotFound)
}

fn get_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    Ok(Response::ok(user_view(state, user(state, request)?)))
}

fn change_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let superuser = request.as_superuser(state)?;
    let name = request.path("username");
    let old_email = state.managed_user(name, "update")?.email.clone();
    // Quay shows the user as it was before, but for the email address.
    let mut view = user_view(state, user(state, request)?);
    let (password, email) = (body.string("password")?, body.string("email")?);
    if let Some(password) = password {
        let metadata = json!({"username": name, "superuser": superuser});
        state.log(
            &request.caller,
            "user_change_password",
            name,
            None,
            metadata,
        );
        check_password(password)?;
        if let Some(user) = state.users.get_mut(name) {
            user.password = Some(password.into());
        }
    }
    if let Some(email) = email {
        state.change_email(name, email)?.verified = true;
        view["email"] = email.into();
        let metadata = json!({"old_email": old_email, "email": email, "superuser": superuser});
        state.log(&request.caller, "user_change_email", name, None, metadata);
    }
    if let Some(enabled) = body.boolean("enabled")? {
        if let Some(user) = state.users.get_mut(name) {
            user.enabled = enabled;
        }
        let kind = if enabled {
            "user_enable"
        } else {
            "user_disable"
        };
        let metadata = json!({"username": name, "superuser": superuser});
        state.log(&request.caller, kind, name, None, metadata);
    }
    if password.is_some() {
        view["encrypted_password"] = state.random_text(108).into();
    }
    Ok(Response::ok(view))
}

fn delete_user(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let name = request.path("username");
    state.managed_user(name, "delete")?;
    state.delete_user(&request.caller, name);
    Ok(Response::no_content())
}

fn list_organizations(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let mut organizations: Vec<&Organization> = state.organizations.values().collect();
    organizations.sort_by_key(|o| o.id);
    let rows = organizations
        .into_iter()
        .map(|o| (o.id, organization_view(state, o)))
        .collect();
    listed(state, request, "organizations", rows)
}

fn change_organization(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let superuser = request.as_superuser(state)?;
    let old = request.path("name");
    // Quay writes the log first, and fails at that.
    let missing = || ErrorResponse::Internal;
    state.organizations.get(old).ok_or_else(missing)?;
    let new = body.string("name")?;
    let metadata = json!({"old_name": old, "new_name": new, "superuser": superuser});
    state.log(&request.caller, "org_change_name", old, None, metadata);
    if let Some(new) = new.filter(|new| *new != old) {
        state
            .rename_organization(old, new)
            .map_err(|error| match error {
                StateError::NameTaken { .. } => ErrorResponse::Internal,
                other => other.into(),
            })?;
    }
    let organization = state
        .organizations
        .get(new.unwrap_or(old))
        .ok_or_else(missing)?;
    Ok(Response::ok(organization_view(state, organization)))
}

fn delete_organization(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    state.delete_organization(&request.caller, request.path("name"))?;
    Ok(Response::no_content())
}

/// Makes the superuser an owner of a namespace. A user becomes an organization by that.
fn take_ownership(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let superuser = request.as_superuser(state)?;
    let namespace = request.path("namespace");
    state.take_ownership(&request.caller, superuser, namespace)?;
    Ok(Response::ok(json!({"namespace": namespace})))
}
