//! Builds of images.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::{ApiRequest, JsonBody, schema_error};
use crate::testing::http::routes::{HandlerResult, Routes, triggers};
use crate::testing::state::State;
use crate::testing::state::builds::Build;
use crate::testing::state::owned::{Owned, Owner};
use crate::testing::state::random::sha256;
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getRepoBuilds", list),
    ("requestRepoBuild", create),
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

pub fn view(state: &State, request: &ApiRequest<'_>, row: &Owned<Build>) -> Value {
    let (owner, build) = (&row.owner, &row.data);
    let path = (owner.namespace(), owner.name().unwrap_or_default());
    let role = state.repository_role(&request.caller, path);
    let (is_writer, is_admin) = (
        role >= Some(RepositoryRole::Write),
        role == Some(RepositoryRole::Admin),
    );
    let trigger = build
        .trigger
        .as_ref()
        .and_then(|uuid| state.triggers.get(owner, uuid))
        .map(|row| triggers::view(row, is_admin));
    let pull_robot = build
        .pull_robot
        .as_ref()
        .map(|name| json!({"name": name, "kind": "user", "is_robot": true}));
    let mut view = json!({
        "id": row.uuid, "phase": build.phase(state.now_ms()), "started": rfc2822(build.started / 1000), "display_name": build.display_name,
        "status": {}, "subdirectory": build.dockerfile, "dockerfile_path": build.dockerfile, "context": build.context, "tags": build.tags,
        "manual_user": build.user, "is_writer": is_writer, "trigger": trigger, "trigger_metadata": build.metadata,
        "resource_key": build.file, "pull_robot": pull_robot, "repository": {"namespace": path.0, "name": path.1}, "error": null,
    });
    if let Some(url) = build.archive_url.as_ref().filter(|_| is_writer) {
        view["archive_url"] = url.as_str().into();
    }
    view
}

/// Returns the views of the builds of a repository, or of those that a trigger started, newest
/// first.
///
/// A limit of 0 means no limit.
pub fn newest(
    state: &State,
    request: &ApiRequest<'_>,
    owner: &Owner,
    trigger: Option<&str>,
) -> Result<Vec<Value>, ErrorResponse> {
    let limit = match request.query_number("limit", LIMIT)?.unwrap_or(5) {
        0 => usize::MAX,
        limit => usize::try_from(limit).map_err(|_| ErrorResponse::Internal)?,
    };
    let since = request
        .query_number("since", SINCE)?
        .unwrap_or(i64::MIN)
        .saturating_mul(1000);
    let is_shown = |row: &&Owned<Build>| {
        row.data.started >= since && trigger.is_none_or(|t| row.data.trigger.as_deref() == Some(t))
    };
    Ok(state
        .builds
        .of(owner)
        .rev()
        .filter(is_shown)
        .take(limit)
        .map(|row| view(state, request, row))
        .collect())
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = Owner::repository(request.readable_repository(state)?);
    Ok(Response::ok(
        json!({"builds": newest(state, request, &owner, None)?}),
    ))
}

