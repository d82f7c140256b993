//! OAuth applications of an organization, and tokens that are made for them.

use crate::testing::http::api_request::{ApiRequest, schema_error, type_error};
use crate::testing::http::routes::{HandlerResult, Routes, organizations, paged, views};
use crate::testing::state::State;
use crate::testing::state::applications::Application;
use crate::testing::state::error::StateError;
use crate::testing::state::tokens::OAuthToken;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("getOrganizationApplications", list),
    ("createOrganizationApplication", create),
    ("getOrganizationApplication", get),
    ("updateOrganizationApplication", update),
    ("deleteOrganizationApplication", delete),
    ("resetOrganizationApplicationClientSecret", reset_secret),
    ("getApplicationInformation", information),
    ("listOrganizationApplicationTokens", list_tokens),
    ("createOrganizationApplicationToken", create_token),
    ("deleteOrganizationApplicationToken", revoke_token),
];

/// The number of tokens of a page.
const PAGE: i64 = 50;

/// The longest name of a token.
const MAX_NAME: usize = 255;

/// The longest lifetime of a token, which is also the default: ten years.
const LIFETIME: u64 = 315_576_000;

fn view(a: &Application) -> Value {
    json!({
        "name": a.name, "description": a.description, "application_uri": a.application_uri, "client_id": a.client_id,
        "client_secret": a.client_secret, "redirect_uri": a.redirect_uri, "avatar_email": a.avatar_email,
    })
}

/// Logs a change of an application, with the fields of the body.
fn log(state: &mut State, request: &ApiRequest<'_>, kind: &str, application: &Application) {
    let mut metadata = request
        .optional_body()
        .map(|body| body.0.clone())
        .unwrap_or_default();
    metadata.insert(
        "application_name".to_owned(),
        application.name.as_str().into(),
    );
    metadata.insert(
        "client_id".to_owned(),
        application.client_id.as_str().into(),
    );
    let organization = request.path("orgname");
    state.log(
        &request.caller,
        kind,
        organization,
        None,
        Value::Object(metadata),
    );
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = state.organization(request.organization_as(state, TeamRole::Admin)?)?;
    let rows: Vec<Value> = organization.applications.iter().map(view).collect();
    Ok(Response::ok(json!({"applications": rows})))
}

/// Returns the settings in the body; a missing one is empty.
fn settings(request: &ApiRequest<'_>) -> Result<Application, ErrorResponse> {
    let body = request.body()?;
    let string = |name| {
        body.string(name)
            .map(|text| text.unwrap_or_default().to_owned())
    };
    Ok(Application {
        name: body.required_string("name")?.to_owned(),
        description: string("description")?,
        application_uri: string("application_uri")?,
        redirect_uri: string("redirect_uri")?,
        avatar_email: body.string("avatar_email")?.map(str::to_owned),
        ..Application::default()
    })
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let settings = settings(request)?;
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let application = state.create_application(organization, settings)?;
    log(state, request, "create_application", &application);
    Ok(Response::ok(view(&application)))
}

/// Returns the application in the path, whose organization the caller administers.
fn owned<'s>(
    state: &'s mut State,
    request: &ApiRequest<'_>,
) -> Result<&'s mut Application, StateError> {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    state.application(organization, request.path("client_id"))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    Ok(Response::ok(view(owned(state, request)?)))
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let settings = settings(request)?;
    request.body()?.required_string("redirect_uri")?;
    request.body()?.required_string("application_uri")?;
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let client_id = request.path("client_id");
    let application = state.update_application(organization, client_id, settings)?;
    log(state, request, "update_application", &application);
    Ok(Response::ok(view(&application)))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Admin)?;
    let application = state.delete_application(organization, request.path("client_id"))?;
    log(state, request, "delete_application", &application);
    Ok(Response::no_content())
}

fn reset_secret(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let secret = state.random_text(40);
    let application = owned(state, request)?;
    application.client_secret = secret;
    let application = application.clone();
    log(
        state,
        request,
        "reset_application_client_secret",
        &application,
    );
    Ok(Response::ok(view(&application)))
}

/// Responds with the public data of an application.
fn information(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let client_id = request.path("client_id");
    let (organization, application) = state
        .any_application(client_id)
        .ok_or(ErrorResponse::NotFound)?;
    let email = application
        .avatar_email
        .as_deref()
        .unwrap_or(&organization.email);
    let mut owner = organizations::view(state, request, organization);
    // Its teams are left out, for members too.
    if owner.get("teams").is_some() {
        (owner["teams"], owner["ordered_teams"]) = (json!({}), json!([]));
    }
    Ok(Response::ok(json!({
        "name": application.name, "description": application.description, "uri": application.application_uri,
        "avatar": views::avatar(&application.name, email, "app"), "organization": owner,
    })))
}

fn token_view(token: &OAuthToken) -> Value {
    json!({
        "uuid": token.uuid, "name": token.name, "scope": token.scopes.join(" "), "expires_at": token.expires.map(|t| t.to_string()),
        "created": token.created.to_string(), "created_by": token.user, "last_accessed": null,
    })
}

/// Responds with the tokens that still work, newest first.
fn list_tokens(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let client_id = owned(state, request)?.client_id.clone();
    let now = state.now();
    let is_listed =
        |t: &&OAuthToken| t.application.0 == client_id && t.expires.is_none_or(|end| now < end);
    let mut rows: Vec<(u64, Value)> = state
        .tokens
        .values()
        .filter(is_listed)
        .map(|t| (u64::MAX - t.id, token_view(t)))
        .collect();
    rows.sort_by_key(|(number, _)| *number);
    let (rows, next) = state.page(
        rows,
        |(number, _)| *number,
        PAGE,
        request.query("next_page").as_deref(),
    );
    Ok(paged(
        "tokens",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

/// Returns the lifetime that the body asks for, in whole seconds.
fn lifetime(request: &ApiRequest<'_>) -> Result<Duration, ErrorResponse> {
    let Some(asked) = request.body()?.get("expiration") else {
        return Ok(Duration::from_secs(LIFETIME));
    };
    let seconds = asked
        .as_f64()
        .ok_or_else(|| type_error(asked, "'number'"))?;
    if seconds < 1.0 {
        return Err(schema_error(
            &format!("{asked} is less than the minimum of 1"),
            "minimum",
        ));
    }
    Ok(Duration::from_secs(seconds.min(LIFETIME as f64) as u64))
}

fn create_token(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (name, scope) = (
        body.required_string("name")?,
        body.required_string("scope")?,
    );
    if name.is_empty() {
        return Err(schema_error("'' is too short", "minLength"));
    }
    if name.chars().count() > MAX_NAME {
        return Err(schema_error(&format!("'{name}' is too long"), "maxLength"));
    }
    let lifetime = lifetime(request)?;
    let application = owned(state, request)?.clone();
    let (token, secret) = state.issue_application_token(
        &request.caller,
        request.path("orgname"),
        &application,
        (name, scope),
        lifetime,
    )?;
    let mut response = token_view(&token);
    response["token"] = secret.into();
    Ok(Response::ok(response))
}

fn revoke_token(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let application = owned(state, request)?.clone();
    let (organization, uuid) = (request.path("orgname"), request.path("token_uuid"));
    state.revoke_application_token(&request.caller, organization, &application, uuid)?;
    Ok(Response::no_content())
}
