//! OAuth applications of an organization, and tokens that are made for them.

use super::{Outcome, Routes, organizations, paged, views};
use crate::testing::http::call::{Call, python, unfit};
use crate::testing::state::State;
use crate::testing::state::applications::Application;
use crate::testing::state::tokens::{SCOPES, Token};
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

/// How many tokens Quay lists at once.
const PAGE: i64 = 50;

/// The longest that a token lives, and the time that it lives unless told: ten years.
const LIFETIME: u64 = 315_576_000;

/// The name that Quay keeps for itself.
const RESERVED: &str = "__quay_bootstrap_app";

fn view(a: &Application) -> Value {
    json!({
        "name": a.name, "description": a.description, "application_uri": a.application_uri, "client_id": a.client_id,
        "client_secret": a.client_secret, "redirect_uri": a.redirect_uri, "avatar_email": a.avatar_email,
    })
}

/// What the log is told: what was sent, and which application it was.
fn metadata(call: &Call<'_>, application: &Application) -> Value {
    let mut metadata = call
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
    Value::Object(metadata)
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let organization = world
        .organizations
        .get(organization)
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(
        json!({"applications": organization.applications.iter().map(view).collect::<Vec<_>>()}),
    ))
}

/// Takes what the body says; whatever it does not say is empty.
fn fill(call: &Call<'_>, application: &mut Application) -> Result<(), ErrorResponse> {
    let body = call.body()?;
    let text = |name| {
        body.text(name)
            .map(|text| text.unwrap_or_default().to_owned())
    };
    body.required("name")?.clone_into(&mut application.name);
    application.description = text("description")?;
    application.application_uri = text("application_uri")?;
    application.redirect_uri = text("redirect_uri")?;
    application.avatar_email = body.text("avatar_email")?.map(str::to_owned);
    Ok(())
}

fn check_name(application: &Application) -> Result<(), ErrorResponse> {
    let reason = "Application name is reserved for bootstrap token provisioning";
    if application.name == RESERVED {
        Err(ErrorResponse::invalid(reason))
    } else {
        Ok(())
    }
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let mut application = Application::default();
    fill(call, &mut application)?;
    let organization = world.may_in(call, TeamRole::Admin)?;
    (application.client_id, application.client_secret) =
        (world.random_text(20), world.random_text(40));
    let applications = &mut world
        .organizations
        .get_mut(organization)
        .ok_or(ErrorResponse::NotFound)?
        .applications;
    check_name(&application)?;
    applications.push(application.clone());
    world.log(
        call,
        "create_application",
        organization,
        None,
        metadata(call, &application),
    );
    Ok(Response::ok(view(&application)))
}

/// The application in the path, for who administers its organization.
fn owned<'w>(world: &'w mut State, call: &Call<'_>) -> Result<&'w mut Application, ErrorResponse> {
    let organization = world.may_in(call, TeamRole::Admin)?;
    world.application(organization, call.path("client_id"))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Response::ok(view(owned(world, call)?)))
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let mut changed = Application::default();
    fill(call, &mut changed)?;
    call.body()?.required("redirect_uri")?;
    call.body()?.required("application_uri")?;
    let application = owned(world, call)?;
    check_name(&changed)?;
    (changed.client_id, changed.client_secret) = (
        application.client_id.clone(),
        application.client_secret.clone(),
    );
    application.clone_from(&changed);
    world.log(
        call,
        "update_application",
        call.path("orgname"),
        None,
        metadata(call, &changed),
    );
    Ok(Response::ok(view(&changed)))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Admin)?;
    let application = world.delete_application(organization, call.path("client_id"))?;
    world.log(
        call,
        "delete_application",
        organization,
        None,
        metadata(call, &application),
    );
    Ok(Response::no_content())
}

fn reset_secret(world: &mut State, call: &Call<'_>) -> Outcome {
    let secret = world.random_text(40);
    let application = owned(world, call)?;
    application.client_secret = secret;
    let application = application.clone();
    world.log(
        call,
        "reset_application_client_secret",
        call.path("orgname"),
        None,
        metadata(call, &application),
    );
    Ok(Response::ok(view(&application)))
}

/// What everybody may know of an application.
fn information(world: &mut State, call: &Call<'_>) -> Outcome {
    let client_id = call.path("client_id");
    let mut all = world
        .organizations
        .values()
        .flat_map(|o| o.applications.iter().map(move |a| (o, a)));
    let (organization, application) = all
        .find(|(_, a)| a.client_id == client_id)
        .ok_or(ErrorResponse::NotFound)?;
    let email = application
        .avatar_email
        .as_deref()
        .unwrap_or(&organization.email);
    let mut owner = organizations::view(world, call, organization);
    // Its teams are left out, for members too.
    if owner.get("teams").is_some() {
        (owner["teams"], owner["ordered_teams"]) = (json!({}), json!([]));
    }
    Ok(Response::ok(json!({
        "name": application.name, "description": application.description, "uri": application.application_uri,
        "avatar": views::avatar(&application.name, email, "app"), "organization": owner,
    })))
}

