//! Mirrors of organizations.

use crate::testing::http::api_request::{ApiRequest, JsonBody, schema_error};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::mirrors::{
    RETRIES, Synchronization, check_registry_url, is_mirror_date,
};
use crate::testing::state::organization_mirrors::{FoundRepository, OrganizationMirror};
use crate::testing::state::owned::Owner;
use crate::testing::{ErrorResponse, Response};
use crate::types::{SyncStatus, TeamRole};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrgMirrorConfig", get),
    ("createOrgMirrorConfig", create),
    ("updateOrgMirrorConfig", update),
    ("deleteOrgMirrorConfig", delete),
    ("syncOrgMirrorNow", sync_now),
    ("cancelOrgMirrorSync", cancel),
    ("verifyOrgMirrorConnection", verify),
    ("listOrgMirrorRepositories", repositories),
];

/// The default and the largest number of repositories of a page.
const PAGE: i64 = 100;
const LARGEST_PAGE: i64 = 500;

/// The words for how a repository fares, in Quay's order.
const STATUSES: [&str; 7] = [
    "CANCEL",
    "FAIL",
    "NEVER_RUN",
    "SUCCESS",
    "SYNCING",
    "SYNC_NOW",
    "SKIP",
];

/// Returns the organization in the path, which has to exist; the caller administers it.
fn organization(state: &State, request: &ApiRequest<'_>) -> Result<Owner, StateError> {
    let name = request.organization_as(state, TeamRole::Admin)?;
    state.organization(name)?;
    Ok(Owner::namespace_of(name))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    let mirror = state.organization_mirror(&owner, true)?;
    let counts = STATUSES
        .iter()
        .map(|status| {
            (
                (*status).to_owned(),
                mirror.count(&SyncStatus::from(*status)).into(),
            )
        })
        .collect();
    Ok(Response::ok(json!({
        "is_enabled": mirror.is_enabled, "external_registry_type": mirror.registry, "external_registry_url": mirror.url,
        "external_namespace": mirror.namespace, "external_registry_username": mirror.username,
        "has_external_registry_password": mirror.has_password, "external_registry_config": mirror.config,
        "repository_filters": mirror.filters, "robot_username": mirror.robot, "visibility": mirror.visibility,
        "sync_interval": mirror.interval, "sync_start_date": mirror.start, "sync_expiration_date": null,
        "sync_status": mirror.sync.status, "sync_retries_remaining": mirror.sync.retries,
        "repo_sync_status_counts": Value::Object(counts), "skopeo_timeout": mirror.timeout, "creation_date": mirror.created.to_string(),
    })))
}

/// Checks the fields that depend on the organization, and those that can be wrong by themselves.
fn check(state: &State, owner: &Owner, body: JsonBody<'_>) -> Result<(), ErrorResponse> {
    if let Some(robot) = body.string("robot_username")? {
        state.check_organization_mirror_robot(owner, robot)?;
    }
    if body
        .string("sync_start_date")?
        .is_some_and(|date| !is_mirror_date(date))
    {
        return Err(ErrorResponse::invalid(
            "Invalid sync_start_date format. Use ISO 8601: YYYY-MM-DDTHH:MM:SSZ",
        ));
    }
    if let Some(url) = body.string("external_registry_url")? {
        check_registry_url(url)?;
    }
    Ok(())
}

