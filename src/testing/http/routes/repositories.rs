//! Repositories: their settings, and the stars of users.

use crate::http::route::PathParameters;
use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, paged};
use crate::testing::state::State;
use crate::testing::state::repositories::Repository;
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, RepositoryState, Timestamp, Visibility};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("createRepo", create),
    ("listRepos", list),
    ("getRepo", get),
    ("updateRepo", describe),
    ("deleteRepository", delete),
    ("changeRepoVisibility", change_visibility),
    ("changeRepoState", change_state),
    ("changeRepoTrust", change_trust),
    ("getRepoSignatures", signatures),
    ("listStarredRepos", list_starred),
    ("createStar", add_star),
    ("deleteStar", remove_star),
    ("listRepoTokens", removed_operation),
    ("createToken", removed_operation),
    ("getTokens", removed_operation),
    ("changeToken", removed_operation),
    ("deleteToken", removed_operation),
];

/// The number of repositories of a page.
const PAGE: i64 = 100;

/// The number of tags in the details of a repository.
const TAGS: usize = 500;

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let name = body.required_string("repository")?;
    let visibility = Visibility::from(body.one_of("visibility", &["public", "private"])?);
    let description = body.required_string("description")?;
    let kind = match body.nullable_string("repo_kind")? {
        Some(_) if state.edition.is_since(Some("3.17")) => body.one_of("repo_kind", &["image"])?,
        kind => kind.unwrap_or("image"),
    };
    let user = request.user().ok_or_else(|| request.caller.denied())?;
    let namespace = body.string("namespace")?.unwrap_or(user);
    state
        .register_repository(&request.caller, (namespace, name), visibility, description)
        .map_err(|error| ErrorResponse::from(error).into_invalid_request())?;
    Ok(Response::created(
        json!({"namespace": namespace, "name": name, "kind": kind}),
    ))
}

fn row(repository: &Repository) -> Value {
    json!({
        "namespace": repository.namespace, "name": repository.name, "description": repository.description,
        "is_public": repository.is_public(), "kind": "image", "state": repository.state,
    })
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, starred, public) = (
        request.query("namespace"),
        request.query_flag("starred", false),
        request.query_flag("public", false),
    );
    if namespace.is_none() && !starred && !public {
        return Err(ErrorResponse::invalid(
            "namespace, starred or public are required for this API request",
        ));
    }
    let user = request.user();
    if starred && user.is_none() {
        return Err(ErrorResponse::BadRequest);
    }
    let sees_all = state.is_superuser(&request.caller);
    // The sandbox only has repositories of images.
    let is_kind = request
        .query("repo_kind")
        .is_none_or(|kind| kind == "image");
    let is_shown = |r: &&Repository| {
        let is_readable = || {
            state
                .repository_role(&request.caller, (&r.namespace, &r.name))
                .is_some()
        };
        if starred {
            return user.is_some_and(|u| r.stars.contains(u)) && (r.is_public() || is_readable());
        }
        is_kind
            && namespace.as_ref().is_none_or(|n| *n == r.namespace)
            && (sees_all || public && r.is_public() || is_readable())
    };
    let mut shown: Vec<&Repository> = state.repositories.values().filter(is_shown).collect();
    shown.sort_by_key(|r| r.id);
    if starred {
        // It stops there, without a page token for the rest.
        shown.truncate(99);
    }
    let now = state.now_ms();
    let row = |repository: &Repository| {
        let mut row = row(repository);
        if request.query_flag("last_modified", false) {
            let newest = repository
                .tags
                .iter()
                .filter(|t| t.is_alive(now))
                .map(|t| t.start / 1000)
                .max();
            row["last_modified"] = newest.into();
        }
        if request.query_flag("popularity", false) {
            row["popularity"] =
                json!(state.pulls_of(&repository.namespace, &repository.name) as f64);
        }
        if let Some(user) = user {
            row["is_starred"] = repository.stars.contains(user).into();
        }
        row["quota_report"] = json!({"quota_bytes": repository.bytes(), "configured_quota": state.quotas.get(&repository.namespace).map(|q| q.bytes)});
        (repository.id, row)
    };
    let rows: Vec<(u64, Value)> = shown.into_iter().map(row).collect();
    let token = request.query("next_page").filter(|_| !starred);
    let (rows, next) = state.page(rows, |(id, _)| *id, PAGE, token.as_deref());
    Ok(paged(
        "repositories",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, name) = request.readable_repository(state)?;
    let repository = state
        .repository(namespace, name)
        .ok_or(ErrorResponse::NotFound)?;
    let role = state.repository_role(&request.caller, (namespace, name));
    let is_normal = repository.state == RepositoryState::Normal;
    let status_token = if repository.is_public() {
        ""
    } else {
        repository.status_token.as_str()
    };
    let mut view = row(repository);
    view["is_organization"] = state.organizations.contains_key(namespace).into();
    view["is_starred"] = request
        .user()
        .is_some_and(|u| repository.stars.contains(u))
        .into();
    view["status_token"] = status_token.into();
    view["trust_enabled"] = false.into();
    view["tag_expiration_s"] = state.tag_expiration(namespace).into();
    view["is_free_account"] = true.into();
    view["can_write"] =
        (is_normal && role.as_ref().is_some_and(|r| *r >= RepositoryRole::Write)).into();
    view["can_admin"] = (role == Some(RepositoryRole::Admin)).into();
    if request.query_flag("includeTags", true) {
        let now = state.now_ms();
        let tags = repository.history(now, 0).into_iter().filter(|t| t.is_alive(now)).take(TAGS).map(|tag| {
            let size = repository.manifests.get(&tag.digest).map(|m| m.size);
            let mut view = json!({"name": tag.name, "size": size, "last_modified": rfc2822(tag.start / 1000)});
            if let Some(end) = tag.end {
                view["expiration"] = rfc2822(end / 1000).into();
            }
            view["manifest_digest"] = tag.digest.as_str().into();
            (tag.name.clone(), view)
        });
        view["tags"] = Value::Object(tags.collect());
    }
    if request.query_flag("includeStats", false) {
        view["stats"] = stats(state, namespace, name);
    }
    Ok(Response::ok(view))
}

