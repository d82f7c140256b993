//! What the server tells everybody.

use super::{Outcome, Routes};
use crate::testing::http::call::{Body, Call};
use crate::testing::state::State;
use crate::testing::state::messages::Message;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getGlobalMessages", list),
    ("createGlobalMessage", create),
    ("deleteGlobalMessage", delete),
];

fn list(world: &mut State, _: &Call<'_>) -> Outcome {
    let row = |m: &Message| json!({"uuid": m.uuid, "content": m.content, "severity": m.severity, "media_type": m.media_type});
    Ok(Response::ok(
        json!({"messages": world.messages.iter().map(row).collect::<Vec<_>>()}),
    ))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let message = call
        .body()?
        .get("message")
        .and_then(Value::as_object)
        .map(Body);
    let message = message.map(|m| {
        let media_type = m
            .one_of("media_type", &["text/plain", "text/markdown"])?
            .to_owned();
        let severity = m
            .one_of("severity", &["info", "warning", "error"])?
            .to_owned();
        Ok(Message {
            uuid: world.random_uuid(),
            content: m.required("content")?.to_owned(),
            severity,
            media_type,
        })
    });
    let message = message.transpose()?;
    world
        .may_as_superuser(call)
        .map_err(|_| ErrorResponse::Forbidden)?;
    // Without a message the server fails.
    world.messages.push(message.ok_or(ErrorResponse::Internal)?);
    Ok(Response::created("".into()))
}

/// Deleting what is not there is a success.
fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    world
        .may_as_superuser(call)
        .map_err(|_| ErrorResponse::Forbidden)?;
    world.messages.retain(|m| m.uuid != call.path("uuid"));
    Ok(Response::no_content())
}
