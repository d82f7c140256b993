//! Mirrors of repositories.

use crate::testing::http::api_request::{ApiRequest, JsonBody};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::mirrors::{
    RETRIES, RepositoryMirror, Synchronization, check_reference, is_mirror_date,
};
use crate::testing::state::owned::Owner;
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, SyncStatus};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getRepoMirrorConfig", get),
    ("createRepoMirrorConfig", create),
    ("changeRepoMirrorConfig", change),
    ("syncNow", sync_now),
    ("syncCancel", cancel),
];

/// The shortest time that a synchronization is given, in seconds.
const SHORTEST: i64 = 300;

/// The releases that brought `skopeo_timeout_interval` and `architecture_filter`.
const TIMEOUT_SINCE: &str = "3.15";
const ARCHITECTURES_SINCE: &str = "3.17";

const NO_RULE: &str =
    "validation failed: rule_value for TAG_GLOB_CSV must be a list with at least one rule";
/// Returns the repository in the path, which has to exist; the caller administers it.
fn repository(state: &State, request: &ApiRequest<'_>) -> Result<Owner, StateError> {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    let owner = Owner::repository(path);
    state.require_owner(&owner)?;
    Ok(owner)
}

fn rule(body: JsonBody<'_>) -> Result<Option<Vec<String>>, ErrorResponse> {
    let Some(rule) = body.get("root_rule").and_then(Value::as_object) else {
        return Ok(None);
    };
    let rule = JsonBody(rule);
    rule.one_of("rule_kind", &["tag_glob_csv"])?;
    rule.strings("rule_value")
}

fn bad_request(detail: &str) -> ErrorResponse {
    ErrorResponse::Detail(400, detail.to_owned())
}

/// Checks the fields that can be wrong by themselves. A server that does not know the filter of
/// architectures does not check it.
fn check(body: JsonBody<'_>, takes_filter: bool) -> Result<(), ErrorResponse> {
    if let Some(reference) = body.string("external_reference")? {
        check_reference(reference)?;
    }
    if takes_filter
        && body
            .nullable_strings("architecture_filter")?
            .is_some_and(|filter| !filter.is_empty())
    {
        return Err(bad_request(
            "Architecture filtering requires FEATURE_SPARSE_INDEX to be enabled.",
        ));
    }
    if body
        .string("sync_start_date")?
        .is_some_and(|date| !is_mirror_date(date))
    {
        return Err(bad_request(
            "Incorrect DateTime format for sync_start_date.",
        ));
    }
    Ok(())
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = repository(state, request)?;
    let has_timeout = state.edition.is_since(Some(TIMEOUT_SINCE));
    let has_filter = state.edition.is_since(Some(ARCHITECTURES_SINCE));
    let mirror = state.mirror(&owner, true)?;
    let mut view = json!({
        "is_enabled": mirror.is_enabled, "mirror_type": "PULL", "external_reference": mirror.reference,
        "external_registry_username": mirror.username, "external_registry_config": mirror.config, "sync_interval": mirror.interval,
        "sync_start_date": mirror.start, "sync_expiration_date": null, "sync_retries_remaining": mirror.sync.retries,
        "sync_status": mirror.sync.status, "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": mirror.rule},
        "robot_username": mirror.robot,
    });
    if has_timeout {
        view["skopeo_timeout_interval"] = mirror.timeout.into();
    }
    if has_filter {
        view["architecture_filter"] = json!([]);
    }
    Ok(Response::ok(view))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    request.repository_as(state, RepositoryRole::Admin)?;
    let takes_timeout = state.edition.is_since(Some(TIMEOUT_SINCE));
    let mut required = vec![
        "external_reference",
        "sync_interval",
        "sync_start_date",
        "root_rule",
    ];
    required.extend(takes_timeout.then_some("skopeo_timeout_interval"));
    body.require(&required)?;
    let interval = body.unsigned("sync_interval")?.unwrap_or_default();
    let timeout = body
        .integer_at_least("skopeo_timeout_interval", SHORTEST)?
        .unwrap_or_default();
    let owner = repository(state, request)?;
    state.require_no_organization_mirror(owner.namespace())?;
    state.require_no_mirror(&owner)?;
    let takes_filter = state.edition.is_since(Some(ARCHITECTURES_SINCE));
    check(body, takes_filter)?;
    let reference = body.required_string("external_reference")?;
    let rule = rule(body)?
        .filter(|rule| !rule.is_empty())
        .ok_or_else(|| ErrorResponse::invalid(NO_RULE))?;
    // Quay wants a robot, and does not say so.
    let robot = body
        .string("robot_username")?
        .ok_or(ErrorResponse::Internal)?;
    state.authorize_mirror_robot(&owner, robot)?;
    // Older servers fail on fields that they do not know, after they have stored a part.
    if !takes_timeout && body.get("skopeo_timeout_interval").is_some()
        || !takes_filter && body.get("architecture_filter").is_some()
    {
        return Err(ErrorResponse::Internal);
    }
    let mirror = RepositoryMirror {
        is_enabled: body.boolean("is_enabled")?.unwrap_or(true),
        reference: reference.to_owned(),
        username: body
            .nullable_string("external_registry_username")?
            .map(str::to_owned),
        config: body
            .get("external_registry_config")
            .cloned()
            .unwrap_or_else(|| json!({})),
        interval,
        start: body.required_string("sync_start_date")?.to_owned(),
        rule,
        robot: robot.to_owned(),
        timeout,
        sync: Synchronization::new(SyncStatus::NeverRun, RETRIES, None),
    };
    state.add_mirror(&request.caller, &owner, mirror);
    Ok(Response::created("".into()))
}

