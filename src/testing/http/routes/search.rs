//! Search.

use crate::testing::Response;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::repositories::Repository;
use crate::testing::state::robots::Robot;
use crate::testing::state::search::likeness;
use crate::testing::state::teams::Team;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("conductRepoSearch", repositories),
    ("conductSearch", everything),
    ("getMatchingEntities", entities),
];

/// The number of repositories of a page.
const PAGE: usize = 10;

/// The last page. Quay responds with it to a request for any later one.
const LAST_PAGE: i64 = 10;

/// The number of repositories that a search of everything finds.
const REPOSITORIES: usize = 5;

/// The number of entities that are found.
const ENTITIES: usize = 10;

/// Returns a user or an organization that was found.
fn namespace_view(state: &State, name: &str) -> Value {
    let (kind, title, avatar) = match state.organizations.contains_key(name) {
        true => ("organization", "org", "org"),
        false => ("user", "user", "user"),
    };
    let avatar = views::avatar(name, state.email_of(name), avatar);
    json!({"title": title, "kind": kind, "avatar": avatar, "name": name, "score": 1, "href": format!("/{kind}/{name}")})
}

fn repository_view(state: &State, repository: &Repository) -> Value {
    let Repository {
        namespace, name, ..
    } = repository;
    json!({
        "kind": "repository", "title": "repo", "namespace": namespace_view(state, namespace), "name": name,
        "description": repository.description, "is_public": repository.is_public(), "score": 4,
        "href": format!("/repository/{namespace}/{name}"),
    })
}

fn repositories(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let page = request
        .query_number("page", "The page.")?
        .unwrap_or(1)
        .clamp(1, LAST_PAGE);
    let start = usize::try_from(page - 1).unwrap_or_default() * PAGE;
    let found =
        state.find_repositories(request.user(), &request.query("query").unwrap_or_default());
    let has_additional = found.len() > start + PAGE;
    let now = state.now_ms();
    let row = |repository: &Repository| {
        let mut row = repository_view(state, repository);
        if request.query_flag("includeUsage", false) {
            if let Some(start) = repository
                .tags
                .iter()
                .filter(|t| t.is_alive(now))
                .map(|t| t.start / 1000)
                .max()
            {
                row["last_modified"] = start.into();
            }
            row["stars"] = repository.stars.len().into();
            row["popularity"] =
                json!(state.pulls_of(&repository.namespace, &repository.name) as f64);
        }
        row
    };
    let rows: Vec<Value> = found.into_iter().skip(start).take(PAGE).map(row).collect();
    Ok(Response::ok(
        json!({"results": rows, "has_additional": has_additional, "page": page, "page_size": PAGE, "start_index": start}),
    ))
}

fn everything(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let Some(query) = request.query("query") else {
        return Ok(Response::ok(json!({"results": []})));
    };
    let (user, prefix) = (request.user(), query.to_lowercase());
    let mut found = Vec::new();
    if let Some(user) = user {
        let teams = state.find_teams(user, &prefix);
        found.extend(teams.into_iter().map(|team| team_view(state, team)));
        let robots = state.find_robots(user, &prefix);
        found.extend(robots.into_iter().map(|robot| robot_view(user, robot)));
    }
    let repositories = state.find_repositories(user, &query);
    found.extend(
        repositories
            .into_iter()
            .take(REPOSITORIES)
            .map(|r| repository_view(state, r)),
    );
    let namespaces = state.find_namespaces(user, &prefix);
    found.extend(namespaces.into_iter().map(|n| namespace_view(state, n)));
    let mut scored: Vec<(f64, Value)> = found.into_iter().map(|row| scored(row, &query)).collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let rows: Vec<Value> = scored.into_iter().map(|(_, row)| row).collect();
    Ok(Response::ok(json!({"results": rows})))
}

fn team_view(state: &State, (organization, team): (&str, &Team)) -> Value {
    let name = &team.name;
    json!({
        "kind": "team", "name": name, "organization": namespace_view(state, organization),
        "avatar": views::team_avatar(name), "score": 2,
        "href": format!("/organization/{organization}/teams/{name}"),
    })
}

fn robot_view(user: &str, robot: &Robot) -> Value {
    let (namespace, name) = (robot.namespace(), &robot.name);
    let kind = if namespace == user {
        "user"
    } else {
        "organization"
    };
    json!({
        "title": "robot", "kind": "robot", "avatar": null, "name": name, "score": 1,
        "href": format!("/{kind}/{namespace}?tab=robots&showRobot={name}"),
        "short_name": robot.short_name(),
    })
}

/// Returns a row with the score that its name gives it.
fn scored(mut row: Value, query: &str) -> (f64, Value) {
    let name = row
        .get("short_name")
        .unwrap_or(&row["name"])
        .as_str()
        .unwrap_or_default();
    let score = row["score"].as_f64().unwrap_or_default() * likeness(name, query);
    row["score"] = json!(score);
    (score, row)
}

/// Responds with users and robots, teams and the organization itself, whose names begin like this.
/// Every caller may search.
fn entities(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let prefix = request.path("prefix").replace(' ', "").to_lowercase();
    let namespace = request.query("namespace").unwrap_or_default();
    let organization = state.organizations.get(&namespace);
    let is_member = organization.is_some()
        && state
            .organization_role(&request.caller, &namespace)
            .is_some();
    let is_own = request.user() == Some(&namespace) && request.as_user_admin().is_ok();
    let mut rows = Vec::new();
    if let Some(organization) =
        organization.filter(|_| is_member && request.query_flag("includeTeams", false))
    {
        let mut teams: Vec<&Team> = organization
            .teams
            .values()
            .filter(|t| t.name.starts_with(&prefix))
            .collect();
        teams.sort_by_key(|t| t.id);
        let view = |t: &Team| json!({"name": t.name, "kind": "team", "is_org_member": true, "avatar": views::team_avatar(&t.name)});
        rows.extend(teams.into_iter().take(ENTITIES).map(view));
    }
    let mut robots = if is_member || is_own {
        state.robots_of(&namespace)
    } else {
        Vec::new()
    };
    robots.retain(|r| r.short_name().starts_with(&prefix));
    let mut users: Vec<_> = state
        .users
        .values()
        .filter(|u| u.name.starts_with(&prefix))
        .collect();
    users.sort_by_key(|u| (u.name != prefix, u.id));
    let (exact, others) = users.split_at(users.iter().take_while(|u| u.name == prefix).count());
    let exact = exact.iter().map(|u| u.name.as_str());
    let names = exact
        .chain(robots.iter().map(|r| r.name.as_str()))
        .chain(others.iter().map(|u| u.name.as_str()));
    let view = |name: &str| {
        let is_robot = state.robots.contains_key(name);
        let mut view = json!({"name": name, "kind": "user", "is_robot": is_robot, "avatar": views::avatar_of(state, name)});
        // Quay says so of every user.
        if organization.is_some() {
            view["is_org_member"] = true.into();
        }
        view
    };
    rows.extend(names.take(ENTITIES).map(view));
    if let Some(organization) = organization.filter(|_| {
        is_member && request.query_flag("includeOrgs", false) && namespace.starts_with(&prefix)
    }) {
        let avatar = views::avatar(&namespace, &organization.email, "org");
        rows.push(
            json!({"name": namespace, "kind": "org", "is_org_member": true, "avatar": avatar}),
        );
    }
    Ok(Response::ok(json!({"results": rows})))
}
