//! Tags: listed with their history, moved, ended, deleted and restored.

use super::{Outcome, Routes, writable};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::repositories::Repository;
use crate::testing::state::tags::Tag;
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listRepoTags", list),
    ("changeTag", change),
    ("deleteFullTag", delete),
    ("restoreTag", restore),
    ("removeTagFromTimemachine", expire),
];

const LIMIT: &str = "Limit to the number of results to return per page. Max 100.";
const PAGE: &str = "Page index for the results. Default 1.";
const BAD_NAME: &str = "Invalid tag: must match [A-Za-z0-9_.-], NOT start with \".\" or \"-\", and can contain 1-128 characters";
const BAD_FILTER: &str = "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'.";

/// The bounds of a tag's life, in seconds: an hour and 104 weeks.
const SHORTEST: i64 = 60 * 60;
const LONGEST: i64 = 104 * 7 * 24 * 60 * 60;

fn view(repository: &Repository, tag: &Tag) -> Value {
    let start = tag.start / 1000;
    let mut view = json!({"name": tag.name, "reversion": tag.reversion, "immutable": tag.immutable, "start_ts": start});
    if let Some(end) = tag.end {
        view["end_ts"] = (end / 1000).into();
    }
    let manifest = repository.manifests.get(&tag.digest);
    let children = manifest.map(|m| m.children.as_slice()).unwrap_or_default();
    view["manifest_digest"] = tag.digest.as_str().into();
    view["is_manifest_list"] = (!children.is_empty()).into();
    view["size"] = manifest.map(|m| m.size).into();
    view["last_modified"] = rfc2822(start).into();
    if let Some(end) = tag.end {
        view["expiration"] = rfc2822(end / 1000).into();
    }
    if !children.is_empty() {
        let presence = children
            .iter()
            .map(|c| (c.clone(), repository.manifests.contains_key(c).into()));
        let present = children
            .iter()
            .filter(|c| repository.manifests.contains_key(*c))
            .count();
        view["is_sparse"] = (present < children.len()).into();
        view["child_manifest_count"] = children.len().into();
        view["present_child_count"] = present.into();
        view["child_manifests_presence"] = Value::Object(presence.collect());
    }
    view
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let (namespace, name) = world.may_read(call)?;
    let limit = call.number("limit", LIMIT)?.unwrap_or(50).clamp(1, 100);
    let page = call.number("page", PAGE)?.unwrap_or(1).max(1);
    let repository = world
        .repository(namespace, name)
        .ok_or(ErrorResponse::NotFound)?;
    let (specific, only_active) = (call.text("specificTag"), call.flag("onlyActiveTags", false));
    let filter = call.text("filter_tag_name");
    let filter = filter
        .as_deref()
        .map(|f| {
            f.split_once(':')
                .ok_or_else(|| ErrorResponse::message(BAD_FILTER))
        })
        .transpose()?;
    let now = world.now_ms();
    let is_shown = |tag: &&Tag| {
        let is_named = match filter {
            // SQL's `LIKE` with nothing but a text in it, which overlooks case.
            Some(("like", text)) => tag.name.to_lowercase().contains(&text.to_lowercase()),
            Some(("eq", text)) => tag.name == text,
            _ => true,
        };
        is_named
            && specific.as_ref().is_none_or(|s| *s == tag.name)
            && (!only_active || tag.is_alive(now))
    };
    let history = repository.history(now, world.tag_expiration(namespace));
    let (limit, skipped) = (
        usize::try_from(limit).unwrap_or(1),
        usize::try_from((page - 1).saturating_mul(limit)).unwrap_or(usize::MAX),
    );
    let mut rows: Vec<Value> = history
        .into_iter()
        .filter(is_shown)
        .skip(skipped)
        .take(limit + 1)
        .map(|tag| view(repository, tag))
        .collect();
    let has_additional = rows.len() > limit;
    rows.truncate(limit);
    Ok(Response::ok(
        json!({"tags": rows, "page": page, "has_additional": has_additional}),
    ))
}

fn is_tag_name(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (1..=128).contains(&name.len())
        && name.starts_with(is_word)
        && name.chars().all(|c| is_word(c) || matches!(c, '.' | '-'))
}

fn change(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let body = call.body()?;
    let name = call.path("tag");
    if !is_tag_name(name) {
        return Err(ErrorResponse::message(BAD_NAME));
    }
    world
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let user = call.user();
    if let Some(expiration) = body.get("expiration") {
        set_expiration(world, call, path, expiration)?;
    }
    if let Some(immutable) = body.flag("immutable")? {
        let now = world.now_ms();
        let is_admin = world.repository_role(call, path) == Some(RepositoryRole::Admin);
        let unauthorized = world.unauthorized(call);
        let tag = world
            .repository_mut(path.0, path.1)
            .and_then(|r| r.tag_mut(name, now))
            .ok_or(ErrorResponse::NotFound)?;
        if immutable && tag.end.is_some() {
            return Err(ErrorResponse::message(format!(
                "Cannot make tag '{name}' immutable: tag has expiration set. Clear expiration first or enable FEATURE_IMMUTABLE_TAGS_CAN_EXPIRE."
            )));
        }
        let before = std::mem::replace(&mut tag.immutable, immutable);
        if before && !immutable && !is_admin {
            tag.immutable = true;
            return Err(unauthorized);
        }
        let metadata = json!({"username": user, "tag": name, "immutable": immutable, "previous_immutable": before});
        world.log_repository(call, "change_tag_immutability", path, metadata);
    }
    if body.get("manifest_digest").is_some() {
        let digest = body.text("manifest_digest")?.unwrap_or_default();
        let now = world.now_ms();
        let repository = world
            .repository(path.0, path.1)
            .ok_or(ErrorResponse::NotFound)?;
        let alive: Vec<&Tag> = repository.tags.iter().filter(|t| t.is_alive(now)).collect();
        repository
            .manifest_in(digest, &alive)
            .ok_or(ErrorResponse::NotFound)?;
        let before = repository.tag(name, now);
        if before.is_some_and(|t| t.immutable) {
            return Err(ErrorResponse::TagImmutable(
                name.to_owned(),
                "overwrite".to_owned(),
            ));
        }
        let original = before.map(|t| t.digest.clone());
        world.point_tag(path, name, digest, false);
        let kind = if original.is_some() {
            "move_tag"
        } else {
            "create_tag"
        };
        let metadata = json!({"username": user, "tag": name, "manifest_digest": digest, "original_manifest_digest": original});
        world.log_repository(call, kind, path, metadata);
    }
    Ok(Response::created("Updated".into()))
}

