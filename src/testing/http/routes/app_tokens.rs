//! Tokens of users for programs that pull and push, and what applications may in their name.

use super::{Outcome, Routes, views};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::app_tokens::AppToken;
use crate::testing::state::tokens::Token;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listAppTokens", list),
    ("createAppToken", create),
    ("getAppToken", get),
    ("revokeAppToken", revoke),
    ("listAllAppTokens", list_all),
    ("listUserAuthorizations", authorizations),
    ("getUserAuthorization", authorization),
    ("deleteUserAuthorization", delete_authorization),
    ("listAssignedAuthorizations", assigned),
    ("deleteAssignedAuthorization", delete_assigned),
];

fn view(token: &AppToken) -> Value {
    let created = rfc2822(token.created.unix_seconds());
    json!({"uuid": token.uuid, "title": token.title, "last_accessed": null, "created": created, "expiration": null})
}

fn full_view(token: &AppToken) -> Response {
    let mut view = view(token);
    view["token_code"] = token.code.as_str().into();
    Response::ok(json!({"token": view}))
}

/// Tokens of one user or of all. They never end, so that none ends soon.
fn listed(world: &State, call: &Call<'_>, user: Option<&str>) -> Response {
    let expiring = call.text("expiring").map(|_| call.flag("expiring", false));
    let is_listed =
        |token: &&AppToken| expiring != Some(true) && user.is_none_or(|u| token.user == u);
    let rows: Vec<Value> = world
        .app_tokens
        .iter()
        .filter(is_listed)
        .map(view)
        .collect();
    Response::ok(json!({"tokens": rows, "only_expiring": expiring}))
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    Ok(listed(world, call, Some(user)))
}

fn list_all(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    Ok(listed(world, call, None))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let title = call.body()?.required("title")?.to_owned();
    let (uuid, code, created) = (world.random_uuid(), world.random_text(120), world.now());
    let token = AppToken {
        uuid,
        user: user.to_owned(),
        title,
        code,
        created,
    };
    let (answer, metadata) = (full_view(&token), metadata(&token));
    world.app_tokens.push(token);
    world.log(call, "create_app_specific_token", user, None, metadata);
    Ok(answer)
}

fn metadata(token: &AppToken) -> Value {
    json!({"app_specific_token_title": token.title, "app_specific_token": token.uuid})
}

/// The place of the token in the path, if it is the caller's.
fn place(world: &State, call: &Call<'_>, user: &str) -> Result<usize, ErrorResponse> {
    let uuid = call.path("token_uuid");
    world
        .app_tokens
        .iter()
        .position(|t| t.uuid == uuid && t.user == user)
        .ok_or(ErrorResponse::NotFound)
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    Ok(full_view(&world.app_tokens[place(world, call, user)?]))
}

fn revoke(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let token = world.app_tokens.remove(place(world, call, user)?);
    world.log(
        call,
        "revoke_app_specific_token",
        user,
        None,
        metadata(&token),
    );
    Ok(Response::no_content())
}

/// A token of the caller, as what an application may.
fn authorization_view(world: &State, token: &Token) -> Value {
    let (client_id, name) = &token.application;
    let owner = world
        .organizations
        .values()
        .find(|o| o.applications.iter().any(|a| a.client_id == *client_id));
    let application = owner
        .and_then(|o| o.applications.iter().find(|a| a.client_id == *client_id))
        .cloned()
        .unwrap_or_default();
    // An application that no organization has is the user's.
    let namespace = owner.map_or(token.user.as_str(), |o| &o.name);
    let email = world.email_of(namespace);
    let scope = |scope: &String| json!({"title": scope, "scope": scope, "description": scope, "icon": "fa-gear", "dangerous": !scope.starts_with("repo:")});
    json!({
        "application": {
            "name": name, "description": application.description, "url": application.application_uri,
            "avatar": views::avatar(name, application.avatar_email.as_deref().unwrap_or(email), "app"),
            "organization": {"name": namespace, "avatar": views::avatar(namespace, email, "org")},
        },
        "scopes": token.scopes.iter().map(scope).collect::<Vec<_>>(), "uuid": token.uuid,
    })
}

fn authorizations(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let mut tokens: Vec<&Token> = world.tokens.values().filter(|t| t.user == user).collect();
    tokens.sort_by_key(|t| t.id);
    let rows: Vec<Value> = tokens
        .into_iter()
        .map(|t| authorization_view(world, t))
        .collect();
    Ok(Response::ok(json!({"authorizations": rows})))
}

fn authorization(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let uuid = call.path("access_token_uuid");
    let token = world
        .tokens
        .values()
        .find(|t| t.user == user && t.uuid == uuid)
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(authorization_view(world, token)))
}

fn delete_authorization(world: &mut State, call: &Call<'_>) -> Outcome {
    let user = world.may_as_user(call)?;
    let (uuid, before) = (call.path("access_token_uuid"), world.tokens.len());
    world.tokens.retain(|_, t| t.user != user || t.uuid != uuid);
    if world.tokens.len() == before {
        Err(ErrorResponse::NotFound)
    } else {
        Ok(Response::no_content())
    }
}

/// Nobody assigns any: that is done in a browser.
fn assigned(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_user(call)?;
    Ok(Response::ok(json!({"authorizations": []})))
}

fn delete_assigned(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_user(call)?;
    Err(ErrorResponse::NotFound)
}
