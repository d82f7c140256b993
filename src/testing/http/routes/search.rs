//! Search: who and what is called like this, as far as the caller may see it.

use super::{Outcome, Routes, views};
use crate::testing::Response;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::accounts::{Robot, Team};
use crate::testing::state::repositories::Repository;
use crate::types::TeamRole;
use serde_json::{Value, json};
use std::collections::BTreeSet;

pub const ROUTES: Routes = &[
    ("conductRepoSearch", repositories),
    ("conductSearch", everything),
    ("getMatchingEntities", entities),
];

/// How many repositories Quay finds at once.
const PAGE: usize = 10;

/// The last page; what comes after it is answered with it.
const LAST_PAGE: i64 = 10;

/// How many of a kind a search of everything finds.
const OF_A_KIND: usize = 5;

/// How many entities are found.
const ENTITIES: usize = 10;

/// Whether a user, or everybody, sees a repository. Search knows no scopes, and superusers see no
/// more than others in it.
fn is_visible(world: &State, user: Option<&str>, repository: &Repository) -> bool {
    let namespace = &repository.namespace;
    let is_owned = |user: &str| namespace == user || administers(world, namespace, user);
    let is_granted = |user: &str| {
        !world
            .granted(user, (namespace, &repository.name))
            .is_empty()
    };
    repository.is_public() || user.is_some_and(|user| is_owned(user) || is_granted(user))
}

fn administers(world: &State, organization: &str, user: &str) -> bool {
    world
        .teams_of(organization, user)
        .any(|team| team.role == TeamRole::Admin)
}

/// The repositories with a text in their names or descriptions, oldest first. A namespace may be
/// said before a slash.
fn matching<'w>(world: &'w State, call: &Call<'_>, query: &str) -> Vec<&'w Repository> {
    let query = query.to_lowercase();
    let (namespace, text) = query.split_once('/').unwrap_or(("", query.as_str()));
    let has = |r: &&Repository| {
        r.name.to_lowercase().contains(text) || r.description.to_lowercase().contains(text)
    };
    let is_in = |r: &&Repository| namespace.is_empty() || r.namespace == namespace;
    let all = world
        .repositories
        .values()
        .filter(|r| is_visible(world, call.user(), r));
    let mut found: Vec<&Repository> = all.filter(has).filter(is_in).collect();
    found.sort_by_key(|r| r.id);
    found
}

/// A user or an organization that was found.
fn namespace_view(world: &State, name: &str) -> Value {
    let (kind, title, avatar) = match world.organizations.contains_key(name) {
        true => ("organization", "org", "org"),
        false => ("user", "user", "user"),
    };
    let avatar = views::avatar(name, world.email_of(name), avatar);
    json!({"title": title, "kind": kind, "avatar": avatar, "name": name, "score": 1, "href": format!("/{kind}/{name}")})
}

fn repository_view(world: &State, repository: &Repository) -> Value {
    let Repository {
        namespace, name, ..
    } = repository;
    json!({
        "kind": "repository", "title": "repo", "namespace": namespace_view(world, namespace), "name": name,
        "description": repository.description, "is_public": repository.is_public(), "score": 4,
        "href": format!("/repository/{namespace}/{name}"),
    })
}

fn repositories(world: &mut State, call: &Call<'_>) -> Outcome {
    let page = call
        .number("page", "The page.")?
        .unwrap_or(1)
        .clamp(1, LAST_PAGE);
    let start = usize::try_from(page - 1).unwrap_or_default() * PAGE;
    let found = matching(world, call, &call.text("query").unwrap_or_default());
    let has_additional = found.len() > start + PAGE;
    let now = world.now_ms();
    let row = |repository: &Repository| {
        let mut row = repository_view(world, repository);
        if call.flag("includeUsage", false) {
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
                json!(world.pulls_of(&repository.namespace, &repository.name) as f64);
        }
        row
    };
    let rows: Vec<Value> = found.into_iter().skip(start).take(PAGE).map(row).collect();
    Ok(Response::ok(
        json!({"results": rows, "has_additional": has_additional, "page": page, "page_size": PAGE, "start_index": start}),
    ))
}

fn everything(world: &mut State, call: &Call<'_>) -> Outcome {
    let Some(query) = call.text("query") else {
        return Ok(Response::ok(json!({"results": []})));
    };
    let prefix = query.to_lowercase();
    let mut found = Vec::new();
    if let Some(user) = call.user() {
        found.extend(teams(world, user, &prefix));
        found.extend(robots(world, user, &prefix));
    }
    let matching = matching(world, call, &query);
    found.extend(
        matching
            .into_iter()
            .take(OF_A_KIND)
            .map(|r| repository_view(world, r)),
    );
    let visible = world
        .repositories
        .values()
        .filter(|r| is_visible(world, call.user(), r));
    let namespaces: BTreeSet<&str> = visible
        .map(|r| r.namespace.as_str())
        .filter(|name| name.starts_with(&prefix))
        .collect();
    found.extend(
        namespaces
            .into_iter()
            .take(OF_A_KIND)
            .map(|name| namespace_view(world, name)),
    );
    let mut scored: Vec<(f64, Value)> = found.into_iter().map(|row| scored(row, &query)).collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    Ok(Response::ok(
        json!({"results": scored.into_iter().map(|(_, row)| row).collect::<Vec<_>>()}),
    ))
}

