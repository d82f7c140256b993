//! Users and organizations, as a superuser manages them.

use super::{Outcome, Routes, paged, views};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::{Organization, User, name_issue};
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

pub fn user_view(world: &State, user: &User) -> Value {
    let mut view = json!({
        "kind": "user", "name": user.name, "username": user.name, "email": user.email, "verified": user.verified,
        "avatar": views::avatar(&user.name, &user.email, "user"), "super_user": user.superuser, "global_readonly_super_user": false,
        "enabled": user.enabled,
    });
    views::add_quotas(world, &user.name, &mut view);
    view
}

fn organization_view(world: &State, organization: &Organization) -> Value {
    let avatar = views::avatar(&organization.name, &organization.email, "org");
    let mut view =
        json!({"name": organization.name, "email": organization.email, "avatar": avatar});
    views::add_quotas(world, &organization.name, &mut view);
    view
}

/// Everything in one answer, or in pages if a size is asked for.
fn listed(world: &mut State, call: &Call<'_>, name: &str, rows: Vec<(u64, Value)>) -> Outcome {
    let limit = call.number("limit", LIMIT)?;
    if limit.is_some_and(|limit| limit > 100) {
        return Err(ErrorResponse::invalid("Page limit cannot be above 100"));
    }
    let token = call.text("next_page").filter(|_| limit.is_some());
    let (rows, next) = world.page(rows, |(id, _)| *id, limit.unwrap_or(-1), token.as_deref());
    Ok(paged(
        name,
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

fn list_users(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let with_disabled = call.flag("disabled", true);
    let mut users: Vec<&User> = world
        .users
        .values()
        .filter(|u| u.enabled || with_disabled)
        .collect();
    users.sort_by_key(|u| u.id);
    let rows = users
        .into_iter()
        .map(|u| (u.id, user_view(world, u)))
        .collect();
    listed(world, call, "users", rows)
}

fn create_user(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (name, email) = (body.required("username")?, body.text("email")?);
    let superuser = world.may_as_superuser(call)?;
    world.create_user(name, email.unwrap_or_default())?;
    world.log(
        call,
        "user_create",
        name,
        None,
        json!({"email": email, "username": name, "superuser": superuser}),
    );
    let (password, encrypted) = (world.random_text(32), world.random_text(108));
    Ok(Response::ok(
        json!({"username": name, "email": email, "password": password, "encrypted_password": encrypted}),
    ))
}

/// The user in the path.
fn user<'w>(world: &'w State, call: &Call<'_>) -> Result<&'w User, ErrorResponse> {
    world
        .users
        .get(call.path("username"))
        .ok_or(ErrorResponse::NotFound)
}

fn get_user(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    Ok(Response::ok(user_view(world, user(world, call)?)))
}

fn change_user(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let superuser = world.may_as_superuser(call)?;
    let User {
        name,
        email: old_email,
        superuser: is_superuser,
        ..
    } = user(world, call)?.clone();
    if is_superuser {
        return Err(ErrorResponse::invalid("Cannot update a superuser"));
    }
    let (password, email) = (body.text("password")?, body.text("email")?);
    if let Some(password) = password {
        world.log(
            call,
            "user_change_password",
            &name,
            None,
            json!({"username": name, "superuser": superuser}),
        );
        super::users::check_password(password)?;
    }
    if let Some(email) = email {
        if world
            .users
            .values()
            .any(|u| u.email == email && u.name != name)
        {
            return Err(ErrorResponse::message("E-mail address already used"));
        }
        if let Some(user) = world.users.get_mut(&name) {
            (user.email, user.verified) = (email.to_owned(), true);
        }
        let metadata = json!({"old_email": old_email, "email": email, "superuser": superuser});
        world.log(call, "user_change_email", &name, None, metadata);
    }
    if let Some(enabled) = body.flag("enabled")? {
        if let Some(user) = world.users.get_mut(&name) {
            user.enabled = enabled;
        }
        let kind = if enabled {
            "user_enable"
        } else {
            "user_disable"
        };
        world.log(
            call,
            kind,
            &name,
            None,
            json!({"username": name, "superuser": superuser}),
        );
    }
    let encrypted = password.map(|_| world.random_text(108));
    let mut view = user_view(world, user(world, call)?);
    if let Some(encrypted) = encrypted {
        view["encrypted_password"] = encrypted.into();
    }
    Ok(Response::ok(view))
}

fn delete_user(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let User {
        name, superuser, ..
    } = user(world, call)?.clone();
    if superuser {
        return Err(ErrorResponse::invalid("Cannot delete a superuser"));
    }
    world.log(call, "user_delete", &name, None, json!({"username": name}));
    world.delete_namespace(&name);
    Ok(Response::no_content())
}

fn list_organizations(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let mut organizations: Vec<&Organization> = world.organizations.values().collect();
    organizations.sort_by_key(|o| o.id);
    let rows = organizations
        .into_iter()
        .map(|o| (o.id, organization_view(world, o)))
        .collect();
    listed(world, call, "organizations", rows)
}

fn change_organization(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let superuser = world.may_as_superuser(call)?;
    let old = call.path("name");
    // Quay writes the log first, and fails at that.
    let missing = || ErrorResponse::Internal;
    world.organizations.get(old).ok_or_else(missing)?;
    let new = body.text("name")?;
    world.log(
        call,
        "org_change_name",
        old,
        None,
        json!({"old_name": old, "new_name": new, "superuser": superuser}),
    );
    if let Some(new) = new.filter(|new| *new != old) {
        if let Some(issue) = name_issue(new, "Namespace") {
            return Err(ErrorResponse::message(format!(
                "Invalid username {new}: {issue}"
            )));
        }
        if world.is_namespace(new) {
            return Err(ErrorResponse::Internal);
        }
        world.rename_organization(old, new);
    }
    let organization = world
        .organizations
        .get(new.unwrap_or(old))
        .ok_or_else(missing)?;
    Ok(Response::ok(organization_view(world, organization)))
}

fn delete_organization(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let name = call.path("name");
    world
        .organizations
        .get(name)
        .ok_or(ErrorResponse::NotFound)?;
    world.log(call, "org_delete", name, None, json!({"namespace": name}));
    world.delete_namespace(name);
    Ok(Response::no_content())
}

/// Makes the superuser an owner of an organization. A user becomes an organization by that.
fn take_ownership(world: &mut State, call: &Call<'_>) -> Outcome {
    let superuser = world.may_as_superuser(call)?;
    let namespace = call.path("namespace");
    let user = world.users.get(namespace).cloned();
    if user.as_ref().is_some_and(|u| u.superuser) {
        return Err(ErrorResponse::invalid(
            "Cannot take ownership of a superuser",
        ));
    }
    if let Some(user) = &user {
        world.users.remove(namespace);
        world.create_organization(namespace, &user.email, None)?;
    }
    let organization = world
        .organizations
        .get_mut(namespace)
        .ok_or(ErrorResponse::NotFound)?;
    let id = organization.id;
    let owners = organization
        .teams
        .values_mut()
        .filter(|t| t.role == crate::types::TeamRole::Admin)
        .min_by_key(|t| t.id);
    if let Some(owners) = owners.filter(|t| !t.members.iter().any(|m| m == superuser)) {
        owners.members.push(superuser.to_owned());
    }
    let metadata = json!({"entity_id": id, "namespace": namespace, "was_user": user.is_some(), "superuser": superuser});
    world.log(call, "take_ownership", superuser, None, metadata);
    Ok(Response::ok(json!({"namespace": namespace})))
}
