//! Usage logs: entries, newest first, counted, or exported.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::logs::{LogEntry, LogScope};
use crate::testing::{ErrorResponse, Response};
use crate::types::{RepositoryRole, TeamRole, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("listOrgLogs", list),
    ("listRepoLogs", list),
    ("listUserLogs", list),
    ("listAllLogs", list),
    ("getAggregateOrgLogs", aggregate),
    ("getAggregateRepoLogs", aggregate),
    ("getAggregateUserLogs", aggregate),
    ("listAllAggregateLogs", aggregate),
    ("exportOrgLogs", export),
    ("exportRepoLogs", export),
    ("exportUserLogs", export),
];

/// The number of entries of a page.
const PAGE: i64 = 20;

const DAY: Duration = Duration::from_secs(86_400);

/// The longest time over which entries are counted.
const MONTH: Duration = Duration::from_secs(31 * 86_400);

/// Returns the log that the path means, if the caller may read it.
fn log_of<'c>(state: &State, request: &'c ApiRequest<'_>) -> Result<LogScope<'c>, StateError> {
    if request.parameters.contains("repository") {
        let (namespace, name) = request.repository_as(state, RepositoryRole::Admin)?;
        return Ok(LogScope::Repository(namespace, name));
    }
    if request.parameters.contains("orgname") {
        return request
            .organization_as(state, TeamRole::Admin)
            .map(LogScope::Organization);
    }
    if request.operation.path().contains("/superuser/") {
        return request.as_superuser(state).map(|_| LogScope::Server);
    }
    request.as_user_admin().map(LogScope::User)
}

/// Returns the beginning of a day in the format `MM/DD/YYYY`, or `None` for an invalid date, which
/// Quay ignores.
fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('/');
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (month, day, year) = (number()?, number()?, number()?);
    // Python has no year 0.
    (parts.next().is_none() && year > 0)
        .then(|| Timestamp::from_date(i32::try_from(year).ok()?, month, day))
        .flatten()
}

/// Returns the requested time: the last day by default, and always a day more at its end.
fn window(
    state: &State,
    request: &ApiRequest<'_>,
) -> Result<(Timestamp, Timestamp), ErrorResponse> {
    let (now, bound) = (state.now(), |name| {
        request.query(name).as_deref().and_then(day)
    });
    let start = bound("starttime")
        .or_else(|| now.checked_sub(DAY))
        .unwrap_or(now);
    let end = bound("endtime").unwrap_or(now);
    // Quay fails at the day after the last one that it can write.
    let end = end.checked_add(DAY).ok_or(ErrorResponse::Internal)?;
    Ok((start, end))
}

/// Returns the entries of a log in a time, oldest first; of one performer, if the query says so.
fn entries<'s>(
    state: &'s State,
    request: &ApiRequest<'_>,
    log: LogScope<'_>,
    time: (Timestamp, Timestamp),
) -> Vec<&'s LogEntry> {
    let performer = request
        .query("performer")
        .filter(|name| log.is_namespace() && state.is_performer(name));
    state.log_entries(log, time, performer.as_deref())
}

fn view(state: &State, entry: &LogEntry, log: LogScope<'_>) -> Value {
    let datetime = rfc2822(entry.when.unix_seconds());
    let mut view = json!({"kind": entry.kind, "metadata": entry.metadata, "ip": entry.ip, "datetime": datetime});
    if let Some(name) = entry
        .performer
        .as_deref()
        .filter(|name| state.is_performer(name))
    {
        let is_robot = state.robots.contains_key(name);
        view["performer"] = json!({"kind": "user", "name": name, "is_robot": is_robot, "avatar": views::avatar_of(state, name)});
    }
    if matches!(log, LogScope::Server) && state.is_namespace(&entry.namespace) {
        let (name, kind) = (
            &entry.namespace,
            if state.organizations.contains_key(&entry.namespace) {
                "org"
            } else {
                "user"
            },
        );
        view["namespace"] = json!({"kind": kind, "name": name, "avatar": views::avatar(name, state.email_of(name), kind)});
    }
    view
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let log = log_of(state, request)?;
    let (start, end) = window(state, request)?;
    if log.is_namespace()
        && request
            .query("performer")
            .is_some_and(|name| !state.is_performer(&name))
    {
        return Err(ErrorResponse::Internal);
    }
    if !matches!(log, LogScope::Repository(..)) || state.check_log(log).is_ok() {
        check_window(log, (start, end))?;
    }
    state.check_log(log)?;
    // Newer ones come first, so that what happens in between shifts no page.
    let number = |e: &LogEntry| {
        u64::MAX - 1 - (u64::try_from(e.when.unix_seconds()).unwrap_or_default() << 24) - e.id
    };
    let mut rows: Vec<(u64, Value)> = entries(state, request, log, (start, end))
        .into_iter()
        .rev()
        .map(|e| (number(e), view(state, e, log)))
        .collect();
    rows.sort_by_key(|(number, _)| *number);
    let (rows, next) = state.page(
        rows,
        |(number, _)| *number,
        PAGE,
        request.query("next_page").as_deref(),
    );
    // A log that is not empty ends with an empty page.
    let next = next.or_else(|| (!rows.is_empty()).then(|| state.empty_page()));
    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
    let mut body = json!({"start_time": rfc2822(start.unix_seconds()), "end_time": rfc2822(end.unix_seconds()), "logs": rows});
    if let Some(next) = next {
        body["next_page"] = next.into();
    }
    Ok(Response::ok(body))
}

