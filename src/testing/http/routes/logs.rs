//! Usage logs: what happened, newest first, counted, or exported.

use super::{Outcome, Routes, views};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::logs::LogEntry;
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

/// How many entries Quay lists at once.
const PAGE: i64 = 20;

const DAY: Duration = Duration::from_secs(86_400);

/// The longest time over which entries are counted.
const MONTH: Duration = Duration::from_secs(31 * 86_400);

/// Whose log it is.
#[derive(Debug, Clone, Copy)]
enum Log<'c> {
    Server,
    Organization(&'c str),
    User(&'c str),
    Repository(&'c str, &'c str),
}

impl<'c> Log<'c> {
    /// The log that the path means, if the caller may read it.
    fn of(world: &State, call: &'c Call<'_>) -> Result<Self, ErrorResponse> {
        if call.parameters.contains_key("repository") {
            let (namespace, name) = world.may(call, RepositoryRole::Admin)?;
            return Ok(Self::Repository(namespace, name));
        }
        if call.parameters.contains_key("orgname") {
            return world.may_in(call, TeamRole::Admin).map(Self::Organization);
        }
        if call.operation.path().contains("/superuser/") {
            return world.may_as_superuser(call).map(|_| Self::Server);
        }
        world.may_as_user(call).map(Self::User)
    }

    fn namespace(self) -> &'c str {
        match self {
            Self::Server => "",
            Self::Organization(name) | Self::User(name) | Self::Repository(name, _) => name,
        }
    }

    fn has(self, entry: &LogEntry) -> bool {
        match self {
            Self::Server => true,
            Self::Organization(name) | Self::User(name) => entry.namespace == name,
            Self::Repository(namespace, name) => {
                entry.namespace == namespace && entry.repository.as_deref() == Some(name)
            }
        }
    }

    /// What Quay says of a log whose owner is not there.
    fn check(self, world: &State) -> Result<(), ErrorResponse> {
        match self {
            Self::Repository(namespace, name) if world.repository(namespace, name).is_none() => {
                Err(ErrorResponse::NotFound)
            }
            Self::Organization(name) if !world.is_namespace(name) => Err(ErrorResponse::message(
                format!("Invalid namespace requested: {name}"),
            )),
            _ => Ok(()),
        }
    }
}

/// The first moment of a day that is written as `MM/DD/YYYY`. What can't be read is overlooked, as
/// Quay does.
fn day(text: &str) -> Option<Timestamp> {
    let mut parts = text.split('/');
    let mut number = || parts.next().and_then(|part| part.parse::<u32>().ok());
    let (month, day, year) = (number()?, number()?, number()?);
    parts
        .next()
        .is_none()
        .then(|| Timestamp::from_date(i32::try_from(year).ok()?, month, day))
        .flatten()
}

/// The time that is asked for: the last day unless told, and always a day more at its end.
fn window(world: &State, call: &Call<'_>) -> (Timestamp, Timestamp) {
    let (now, bound) = (world.now(), |name| call.text(name).as_deref().and_then(day));
    let start = bound("starttime")
        .or_else(|| now.checked_sub(DAY))
        .unwrap_or(now);
    let end = bound("endtime").unwrap_or(now);
    (start, end.checked_add(DAY).unwrap_or(end))
}

/// What a log has in a time, oldest first; of one person only, if the call says so.
fn entries<'w>(
    world: &'w State,
    call: &Call<'_>,
    log: Log<'_>,
    (start, end): (Timestamp, Timestamp),
) -> Vec<&'w LogEntry> {
    // What concerns the keys of services is kept from a user's own log.
    let is_kept =
        |e: &&LogEntry| !matches!(log, Log::User(_)) || !e.kind.starts_with("service_key_");
    let performer = call
        .text("performer")
        .filter(|_| !matches!(log, Log::Server | Log::Repository(..)));
    let performer = performer.filter(|name| is_somebody(world, name));
    let is_by = |e: &&LogEntry| {
        performer
            .as_ref()
            .is_none_or(|name| e.performer.as_ref() == Some(name))
    };
    let mut entries: Vec<&LogEntry> = world
        .logs
        .iter()
        .filter(|e| log.has(e) && start <= e.when && e.when < end)
        .filter(is_kept)
        .filter(is_by)
        .collect();
    entries.sort_by_key(|e| (e.when, e.id));
    entries
}

fn is_somebody(world: &State, name: &str) -> bool {
    world.is_namespace(name) || world.robots.contains_key(name)
}

