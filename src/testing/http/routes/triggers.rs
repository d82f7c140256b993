//! What sets builds off. Triggers come from seeds: a server makes them when a source is connected
//! in its pages.

use super::{Outcome, Routes, builds, writable};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::builds::{Build, Trigger};
use crate::testing::state::places::{Place, Row};
use crate::testing::state::progress::Progress;
use crate::testing::state::random::sha256;
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

pub fn view(row: &Row<Trigger>, is_admin: bool) -> Value {
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

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = Place::repository(world.may(call, RepositoryRole::Admin)?);
    let rows: Vec<Value> = world
        .triggers
        .of(&place)
        .map(|row| view(row, true))
        .collect();
    Ok(Response::ok(json!({"triggers": rows})))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = Place::repository(world.may(call, RepositoryRole::Admin)?);
    world
        .triggers
        .get(&place, call.path("trigger_uuid"))
        .map(|row| Response::ok(view(row, true)))
        .ok_or(ErrorResponse::NotFound)
}

/// The trigger is answered as if somebody else had asked.
fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Admin)?;
    let body = call.body()?;
    body.has(&["enabled"])?;
    let is_enabled = body.flag("enabled")?.unwrap_or(false);
    let (place, uuid) = (Place::repository(path), call.path("trigger_uuid"));
    let trigger = world
        .triggers
        .get_mut(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    trigger.is_enabled = is_enabled;
    let metadata = json!({"repo": path.1, "trigger_id": uuid, "service": trigger.service, "enabled": is_enabled});
    world.log(call, "toggle_repo_trigger", path.0, Some(path.1), metadata);
    world
        .triggers
        .get(&place, uuid)
        .map(|row| Response::ok(view(row, false)))
        .ok_or(ErrorResponse::NotFound)
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Admin)?;
    let (place, uuid) = (Place::repository(path), call.path("trigger_uuid"));
    let trigger = world
        .triggers
        .remove(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    let metadata = json!({"repo": path.1, "trigger_id": uuid, "service": trigger.service});
    world.log(call, "delete_repo_trigger", path.0, Some(path.1), metadata);
    Ok(Response::no_content())
}

fn start(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Admin)?;
    let (body, place) = (call.body()?, Place::repository(path));
    let row = world
        .triggers
        .get(&place, call.path("trigger_uuid"))
        .ok_or(ErrorResponse::NotFound)?;
    if !row.data.is_enabled {
        return Err(ErrorResponse::invalid("Trigger is not enabled."));
    }
    let branch = match body.get("refs") {
        Some(refs) => refs["name"].as_str(),
        None => body.text("branch_name")?,
    };
    // A git server of one's own has no branches that Quay could ask for.
    let branch = branch.filter(|_| row.data.service != "custom-git");
    let commit = match (body.text("commit_sha")?, branch) {
        (Some(commit), _) => commit.to_owned(),
        (None, Some(branch)) => sha256(branch)[..40].to_owned(),
        (None, None) => return Err(ErrorResponse::invalid("missing required parameter")),
    };
    let short: String = commit.chars().take(7).collect();
    let started = world.now_ms();
    let build = Build {
        started,
        display_name: short.clone(),
        dockerfile: "/Dockerfile".to_owned(),
        context: "/".to_owned(),
        tags: vec![short],
        user: call.user().map(str::to_owned),
        archive_url: None,
        file: None,
        pull_robot: None,
        trigger: Some(row.uuid.clone()),
        metadata: json!({"commit": commit, "git_url": row.data.source}),
        is_cancelled: false,
        progress: Progress::new(started),
    };
    builds::start(world, call, path, build)
}

fn recent_builds(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = Place::repository(world.may(call, RepositoryRole::Admin)?);
    Ok(Response::ok(
        json!({"builds": builds::newest(world, call, &place, Some(call.path("trigger_uuid")))?}),
    ))
}
