//! Builds of images. They go on by themselves: see [`Progress`].

use super::{Outcome, Routes, triggers, writable};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::{Body, Call, unfit};
use crate::testing::state::State;
use crate::testing::state::builds::Build;
use crate::testing::state::places::{Place, Row};
use crate::testing::state::progress::Progress;
use crate::testing::state::random::sha256;
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, TeamRole};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getRepoBuilds", list),
    ("requestRepoBuild", request),
    ("getRepoBuild", get),
    ("getRepoBuildStatus", status),
    ("getRepoBuildLogs", logs),
    ("cancelRepoBuild", cancel),
    ("getRepoBuildSuperUser", of_superuser),
    ("getRepoBuildStatusSuperUser", of_superuser),
    ("getRepoBuildLogsSuperUser", logs_of_superuser),
];

const LIMIT: &str = "The maximum number of builds to return";
const SINCE: &str = "Returns all builds since the given unix timecode";

pub fn view(world: &State, call: &Call<'_>, row: &Row<Build>) -> Value {
    let (place, build) = (&row.place, &row.data);
    let path = (place.namespace(), place.name().unwrap_or_default());
    let role = world.repository_role(call, path);
    let (is_writer, is_admin) = (
        role >= Some(RepositoryRole::Write),
        role == Some(RepositoryRole::Admin),
    );
    let trigger = build
        .trigger
        .as_ref()
        .and_then(|uuid| world.triggers.get(place, uuid))
        .map(|row| triggers::view(row, is_admin));
    let pull_robot = build
        .pull_robot
        .as_ref()
        .map(|name| json!({"name": name, "kind": "user", "is_robot": true}));
    let mut view = json!({
        "id": row.uuid, "phase": build.phase(world.now_ms()), "started": rfc2822(build.started / 1000), "display_name": build.display_name,
        "status": {}, "subdirectory": build.dockerfile, "dockerfile_path": build.dockerfile, "context": build.context, "tags": build.tags,
        "manual_user": build.user, "is_writer": is_writer, "trigger": trigger, "trigger_metadata": build.metadata,
        "resource_key": build.file, "pull_robot": pull_robot, "repository": {"namespace": path.0, "name": path.1}, "error": null,
    });
    if let Some(url) = build.archive_url.as_ref().filter(|_| is_writer) {
        view["archive_url"] = url.as_str().into();
    }
    view
}

/// The views of builds of a repository, or of those that a trigger set off: the newest first. A
/// limit of 0 is none.
pub fn newest(
    world: &State,
    call: &Call<'_>,
    place: &Place,
    trigger: Option<&str>,
) -> Result<Vec<Value>, ErrorResponse> {
    let limit = match call.number("limit", LIMIT)?.unwrap_or(5) {
        0 => usize::MAX,
        limit => usize::try_from(limit).map_err(|_| ErrorResponse::Internal)?,
    };
    let since = call
        .number("since", SINCE)?
        .unwrap_or(i64::MIN)
        .saturating_mul(1000);
    let is_shown = |row: &&Row<Build>| {
        row.data.started >= since && trigger.is_none_or(|t| row.data.trigger.as_deref() == Some(t))
    };
    Ok(world
        .builds
        .of(place)
        .rev()
        .filter(is_shown)
        .take(limit)
        .map(|row| view(world, call, row))
        .collect())
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = Place::repository(world.may_read(call)?);
    Ok(Response::ok(
        json!({"builds": newest(world, call, &place, None)?}),
    ))
}

/// The context and the Dockerfile that a request means.
fn files(body: Body<'_>) -> Result<(String, String), ErrorResponse> {
    let context = body.text("context")?.map(str::to_owned);
    if let Some(file) = body.text("dockerfile_path")? {
        let folder = file
            .rsplit_once('/')
            .map(|(folder, _)| if folder.is_empty() { "/" } else { folder })
            .unwrap_or_default();
        return Ok((
            context.unwrap_or_else(|| folder.to_owned()),
            file.to_owned(),
        ));
    }
    let context = body
        .text("subdirectory")?
        .map(str::to_owned)
        .or(context)
        .unwrap_or_else(|| "/".to_owned());
    let slash = if context.ends_with('/') { "" } else { "/" };
    let file = format!("{context}{slash}Dockerfile");
    Ok((context, file))
}