fn view(world: &State, entry: &LogEntry, log: Log<'_>) -> Value {
    let datetime = rfc2822(entry.when.unix_seconds());
    let mut view = json!({"kind": entry.kind, "metadata": entry.metadata, "ip": entry.ip, "datetime": datetime});
    if let Some(name) = entry
        .performer
        .as_deref()
        .filter(|name| is_somebody(world, name))
    {
        let is_robot = world.robots.contains_key(name);
        view["performer"] = json!({"kind": "user", "name": name, "is_robot": is_robot, "avatar": views::avatar_of(world, name)});
    }
    if matches!(log, Log::Server) && world.is_namespace(&entry.namespace) {
        let (name, kind) = (
            &entry.namespace,
            if world.organizations.contains_key(&entry.namespace) {
                "org"
            } else {
                "user"
            },
        );
        view["namespace"] = json!({"kind": kind, "name": name, "avatar": views::avatar(name, world.email_of(name), kind)});
    }
    view
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let log = Log::of(world, call)?;
    let (start, end) = window(world, call);
    if !matches!(log, Log::Server | Log::Repository(..))
        && call
            .text("performer")
            .is_some_and(|name| !is_somebody(world, &name))
    {
        return Err(ErrorResponse::Internal);
    }
    if !matches!(log, Log::Repository(..)) || log.check(world).is_ok() {
        check_window(log, (start, end))?;
    }
    log.check(world)?;
    // Newer ones come first, so that what happens in between shifts no page.
    let number = |e: &LogEntry| {
        u64::MAX - 1 - (u64::try_from(e.when.unix_seconds()).unwrap_or_default() << 24) - e.id
    };
    let mut rows: Vec<(u64, Value)> = entries(world, call, log, (start, end))
        .into_iter()
        .rev()
        .map(|e| (number(e), view(world, e, log)))
        .collect();
    rows.sort_by_key(|(number, _)| *number);
    let (rows, next) = world.page(
        rows,
        |(number, _)| *number,
        PAGE,
        call.text("next_page").as_deref(),
    );
    // Where there is something, a page without anything comes last.
    let next = next.or_else(|| (!rows.is_empty()).then(|| world.empty_page()));
    let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
    let mut body = json!({"start_time": rfc2822(start.unix_seconds()), "end_time": rfc2822(end.unix_seconds()), "logs": rows});
    if let Some(next) = next {
        body["next_page"] = next.into();
    }
    Ok(Response::ok(body))
}

/// Refuses a time that ends before it begins; the server's own log is empty then.
fn check_window(log: Log<'_>, (start, end): (Timestamp, Timestamp)) -> Result<(), ErrorResponse> {
    if end < start && !matches!(log, Log::Server) {
        Err(ErrorResponse::BadRequest)
    } else {
        Ok(())
    }
}

fn aggregate(world: &mut State, call: &Call<'_>) -> Outcome {
    let log = Log::of(world, call)?;
    if matches!(log, Log::Repository(..)) {
        log.check(world)?;
    }
    let (start, end) = window(world, call);
    check_window(log, (start, end))?;
    if start < end && end.since(start) > MONTH {
        let reason = ErrorResponse::message("Invalid date range for logs");
        return Err(if matches!(log, Log::Server) {
            ErrorResponse::Internal
        } else {
            reason
        });
    }
    log.check(world)?;
    let mut counts: BTreeMap<(i64, &str), u64> = BTreeMap::new();
    for entry in entries(world, call, log, (start, end)) {
        *counts
            .entry((entry.when.unix_seconds().div_euclid(86_400), &entry.kind))
            .or_default() += 1;
    }
    let row = |((day, kind), count)| json!({"kind": kind, "count": count, "datetime": rfc2822(day * 86_400)});
    Ok(Response::ok(
        json!({"aggregated": counts.into_iter().map(row).collect::<Vec<_>>()}),
    ))
}

/// Nothing is sent anywhere; the log says that it was asked for.
fn export(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (url, email) = (body.text("callback_url")?, body.text("callback_email")?);
    let log = Log::of(world, call)?;
    let (start, end) = window(world, call);
    let scheme = url
        .filter(|url| !url.is_empty())
        .map(|url| url.split("://").next().unwrap_or_default());
    let refusal = if log.check(world).is_err() {
        let refusal = if matches!(log, Log::Repository(..)) {
            ErrorResponse::NotFound
        } else {
            ErrorResponse::Internal
        };
        Some(("non-existent repository", refusal))
    } else if let Some(scheme) = scheme.filter(|scheme| !matches!(*scheme, "http" | "https")) {
        let reason = format!("Invalid URL scheme '{scheme}': only HTTP and HTTPS are allowed");
        Some(("invalid request", ErrorResponse::InvalidRequest(reason)))
    } else if email.is_some_and(|email| !email.is_empty() && !email.contains('@')) {
        Some((
            "invalid request",
            ErrorResponse::invalid("Invalid callback e-mail"),
        ))
    } else if end < start {
        Some((
            "Invalid time span selected",
            ErrorResponse::invalid("Invalid time span selected"),
        ))
    } else {
        None
    };
    let mut metadata = json!({"date/time": world.now().unix_seconds(), "url": url, "email": email});
    if let Log::Repository(_, name) = log {
        metadata["repo"] = name.into();
    }
    if let Some((error, refusal)) = refusal {
        metadata["error"] = error.into();
        world.log(call, "export_logs_failure", log.namespace(), None, metadata);
        return Err(refusal);
    }
    let id = world.random_uuid();
    metadata["export_id"] = id.as_str().into();
    metadata["message"] = "queued for export".into();
    world.log(call, "export_logs_success", log.namespace(), None, metadata);
    Ok(Response::ok(json!({"export_id": id})))
}