/// Returns the timeout in a body, in seconds, which has to be within its bounds.
fn timeout(body: JsonBody<'_>) -> Result<Option<u64>, ErrorResponse> {
    match body.integer_at_least("skopeo_timeout", 30)? {
        Some(seconds) if seconds > 3600 => Err(schema_error(
            &format!("{seconds} is greater than the maximum of 3600"),
            "maximum",
        )),
        seconds => Ok(seconds),
    }
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let registry = body
        .one_of("external_registry_type", &["harbor", "quay"])?
        .to_owned();
    let (url, namespace) = (
        body.required_string("external_registry_url")?.to_owned(),
        body.required_string("external_namespace")?.to_owned(),
    );
    let robot = body.required_string("robot_username")?.to_owned();
    let visibility = body
        .one_of("visibility", &["public", "private"])?
        .to_owned();
    body.require(&["sync_interval", "sync_start_date"])?;
    let interval = body
        .integer_at_least("sync_interval", 60)?
        .unwrap_or_default();
    let timeout = timeout(body)?.unwrap_or(300);
    let owner = organization(state, request)?;
    check(state, &owner, body)?;
    state.check_new_organization_mirror(&owner)?;
    let text = |name: &str| {
        body.nullable_string(name)
            .map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned))
    };
    let data = OrganizationMirror {
        is_enabled: body.boolean("is_enabled")?.unwrap_or(true),
        username: text("external_registry_username")?,
        has_password: text("external_registry_password")?.is_some(),
        config: body
            .get("external_registry_config")
            .cloned()
            .unwrap_or_else(|| json!({})),
        filters: body.strings("repository_filters")?.unwrap_or_default(),
        start: body.required_string("sync_start_date")?.to_owned(),
        created: state.now(),
        sync: Synchronization::new(SyncStatus::NeverRun, RETRIES, None),
        found: Vec::new(),
        registry,
        url,
        namespace,
        robot,
        visibility,
        interval,
        timeout,
    };
    state.add_organization_mirror(&request.caller, &owner, data);
    Ok(Response::created("".into()))
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (interval, timeout) = (body.integer_at_least("sync_interval", 60)?, timeout(body)?);
    let visibility = body
        .get("visibility")
        .map(|_| body.one_of("visibility", &["public", "private"]))
        .transpose()?;
    let owner = organization(state, request)?;
    state
        .organization_mirrors
        .first(&owner)
        .ok_or(ErrorResponse::NotFound)?;
    check(state, &owner, body)?;
    let (is_enabled, filters) = (
        body.boolean("is_enabled")?,
        body.strings("repository_filters")?,
    );
    let text = |name: &str| body.string(name);
    let (url, namespace) = (text("external_registry_url")?, text("external_namespace")?);
    let (robot, start) = (text("robot_username")?, text("sync_start_date")?);
    let (username, password) = (
        body.nullable_string("external_registry_username")?,
        body.nullable_string("external_registry_password")?,
    );
    let mirror = state.organization_mirror(&owner, false)?;
    let old = mirror.reference();
    mirror.is_enabled = is_enabled.unwrap_or(mirror.is_enabled);
    mirror.interval = interval.unwrap_or(mirror.interval);
    mirror.timeout = timeout.unwrap_or(mirror.timeout);
    let fields = [
        (&mut mirror.url, url),
        (&mut mirror.namespace, namespace),
        (&mut mirror.robot, robot),
        (&mut mirror.start, start),
        (&mut mirror.visibility, visibility),
    ];
    for (field, new) in fields {
        if let Some(new) = new {
            new.clone_into(field);
        }
    }
    if let Some(filters) = filters {
        mirror.filters = filters;
    }
    if body.get("external_registry_username").is_some() {
        mirror.username = username.filter(|name| !name.is_empty()).map(str::to_owned);
    }
    if body.get("external_registry_password").is_some() {
        mirror.has_password = password.is_some_and(|password| !password.is_empty());
    }
    if let Some(config) = body.get("external_registry_config") {
        mirror.config = config.clone();
    }
    let new = mirror.reference();
    let fields: Vec<&String> = body.0.keys().collect();
    let metadata =
        json!({"updated_fields": fields, "old_external_reference": old, "external_reference": new});
    state.log(
        &request.caller,
        "org_mirror_config_changed",
        owner.namespace(),
        None,
        metadata,
    );
    Ok(Response::ok("".into()))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    state.delete_organization_mirror(&request.caller, &owner)?;
    Ok(Response::no_content())
}

fn sync_now(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    state.request_organization_sync(&request.caller, &owner)?;
    Ok(Response::no_content())
}

fn cancel(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    state.cancel_organization_sync(&request.caller, &owner)?;
    Ok(Response::no_content())
}

fn verify(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    state.organization_mirror(&owner, false)?;
    Ok(Response::ok(
        json!({"success": true, "message": "Connection successful"}),
    ))
}

/// Lists the repositories of a mirror. A value that is no number counts as missing, and a number
/// out of bounds as the nearest valid one.
fn repositories(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = organization(state, request)?;
    let number = |name: &str| {
        request
            .query(name)
            .and_then(|text| text.trim().parse::<i64>().ok())
    };
    let limit = number("limit").unwrap_or(PAGE).min(LARGEST_PAGE);
    let (page, limit) = (
        number("page").unwrap_or(1).max(1),
        if limit < 1 { PAGE } else { limit },
    );
    let mirror = state.organization_mirror(&owner, false)?;
    let status = request.query("status").map(|text| text.to_uppercase());
    if let Some(status) = status
        .as_ref()
        .filter(|status| !STATUSES.contains(&status.as_str()))
    {
        let text = request.query("status").unwrap_or_else(|| status.clone());
        return Err(ErrorResponse::invalid(format!(
            "Invalid status filter '{text}'. Valid values: {}",
            STATUSES.join(", ")
        )));
    }
    let is_shown = |f: &&FoundRepository| {
        status
            .as_ref()
            .is_none_or(|s| f.status == SyncStatus::from(s.as_str()))
    };
    let found: Vec<&FoundRepository> = mirror.found.iter().filter(is_shown).collect();
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let skipped = usize::try_from((page - 1).saturating_mul(limit)).unwrap_or(usize::MAX);
    let rows: Vec<Value> = found
        .into_iter()
        .skip(skipped)
        .take(usize::try_from(limit).unwrap_or_default())
        .map(|f| {
            let here = f.synced.map(|_| format!("{}/{}", owner.namespace(), f.name));
            json!({
                "name": f.name, "sync_status": f.status, "discovery_date": f.discovered.to_string(),
                "last_sync_date": f.synced.map(|when| when.to_string()), "status_message": f.message, "quay_repository": here,
            })
        })
        .collect();
    let has_next = page.saturating_mul(limit) < total;
    Ok(Response::ok(
        json!({"repositories": rows, "page": page, "limit": limit, "total": total, "has_next": has_next}),
    ))
}