/// Returns the number of actions on a repository, for each of the last 91 days.
fn stats(state: &State, namespace: &str, name: &str) -> Value {
    let date = |moment: Timestamp| {
        moment
            .to_string()
            .split('T')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let days = (1..92).filter_map(|day| state.now().checked_sub(Duration::from_secs(day * 86_400)));
    let mut counts: BTreeMap<String, u64> = days.map(|day| (date(day), 0)).collect();
    for entry in state
        .logs
        .iter()
        .filter(|l| l.namespace == namespace && l.repository.as_deref() == Some(name))
    {
        if let Some(count) = counts.get_mut(&date(entry.when)) {
            *count += 1;
        }
    }
    counts
        .into_iter()
        .map(|(date, count)| json!({"date": date, "count": count}))
        .collect()
}

fn describe(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Write)?;
    let description = request.body()?.required_string("description")?;
    let repository = state
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    description.clone_into(&mut repository.description);
    state.log_repository(
        &request.caller,
        "set_repo_description",
        path,
        json!({"description": description}),
    );
    Ok(Response::ok(json!({"success": true})))
}

/// Deleting a repository that does not exist is a success.
fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    state.delete_repository(&request.caller, path)?;
    Ok(Response::no_content())
}

fn change_visibility(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    let visibility = request
        .body()?
        .one_of("visibility", &["public", "private"])?;
    // The response to a repository that does not exist is empty.
    let Some(repository) = state.repository_mut(path.0, path.1) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.visibility = Visibility::from(visibility);
    state.log_repository(
        &request.caller,
        "change_repo_visibility",
        path,
        json!({"visibility": visibility}),
    );
    Ok(Response::ok(json!({"success": true})))
}

fn change_state(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Admin)?;
    let new_state = request
        .body()?
        .one_of("state", &["NORMAL", "READ_ONLY", "MIRROR"])?;
    let repository = state
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    repository.state = RepositoryState::from(new_state);
    state.log_repository(
        &request.caller,
        "change_repo_state",
        path,
        json!({"state_changed": new_state}),
    );
    Ok(Response::ok(json!({"success": true})))
}

/// Signing is off, as on most servers: there is no such route, at which the server fails.
fn change_trust(_: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.caller.token().ok_or(ErrorResponse::Csrf)?;
    Err(ErrorResponse::Internal)
}

/// Signing is off: the server takes the path for the name of a repository.
fn signatures(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let repository = format!("{}/signatures", request.path("repository"));
    let request = ApiRequest {
        operation: request.operation,
        parameters: PathParameters::from_iter([("repository", repository)]),
        caller: request.caller.clone(),
        recorded: request.recorded,
    };
    get(state, &request)
}

fn list_starred(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let mut starred: Vec<&Repository> = state
        .repositories
        .values()
        .filter(|r| r.stars.contains(user))
        .collect();
    starred.sort_by_key(|r| r.id);
    let row = |r: &Repository| json!({"namespace": r.namespace, "name": r.name, "description": r.description, "is_public": r.is_public()});
    let rows: Vec<(u64, Value)> = starred.into_iter().map(|r| (r.id, row(r))).collect();
    let (rows, next) = state.page(
        rows,
        |(id, _)| *id,
        PAGE,
        request.query("next_page").as_deref(),
    );
    Ok(paged(
        "repositories",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

/// Adds a star. The response for a repository that does not exist is null, with 200.
fn add_star(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (namespace, name) = (
        body.required_string("namespace")?,
        body.required_string("repository")?,
    );
    let user = request.as_user_admin()?;
    let Some(repository) = state.repository_mut(namespace, name) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.stars.insert(user.to_owned());
    Ok(Response::created(
        json!({"namespace": namespace, "repository": name}),
    ))
}

fn remove_star(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let user = request.as_user_admin()?;
    let (namespace, name) = request.repository();
    let Some(repository) = state.repository_mut(namespace, name) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.stars.remove(user);
    Ok(Response::no_content())
}

/// Quay has removed the access tokens of repositories.
fn removed_operation(_: &mut State, _: &ApiRequest<'_>) -> HandlerResult {
    Err(ErrorResponse::Gone(
        "Handling of access tokens is no longer supported".to_owned(),
    ))
}
