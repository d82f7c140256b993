//! Notifications of repositories, organizations and the caller.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::notifications::Notification;
use crate::testing::state::owned::Owned;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;

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

fn view(row: &Owned<Notification>) -> Value {
    let data = &row.data;
    json!({
        "uuid": row.uuid, "title": data.title, "event": data.event, "method": data.method, "config": data.config,
        "event_config": data.event_config, "number_of_failures": data.failures,
    })
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    if owner.name().is_none() {
        state.require_owner(&owner)?;
    }
    let rows: Vec<Value> = state.notifications.of(&owner).map(view).collect();
    Ok(Response::ok(json!({"notifications": rows})))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    if owner.name().is_none() {
        state.require_owner(&owner)?;
    }
    let body = request.body()?;
    body.require(&["event", "method", "config", "eventConfig"])?;
    let notification = Notification {
        title: body.string("title")?.map(str::to_owned),
        event: body.required_string("event")?.to_owned(),
        method: body.required_string("method")?.to_owned(),
        config: body.object("config")?.clone(),
        event_config: body.object("eventConfig")?.clone(),
        failures: 0,
        told_tags: BTreeSet::new(),
    };
    let row = state.add_notification(&request.caller, &owner, notification)?;
    Ok(Response::created(view(&row)))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state
        .found_notification(&owner, request.path("uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state.delete_notification(&request.caller, &owner, request.path("uuid"))?;
    Ok(Response::no_content())
}

fn reset(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state.reset_notification(&request.caller, &owner, request.path("uuid"))?;
    Ok(Response::no_content())
}

fn test(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state.test_notification(&owner, request.path("uuid"))?;
    Ok(Response::ok(json!({})))
}
