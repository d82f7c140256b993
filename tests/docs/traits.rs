//! The traits that all public types have, read from `docs/public-api.txt`.

use super::public_api::public_api;
use std::collections::BTreeSet;

/// The name of the item that a line begins with, without its generics.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
    &text[..end.unwrap_or(text.len())]
}

/// `Tag` of `quay_api::types::Tag`.
fn last_part(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The public structs and enums.
fn types(api: &str) -> BTreeSet<&str> {
    let kinds = ["struct ", "enum "];
    api.lines()
        .map(|line| line.trim_start_matches("#[non_exhaustive] "))
        .filter_map(|line| kinds.iter().find_map(|kind| line.strip_prefix(kind)))
        .map(name)
        .collect()
}

/// The types that lack an implementation of a trait, of those that a filter takes.
fn lacking(implementation: &str, filter: impl Fn(&str) -> bool) -> Vec<String> {
    let api = public_api();
    let implementations: Vec<(&str, &str)> = api
        .lines()
        .filter_map(|line| line.strip_prefix("impl ")?.split_once(" for "))
        .map(|(implementation, item)| (implementation, name(item)))
        .collect();
    let all: BTreeSet<&str> = implementations.iter().map(|(_, item)| *item).collect();
    let having: BTreeSet<&str> = implementations
        .iter()
        .filter(|(found, _)| *found == implementation)
        .map(|(_, item)| *item)
        .collect();
    // A type that is exported twice has its implementations at one of its paths.
    let has = |path: &str| match all.contains(path) {
        true => having.contains(path),
        false => having
            .iter()
            .any(|other| last_part(other) == last_part(path)),
    };
    let types = types(&api);
    assert!(types.len() > 500, "{}", types.len());
    types
        .into_iter()
        .filter(|name| !has(name) && filter(name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_type_can_be_shared_shown_and_moved() {
    let none: [&str; 0] = [];
    for implementation in ["Debug", "Send", "Sync", "Unpin"] {
        assert_eq!(lacking(implementation, |_| true), none, "{implementation}");
    }
}

#[test]
fn values_are_cloned_compared_and_written() {
    let is_value = |name: &str| name.starts_with("quay_api::types::");
    let none: [&str; 0] = [];
    for implementation in ["Clone", "PartialEq"] {
        assert_eq!(lacking(implementation, is_value), none, "{implementation}");
    }
    // None is a value of the server's: the reason why a value is refused, unknown ones within an
    // enum, which are written as themselves, and what is made of a manifest's text, of a report and
    // of the exchange of a token.
    let without = [
        "quay_api::types::InvalidValue",
        "quay_api::types::ManifestDocument",
        "quay_api::types::OtherKind",
        "quay_api::types::PackageVulnerability",
        "quay_api::types::RobotToken",
        "quay_api::types::UnknownValue",
    ];
    assert_eq!(lacking("Serialize", is_value), without);
    // Written for other programs, and never read again.
    let written = [
        "quay_api::types::DockerConfig",
        "quay_api::types::PullSecret",
    ];
    let is_read = |name: &str| is_value(name) && !written.contains(&name);
    assert_eq!(lacking("Deserialize<'de>", is_read), without);
}

#[test]
fn handles_are_cloned() {
    let is_handle = |name: &str| name.ends_with("Handle") || name == "quay_api::Quay";
    let none: [&str; 0] = [];
    assert_eq!(lacking("Clone", is_handle), none);
}
