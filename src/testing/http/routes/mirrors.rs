//! Mirrors of repositories.

use super::{Outcome, Routes};
use crate::testing::http::call::{Body, Call};
use crate::testing::state::State;
use crate::testing::state::mirrors::{RETRIES, RepositoryMirror, Sync};
use crate::testing::state::places::Place;
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, RepositoryState, SyncStatus, Timestamp};
use serde_json::{Value, json};
use std::net::IpAddr;

pub const ROUTES: Routes = &[
    ("getRepoMirrorConfig", get),
    ("createRepoMirrorConfig", create),
    ("changeRepoMirrorConfig", change),
    ("syncNow", sync_now),
    ("syncCancel", cancel),
];

/// The shortest time that a synchronization is given, in seconds.
const SHORTEST: i64 = 300;

const NO_RULE: &str =
    "validation failed: rule_value for TAG_GLOB_CSV must be a list with at least one rule";
const BY_ORGANIZATION: &str = "Repository mirror configuration cannot be managed when organization-level mirroring is configured";

/// The place of the repository in the path, if it is there and the caller administers it.
fn place(world: &State, call: &Call<'_>) -> Result<Place, ErrorResponse> {
    let path = world.may(call, RepositoryRole::Admin)?;
    world
        .repository(path.0, path.1)
        .map(|_| Place::repository(path))
        .ok_or(ErrorResponse::NotFound)
}

fn refused(status: u16, text: impl Into<String>) -> ErrorResponse {
    ErrorResponse::Detail(status, text.into())
}

/// Whether a moment has the only form that is understood.
pub fn is_moment(text: &str) -> bool {
    text.parse::<Timestamp>()
        .is_ok_and(|moment| moment.to_mirror_format() == text)
}

/// Whether a host is one that mirrors may copy from.
pub fn check_host(host: &str, what: &str) -> Result<(), ErrorResponse> {
    let is_local = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified(),
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match name.parse::<IpAddr>() {
        Ok(ip) if is_local(ip) => Err(ErrorResponse::invalid(format!(
            "The provided registry {what} is not allowed"
        ))),
        _ => Ok(()),
    }
}

fn check_reference(reference: &str) -> Result<(), ErrorResponse> {
    let refuse = |text: &str| {
        Err(ErrorResponse::invalid(format!(
            "External registry reference {text}"
        )))
    };
    if reference.trim().is_empty() {
        return refuse("is required");
    }
    if reference.contains(char::is_whitespace) {
        return refuse("must not include whitespace");
    }
    if reference.contains("://") {
        return refuse("must not include a URL scheme");
    }
    match reference.split_once('/') {
        None | Some((_, "")) => refuse("must include a repository path"),
        Some(("localhost", _)) => Err(ErrorResponse::message(
            "Hostname 'localhost' is not allowed",
        )),
        Some((host, _)) => check_host(host, "location"),
    }
}

/// The robot of the namespace that is to push; it is let write if it may not yet.
fn check_robot(world: &State, place: &Place, robot: &str) -> Result<(), ErrorResponse> {
    let robot = world
        .robots
        .get(robot)
        .ok_or_else(|| ErrorResponse::message("Could not find robot with specified username"))?;
    if robot.namespace() == place.namespace() {
        Ok(())
    } else {
        Err(ErrorResponse::message("Invalid robot"))
    }
}

fn let_push(world: &mut State, place: &Place, robot: &str) {
    let repository = place
        .name()
        .and_then(|name| world.repository_mut(place.namespace(), name));
    if let Some(repository) = repository.filter(|r| {
        r.users
            .get(robot)
            .is_none_or(|role| *role < RepositoryRole::Write)
    }) {
        repository
            .users
            .insert(robot.to_owned(), RepositoryRole::Write);
    }
}

fn rule(body: Body<'_>) -> Result<Option<Vec<String>>, ErrorResponse> {
    let Some(rule) = body.get("root_rule").and_then(Value::as_object) else {
        return Ok(None);
    };
    let rule = Body(rule);
    rule.one_of("rule_kind", &["tag_glob_csv"])?;
    rule.texts("rule_value")
}

/// What a request says that can be wrong by itself.
fn check(body: Body<'_>) -> Result<(), ErrorResponse> {
    if let Some(reference) = body.text("external_reference")? {
        check_reference(reference)?;
    }
    if body
        .texts("architecture_filter")?
        .is_some_and(|filter| !filter.is_empty())
    {
        return Err(refused(
            400,
            "Architecture filtering requires FEATURE_SPARSE_INDEX to be enabled.",
        ));
    }
    if body
        .text("sync_start_date")?
        .is_some_and(|moment| !is_moment(moment))
    {
        return Err(refused(
            400,
            "Incorrect DateTime format for sync_start_date.",
        ));
    }
    Ok(())
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let now = (world.now_ms(), world.now());
    let mirror = world
        .mirrors
        .first_mut(&place)
        .ok_or(ErrorResponse::NotFound)?;
    mirror.sync.advance(now, true);
    Ok(Response::ok(json!({
        "is_enabled": mirror.is_enabled, "mirror_type": "PULL", "external_reference": mirror.reference,
        "external_registry_username": mirror.username, "external_registry_config": mirror.config, "sync_interval": mirror.interval,
        "sync_start_date": mirror.start, "sync_expiration_date": null, "sync_retries_remaining": mirror.sync.retries,
        "sync_status": mirror.sync.status, "root_rule": {"rule_kind": "tag_glob_csv", "rule_value": mirror.rule},
        "robot_username": mirror.robot, "skopeo_timeout_interval": mirror.timeout, "architecture_filter": [],
    })))
}

