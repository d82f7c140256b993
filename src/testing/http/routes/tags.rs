//! Tags: listed with their history, moved, ended, deleted and restored.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::{ApiRequest, type_error};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::like;
use crate::testing::state::repositories::Repository;
use crate::testing::state::tags::{Tag, check_tag_name};
use crate::testing::{ErrorResponse, Response};
use crate::types::RepositoryRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listRepoTags", list),
    ("changeTag", change),
    ("deleteFullTag", delete),
    ("restoreTag", restore),
    ("removeTagFromTimemachine", purge),
];

const LIMIT: &str = "Limit to the number of results to return per page. Max 100.";
const PAGE: &str = "Page index for the results. Default 1.";
const BAD_FILTER: &str = "Unsupported syntax for filter_tag_name. Expected <operation>:<tag_name> where <operation>can be 'like' or 'eq'.";

fn view(repository: &Repository, tag: &Tag, has_immutable_tags: bool) -> Value {
    let start = tag.start / 1000;
    let mut view = json!({"name": tag.name, "reversion": tag.reversion, "start_ts": start});
    if has_immutable_tags {
        view["immutable"] = tag.immutable.into();
    }
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

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (namespace, name) = request.readable_repository(state)?;
    let limit = request
        .query_number("limit", LIMIT)?
        .unwrap_or(50)
        .clamp(1, 100);
    let page = request.query_number("page", PAGE)?.unwrap_or(1).max(1);
    let repository = state
        .repository(namespace, name)
        .ok_or(ErrorResponse::NotFound)?;
    let (specific, only_active) = (
        request.query("specificTag"),
        request.query_flag("onlyActiveTags", false),
    );
    let takes_filter = state.edition.is_since(Some("3.9"));
    let filter = request.query("filter_tag_name").filter(|_| takes_filter);
    let filter = filter
        .as_deref()
        .map(|f| {
            f.split_once(':')
                .ok_or_else(|| ErrorResponse::message(BAD_FILTER))
        })
        .transpose()?;
    let now = state.now_ms();
    let has_immutable_tags = state.edition.is_since(Some("3.17"));
    let is_shown = |tag: &&Tag| {
        let is_named = match filter {
            Some(("like", text)) => like::contains(&tag.name, text),
            Some(("eq", text)) => tag.name == text,
            // An operation that it does not know is ignored.
            _ => true,
        };
        is_named
            && specific.as_ref().is_none_or(|s| *s == tag.name)
            && (!only_active || tag.is_alive(now))
    };
    let history = repository.history(now, state.tag_expiration(namespace));
    // The database has no larger offset.
    let skipped = (page - 1)
        .checked_mul(limit)
        .ok_or(ErrorResponse::Internal)?;
    let (limit, skipped) = (
        usize::try_from(limit).unwrap_or(1),
        usize::try_from(skipped).unwrap_or(usize::MAX),
    );
    let mut rows: Vec<Value> = history
        .into_iter()
        .filter(is_shown)
        .skip(skipped)
        .take(limit + 1)
        .map(|tag| view(repository, tag, has_immutable_tags))
        .collect();
    let has_additional = rows.len() > limit;
    rows.truncate(limit);
    Ok(Response::ok(
        json!({"tags": rows, "page": page, "has_additional": has_additional}),
    ))
}

fn change(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    let body = request.body()?;
    let (name, caller) = (request.path("tag"), &request.caller);
    check_tag_name(name)?;
    state
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    if let Some(expiration) = body.get("expiration") {
        let expiration = match expiration {
            Value::Null => None,
            Value::Number(seconds) => Some(seconds),
            other => return Err(type_error(other, "'number', 'null'")),
        };
        state.set_tag_expiration(caller, path, name, expiration)?;
    }
    if state.edition.has_immutable_tags()
        && let Some(immutable) = body.boolean("immutable")?
    {
        state.set_tag_immutability(caller, path, name, immutable)?;
    }
    if body.get("manifest_digest").is_some() {
        let digest = body.nullable_string("manifest_digest")?.unwrap_or_default();
        state.move_tag(caller, path, name, digest)?;
    }
    Ok(Response::created("Updated".into()))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    state.delete_tag(&request.caller, path, request.path("tag"))?;
    Ok(Response::no_content())
}

fn restore(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.writable_repository_as(state, RepositoryRole::Write)?;
    let body = request.body()?;
    state
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let digest = body
        .string("manifest_digest")?
        .ok_or_else(|| ErrorResponse::invalid("Missing manifest_digest"))?;
    state.restore_tag(&request.caller, path, request.path("tag"), digest)?;
    Ok(Response::ok(json!({})))
}

/// Removes a tag from the history, so that it can't be restored.
fn purge(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.repository_as(state, RepositoryRole::Write)?;
    let body = request.body()?;
    state
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    let is_alive = body.boolean("is_alive")?.unwrap_or_default();
    let past_digest = match (is_alive, body.string("manifest_digest")?) {
        (true, _) => None,
        (false, Some(digest)) => Some(digest),
        (false, None) => {
            return Err(ErrorResponse::invalid(
                "manifest_digest required when is_alive set to false",
            ));
        }
    };
    state.purge_tag(&request.caller, path, request.path("tag"), past_digest)?;
    Ok(Response::ok("".into()))
}
