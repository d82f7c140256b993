//! Tokens of users for programs that pull and push, and the rights of applications in their name.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::tokens::{AppToken, OAuthToken};
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

/// Responds with the tokens of one user or of all. They never expire, so that none expires soon.
fn listed(state: &State, request: &ApiRequest<'_>, user: Option<&str>) -> Response {
    let expiring = request
        .query("expiring")
        .map(|_| request.query_flag("expiring", false));
    let is_listed =
        |token: &&AppToken| expiring != Some(true) && user.is_none_or(|u| token.user == u);
    let rows: Vec<Value> = state
        .app_tokens
        .iter()
        .filter(is_listed)
        .map(view)
        .collect();
    Response::ok(json!({"tokens": rows, "only_expiring": expiring}))
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    Ok(listed(state, request, Some(user)))
}

fn list_all(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    Ok(listed(state, request, None))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let title = request.body()?.required_string("title")?.to_owned();
    let token = state.create_app_token(&request.caller, user, &title);
    Ok(full_view(&token))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    Ok(full_view(
        state.app_token(user, request.path("token_uuid"))?,
    ))
}

fn revoke(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    state.revoke_app_token(&request.caller, user, request.path("token_uuid"))?;
    Ok(Response::no_content())
}

/// Returns a token of the caller, as the rights of an application.
fn authorization_view(state: &State, token: &OAuthToken) -> Value {
    let (client_id, name) = &token.application;
    let (owner, application) = state.any_application(client_id).unzip();
    let application = application.cloned().unwrap_or_default();
    // An application of no organization belongs to the user.
    let namespace = owner.map_or(token.user.as_str(), |o| &o.name);
    let email = state.email_of(namespace);
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

fn authorizations(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let rows: Vec<Value> = state
        .tokens_of(user)
        .into_iter()
        .map(|t| authorization_view(state, t))
        .collect();
    Ok(Response::ok(json!({"authorizations": rows})))
}

fn authorization(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let uuid = request.path("access_token_uuid");
    let token = state
        .tokens_of(user)
        .into_iter()
        .find(|t| t.uuid == uuid)
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(authorization_view(state, token)))
}

fn delete_authorization(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    state.revoke_token(user, request.path("access_token_uuid"))?;
    Ok(Response::no_content())
}

/// Lists no tokens, since tokens are only assigned in the web UI.
fn assigned(_: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_user_admin()?;
    Ok(Response::ok(json!({"authorizations": []})))
}

fn delete_assigned(_: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_user_admin()?;
    Err(ErrorResponse::NotFound)
}
