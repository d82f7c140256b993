//! Mirrors of organizations.

use super::mirrors::{check_host, is_moment};
use super::{Outcome, Routes};
use crate::testing::http::call::{Body, Call};
use crate::testing::state::State;
use crate::testing::state::mirrors::{FoundRepository, OrganizationMirror, RETRIES, Sync};
use crate::testing::state::places::Place;
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

/// How many repositories a page has, and how many it has at most.
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

/// The organization in the path, if it is there and the caller administers it.
fn place(world: &State, call: &Call<'_>) -> Result<Place, ErrorResponse> {
    let name = world.may_in(call, TeamRole::Admin)?;
    world
        .organizations
        .get(name)
        .map(|_| Place::namespace_of(name))
        .ok_or(ErrorResponse::NotFound)
}

/// The mirror of an organization, as it is now.
fn mirror<'w>(
    world: &'w mut State,
    place: &Place,
    looked: bool,
) -> Result<&'w mut OrganizationMirror, ErrorResponse> {
    let now = (world.now_ms(), world.now());
    let mirror = world
        .organization_mirrors
        .first_mut(place)
        .ok_or(ErrorResponse::NotFound)?;
    let before = mirror.sync.status.clone();
    mirror.sync.advance(now, looked);
    if before != mirror.sync.status && mirror.sync.status == SyncStatus::Success {
        for found in mirror
            .found
            .iter_mut()
            .filter(|f| f.status == SyncStatus::NeverRun)
        {
            (found.status, found.synced) = (SyncStatus::Success, Some(now.1));
        }
    }
    Ok(mirror)
}

