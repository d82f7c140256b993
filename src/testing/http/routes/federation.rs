//! Whose tokens of other services count as a robot account's own.

use super::robots::{namespace, robot};
use super::{Outcome, Routes};
use crate::testing::http::call::{Call, python, unfit};
use crate::testing::state::State;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrgRobotFederation", get),
    ("createOrgRobotFederation", set),
    ("deleteOrgRobotFederation", delete),
    ("getUserRobotFederation", get),
    ("createUserRobotFederation", set),
    ("deleteUserRobotFederation", delete),
];

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    Ok(Response::ok(Value::Array(
        robot(world, call, namespace)?.federation.clone(),
    )))
}

/// The issuers and subjects of the body, which is an array.
fn config(call: &Call<'_>) -> Result<Vec<Value>, ErrorResponse> {
    let body = call
        .received
        .body
        .as_ref()
        .ok_or(ErrorResponse::BadRequest)?;
    let rows = body
        .as_array()
        .ok_or_else(|| unfit(&format!("{} is not of type 'array'", python(body)), "type"))?;
    let mut config = Vec::new();
    for row in rows {
        let member = |name: &str| {
            let missing = || unfit(&format!("'{name}' is a required property"), "required");
            row.get(name).and_then(Value::as_str).ok_or_else(missing)
        };
        let (issuer, subject) = (member("issuer")?, member("subject")?);
        let row = json!({"issuer": issuer, "subject": subject});
        if issuer.is_empty() || subject.is_empty() {
            return Err(ErrorResponse::invalid(
                "Missing one or more required fields (issuer, subject)",
            ));
        }
        if !issuer.starts_with("http://") && !issuer.starts_with("https://") {
            return Err(ErrorResponse::invalid(
                "Issuer must be a URL (http:// or https://)",
            ));
        }
        if config.contains(&row) {
            return Err(ErrorResponse::invalid("Duplicate federation config entry"));
        }
        config.push(row);
    }
    Ok(config)
}

fn set(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    let config = config(call)?;
    robot(world, call, namespace)?
        .federation
        .clone_from(&config);
    let metadata = json!({"config": config, "robot": call.path("robot_shortname")});
    world.log(call, "create_robot_federation", namespace, None, metadata);
    Ok(Response::ok(Value::Array(config)))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    robot(world, call, namespace)?.federation.clear();
    world.log(
        call,
        "delete_robot_federation",
        namespace,
        None,
        json!({"robot": call.path("robot_shortname")}),
    );
    Ok(Response::no_content())
}
