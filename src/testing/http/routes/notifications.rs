//! Notifications of repositories, organizations and the caller.

use super::{Outcome, Routes, administered, exists};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::notifications::Notification;
use crate::testing::state::places::{Place, Row};
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listRepoNotifications", list),
    ("createRepoNotification", create),
    ("getRepoNotification", get),
    ("deleteRepoNotification", delete),
    ("testRepoNotification", test),
    ("resetRepositoryNotificationFailures", reset),
    ("listOrgNotifications", list),
    ("createOrgNotification", create),
    ("getOrgNotification", get),
    ("deleteOrgNotification", delete),
    ("testOrgNotification", test),
    ("resetOrgNotificationFailures", reset),
    ("listUserNamespaceNotifications", list),
    ("createUserNamespaceNotification", create),
    ("getUserNamespaceNotification", get),
    ("deleteUserNamespaceNotification", delete),
    ("testUserNamespaceNotification", test),
    ("resetUserNamespaceNotificationFailures", reset),
];

/// What can happen in a repository.
const EVENTS: [&str; 12] = [
    "repo_push",
    "build_queued",
    "build_failure",
    "build_start",
    "build_success",
    "build_cancelled",
    "vulnerability_found",
    "repo_mirror_sync_started",
    "repo_mirror_sync_success",
    "repo_mirror_sync_failed",
    "repo_image_expiry",
    "repo_verbs",
];

/// What can happen in a namespace.
const NAMESPACE_EVENTS: [&str; 2] = ["quota_error", "quota_warning"];

fn view(row: &Row<Notification>) -> Value {
    let data = &row.data;
    json!({
        "uuid": row.uuid, "title": data.title, "event": data.event, "method": data.method, "config": data.config,
        "event_config": data.event_config, "number_of_failures": data.failures,
    })
}

/// What is said of a notification that is not there, by those who would change it.
fn missing(call: &Call<'_>, place: &Place) -> ErrorResponse {
    match place.name() {
        Some(name) => {
            let uuid = call.path("uuid");
            ErrorResponse::invalid(format!(
                "No repository notification found for: {}, {name}, {uuid}",
                place.namespace()
            ))
        }
        None => ErrorResponse::NotFound,
    }
}

fn log(world: &mut State, call: &Call<'_>, what: &str, place: &Place, row: &Row<Notification>) {
    let metadata = json!({"notification_id": row.uuid, "event": row.data.event, "method": row.data.method, "namespace": place.namespace()});
    match place.name() {
        Some(name) => world.log_repository(
            call,
            &format!("{what}_repo_notification"),
            (place.namespace(), name),
            metadata,
        ),
        None => {
            let what = if what == "add" { "create" } else { what };
            world.log(
                call,
                &format!("{what}_namespace_notification"),
                place.namespace(),
                None,
                metadata,
            );
        }
    }
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    if place.name().is_none() && !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    let rows: Vec<Value> = world.notifications.of(&place).map(view).collect();
    Ok(Response::ok(json!({"notifications": rows})))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    if !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    let body = call.body()?;
    body.has(&["event", "method", "config", "eventConfig"])?;
    let (event, method) = (body.required("event")?, body.required("method")?);
    let (config, event_config) = (body.object("config")?, body.object("eventConfig")?);
    let of_repository = place.name().is_some();
    if !of_repository && !NAMESPACE_EVENTS.contains(&event) {
        return Err(ErrorResponse::invalid(format!(
            "Invalid event '{event}'. Must be one of: {}",
            NAMESPACE_EVENTS.join(", ")
        )));
    }
    check(world, &place, method, config)?;
    if of_repository && !EVENTS.contains(&event) {
        return Err(ErrorResponse::Internal);
    }
    let data = Notification {
        title: body.text("title")?.map(str::to_owned),
        event: event.to_owned(),
        method: method.to_owned(),
        config: config.clone(),
        event_config: event_config.clone(),
        failures: 0,
    };
    let row = Row {
        place: place.clone(),
        uuid: world.random_uuid(),
        data,
    };
    world
        .notifications
        .add(place.clone(), row.uuid.clone(), row.data.clone());
    log(world, call, "add", &place, &row);
    Ok(Response::created(view(&row)))
}

