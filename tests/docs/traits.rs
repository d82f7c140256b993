//! The traits that all public types have, read from `docs/public-api.txt`.

use super::public_api::public_api;
use std::collections::BTreeSet;

/// The name of the item that a line begins with, without its generics.
fn name(text: &str) -> &str {
    let end = text.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | ':')));
    &text[..end.unwrap_or(text.len())]
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
    let prefix = format!("impl {implementation} for ");
    let having: BTreeSet<&str> = api
        .lines()
        .filter_map(|line| line.strip_prefix(&prefix))
        .map(name)
        .collect();
    let types = types(&api);
    assert!(types.len() > 500, "{}", types.len());
    let lacking = types.difference(&having);
    lacking
        .filter(|name| filter(name))
        .map(|name| (*name).to_owned())
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