/// Returns the context and the Dockerfile of a request.
fn files(body: JsonBody<'_>) -> Result<(String, String), ErrorResponse> {
    let context = body.string("context")?.map(str::to_owned);
    if let Some(file) = body.string("dockerfile_path")? {
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
        .string("subdirectory")?
        .map(str::to_owned)
        .or(context)
        .unwrap_or_else(|| "/".to_owned());
    let slash = if context.ends_with('/') { "" } else { "/" };
    let file = format!("{context}{slash}Dockerfile");
    Ok((context, file))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    let body = request.body()?;
    let tags = body
        .strings("docker_tags")?
        .unwrap_or_else(|| vec!["latest".to_owned()]);
    if tags.is_empty() {
        return Err(schema_error("[] is too short", "minItems"));
    }
    let (file, url) = (body.string("file_id")?, body.string("archive_url")?);
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
    let pull_robot = body.string("pull_robot")?;
    if let Some(robot) = pull_robot {
        state.check_pull_robot(&request.caller, robot)?;
    }
    state
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let build = Build {
        display_name: sha256(url.unwrap_or_default())[..7].to_owned(),
        dockerfile,
        context,
        tags,
        archive_url: url.map(str::to_owned),
        file: file.map(str::to_owned),
        pull_robot: pull_robot.map(str::to_owned),
        ..Build::new(state.now_ms(), request.user())
    };
    let row = state.start_build(&request.caller, path, build);
    Ok(Response::created(view(state, request, &row)))
}

/// Responds with a build of the repository in the path, which is looked at.
fn looked(state: &mut State, request: &ApiRequest<'_>, missing: ErrorResponse) -> HandlerResult {
    let owner = Owner::repository(request.readable_repository(state)?);
    let (now, uuid) = (state.now_ms(), request.path("build_uuid"));
    let Some(build) = state.builds.get_mut(&owner, uuid) else {
        return Err(missing);
    };
    build.progress.look(now);
    let row = state
        .builds
        .get(&owner, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    Ok(Response::ok(view(state, request, row)))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    looked(state, request, ErrorResponse::NotFound)
}

/// Returns the error response to a build that does not exist, for operations that look for it in
/// another way.
fn unknown(request: &ApiRequest<'_>) -> String {
    format!(
        "Unable to locate a build by id: {}",
        request.path("build_uuid")
    )
}

fn status(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    looked(state, request, ErrorResponse::message(unknown(request)))
}

/// Returns the log of a build in a phase.
fn log_lines(phase: &str) -> Vec<Value> {
    let phase_line = |name: &str| json!({"message": name, "type": "phase"});
    let step = |number: u8, text: &str| json!({"message": format!("Step {number}/3 : {text}"), "type": "command"});
    let begun = vec![
        phase_line("building"),
        step(1, "FROM registry.example.test/base:latest"),
        json!({"message": " ---> Using cache"}),
        step(2, "COPY . /app"),
    ];
    let done = vec![
        step(3, "CMD [\"/app/run\"]"),
        phase_line("pushing"),
        phase_line("complete"),
    ];
    match phase {
        "building" => begun,
        "complete" => begun.into_iter().chain(done).collect(),
        _ => Vec::new(),
    }
}

fn lines(state: &State, request: &ApiRequest<'_>, build: &Build) -> HandlerResult {
    let start = request.query("start").map_or(Ok(0), |text| {
        text.trim()
            .parse::<usize>()
            .map_err(|_| ErrorResponse::Internal)
    })?;
    let lines = log_lines(build.phase(state.now_ms()));
    let total = lines.len();
    Ok(Response::ok(
        json!({"start": start, "total": total, "logs": lines.into_iter().skip(start).collect::<Vec<_>>()}),
    ))
}

fn logs(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Write)?;
    let owner = Owner::repository(path);
    let row = state
        .builds
        .get(&owner, request.path("build_uuid"))
        .ok_or_else(|| ErrorResponse::message(unknown(request)))?;
    lines(state, request, &row.data)
}

/// Cancels a build, which is possible while it waits.
fn cancel(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Admin)?;
    state.cancel_build(&request.caller, path, request.path("build_uuid"))?;
    Ok(Response::created("Okay".into()))
}

/// Returns a build of any repository.
fn any<'s>(state: &'s State, request: &ApiRequest<'_>) -> Result<&'s Owned<Build>, ErrorResponse> {
    request.as_superuser(state)?;
    state
        .builds
        .all()
        .find(|row| row.uuid == request.path("build_uuid"))
        .ok_or_else(|| ErrorResponse::InvalidResponse(unknown(request)))
}

fn of_superuser(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    Ok(Response::ok(view(state, request, any(state, request)?)))
}

fn logs_of_superuser(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let row = any(state, request)?;
    lines(state, request, &row.data)
}