/// The teams that a user is in, then those with somebody in them of the organizations that the user
/// administers.
fn teams(world: &State, user: &str, prefix: &str) -> Vec<Value> {
    let mut all: Vec<(&str, &Team)> = world
        .organizations
        .values()
        .flat_map(|o| o.teams.values().map(|t| (o.name.as_str(), t)))
        .collect();
    all.retain(|(_, team)| team.name.starts_with(prefix));
    all.sort_by_key(|(_, team)| team.id);
    let own = all
        .iter()
        .filter(|(_, team)| team.members.iter().any(|m| m == user))
        .take(OF_A_KIND);
    let owned = all
        .iter()
        .filter(|(name, team)| !team.members.is_empty() && administers(world, name, user))
        .take(OF_A_KIND);
    let mut seen = BTreeSet::new();
    let view = |(organization, team): &(&str, &Team)| {
        let (name, avatar) = (&team.name, views::team_avatar(&team.name));
        let href = format!("/organization/{organization}/teams/{name}");
        json!({"kind": "team", "name": name, "organization": namespace_view(world, organization), "avatar": avatar, "score": 2, "href": href})
    };
    own.chain(owned)
        .filter(|(_, team)| seen.insert(team.id))
        .map(view)
        .collect()
}

/// The user's own robots, and those of the organizations that the user administers.
fn robots(world: &State, user: &str, prefix: &str) -> Vec<Value> {
    let is_owned =
        |robot: &&Robot| robot.namespace() == user || administers(world, robot.namespace(), user);
    let short = |robot: &Robot| robot.name.split('+').nth(1).unwrap_or_default().to_owned();
    let mut found: Vec<&Robot> = world
        .robots
        .values()
        .filter(|r| short(r).starts_with(prefix))
        .filter(is_owned)
        .collect();
    found.sort_by_key(|r| r.id);
    let view = |robot: &Robot| {
        let (namespace, name) = (robot.namespace(), &robot.name);
        let kind = if namespace == user {
            "user"
        } else {
            "organization"
        };
        let href = format!("/{kind}/{namespace}?tab=robots&showRobot={name}");
        json!({"title": "robot", "kind": "robot", "avatar": null, "name": name, "score": 1, "href": href, "short_name": short(robot)})
    };
    found.into_iter().take(OF_A_KIND).map(view).collect()
}

/// A row with the score that its name gives it.
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

/// How well a query fits a name, from 0 to 1: a letter that is met counts 1, one after the last of
/// them 0.9, or 0.8 if the name does not begin with the query, one passed over at the beginning of
/// a word 0.85, another nothing.
fn likeness(name: &str, query: &str) -> f64 {
    let (name, query) = (name.to_lowercase(), query.to_lowercase());
    let letters: Vec<char> = name.chars().collect();
    let (mut at, mut sum, mut is_begun) = (0, 0.0, false);
    for letter in query.chars() {
        // A query that is not in the name is worth half.
        let Some(place) = letters[at..]
            .iter()
            .position(|l| *l == letter)
            .map(|p| p + at)
        else {
            return 0.5;
        };
        is_begun |= place == 0;
        let begins_word = place > at && matches!(letters[place - 1], ' ' | '\t' | '_' | '-');
        if begins_word {
            sum += 1.0 + 0.85 * (place - 1 - at) as f64;
        }
        sum += 1.0;
        at = place + 1;
    }
    sum += (letters.len() - at) as f64 * if is_begun { 0.9 } else { 0.8 };
    if letters.is_empty() || sum == 0.0 {
        0.5
    } else {
        sum / letters.len() as f64
    }
}

/// Users and robots, teams and the organization itself, whose names begin like this. Everybody may
/// ask.
fn entities(world: &mut State, call: &Call<'_>) -> Outcome {
    let prefix = call.path("prefix").replace(' ', "").to_lowercase();
    let namespace = call.text("namespace").unwrap_or_default();
    let organization = world.organizations.get(&namespace);
    let is_member = organization.is_some() && world.organization_role(call, &namespace).is_some();
    let is_own = call.user() == Some(&namespace) && world.may_as_user(call).is_ok();
    let mut rows = Vec::new();
    if let Some(organization) =
        organization.filter(|_| is_member && call.flag("includeTeams", false))
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
        world.robots_of(&namespace)
    } else {
        Vec::new()
    };
    robots.retain(|r| {
        r.name
            .strip_prefix(&format!("{namespace}+"))
            .is_some_and(|short| short.starts_with(&prefix))
    });
    let mut users: Vec<_> = world
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
        let is_robot = world.robots.contains_key(name);
        let mut view = json!({"name": name, "kind": "user", "is_robot": is_robot, "avatar": views::avatar_of(world, name)});
        // Quay says so of everybody.
        if organization.is_some() {
            view["is_org_member"] = true.into();
        }
        view
    };
    rows.extend(names.take(ENTITIES).map(view));
    if let Some(organization) = organization
        .filter(|_| is_member && call.flag("includeOrgs", false) && namespace.starts_with(&prefix))
    {
        let avatar = views::avatar(&namespace, &organization.email, "org");
        rows.push(
            json!({"name": namespace, "kind": "org", "is_org_member": true, "avatar": avatar}),
        );
    }
    Ok(Response::ok(json!({"results": rows})))
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likeness_is_that_of_the_recordings() {
        for (name, query, score) in [
            ("app00", "app", 0.96),
            ("areas2-logs", "areas2", 10.5 / 11.0),
            ("owners", "own", 0.95),
            ("x", "z", 0.5),
        ] {
            assert!(
                (likeness(name, query) - score).abs() < 1e-9,
                "{name} {query}: {}",
                likeness(name, query)
            );
        }
    }
}
