//! Whom else the server takes for a robot account.

use super::super::call::{Call, python, unfit};
use super::super::world::World;
use super::super::{Answer, Refusal};
use super::{Outcome, Routes, robots};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrgRobotFederation", get),
    ("createOrgRobotFederation", set),
    ("deleteOrgRobotFederation", delete),
    ("getUserRobotFederation", get),
    ("createUserRobotFederation", set),
    ("deleteUserRobotFederation", delete),
];

/// The identities in the body, which is a list.
fn read(call: &Call<'_>) -> Result<Vec<Value>, Refusal> {
    let body = call.received.body.as_ref().ok_or(Refusal::BadRequest)?;
    let rows = body.as_array().ok_or_else(|| unfit(&format!("{} is not of type 'array'", python(body)), "type"))?;
    let mut read: Vec<Value> = Vec::new();
    for row in rows {
        let text = |name: &str| match row.get(name) {
            Some(Value::String(text)) => Ok(text.as_str()),
            Some(other) => Err(unfit(&format!("{} is not of type 'string'", python(other)), "type")),
            None => Err(unfit(&format!("'{name}' is a required property"), "required")),
        };
        let (issuer, subject) = (text("issuer")?, text("subject")?);
        if issuer.is_empty() || subject.is_empty() {
            return Err(Refusal::invalid("Missing one or more required fields (issuer, subject)"));
        }
        if !issuer.starts_with("http://") && !issuer.starts_with("https://") {
            return Err(Refusal::invalid("Issuer must be a URL (http:// or https://)"));
        }
        let row = json!({"issuer": issuer, "subject": subject});
        if read.contains(&row) {
            return Err(Refusal::invalid("Duplicate federation config entry"));
        }
        read.push(row);
    }
    Ok(read)
}

fn get(world: &mut World, call: &Call<'_>) -> Outcome {
    let namespace = robots::namespace(world, call)?;
    Ok(Answer::ok(Value::Array(robots::robot(world, call, namespace)?.federation.clone())))
}

fn set(world: &mut World, call: &Call<'_>) -> Outcome {
    let namespace = robots::namespace(world, call)?;
    let rows = read(call)?;
    robots::robot(world, call, namespace)?.federation.clone_from(&rows);
    let metadata = json!({"config": rows, "robot": call.path("robot_shortname")});
    world.log(call, "create_robot_federation", namespace, None, metadata);
    Ok(Answer::ok(Value::Array(rows)))
}

fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    let namespace = robots::namespace(world, call)?;
    robots::robot(world, call, namespace)?.federation.clear();
    world.log(call, "delete_robot_federation", namespace, None, json!({"robot": call.path("robot_shortname")}));
    Ok(Answer::no_content())
}
