//! Repositories and their settings.

use super::{Outcome, Routes, paged};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::repositories::{Repository, is_repository_name};
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, RepositoryState, TeamRole, Timestamp, Visibility};
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
];

/// How many repositories Quay lists at once.
pub const PAGE: i64 = 100;

/// How many tags the details of a repository hold.
const TAGS: usize = 500;

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let name = body.required("repository")?;
    let visibility = Visibility::from(body.one_of("visibility", &["public", "private"])?);
    let description = body.required("description")?;
    let kind = body.text("repo_kind")?.unwrap_or("image");
    let caller = call.user().ok_or_else(|| world.unauthorized(call))?;
    let namespace = body.text("namespace")?.unwrap_or(caller);
    if world
        .organization_role(call, namespace)
        .is_none_or(|role| role < TeamRole::Creator)
    {
        return Err(world.unauthorized(call));
    }
    if world.repository(namespace, name).is_some() {
        return Err(ErrorResponse::invalid("Repository already exists"));
    }
    if !is_repository_name(name) {
        return Err(ErrorResponse::invalid("Invalid repository name"));
    }
    if !world.is_namespace(namespace) {
        return Err(ErrorResponse::invalid(format!(
            "Username does not exist: {namespace}"
        )));
    }
    let repository = world.create_repository(namespace, name, Some(caller));
    description.clone_into(&mut repository.description);
    repository.visibility = visibility;
    world.log_repository(call, "create_repo", (namespace, name), json!({}));
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

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, starred, public) = (
        call.text("namespace"),
        call.flag("starred", false),
        call.flag("public", false),
    );
    if namespace.is_none() && !starred && !public {
        return Err(ErrorResponse::invalid(
            "namespace, starred or public are required for this API call",
        ));
    }
    let user = call.user();
    if starred && user.is_none() {
        return Err(ErrorResponse::BadRequest);
    }
    let sees_all = world.is_superuser(call);
    // Images are all that there is.
    let is_kind = call.text("repo_kind").is_none_or(|kind| kind == "image");
    let is_shown = |r: &&Repository| {
        let is_readable = || {
            world
                .repository_role(call, (&r.namespace, &r.name))
                .is_some()
        };
        if starred {
            return user.is_some_and(|u| r.stars.contains(u)) && (r.is_public() || is_readable());
        }
        is_kind
            && namespace.as_ref().is_none_or(|n| *n == r.namespace)
            && (sees_all || public && r.is_public() || is_readable())
    };
    let mut shown: Vec<&Repository> = world.repositories.values().filter(is_shown).collect();
    shown.sort_by_key(|r| r.id);
    if starred {
        // It stops there, and says nothing of the rest.
        shown.truncate(99);
    }
    let now = world.now_ms();
    let row = |repository: &Repository| {
        let mut row = row(repository);
        if call.flag("last_modified", false) {
            let newest = repository
                .tags
                .iter()
                .filter(|t| t.is_alive(now))
                .map(|t| t.start / 1000)
                .max();
            row["last_modified"] = newest.into();
        }
        if call.flag("popularity", false) {
            row["popularity"] =
                json!(world.pulls_of(&repository.namespace, &repository.name) as f64);
        }
        if let Some(user) = user {
            row["is_starred"] = repository.stars.contains(user).into();
        }
        row["quota_report"] = json!({"quota_bytes": repository.bytes(), "configured_quota": world.quotas.get(&repository.namespace).map(|q| q.bytes)});
        (repository.id, row)
    };
    let rows: Vec<(u64, Value)> = shown.into_iter().map(row).collect();
    let token = call.text("next_page").filter(|_| !starred);
    let (rows, next) = world.page(rows, |(id, _)| *id, PAGE, token.as_deref());
    Ok(paged(
        "repositories",
        rows.into_iter().map(|(_, row)| row).collect(),
        next,
    ))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may_read(call)?;
    let repository = world
        .repository(namespace, name)
        .ok_or(ErrorResponse::NotFound)?;
    let role = world.repository_role(call, (namespace, name));
    let is_normal = repository.state == RepositoryState::Normal;
    let status_token = if repository.is_public() {
        ""
    } else {
        repository.status_token.as_str()
    };
    let mut view = row(repository);
    view["is_organization"] = world.organizations.contains_key(namespace).into();
    view["is_starred"] = call
        .user()
        .is_some_and(|u| repository.stars.contains(u))
        .into();
    view["status_token"] = status_token.into();
    view["trust_enabled"] = repository.trust.into();
    view["tag_expiration_s"] = world.tag_expiration(namespace).into();
    view["is_free_account"] = true.into();
    view["can_write"] =
        (is_normal && role.as_ref().is_some_and(|r| *r >= RepositoryRole::Write)).into();
    view["can_admin"] = (role == Some(RepositoryRole::Admin)).into();
    if call.flag("includeTags", true) {
        let now = world.now_ms();
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
    if call.flag("includeStats", false) {
        view["stats"] = stats(world, namespace, name);
    }
    Ok(Response::ok(view))
}

/// How often something was done with a repository, for each of the last 91 days.
fn stats(world: &State, namespace: &str, name: &str) -> Value {
    let date = |moment: Timestamp| {
        moment
            .to_string()
            .split('T')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let days = (1..92).filter_map(|day| world.now().checked_sub(Duration::from_secs(day * 86_400)));
    let mut counts: BTreeMap<String, u64> = days.map(|day| (date(day), 0)).collect();
    for entry in world
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

fn describe(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Write)?;
    let description = call.body()?.required("description")?;
    let repository = world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    description.clone_into(&mut repository.description);
    world.log_repository(
        call,
        "set_repo_description",
        path,
        json!({"description": description}),
    );
    Ok(Response::ok(json!({"success": true})))
}

/// Deleting what is not there is a success.
fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
    if world.repository(namespace, name).is_some() {
        world.delete_repository(namespace, name);
        world.log(
            call,
            "delete_repo",
            namespace,
            None,
            json!({"repo": name, "namespace": namespace}),
        );
    }
    Ok(Response::no_content())
}

fn change_visibility(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Admin)?;
    let visibility = call.body()?.one_of("visibility", &["public", "private"])?;
    // Of a repository that is not there nothing is said.
    let Some(repository) = world.repository_mut(path.0, path.1) else {
        return Ok(Response::ok(Value::Null));
    };
    repository.visibility = Visibility::from(visibility);
    world.log_repository(
        call,
        "change_repo_visibility",
        path,
        json!({"visibility": visibility}),
    );
    Ok(Response::ok(json!({"success": true})))
}

fn change_state(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Admin)?;
    let state = call
        .body()?
        .one_of("state", &["NORMAL", "READ_ONLY", "MIRROR"])?;
    let repository = world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    repository.state = RepositoryState::from(state);
    world.log_repository(
        call,
        "change_repo_state",
        path,
        json!({"state_changed": state}),
    );
    Ok(Response::ok(json!({"success": true})))
}

fn change_trust(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Admin)?;
    let required = || {
        ErrorResponse::invalid(
            "'trust_enabled' is a required property\n\nFailed validating 'required' in schema",
        )
    };
    let trust = call.body()?.flag("trust_enabled")?.ok_or_else(required)?;
    world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?
        .trust = trust;
    world.log_repository(
        call,
        "change_repo_trust",
        path,
        json!({"trust_enabled": trust}),
    );
    Ok(Response::ok(json!({"success": true})))
}
