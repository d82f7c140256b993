//! What the server tells everybody.

use super::super::call::{Body, Call};
use super::super::world::World;
use super::super::world::messages::Message;
use super::super::{Answer, Refusal};
use super::{Outcome, Routes};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[("getGlobalMessages", list), ("createGlobalMessage", create), ("deleteGlobalMessage", delete)];

fn list(world: &mut World, _: &Call<'_>) -> Outcome {
    let row = |m: &Message| json!({"uuid": m.uuid, "content": m.content, "severity": m.severity, "media_type": m.media_type});
    Ok(Answer::ok(json!({"messages": world.messages.iter().map(row).collect::<Vec<_>>()})))
}

fn create(world: &mut World, call: &Call<'_>) -> Outcome {
    let message = call.body()?.get("message").and_then(Value::as_object).map(Body);
    let message = message.map(|m| {
        let media_type = m.one_of("media_type", &["text/plain", "text/markdown"])?.to_owned();
        let severity = m.one_of("severity", &["info", "warning", "error"])?.to_owned();
        Ok(Message { uuid: world.random_uuid(), content: m.required("content")?.to_owned(), severity, media_type })
    });
    let message = message.transpose()?;
    world.may_as_superuser(call).map_err(|_| Refusal::Forbidden)?;
    // Without a message the server fails.
    world.messages.push(message.ok_or(Refusal::Internal)?);
    Ok(Answer::created("".into()))
}

/// Deleting what is not there is a success.
fn delete(world: &mut World, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call).map_err(|_| Refusal::Forbidden)?;
    world.messages.retain(|m| m.uuid != call.path("uuid"));
    Ok(Answer::no_content())
}
