//! Build triggers, which come from seeds: a server creates them in its web UI.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, builds};
use crate::testing::state::State;
use crate::testing::state::builds::Trigger;
use crate::testing::state::owned::{Owned, Owner};
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listBuildTriggers", list),
    ("getBuildTrigger", get),
    ("updateBuildTrigger", update),
    ("deleteBuildTrigger", delete),
    ("manuallyStartBuildTrigger", start),
    ("listTriggerRecentBuilds", recent_builds),
];

pub fn view(row: &Owned<Trigger>, is_admin: bool) -> Value {
    let trigger = &row.data;
    let webhook = format!(
        "http://$token:{}@quay.example.com/webhooks/push/trigger/{}",
        trigger.token, row.uuid
    );
    let config = json!({
        "build_source": trigger.source, "dockerfile_path": "/Dockerfile", "context": "/", "default_tag_from_ref": true,
        "latest_for_default_branch": true, "tag_templates": [],
        "credentials": [{"name": "Webhook Endpoint URL", "value": webhook}],
    });
    json!({
        "id": row.uuid, "service": trigger.service, "is_active": true, "build_source": is_admin.then_some(&trigger.source),
        "repository_url": null, "config": if is_admin { config } else { json!({}) }, "can_invoke": is_admin, "enabled": trigger.is_enabled,
        "disabled_reason": (!trigger.is_enabled).then_some("user_toggled"),
    })
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = Owner::repository(request.repository_as(state, RepositoryRole::Admin)?);
    let rows: Vec<Value> = state
        .triggers
        .of(&owner)
        .map(|row| view(row, true))
        .collect();
    Ok(Response::ok(json!({"triggers": rows})))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.repository_as(state, RepositoryRole::Admin)?;
    state
        .triggers
        .of_any_repository(request.path("trigger_uuid"))
        .map(|row| Response::ok(view(row, true)))
        .ok_or(ErrorResponse::NotFound)
}

/// Changes a trigger. The response shows it as to a caller who does not administer it.
fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Admin)?;
    let body = request.body()?;
    body.require(&["enabled"])?;
    let is_enabled = body.boolean("enabled")?.unwrap_or(false);
    let uuid = request.path("trigger_uuid");
    state.toggle_trigger(&request.caller, path, uuid, is_enabled)?;
    state
        .triggers
        .of_any_repository(uuid)
        .map(|row| Response::ok(view(row, false)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Admin)?;
    state.delete_trigger(&request.caller, path, request.path("trigger_uuid"))?;
    Ok(Response::no_content())
}

fn start(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Admin)?;
    let (body, uuid) = (request.body()?, request.path("trigger_uuid"));
    state.enabled_trigger(path, uuid)?;
    let branch = match body.get("refs") {
        Some(refs) => refs["name"].as_str(),
        None => body.string("branch_name")?,
    };
    let commit = body.string("commit_sha")?;
    let row = state.start_trigger(&request.caller, path, uuid, commit, branch)?;
    Ok(Response::created(builds::view(state, request, &row)))
}

fn recent_builds(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = Owner::repository(request.repository_as(state, RepositoryRole::Admin)?);
    Ok(Response::ok(
        json!({"builds": builds::newest(state, request, &owner, Some(request.path("trigger_uuid")))?}),
    ))
}
