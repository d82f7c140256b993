//! The arguments of constructors, read from `docs/public-api.txt`.

use super::public_api::public_api;
use std::collections::BTreeSet;

/// Constructors whose order of arguments is that of `docker login`: registry, user, password.
const KNOWN_ORDER: [&str; 1] = ["DockerConfig"];

/// Types that strings can be converted to, other than `String`.
fn from_strings(api: &str) -> BTreeSet<&str> {
    let strings = "impl From<&str> for quay_api::types::";
    api.lines()
        .filter_map(|line| line.strip_prefix(strings))
        .collect()
}

/// The type of a generic argument, such as `Secret` of `impl Into<Secret>`.
fn converted(argument: &str) -> Option<&str> {
    let inner = argument.strip_prefix("impl Into<")?;
    inner.strip_suffix('>')
}

#[test]
fn arguments_of_constructors_can_not_be_swapped() {
    let api = public_api();
    let from_strings = from_strings(&api);
    assert!(from_strings.contains("Secret"));
    assert!(from_strings.contains("PrincipalKind"));
    let (mut checked, mut wrong) = (0, Vec::new());
    for line in api.lines() {
        let Some(rest) = line.strip_prefix("fn quay_api::types::") else {
            continue;
        };
        let Some((name, rest)) = rest.split_once("::new(") else {
            continue;
        };
        let arguments: Vec<&str> = rest
            .split(", ")
            .map(|it| it.trim_end_matches(") -> Self"))
            .collect();
        let types: Vec<&str> = arguments.iter().filter_map(|it| converted(it)).collect();
        let has_string = types.contains(&"String");
        // Scopes are several words, which no name is.
        let is_other = |ty: &&&str| from_strings.contains(**ty) && **ty != "Scopes";
        if has_string && !KNOWN_ORDER.contains(&name) {
            checked += 1;
            wrong.extend(
                types
                    .iter()
                    .find(is_other)
                    .map(|ty| format!("{name}: {ty}")),
            );
        }
    }
    assert!(checked > 20, "{checked} constructors with strings");
    assert!(
        wrong.is_empty(),
        "a string is accepted for both: {wrong:#?}"
    );
}