fn request(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let body = call.body()?;
    let tags = body
        .texts("docker_tags")?
        .unwrap_or_else(|| vec!["latest".to_owned()]);
    if tags.is_empty() {
        return Err(unfit("[] is too short", "minItems"));
    }
    let (file, url) = (body.text("file_id")?, body.text("archive_url")?);
    match (file, url) {
        (None | Some(""), None | Some("")) => {
            return Err(ErrorResponse::invalid("file_id or archive_url required"));
        }
        (_, Some(url)) if !url.starts_with("http://") && !url.starts_with("https://") => {
            return Err(ErrorResponse::invalid(
                "Invalid Archive URL: Must be http or https",
            ));
        }
        // Nothing can be uploaded to the sandbox.
        (Some(file), None) => {
            return Err(ErrorResponse::invalid(format!(
                "File {file} could not be found or is invalid"
            )));
        }
        _ => {}
    }
    let (context, dockerfile) = files(body)?;
    let pull_robot = body.text("pull_robot")?;
    if let Some(robot) = pull_robot {
        let robot = world.robots.get(robot).ok_or(ErrorResponse::NotFound)?;
        if world.organization_role(call, robot.namespace()) != Some(TeamRole::Admin) {
            return Err(world.unauthorized(call));
        }
    }
    world
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let started = world.now_ms();
    let build = Build {
        started,
        display_name: sha256(url.unwrap_or_default())[..7].to_owned(),
        dockerfile,
        context,
        tags,
        user: call.user().map(str::to_owned),
        archive_url: url.map(str::to_owned),
        file: file.map(str::to_owned),
        pull_robot: pull_robot.map(str::to_owned),
        trigger: None,
        metadata: json!({}),
        is_cancelled: false,
        progress: Progress::new(started),
    };
    start(world, call, path, build)
}

/// Begins a build.
pub fn start(world: &mut State, call: &Call<'_>, path: (&str, &str), build: Build) -> Outcome {
    let uuid = world.random_uuid();
    let row = Row {
        place: Place::repository(path),
        uuid,
        data: build,
    };
    world
        .builds
        .add(row.place.clone(), row.uuid.clone(), row.data.clone());
    let metadata = json!({"build_id": row.uuid, "docker_tags": row.data.tags, "is_manual": true, "manual_user": row.data.user});
    world.log_repository(call, "build_dockerfile", path, metadata);
    Ok(Response::created(view(world, call, &row)))
}

/// A build of the repository in the path, which is looked at.
fn looked(world: &mut State, call: &Call<'_>, missing: ErrorResponse) -> Outcome {
    let place = Place::repository(world.may_read(call)?);
    let (now, uuid) = (world.now_ms(), call.path("build_uuid"));
    let Some(build) = world.builds.get_mut(&place, uuid) else {
        return Err(missing);
    };
    build.progress.look(now);
    let row = world
        .builds
        .get(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(view(world, call, row)))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    looked(world, call, ErrorResponse::NotFound)
}

/// What is said of a build that is not there, where Quay looks for it in another way.
fn unknown(call: &Call<'_>) -> String {
    format!(
        "Unable to locate a build by id: {}",
        call.path("build_uuid")
    )
}

fn status(world: &mut State, call: &Call<'_>) -> Outcome {
    looked(world, call, ErrorResponse::message(unknown(call)))
}

fn lines(world: &State, call: &Call<'_>, build: &Build) -> Outcome {
    let start = call.text("start").map_or(Ok(0), |text| {
        text.trim()
            .parse::<usize>()
            .map_err(|_| ErrorResponse::Internal)
    })?;
    let lines = build.logs(world.now_ms());
    let total = lines.len();
    Ok(Response::ok(
        json!({"start": start, "total": total, "logs": lines.into_iter().skip(start).collect::<Vec<_>>()}),
    ))
}

fn logs(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Write)?;
    let place = Place::repository(path);
    let row = world
        .builds
        .get(&place, call.path("build_uuid"))
        .ok_or_else(|| ErrorResponse::message(unknown(call)))?;
    lines(world, call, &row.data)
}

/// A build can be cancelled as long as it waits.
fn cancel(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Admin)?;
    let (now, uuid) = (world.now_ms(), call.path("build_uuid"));
    let build = world
        .builds
        .get_mut(&Place::repository(path), uuid)
        .ok_or(ErrorResponse::NotFound)?;
    if build.phase(now) != "waiting" {
        return Err(ErrorResponse::invalid(
            "Build is currently running or has finished",
        ));
    }
    build.is_cancelled = true;
    world.log(
        call,
        "cancel_build",
        path.0,
        Some(path.1),
        json!({"build_uuid": uuid}),
    );
    Ok(Response::created("Okay".into()))
}

/// A build of any repository.
fn any<'w>(world: &'w State, call: &Call<'_>) -> Result<&'w Row<Build>, ErrorResponse> {
    world.may_as_superuser(call)?;
    world
        .builds
        .all()
        .find(|row| row.uuid == call.path("build_uuid"))
        .ok_or_else(|| ErrorResponse::InvalidResponse(unknown(call)))
}

fn of_superuser(world: &mut State, call: &Call<'_>) -> Outcome {
    Ok(Response::ok(view(world, call, any(world, call)?)))
}

fn logs_of_superuser(world: &mut State, call: &Call<'_>) -> Outcome {
    let row = any(world, call)?;
    lines(world, call, &row.data)
}
