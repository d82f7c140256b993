//! Robot accounts of users and organizations.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::{ApiRequest, schema_error, type_error};
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::robots::{FederatedIdentity, Robot};
use crate::testing::{ErrorResponse, Response};
use crate::types::{TeamRole, Timestamp};
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
    ("getOrgRobotFederation", federation),
    ("createOrgRobotFederation", set_federation),
    ("deleteOrgRobotFederation", delete_federation),
    ("getUserRobotFederation", federation),
    ("createUserRobotFederation", set_federation),
    ("deleteUserRobotFederation", delete_federation),
];

const LIMIT: &str = "If specified, the number of robots to return.";

/// Returns the namespace and the short name of the robot account in the path: of the organization
/// in the path or of the caller, who administers it. Deletion and federation do not ask whether the
/// organization exists.
fn name<'c>(state: &State, request: &'c ApiRequest<'_>) -> Result<(&'c str, &'c str), StateError> {
    let short = request.path("robot_shortname");
    if request.parameters.contains("orgname") {
        let organization = request.organization_as(state, TeamRole::Admin)?;
        Ok((organization, short))
    } else {
        Ok((request.as_user_admin()?, short))
    }
}

/// Returns the same, of an organization that exists.
fn robot<'c>(state: &State, request: &'c ApiRequest<'_>) -> Result<(&'c str, &'c str), StateError> {
    let (namespace, short) = name(state, request)?;
    if state.is_namespace(namespace) {
        Ok((namespace, short))
    } else {
        Err(StateError::NoSuchOrganization(namespace.to_owned()))
    }
}

fn view(robot: &Robot, with_token: bool) -> Value {
    let date = |moment: Timestamp| rfc2822(moment.unix_seconds());
    let created = date(robot.created);
    let last_accessed = robot.last_accessed.map(date);
    let mut view = json!({
        "name": robot.name, "created": created, "last_accessed": last_accessed,
        "description": robot.description,
    });
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

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, is_admin) = match request.parameters.get("orgname") {
        None => (request.as_user_admin()?, true),
        Some(_) => {
            let organization = request.organization_as(state, TeamRole::Member)?;
            (
                organization,
                state.organization_role(&request.caller, organization) == Some(TeamRole::Admin),
            )
        }
    };
    let (with_token, with_permissions) = (
        is_admin && request.query_flag("token", true),
        is_admin && request.query_flag("permissions", false),
    );
    let limit = match request.query_number("limit", LIMIT)? {
        Some(limit) if limit < 0 => return Err(ErrorResponse::Internal),
        Some(limit) if limit > 0 => usize::try_from(limit).unwrap_or(usize::MAX),
        _ => usize::MAX,
    };
    let row = |robot: &Robot| {
        let mut row = view(robot, with_token);
        if with_permissions {
            let teams = state
                .teams_of(namespace, &robot.name)
                .map(|t| json!({"name": t.name, "avatar": views::team_avatar(&t.name)}));
            row["teams"] = teams.collect();
            let granted = state
                .repositories
                .values()
                .filter(|r| r.users.contains_key(&robot.name));
            row["repositories"] = granted.map(|r| r.name.as_str()).collect();
        }
        row
    };
    let rows: Vec<Value> = state
        .robots_of(namespace)
        .into_iter()
        .take(limit)
        .map(row)
        .collect();
    Ok(Response::ok(json!({"robots": rows})))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = robot(state, request)?;
    Ok(Response::ok(full_view(state.robot(namespace, short)?)))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.optional_body();
    let description = body.map(|b| b.string("description")).transpose()?.flatten();
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
    let (namespace, short) = robot(state, request)?;
    let stored = if metadata.is_null() {
        json!({})
    } else {
        metadata.clone()
    };
    let robot = state.create_robot(namespace, short, description.unwrap_or_default(), stored)?;
    let mut response = full_view(robot);
    response["unstructured_metadata"] = metadata.clone();
    state.log(
        &request.caller,
        "create_robot",
        namespace,
        None,
        json!({"robot": short, "description": description, "unstructured_metadata": metadata}),
    );
    Ok(Response::created(response))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = name(state, request)?;
    state.delete_robot(&request.caller, namespace, short)?;
    Ok(Response::no_content())
}

fn regenerate(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = robot(state, request)?;
    let robot = state.regenerate_robot_token(&request.caller, namespace, short)?;
    Ok(Response::ok(view(&robot, true)))
}

fn permissions(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    // For a robot account of an organization, `user:admin` is required as well.
    request.as_user_admin()?;
    let (namespace, short) = robot(state, request).map_err(|error| match error {
        StateError::PermissionDenied => ErrorResponse::Forbidden,
        other => other.into(),
    })?;
    let name = state.robot(namespace, short)?.name.clone();
    let granted = state
        .repositories
        .values()
        .filter_map(|r| Some(views::permission(r, r.users.get(&name)?)));
    Ok(Response::ok(
        json!({"permissions": granted.collect::<Vec<_>>()}),
    ))
}

fn identity_view(identity: &FederatedIdentity) -> Value {
    json!({"issuer": identity.issuer, "subject": identity.subject})
}

fn federation(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = name(state, request)?;
    let robot = state.robot(namespace, short)?;
    Ok(Response::ok(
        robot.federation.iter().map(identity_view).collect(),
    ))
}

/// Returns the identities in the body, which is a list.
fn identities(request: &ApiRequest<'_>) -> Result<Vec<FederatedIdentity>, ErrorResponse> {
    let body = request
        .recorded
        .body
        .as_ref()
        .ok_or(ErrorResponse::BadRequest)?;
    let rows = body.as_array().ok_or_else(|| type_error(body, "'array'"))?;
    let field = |row: &Value, name: &str| {
        row.get(name)
            .and_then(Value::as_str)
            .map(str::to_owned)
            .ok_or_else(|| schema_error(&format!("'{name}' is a required property"), "required"))
    };
    rows.iter()
        .map(|row| {
            Ok(FederatedIdentity {
                issuer: field(row, "issuer")?,
                subject: field(row, "subject")?,
            })
        })
        .collect()
}

fn set_federation(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = name(state, request)?;
    let identities = identities(request)?;
    state.set_federation(&request.caller, namespace, short, &identities)?;
    Ok(Response::ok(identities.iter().map(identity_view).collect()))
}

fn delete_federation(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, short) = name(state, request)?;
    state.clear_federation(&request.caller, namespace, short)?;
    Ok(Response::no_content())
}
