//! Pull statistics of tags and manifests, counted from the usage logs, which have the tag.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::logs::LogEntry;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("getTagPullStatistics", of_tag),
    ("getManifestPullStatistics", of_manifest),
];

/// Returns the number of pulls of these tags of a repository, and the time of the last one.
fn pulls(state: &State, (namespace, name): (&str, &str), tags: &[&str]) -> (usize, Value) {
    let is_pull = |log: &&LogEntry| {
        let tag = log.metadata.get("tag").and_then(Value::as_str);
        let is_here = log.namespace == namespace && log.repository.as_deref() == Some(name);
        log.kind == "pull_repo" && is_here && tag.is_some_and(|tag| tags.contains(&tag))
    };
    let found: Vec<_> = state
        .logs
        .iter()
        .filter(is_pull)
        .map(|log| log.when)
        .collect();
    (
        found.len(),
        found
            .iter()
            .max()
            .map(|when| rfc2822(when.unix_seconds()))
            .into(),
    )
}

/// Returns the tags that lead to a manifest.
fn tags_of<'s>(state: &'s State, path: (&str, &str), digest: &str) -> Vec<&'s str> {
    let now = state.now_ms();
    let tags = state
        .repository(path.0, path.1)
        .map(|r| r.tags.as_slice())
        .unwrap_or_default();
    tags.iter()
        .filter(|t| t.is_alive(now) && t.digest == digest)
        .map(|t| t.name.as_str())
        .collect()
}

fn of_tag(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    let tag = state
        .repository(path.0, path.1)
        .and_then(|r| r.tag(request.path("tag"), state.now_ms()))
        .ok_or(ErrorResponse::NotFound)?;
    let (count, last) = pulls(state, path, &[&tag.name]);
    let (all, last_of_all) = pulls(state, path, &tags_of(state, path, &tag.digest));
    Ok(Response::ok(json!({
        "tag_name": tag.name, "tag_pull_count": count, "last_tag_pull_date": last, "current_manifest_digest": tag.digest,
        "manifest_pull_count": all, "last_manifest_pull_date": last_of_all,
    })))
}

fn of_manifest(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let path = request.readable_repository(state)?;
    let (now, digest) = (state.now_ms(), request.path("manifestref"));
    let repository = state
        .repository(path.0, path.1)
        .ok_or(ErrorResponse::NotFound)?;
    repository.live_manifest(digest, now)?;
    let (count, last) = pulls(state, path, &tags_of(state, path, digest));
    Ok(Response::ok(
        json!({"manifest_digest": digest, "manifest_pull_count": count, "last_manifest_pull_date": last}),
    ))
}