/// Whether something can be sent so.
fn check(world: &State, place: &Place, method: &str, config: &Value) -> Result<(), ErrorResponse> {
    let has = |member: &str| {
        config
            .get(member)
            .and_then(Value::as_str)
            .is_some_and(|text| !text.is_empty())
    };
    let wanted = |member: &str, text: &str| {
        if has(member) {
            Ok(())
        } else {
            Err(ErrorResponse::invalid(text))
        }
    };
    match method {
        "webhook" => wanted("url", "Missing webhook URL"),
        "slack" => wanted("url", "Missing Slack Callback URL"),
        "flowdock" => wanted("flow_api_token", "Missing Flowdock API Token"),
        "hipchat" => wanted(
            "notification_token",
            "Missing Hipchat Room Notification Token",
        )
        .and_then(|()| wanted("room_id", "Missing Hipchat Room ID")),
        "email" if place.name().is_none() => Ok(()),
        "email" => {
            wanted("email", "Missing e-mail address")?;
            // No mail is sent here, so that no address is ever confirmed.
            Err(ErrorResponse::invalid(
                "The specified e-mail address is not authorized to receive notifications for this repository",
            ))
        }
        "quay_notification" => {
            let target = config
                .get("target")
                .filter(|t| t.get("kind").is_some())
                .ok_or_else(|| ErrorResponse::invalid("Missing target"))?;
            let text = |member: &str| {
                target
                    .get(member)
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            };
            let (kind, name) = (text("kind"), text("name"));
            let team = || {
                world
                    .organizations
                    .get(place.namespace())
                    .is_some_and(|o| o.teams.contains_key(name))
            };
            match kind {
                "user" if !world.users.contains_key(name) => {
                    Err(ErrorResponse::invalid(format!("Unknown user {name}")))
                }
                "org" if !world.organizations.contains_key(name) => Err(ErrorResponse::invalid(
                    format!("Unknown organization {name}"),
                )),
                "team" if !team() => Err(ErrorResponse::invalid(format!("Unknown team {name}"))),
                _ => Ok(()),
            }
        }
        other if place.name().is_none() => Err(ErrorResponse::invalid(format!(
            "Unknown notification method '{other}'"
        ))),
        _ => Err(ErrorResponse::Internal),
    }
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    world
        .notifications
        .get(&place, call.path("uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let row = world
        .notifications
        .get(&place, call.path("uuid"))
        .cloned()
        .ok_or_else(|| missing(call, &place))?;
    world.notifications.remove(&place, &row.uuid);
    log(world, call, "delete", &place, &row);
    Ok(Response::no_content())
}

fn reset(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    world
        .notifications
        .get_mut(&place, call.path("uuid"))
        .ok_or_else(|| missing(call, &place))?
        .failures = 0;
    if let Some(row) = world.notifications.get(&place, call.path("uuid")).cloned() {
        log(world, call, "reset", &place, &row);
    }
    Ok(Response::no_content())
}

/// Nothing leaves the sandbox. What goes to Quay's own pages becomes a notice of those whom it is
/// for.
fn test(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let row = world
        .notifications
        .get(&place, call.path("uuid"))
        .cloned()
        .ok_or_else(|| missing(call, &place))?;
    let target = row
        .data
        .config
        .get("target")
        .filter(|_| row.data.method == "quay_notification");
    let text = |member: &str| {
        target
            .and_then(|t| t.get(member))
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let told: Vec<String> = match text("kind") {
        "user" | "org" => vec![text("name").to_owned()],
        "team" => {
            let team = world
                .organizations
                .get(place.namespace())
                .and_then(|o| o.teams.get(text("name")));
            let members = team.map(|t| {
                t.members
                    .iter()
                    .filter(|m| world.users.contains_key(*m))
                    .cloned()
                    .collect()
            });
            members.unwrap_or_default()
        }
        _ => Vec::new(),
    };
    let metadata = json!({"namespace": place.namespace(), "repository": place.name(), "name": place.name(), "updated_tags": ["latest"]});
    for name in told {
        let now = world.now();
        world.notify(&name, &row.data.event, now, metadata.clone());
    }
    Ok(Response::ok(json!({})))
}