fn log(world: &mut State, call: &Call<'_>, place: &Place, changed: &str, to: Value) {
    let path = (place.namespace(), place.name().unwrap_or_default());
    world.log_repository(
        call,
        "repo_mirror_config_changed",
        path,
        json!({"changed": changed, "to": to}),
    );
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    world.may(call, RepositoryRole::Admin)?;
    body.has(&[
        "external_reference",
        "sync_interval",
        "sync_start_date",
        "root_rule",
        "skopeo_timeout_interval",
    ])?;
    let interval = body.natural("sync_interval")?.unwrap_or_default();
    let timeout = body
        .at_least("skopeo_timeout_interval", SHORTEST)?
        .unwrap_or_default();
    let place = place(world, call)?;
    if world
        .organization_mirrors
        .first(&Place::namespace_of(place.namespace()))
        .is_some()
    {
        return Err(ErrorResponse::invalid(BY_ORGANIZATION));
    }
    if world.mirrors.first(&place).is_some() {
        return Err(refused(
            409,
            format!(
                "Mirror configuration already exits for repository {}",
                call.path("repository")
            ),
        ));
    }
    check(body)?;
    let reference = body.required("external_reference")?;
    let rule = rule(body)?
        .filter(|rule| !rule.is_empty())
        .ok_or_else(|| ErrorResponse::invalid(NO_RULE))?;
    // Quay wants a robot, and does not say so.
    let robot = body
        .text("robot_username")?
        .ok_or(ErrorResponse::Internal)?;
    check_robot(world, &place, robot)?;
    let_push(world, &place, robot);
    let mirror = RepositoryMirror {
        is_enabled: body.flag("is_enabled")?.unwrap_or(true),
        reference: reference.to_owned(),
        username: body.text("external_registry_username")?.map(str::to_owned),
        config: body
            .get("external_registry_config")
            .cloned()
            .unwrap_or_else(|| json!({})),
        interval,
        start: body.required("sync_start_date")?.to_owned(),
        rule,
        robot: robot.to_owned(),
        timeout,
        sync: Sync::new(SyncStatus::NeverRun, RETRIES, None),
    };
    let uuid = world.random_uuid();
    world.mirrors.add(place.clone(), uuid, mirror);
    if let Some(repository) = place
        .name()
        .and_then(|name| world.repository_mut(place.namespace(), name))
    {
        repository.state = RepositoryState::Mirror;
    }
    log(world, call, &place, "external_reference", reference.into());
    Ok(Response::created("".into()))
}

fn change(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    world.may(call, RepositoryRole::Admin)?;
    let (interval, timeout) = (
        body.natural("sync_interval")?,
        body.at_least("skopeo_timeout_interval", SHORTEST)?,
    );
    let place = place(world, call)?;
    if world
        .organization_mirrors
        .first(&Place::namespace_of(place.namespace()))
        .is_some()
    {
        return Err(ErrorResponse::invalid(BY_ORGANIZATION));
    }
    world.mirrors.first(&place).ok_or(ErrorResponse::NotFound)?;
    check(body)?;
    let (has_user, password) = (
        body.get("external_registry_username").is_some(),
        body.get("external_registry_password"),
    );
    let username = body.text("external_registry_username")?;
    if password.is_some() && !has_user {
        return Err(refused(
            400,
            "Unable to set a new password without also specifying a username.",
        ));
    }
    if has_user && username.is_none() && password.is_some_and(|p| !p.is_null()) {
        return Err(refused(
            400,
            "Unable to delete username while setting a password.",
        ));
    }
    let rule = rule(body)?;
    if rule.as_ref().is_some_and(Vec::is_empty) {
        return Err(ErrorResponse::invalid(NO_RULE));
    }
    let robot = body.text("robot_username")?;
    if let Some(robot) = robot {
        check_robot(world, &place, robot)?;
        let_push(world, &place, robot);
    }
    let is_enabled = body.flag("is_enabled")?;
    let (reference, start) = (
        body.text("external_reference")?,
        body.text("sync_start_date")?,
    );
    let Some(mirror) = world.mirrors.first_mut(&place) else {
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
    if let Some(Value::Object(changes)) = body.get("external_registry_config") {
        for (name, value) in changes {
            mirror.config[name] = value.clone();
        }
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
        log(world, call, &place, name, value);
    }
    Ok(Response::created("".into()))
}

fn sync_now(world: &mut State, call: &Call<'_>) -> Outcome {
    let (place, now) = (place(world, call)?, current(world));
    let sync = &mut world
        .mirrors
        .first_mut(&place)
        .ok_or(ErrorResponse::NotFound)?
        .sync;
    sync.advance(now, false);
    if sync.status == SyncStatus::Syncing {
        return Err(ErrorResponse::NotFound);
    }
    sync.ask(now.0);
    log(world, call, &place, "sync_status", "SYNC_NOW".into());
    Ok(Response::no_content())
}

fn cancel(world: &mut State, call: &Call<'_>) -> Outcome {
    let (place, now) = (place(world, call)?, current(world));
    let sync = &mut world
        .mirrors
        .first_mut(&place)
        .ok_or(ErrorResponse::NotFound)?
        .sync;
    sync.advance(now, false);
    if !matches!(sync.status, SyncStatus::Syncing | SyncStatus::SyncNow) {
        return Err(ErrorResponse::NotFound);
    }
    sync.cancel();
    log(world, call, &place, "sync_status", "SYNC_CANCEL".into());
    Ok(Response::no_content())
}

fn current(world: &State) -> (i64, Timestamp) {
    (world.now_ms(), world.now())
}
