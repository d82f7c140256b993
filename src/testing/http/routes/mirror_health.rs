//! The health of mirrors.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::mirrors::RepositoryMirror;
use crate::testing::state::owned::Owned;
use crate::testing::{ErrorResponse, Response};
use crate::types::{SyncStatus, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("getRepositoryMirrorHealth", report),
    ("getSuperUserRepositoryMirrorHealth", summary),
];

const LIMIT: &str = "Maximum repositories in detailed view (when detailed=true)";
const OFFSET: &str = "Offset into the sorted mirror list for detailed view";

/// The number of issues of each kind that are listed.
const MAX_ISSUES: usize = 5;

/// The share of mirrors that may fail.
const THRESHOLD: f64 = 0.2;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The page of the details, if they are requested: the number of its rows, and of those before
/// them.
type Page = Option<(usize, usize)>;

fn report(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let (limit, offset) = (
        request.query_number("limit", LIMIT)?.unwrap_or(100),
        request.query_number("offset", OFFSET)?.unwrap_or(0),
    );
    request.user().ok_or(ErrorResponse::Unauthenticated)?;
    let namespace = request.query("namespace");
    match &namespace {
        None => request.as_superuser(state).map(drop)?,
        Some(name) if !state.is_namespace(name) => return Err(ErrorResponse::NotFound),
        Some(name) => state
            .organization_role(&request.caller, name)
            .map(drop)
            .ok_or_else(|| request.caller.denied())?,
    }
    let size = |number: i64| usize::try_from(number).unwrap_or_default();
    let page = request
        .query_flag("detailed", false)
        .then(|| (size(limit.clamp(1, 1000)), size(offset.max(0))));
    Ok(health(state, namespace.as_deref(), true, page))
}

fn summary(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    Ok(health(state, None, false, None))
}

/// Responds with the report, with 503 when something is wrong.
fn health(state: &mut State, namespace: Option<&str>, with_names: bool, page: Page) -> Response {
    state.advance_mirrors();
    let now = state.now();
    let mirrors = state.working_mirrors(namespace);
    let count = |status: SyncStatus| {
        mirrors
            .iter()
            .filter(|row| row.data.sync.status == status)
            .count()
    };
    let (failed, never_run) = (count(SyncStatus::Fail), count(SyncStatus::NeverRun));
    let issue = |severity: &str, message: String| json!({"severity": severity, "message": message, "timestamp": now.to_string()});
    let name = |row: &Owned<RepositoryMirror>| {
        format!(
            "{}/{}",
            row.owner.namespace(),
            row.owner.name().unwrap_or_default()
        )
    };
    let mut issues: Vec<Value> = Vec::new();
    let share = failed as f64 / (mirrors.len() - never_run).max(1) as f64;
    let healthy = share <= THRESHOLD;
    if !healthy {
        let text = format!(
            "{:.1}% of repositories are failing (threshold: {:.1}%)",
            share * 100.0,
            THRESHOLD * 100.0
        );
        issues.push(issue("critical", text));
    }
    if with_names {
        let is_old = |last: Option<Timestamp>| last.is_some_and(|last| now.since(last) > DAY);
        let issues_of = |applies: &dyn Fn(&RepositoryMirror) -> bool,
                         severity: &str,
                         text: &str|
         -> Vec<Value> {
            let rows = mirrors
                .iter()
                .filter(|row| applies(&row.data))
                .take(MAX_ISSUES);
            rows.map(|row| issue(severity, format!("Repository {} {text}", name(row))))
                .collect()
        };
        issues.extend(issues_of(
            &|m| is_old(m.sync.last),
            "warning",
            "hasn't synced in over 24 hours",
        ));
        issues.extend(issues_of(
            &|m| m.sync.status == SyncStatus::NeverRun,
            "warning",
            "has never been synced",
        ));
        let is_given_up =
            |m: &RepositoryMirror| m.sync.status == SyncStatus::Fail && m.sync.retries == 0;
        issues.extend(issues_of(
            &is_given_up,
            "error",
            "has exhausted all retry attempts",
        ));
    }
    let mut repositories = json!({
        "total": mirrors.len(), "syncing": count(SyncStatus::Syncing), "completed": count(SyncStatus::Success), "failed": failed,
        "never_run": never_run,
    });
    if let Some((limit, offset)) = page {
        let detail = |row: &&Owned<RepositoryMirror>| {
            json!({
                "namespace": row.owner.namespace(), "repository": row.owner.name(), "sync_status": row.data.sync.status,
                "is_enabled": row.data.is_enabled, "last_sync": row.data.sync.last.map(|last| last.to_string()),
                "retries_remaining": row.data.sync.retries,
            })
        };
        repositories["details"] = mirrors
            .iter()
            .skip(offset)
            .take(limit)
            .map(detail)
            .collect();
        let has_more = mirrors.len() > offset.saturating_add(limit);
        repositories["pagination"] =
            json!({"limit": limit, "offset": offset, "has_more": has_more});
    }
    let body = json!({
        "healthy": healthy, "workers": {"active": 0, "configured": 0, "status": if healthy { "healthy" } else { "degraded" }},
        "repositories": repositories, "tags_pending": 0, "last_check": now.to_string(), "issues": issues,
    });
    Response::json(if healthy { 200 } else { 503 }, &body)
        .header("cache-control", "no-cache, no-store, must-revalidate")
}