fn change(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    request.repository_as(state, RepositoryRole::Admin)?;
    let (interval, timeout) = (
        body.unsigned("sync_interval")?,
        body.integer_at_least("skopeo_timeout_interval", SHORTEST)?,
    );
    let owner = repository(state, request)?;
    state.require_no_organization_mirror(owner.namespace())?;
    state.mirrors.first(&owner).ok_or(ErrorResponse::NotFound)?;
    check(body, state.edition.is_since(Some(ARCHITECTURES_SINCE)))?;
    let (has_user, password) = (
        body.get("external_registry_username").is_some(),
        body.get("external_registry_password"),
    );
    let username = body.nullable_string("external_registry_username")?;
    if password.is_some() && !has_user {
        return Err(bad_request(
            "Unable to set a new password without also specifying a username.",
        ));
    }
    if has_user && username.is_none() && password.is_some_and(|p| !p.is_null()) {
        return Err(bad_request(
            "Unable to delete username while setting a password.",
        ));
    }
    let rule = rule(body)?;
    if rule.as_ref().is_some_and(Vec::is_empty) {
        return Err(ErrorResponse::invalid(NO_RULE));
    }
    let robot = body.string("robot_username")?;
    if let Some(robot) = robot {
        state.authorize_mirror_robot(&owner, robot)?;
    }
    let is_enabled = body.boolean("is_enabled")?;
    let (reference, start) = (
        body.string("external_reference")?,
        body.string("sync_start_date")?,
    );
    let Some(mirror) = state.mirrors.first_mut(&owner) else {
        return Err(ErrorResponse::NotFound);
    };
    mirror.is_enabled = is_enabled.unwrap_or(mirror.is_enabled);
    mirror.interval = interval.unwrap_or(mirror.interval);
    mirror.timeout = timeout.unwrap_or(mirror.timeout);
    for (field, new) in [
        (&mut mirror.reference, reference),
        (&mut mirror.robot, robot),
        (&mut mirror.start, start),
    ] {
        if let Some(new) = new {
            new.clone_into(field);
        }
    }
    if has_user {
        mirror.username = username.map(str::to_owned);
    }
    if let Some(rule) = rule {
        mirror.rule = rule;
    }
    if let Some(changes) = body.get("external_registry_config") {
        change_config(&mut mirror.config, changes);
    }
    // Each change is logged by itself; a password is not.
    for (name, value) in body
        .0
        .iter()
        .filter(|(name, _)| *name != "external_registry_config")
    {
        let value = if name == "external_registry_password" && !value.is_null() {
            "********".into()
        } else {
            value.clone()
        };
        let name = if name == "root_rule" {
            "mirror_rule"
        } else {
            name
        };
        state.log_mirror(&request.caller, &owner, name, value);
    }
    Ok(Response::created("".into()))
}

/// Changes how the other registry is spoken to. As on Quay, the first proxy of a mirror that has
/// none is lost.
fn change_config(config: &mut Value, changes: &Value) {
    for name in ["verify_tls", "unsigned_images"] {
        if let Some(value) = changes.get(name) {
            config[name] = value.clone();
        }
    }
    let Some(changes) = changes.get("proxy") else {
        return;
    };
    for name in ["http_proxy", "https_proxy", "no_proxy"] {
        match (changes.get(name), config.get_mut("proxy")) {
            (Some(value), Some(proxy)) => proxy[name] = value.clone(),
            (Some(_), None) => config["proxy"] = json!({}),
            (None, _) => {}
        }
    }
}

fn sync_now(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = repository(state, request)?;
    state.request_sync(&request.caller, &owner)?;
    Ok(Response::no_content())
}

fn cancel(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = repository(state, request)?;
    state.cancel_sync(&request.caller, &owner)?;
    Ok(Response::no_content())
}