fn set_expiration(
    world: &mut State,
    call: &Call<'_>,
    path: (&str, &str),
    expiration: &Value,
) -> Result<(), ErrorResponse> {
    let (name, now) = (call.path("tag"), world.now_ms());
    let tag = world
        .repository_mut(path.0, path.1)
        .and_then(|r| r.tag_mut(name, now))
        .ok_or(ErrorResponse::NotFound)?;
    let end = match expiration {
        Value::Null => None,
        // The fraction of a second does not count.
        other => {
            let seconds = other.as_f64().ok_or(ErrorResponse::BadRequest)? as i64;
            if seconds.saturating_mul(1000) <= now {
                return Err(ErrorResponse::BadRequest);
            }
            if tag.immutable {
                return Err(ErrorResponse::message(format!(
                    "Cannot set expiration on immutable tag '{name}'"
                )));
            }
            Some(tag.start + (seconds - tag.start / 1000).clamp(SHORTEST, LONGEST) * 1000)
        }
    };
    let before = std::mem::replace(&mut tag.end, end);
    if before.is_some() || end.is_some() {
        let old = before.filter(|b| Some(*b) != end).map(|ms| ms / 1000);
        let metadata = json!({
            "username": call.user(), "tag": name, "expiration_date": expiration,
            "old_expiration_date": old,
        });
        world.log_repository(call, "change_tag_expiration", path, metadata);
    }
    Ok(())
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let (name, now) = (call.path("tag"), world.now_ms());
    let tag = world
        .repository_mut(path.0, path.1)
        .and_then(|r| r.tag_mut(name, now))
        .ok_or(ErrorResponse::NotFound)?;
    if tag.immutable {
        return Err(ErrorResponse::TagImmutable(
            name.to_owned(),
            "delete".to_owned(),
        ));
    }
    tag.end = Some(now);
    world.log_repository(
        call,
        "delete_tag",
        path,
        json!({"username": call.user(), "tag": name}),
    );
    Ok(Response::no_content())
}

fn restore(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = writable(world, call, RepositoryRole::Write)?;
    let body = call.body()?;
    let repository = world
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let digest = body
        .text("manifest_digest")?
        .ok_or_else(|| ErrorResponse::invalid("Missing manifest_digest"))?;
    let (name, now) = (call.path("tag"), world.now_ms());
    let kept = repository.history(now, world.tag_expiration(path.0));
    repository
        .manifest_in(digest, &kept)
        .ok_or(ErrorResponse::NotFound)?;
    if repository.tag(name, now).is_some_and(|t| t.immutable) {
        return Err(ErrorResponse::TagImmutable(
            name.to_owned(),
            "overwrite".to_owned(),
        ));
    }
    world.point_tag(path, name, digest, true);
    let metadata =
        json!({"username": call.user(), "repo": path.1, "tag": name, "manifest_digest": digest});
    world.log(call, "revert_tag", path.0, Some(path.1), metadata);
    Ok(Response::ok(json!({})))
}

/// Takes a tag out of the reach of a restore. It is gone at once here; a server collects its
/// garbage a little later.
fn expire(world: &mut State, call: &Call<'_>) -> Outcome {
    let path = world.may(call, RepositoryRole::Write)?;
    let body = call.body()?;
    let (name, now, window) = (
        call.path("tag"),
        world.now_ms(),
        world.tag_expiration(path.0),
    );
    let repository = world
        .repository_mut(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let is_alive = body.flag("is_alive")?.unwrap_or_default();
    let digest = body.text("manifest_digest")?;
    let digest = match (is_alive, digest) {
        (false, None) => {
            return Err(ErrorResponse::invalid(
                "manifest_digest required when is_alive set to false",
            ));
        }
        (false, Some(digest)) => digest.to_owned(),
        (true, _) => repository
            .tag(name, now)
            .filter(|t| !t.immutable)
            .ok_or(ErrorResponse::NotFound)?
            .digest
            .clone(),
    };
    let kept: Vec<u64> = repository
        .history(now, window)
        .into_iter()
        .map(|t| t.id)
        .collect();
    let before = repository.tags.len();
    repository.tags.retain(|t| {
        !(t.name == name
            && t.digest == digest
            && t.is_alive(now) == is_alive
            && kept.contains(&t.id))
    });
    if repository.tags.len() == before {
        return Err(ErrorResponse::NotFound);
    }
    let metadata = json!({"username": call.user(), "tag": name, "manifest_digest": digest});
    world.log_repository(call, "permanently_delete_tag", path, metadata);
    Ok(Response::ok("".into()))
}
