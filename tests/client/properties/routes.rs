//! Names in paths.

use super::{Check, for_any_string, is_clean};
use crate::support::calls::{CALLS, Call, Names};
use crate::support::server::Request;
use percent_encoding::percent_decode_str;
use quay_api::{OPERATIONS, Operation};
use std::collections::BTreeSet;

/// Parameters that are numbers in the route and in the signature of the method.
const NUMBERS: [&str; 3] = ["quota_id", "limit_id", "subscription_id"];

/// Operations for which the server ignores the repository, or acknowledges the deletion of nothing:
/// the handle reads first what is there.
const LISTED_FIRST: [(&str, &str); 11] = [
    ("deleteRepository", "getRepo"),
    ("getBuildTrigger", "listBuildTriggers"),
    ("updateBuildTrigger", "listBuildTriggers"),
    ("activateBuildTrigger", "listBuildTriggers"),
    ("manuallyStartBuildTrigger", "listBuildTriggers"),
    ("deleteBuildTrigger", "listBuildTriggers"),
    ("getRepoNotification", "listRepoNotifications"),
    ("testRepoNotification", "listRepoNotifications"),
    (
        "getRepositoryAutoPrunePolicy",
        "listRepositoryAutoPrunePolicies",
    ),
    ("deleteOrgRobotFederation", "getOrgRobotFederation"),
    ("deleteUserRobotFederation", "getUserRobotFederation"),
];

/// The operation of the first request of a call.
fn first_operation(operation: &'static Operation) -> &'static Operation {
    LISTED_FIRST
        .iter()
        .find(|(id, _)| *id == operation.id())
        .map_or(operation, |(_, list)| self::operation(list))
}

fn operation(id: &str) -> &'static Operation {
    OPERATIONS
        .iter()
        .find(|o| o.id() == id)
        .unwrap_or_else(|| panic!("no operation {id}"))
}

/// The parameters of a route.
fn parameters(route: &'static str) -> impl Iterator<Item = &'static str> {
    route
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Returns the forms in which a string is given for a parameter: unchanged, and within something
/// valid.
fn forms(parameter: &str, text: &str) -> Vec<String> {
    let mut forms = vec![text.to_owned()];
    forms.extend(match parameter {
        "repository" => vec![
            format!("acme/{text}"),
            format!("{text}/web"),
            format!("acme/{text}/web"),
        ],
        "robot_shortname" => vec![format!("plain+{text}"), format!("{text}+plain")],
        "manifestref" => vec![format!("md5:{text}"), format!("{text}:0a")],
        _ => Vec::new(),
    });
    forms
}

/// Returns the value that has to be sent for the value that the caller gave.
fn expected_value<'a>(operation: &Operation, parameter: &str, given: &'a str) -> &'a str {
    match parameter {
        // A robot of an organization may be given by its full name; the route has the short one.
        "robot_shortname" if operation.path().contains("{orgname}") => {
            given.strip_prefix("plain+").unwrap_or(given)
        }
        _ => given,
    }
}

fn decoded(text: &str) -> std::result::Result<String, String> {
    percent_decode_str(text)
        .decode_utf8()
        .map(Into::into)
        .map_err(|e| format!("{text}: {e}"))
}

/// Checks that a request belongs to an operation and has exactly these names.
fn check_route(operation: &'static Operation, names: &Names, request: &Request) -> Check {
    let target = &request.target;
    if request.method != operation.method() {
        return Err(format!(
            "{} instead of {}",
            request.method,
            operation.method()
        ));
    }
    if !is_clean(target) {
        return Err(format!("target {target:?}"));
    }
    let (path, query) = target
        .split_once('?')
        .map_or((target.as_str(), None), |(path, query)| (path, Some(query)));
    if let Some(query) = query {
        for (name, _) in url::form_urlencoded::parse(query.as_bytes()) {
            if !operation.query_parameters().contains(&name.as_ref()) {
                return Err(format!("a query parameter {name}: {target}"));
            }
        }
    }
    let mut segments = path.split('/');
    for part in operation.path().split('/') {
        let Some(name) = part.strip_prefix('{').and_then(|p| p.strip_suffix('}')) else {
            if segments.next() != Some(part) {
                return Err(format!("{part} is not where it belongs: {target}"));
            }
            continue;
        };
        let value = if NUMBERS.contains(&name) {
            "1".to_owned()
        } else {
            names.of(name)
        };
        let value = expected_value(operation, name, &value);
        // A repository has its slashes on the wire as they are.
        let parts = if name == "repository" {
            value.split('/').count()
        } else {
            1
        };
        let written: Vec<&str> = segments.by_ref().take(parts).collect();
        let is_plain = written
            .iter()
            .all(|segment| !segment.is_empty() && !matches!(*segment, "." | ".."));
        if !is_plain || decoded(&written.join("/"))? != value {
            return Err(format!("{name} {value:?} became {written:?}: {target}"));
        }
    }
    match segments.next() {
        None => Ok(()),
        Some(more) => Err(format!("there is a {more:?} too many: {target}")),
    }
}

#[test]
fn calls_cover_every_name_in_every_route() {
    // A token cannot call an operation that needs a browser's session, and the server no longer has
    // tokens of repositories.
    let callable = OPERATIONS
        .iter()
        .filter(|o| o.needs_session().is_none() && o.tag() != "repotoken");
    let named: BTreeSet<&str> = callable
        .filter(|o| parameters(o.path()).next().is_some())
        .map(Operation::id)
        .collect();
    // Two more handles whose routes have numbers alone.
    let tried: BTreeSet<&str> = CALLS.iter().map(|(id, _)| *id).collect();
    let missing: Vec<_> = named
        .difference(&tried)
        .filter(|id| !parameters(operation(id).path()).all(|p| NUMBERS.contains(&p)))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert_eq!(tried.difference(&named).count(), 0);
    assert_eq!(tried.len(), CALLS.len(), "an operation is there twice");
}

#[test]
fn sends_names_in_paths_unchanged_or_refuses_them() {
    let rows: Vec<(&'static Operation, Call)> = CALLS
        .iter()
        .map(|(id, call)| (operation(id), *call))
        .collect();
    for_any_string(40, async |wire, text| {
        for (operation, call) in &rows {
            for parameter in parameters(operation.path()).filter(|p| !NUMBERS.contains(p)) {
                for text in forms(parameter, text) {
                    let names = Names {
                        looked_at: parameter,
                        text,
                    };
                    let in_context =
                        |e| format!("{} with {parameter} {:?}: {e}", operation.id(), names.text);
                    wire.respond_with([&names.text, "plain"]);
                    if let Some(request) = wire
                        .sent(call(wire.quay.clone(), names.clone()))
                        .await
                        .map_err(in_context)?
                    {
                        let first = first_operation(operation);
                        check_route(first, &names, &request).map_err(in_context)?;
                    }
                }
            }
        }
        Ok(())
    });
}