/// Refuses a time that ends before it begins; the server's own log is empty then.
fn check_window(
    log: LogScope<'_>,
    (start, end): (Timestamp, Timestamp),
) -> Result<(), ErrorResponse> {
    if end < start && !matches!(log, LogScope::Server) {
        Err(ErrorResponse::BadRequest)
    } else {
        Ok(())
    }
}

fn aggregate(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let log = log_of(state, request)?;
    if matches!(log, LogScope::Repository(..)) {
        state.check_log(log)?;
    }
    let (start, end) = window(state, request)?;
    check_window(log, (start, end))?;
    if start < end && end.since(start) > MONTH {
        let reason = ErrorResponse::message("Invalid date range for logs");
        return Err(if matches!(log, LogScope::Server) {
            ErrorResponse::Internal
        } else {
            reason
        });
    }
    state.check_log(log)?;
    let mut counts: BTreeMap<(i64, &str), u64> = BTreeMap::new();
    for entry in entries(state, request, log, (start, end)) {
        *counts
            .entry((entry.when.unix_seconds().div_euclid(86_400), &entry.kind))
            .or_default() += 1;
    }
    let row = |((day, kind), count)| json!({"kind": kind, "count": count, "datetime": rfc2822(day * 86_400)});
    Ok(Response::ok(
        json!({"aggregated": counts.into_iter().map(row).collect::<Vec<_>>()}),
    ))
}

/// Exports nothing; the log says that an export was requested.
fn export(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (url, email) = (body.string("callback_url")?, body.string("callback_email")?);
    let log = log_of(state, request)?;
    let (start, end) = window(state, request)?;
    let scheme = url
        .filter(|url| !url.is_empty())
        .map(|url| url.split("://").next().unwrap_or_default());
    let failure = if state.check_log(log).is_err() {
        let error = if matches!(log, LogScope::Repository(..)) {
            ErrorResponse::NotFound
        } else {
            ErrorResponse::Internal
        };
        Some(("non-existent repository", error))
    } else if let Some(scheme) = scheme.filter(|scheme| !matches!(*scheme, "http" | "https")) {
        let error = StateError::InvalidUrlScheme(scheme.to_owned());
        Some(("invalid request", error.into()))
    } else if email.is_some_and(|email| !email.is_empty() && !email.contains('@')) {
        let error = ErrorResponse::invalid("Invalid callback e-mail");
        Some(("invalid request", error))
    } else if end < start {
        let reason = "Invalid time span selected";
        Some((reason, ErrorResponse::invalid(reason)))
    } else {
        None
    };
    let mut metadata = json!({"date/time": state.now().unix_seconds(), "url": url, "email": email});
    if let LogScope::Repository(_, name) = log {
        metadata["repo"] = name.into();
    }
    let (caller, namespace) = (&request.caller, log.namespace());
    if let Some((reason, error)) = failure {
        metadata["error"] = reason.into();
        state.log(caller, "export_logs_failure", namespace, None, metadata);
        return Err(error);
    }
    let id = state.random_uuid();
    metadata["export_id"] = id.as_str().into();
    metadata["message"] = "queued for export".into();
    state.log(caller, "export_logs_success", namespace, None, metadata);
    Ok(Response::ok(json!({"export_id": id})))
}
