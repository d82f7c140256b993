//! Robot accounts of users and organizations.

use super::{Outcome, Routes, views};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::Robot;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getOrgRobots", list),
    ("getOrgRobot", get),
    ("createOrgRobot", create),
    ("deleteOrgRobot", delete),
    ("getOrgRobotPermissions", permissions),
    ("regenerateOrgRobotToken", regenerate),
    ("getUserRobots", list),
    ("getUserRobot", get),
    ("createUserRobot", create),
    ("deleteUserRobot", delete),
    ("getUserRobotPermissions", permissions),
    ("regenerateUserRobotToken", regenerate),
];

const LIMIT: &str = "If specified, the number of robots to return.";

/// The namespace whose robots are meant: the organization in the path, or the caller. Only who
/// administers it may.
pub fn namespace<'c>(world: &State, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
    if !call.parameters.contains_key("orgname") {
        return world.may_as_user(call);
    }
    let organization = world.may_in(call, TeamRole::Admin)?;
    let missing = || ErrorResponse::message(format!("Organization does not exist: {organization}"));
    world
        .organizations
        .get(organization)
        .map(|_| organization)
        .ok_or_else(missing)
}

/// The robot in the path, among those of a namespace.
pub fn robot<'w>(
    world: &'w mut State,
    call: &Call<'_>,
    namespace: &str,
) -> Result<&'w mut Robot, ErrorResponse> {
    let name = format!("{namespace}+{}", call.path("robot_shortname"));
    world
        .robots
        .get_mut(&name)
        .ok_or_else(|| ErrorResponse::message("Could not find robot with specified username"))
}

fn view(robot: &Robot, with_token: bool) -> Value {
    let created = rfc2822(robot.created.unix_seconds());
    let mut view = json!({"name": robot.name, "created": created, "last_accessed": null, "description": robot.description});
    if with_token {
        view["token"] = robot.token.as_str().into();
    }
    view
}

fn full_view(robot: &Robot) -> Value {
    let mut view = view(robot, true);
    view["unstructured_metadata"] = robot.metadata.clone();
    view
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, is_admin) = match call.parameters.get("orgname") {
        None => (world.may_as_user(call)?, true),
        Some(_) => {
            let organization = world.may_in(call, TeamRole::Member)?;
            (
                organization,
                world.organization_role(call, organization) == Some(TeamRole::Admin),
            )
        }
    };
    let (with_token, with_permissions) = (
        is_admin && call.flag("token", true),
        is_admin && call.flag("permissions", false),
    );
    let limit = match call.number("limit", LIMIT)? {
        Some(limit) if limit < 0 => return Err(ErrorResponse::Internal),
        Some(limit) if limit > 0 => usize::try_from(limit).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let row = |robot: &Robot| {
        let mut row = view(robot, with_token);
        if with_permissions {
            let teams = world
                .teams_of(namespace, &robot.name)
                .map(|t| json!({"name": t.name, "avatar": views::team_avatar(&t.name)}));
            row["teams"] = teams.collect();
            let granted = world
                .repositories
                .values()
                .filter(|r| r.users.contains_key(&robot.name));
            row["repositories"] = granted.map(|r| r.name.as_str()).collect();
        }
        row
    };
    let rows: Vec<Value> = world
        .robots_of(namespace)
        .into_iter()
        .take(limit)
        .map(row)
        .collect();
    Ok(Response::ok(json!({"robots": rows})))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    Ok(Response::ok(full_view(robot(world, call, namespace)?)))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.optional_body();
    let description = body.map(|b| b.text("description")).transpose()?.flatten();
    if description.is_some_and(|d| d.chars().count() > 255) {
        let reason = format!(
            "'{}' is too long\n\nFailed validating 'maxLength' in schema",
            description.unwrap_or_default()
        );
        return Err(ErrorResponse::invalid(reason));
    }
    let metadata = body
        .and_then(|b| b.get("unstructured_metadata"))
        .cloned()
        .unwrap_or_default();
    let namespace = namespace(world, call)?;
    let short = call.path("robot_shortname");
    let stored = if metadata.is_null() {
        json!({})
    } else {
        metadata.clone()
    };
    let robot = world.create_robot(namespace, short, description.unwrap_or_default(), stored)?;
    let mut answer = full_view(robot);
    answer["unstructured_metadata"] = metadata.clone();
    world.log(
        call,
        "create_robot",
        namespace,
        None,
        json!({"robot": short, "description": description, "unstructured_metadata": metadata}),
    );
    Ok(Response::created(answer))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    let name = robot(world, call, namespace)?.name.clone();
    if world.mirrors.all().any(|row| row.data.robot == name) {
        return Err(ErrorResponse::invalid("Robot is being used by a mirror"));
    }
    world.delete_robot(&name);
    world.log(
        call,
        "delete_robot",
        namespace,
        None,
        json!({"robot": call.path("robot_shortname")}),
    );
    Ok(Response::no_content())
}

fn regenerate(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = namespace(world, call)?;
    let token = world.random_text(64);
    let robot = robot(world, call, namespace)?;
    robot.token = token;
    let answer = view(robot, true);
    world.log(
        call,
        "regenerate_robot_token",
        namespace,
        None,
        json!({"robot": call.path("robot_shortname")}),
    );
    Ok(Response::ok(answer))
}

fn permissions(world: &mut State, call: &Call<'_>) -> Outcome {
    // Beside the organization, the scope `user:admin` is asked for, as for a robot of the caller's
    // own.
    world.may_as_user(call)?;
    let namespace = namespace(world, call).map_err(|refusal| match refusal {
        ErrorResponse::InsufficientScope => ErrorResponse::Forbidden,
        other => other,
    })?;
    let name = robot(world, call, namespace)?.name.clone();
    let granted = world
        .repositories
        .values()
        .filter_map(|r| Some((r, r.users.get(&name)?)));
    let rows: Vec<Value> =
        granted.map(|(r, role)| json!({"repository": {"name": r.name, "is_public": r.is_public()}, "role": role})).collect();
    Ok(Response::ok(json!({"permissions": rows})))
}