fn count(found: &[FoundRepository], status: &str) -> usize {
    found
        .iter()
        .filter(|f| f.status == SyncStatus::from(status))
        .count()
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let mirror = mirror(world, &place, true)?;
    let counts = STATUSES
        .iter()
        .map(|status| ((*status).to_owned(), count(&mirror.found, status).into()))
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

/// What a request says, checked: a robot of the organization, a moment, an address.
fn check(world: &State, place: &Place, body: Body<'_>) -> Result<(), ErrorResponse> {
    if let Some(robot) = body.text("robot_username")? {
        let found = world
            .robots
            .get(robot)
            .ok_or_else(|| ErrorResponse::invalid(format!("Invalid robot account: {robot}")))?;
        if found.namespace() != place.namespace() {
            return Err(ErrorResponse::invalid(
                "Robot account must belong to the organization",
            ));
        }
    }
    if body
        .text("sync_start_date")?
        .is_some_and(|moment| !is_moment(moment))
    {
        return Err(ErrorResponse::invalid(
            "Invalid sync_start_date format. Use ISO 8601: YYYY-MM-DDTHH:MM:SSZ",
        ));
    }
    let Some(url) = body.text("external_registry_url")? else {
        return Ok(());
    };
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    if !matches!(scheme, "http" | "https") {
        return Err(ErrorResponse::invalid(format!(
            "Invalid URL scheme '{scheme}': only HTTP and HTTPS are allowed"
        )));
    }
    match rest.split('/').next().unwrap_or_default() {
        "localhost" => Err(ErrorResponse::invalid(
            "Hostname 'localhost' is not allowed",
        )),
        host => check_host(host, "URL"),
    }
}

/// The bounds of a timeout, in seconds.
fn timeout(body: Body<'_>) -> Result<Option<u64>, ErrorResponse> {
    match body.at_least("skopeo_timeout", 30)? {
        Some(seconds) if seconds > 3600 => Err(crate::testing::http::call::unfit(
            &format!("{seconds} is greater than the maximum of 3600"),
            "maximum",
        )),
        seconds => Ok(seconds),
    }
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let registry = body
        .one_of("external_registry_type", &["harbor", "quay"])?
        .to_owned();
    let (url, namespace) = (
        body.required("external_registry_url")?.to_owned(),
        body.required("external_namespace")?.to_owned(),
    );
    let robot = body.required("robot_username")?.to_owned();
    let visibility = body
        .one_of("visibility", &["public", "private"])?
        .to_owned();
    body.has(&["sync_interval", "sync_start_date"])?;
    let interval = body.at_least("sync_interval", 60)?.unwrap_or_default();
    let timeout = timeout(body)?.unwrap_or(300);
    let place = place(world, call)?;
    check(world, &place, body)?;
    let refuse = |text: &str| {
        Err(ErrorResponse::invalid(format!(
            "Cannot create organization mirror: the organization {text}"
        )))
    };
    if !world.repositories_of(place.namespace()).is_empty() {
        return refuse(
            "already contains repositories. Organization mirroring requires an empty organization.",
        );
    }
    if world.immutability_policies.first(&place).is_some() {
        return refuse(
            "has immutability policies configured. Remove all namespace immutability policies first.",
        );
    }
    if world.organization_mirrors.first(&place).is_some() {
        return Err(ErrorResponse::invalid(
            "Mirror configuration already exists for this organization",
        ));
    }
    let text = |name: &str| {
        body.text(name)
            .map(|text| text.filter(|text| !text.is_empty()).map(str::to_owned))
    };
    let data = OrganizationMirror {
        is_enabled: body.flag("is_enabled")?.unwrap_or(true),
        username: text("external_registry_username")?,
        has_password: text("external_registry_password")?.is_some(),
        config: body
            .get("external_registry_config")
            .cloned()
            .unwrap_or_else(|| json!({})),
        filters: body.texts("repository_filters")?.unwrap_or_default(),
        start: body.required("sync_start_date")?.to_owned(),
        created: world.now(),
        sync: Sync::new(SyncStatus::NeverRun, RETRIES, None),
        found: Vec::new(),
        registry,
        url,
        namespace,
        robot,
        visibility,
        interval,
        timeout,
    };
    let metadata = json!({
        "external_registry_type": data.registry, "external_registry_url": data.url, "external_namespace": data.namespace,
        "sync_interval": interval, "robot_username": data.robot,
    });
    world.log(
        call,
        "org_mirror_enabled",
        place.namespace(),
        None,
        metadata,
    );
    let uuid = world.random_uuid();
    world.organization_mirrors.add(place, uuid, data);
    Ok(Response::created("".into()))
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (interval, timeout) = (body.at_least("sync_interval", 60)?, timeout(body)?);
    let visibility = body
        .get("visibility")
        .map(|_| body.one_of("visibility", &["public", "private"]))
        .transpose()?;
    let place = place(world, call)?;
    world
        .organization_mirrors
        .first(&place)
        .ok_or(ErrorResponse::NotFound)?;
    check(world, &place, body)?;
    let (is_enabled, filters) = (body.flag("is_enabled")?, body.texts("repository_filters")?);
    let text = |name: &str| body.text(name);
    let (url, namespace) = (text("external_registry_url")?, text("external_namespace")?);
    let (robot, start) = (text("robot_username")?, text("sync_start_date")?);
    let (username, password) = (
        text("external_registry_username")?,
        text("external_registry_password")?,
    );
    let mirror = mirror(world, &place, false)?;
    let old = format!("{}/{}", mirror.url, mirror.namespace);
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
    let new = format!("{}/{}", mirror.url, mirror.namespace);
    let fields: Vec<&String> = body.0.keys().collect();
    let metadata =
        json!({"updated_fields": fields, "old_external_reference": old, "external_reference": new});
    world.log(
        call,
        "org_mirror_config_changed",
        place.namespace(),
        None,
        metadata,
    );
    Ok(Response::ok("".into()))
}

fn log(world: &mut State, call: &Call<'_>, kind: &str, place: &Place, reference: String) {
    world.log(
        call,
        kind,
        place.namespace(),
        None,
        json!({"external_reference": reference}),
    );
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let mirror = mirror(world, &place, false)?;
    let reference = format!("{}/{}", mirror.url, mirror.namespace);
    world.organization_mirrors.forget(|p| *p == place);
    log(world, call, "org_mirror_disabled", &place, reference);
    Ok(Response::no_content())
}

fn sync_now(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let (now, start) = (world.now_ms(), world.now().to_string());
    let mirror = mirror(world, &place, false)?;
    if mirror.sync.status == SyncStatus::Syncing {
        return Err(ErrorResponse::invalid(
            "Cannot trigger sync: discovery is currently in progress.",
        ));
    }
    if count(&mirror.found, "SYNCING") + count(&mirror.found, "SYNC_NOW") > 0 {
        return Err(ErrorResponse::invalid(
            "Cannot trigger sync: repositories are still syncing. Cancel the current sync and wait for all repositories to reach a terminal \
             state before triggering a new sync.",
        ));
    }
    mirror.sync.ask(now);
    mirror.start = start;
    let reference = format!("{}/{}", mirror.url, mirror.namespace);
    log(
        world,
        call,
        "org_mirror_sync_now_requested",
        &place,
        reference,
    );
    Ok(Response::no_content())
}

fn cancel(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let mirror = mirror(world, &place, false)?;
    if mirror.sync.status == SyncStatus::Cancel {
        return Err(ErrorResponse::invalid(
            "Cannot cancel: mirror is already cancelled",
        ));
    }
    mirror.sync.cancel();
    let reference = format!("{}/{}", mirror.url, mirror.namespace);
    log(world, call, "org_mirror_sync_cancelled", &place, reference);
    Ok(Response::no_content())
}

fn verify(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    mirror(world, &place, false)?;
    Ok(Response::ok(
        json!({"success": true, "message": "Connection successful"}),
    ))
}

/// What can't be read as a number is taken for nothing said, and a number out of bounds for the
/// nearest good one.
fn repositories(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let number = |name: &str| {
        call.text(name)
            .and_then(|text| text.trim().parse::<i64>().ok())
    };
    let limit = number("limit").unwrap_or(PAGE).min(LARGEST_PAGE);
    let (page, limit) = (
        number("page").unwrap_or(1).max(1),
        if limit < 1 { PAGE } else { limit },
    );
    let mirror = mirror(world, &place, false)?;
    let status = call.text("status").map(|text| text.to_uppercase());
    if let Some(status) = status
        .as_ref()
        .filter(|status| !STATUSES.contains(&status.as_str()))
    {
        let text = call.text("status").unwrap_or_else(|| status.clone());
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
            let here = f.synced.map(|_| format!("{}/{}", place.namespace(), f.name));
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