fn token_view(token: &Token) -> Value {
    json!({
        "uuid": token.uuid, "name": token.name, "scope": token.scopes.join(" "), "expires_at": token.expires.map(|t| t.to_string()),
        "created": token.created.to_string(), "created_by": token.user, "last_accessed": null,
    })
}

/// The tokens that still work, newest first.
fn list_tokens(world: &mut State, call: &Call<'_>) -> Outcome {
    let client_id = owned(world, call)?.client_id.clone();
    let now = world.now();
    let is_listed =
        |t: &&Token| t.application.0 == client_id && t.expires.is_none_or(|end| now < end);
    let mut rows: Vec<(u64, Value)> = world
        .tokens
        .values()
        .filter(is_listed)
        .map(|t| (u64::MAX - t.id, token_view(t)))
        .collect();
    rows.sort_by_key(|(number, _)| *number);
    let (rows, next) = world.page(
        rows,
        |(number, _)| *number,
        PAGE,
        call.text("next_page").as_deref(),
    );
    Ok(paged(
        "tokens",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

/// The lifetime that the body asks for, in whole seconds.
fn lifetime(call: &Call<'_>) -> Result<Duration, ErrorResponse> {
    let Some(asked) = call.body()?.get("expiration") else {
        return Ok(Duration::from_secs(LIFETIME));
    };
    let seconds = asked.as_f64().ok_or_else(|| {
        unfit(
            &format!("{} is not of type 'number'", python(asked)),
            "type",
        )
    })?;
    if seconds < 1.0 {
        return Err(unfit(
            &format!("{asked} is less than the minimum of 1"),
            "minimum",
        ));
    }
    Ok(Duration::from_secs(seconds.min(LIFETIME as f64) as u64))
}

fn create_token(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (name, scope) = (body.required("name")?, body.required("scope")?);
    if name.is_empty() {
        return Err(unfit("'' is too short", "minLength"));
    }
    let lifetime = lifetime(call)?;
    let application = owned(world, call)?.clone();
    let name = name.trim();
    if name.is_empty() {
        return Err(ErrorResponse::message("'name' must not be empty"));
    }
    let mut scopes: Vec<String> = Vec::new();
    for part in scope.split([',', ' ']).filter(|part| !part.is_empty()) {
        if !scopes.iter().any(|s| s == part) {
            scopes.push(part.to_owned());
        }
    }
    if scopes.is_empty() || scopes.iter().any(|s| !SCOPES.contains(&s.as_str())) {
        return Err(ErrorResponse::message(format!("Invalid scope: {scope}")));
    }
    let (Some(token), Some(user)) = (&call.token, call.user()) else {
        return Err(world.unauthorized(call));
    };
    // No token makes another one that may more than itself.
    let is_superuser = world.users.get(user).is_some_and(|u| u.superuser);
    if scopes
        .iter()
        .any(|s| !token.covers(s) || s == "super:user" && !is_superuser)
    {
        return Err(world.unauthorized(call));
    }
    let (secret, expires) = (world.random_text(40), world.now().checked_add(lifetime));
    let mut made = world.new_token(
        user,
        scopes,
        expires,
        (application.client_id.clone(), application.name.clone()),
    );
    made.name = Some(name.to_owned());
    let mut answer = token_view(&made);
    let metadata = json!({
        "oauth_token_uuid": made.uuid, "scope": answer["scope"], "token_display_name": name, "application_name": application.name,
        "auth_method": "OAuth", "client_id": application.client_id,
    });
    answer["token"] = secret.as_str().into();
    world.tokens.insert(secret, made);
    world.log(
        call,
        "create_oauth_api_token",
        call.path("orgname"),
        None,
        metadata,
    );
    Ok(Response::ok(answer))
}

fn revoke_token(world: &mut State, call: &Call<'_>) -> Outcome {
    let application = owned(world, call)?.clone();
    let (uuid, before) = (call.path("token_uuid"), world.tokens.len());
    world
        .tokens
        .retain(|_, t| t.uuid != uuid || t.application.0 != application.client_id);
    if world.tokens.len() == before {
        return Err(ErrorResponse::NotFound);
    }
    let metadata = json!({"oauth_token_uuid": uuid, "application_name": application.name, "client_id": application.client_id});
    world.log(
        call,
        "revoke_oauth_api_token",
        call.path("orgname"),
        None,
        metadata,
    );
    Ok(Response::no_content())
}
