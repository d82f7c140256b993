//! Operations that Quay has no more, or that no recording can answer.

use super::{Outcome, Routes};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::is_email;
use crate::testing::state::tokens::SCOPES;
use crate::testing::{ErrorResponse, Response};
use serde_json::json;
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("listRepoTokens", token_of_repository),
    ("createToken", token_of_repository),
    ("getTokens", token_of_repository),
    ("changeToken", token_of_repository),
    ("deleteToken", token_of_repository),
    ("getSuperUserConfig", server_config),
    ("initializeUser", initialize),
];

fn token_of_repository(_: &mut State, _: &Call<'_>) -> Outcome {
    Err(ErrorResponse::Gone(
        "Handling of access tokens is no longer supported".to_owned(),
    ))
}

fn server_config(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let superusers: Vec<&str> = world
        .users
        .values()
        .filter(|u| u.superuser)
        .map(|u| u.name.as_str())
        .collect();
    let config = json!({"AUTHENTICATION_TYPE": "Database", "FEATURE_SUPER_USERS": true, "SUPER_USERS": superusers});
    Ok(Response::ok(
        json!({"config": config, "warning": {}, "env": {}, "schema": {}}),
    ))
}

/// The first user of a fresh server.
fn initialize(world: &mut State, call: &Call<'_>) -> Outcome {
    if !world.users.is_empty() {
        return Err(ErrorResponse::message(
            "Cannot initialize user in a non-empty database",
        ));
    }
    let body = call.body()?;
    let (name, email) = (
        body.required("username")?,
        body.text("email")?.unwrap_or_default(),
    );
    if !is_email(email) {
        return Err(ErrorResponse::message(format!(
            "Invalid email address: {email}"
        )));
    }
    let user = world.create_user(name, email)?;
    (user.superuser, user.verified) = (true, true);
    let mut answer =
        json!({"username": name, "email": email, "encrypted_password": world.random_text(80)});
    if body.flag("access_token")? == Some(true) {
        let (secret, expires) = (
            world.random_text(40),
            world.now().checked_add(Duration::from_secs(9000)),
        );
        world.issue(
            &secret,
            name,
            SCOPES.iter().map(|s| (*s).to_owned()),
            expires,
        );
        answer["access_token"] = secret.into();
    }
    Ok(Response::ok(answer))
}
