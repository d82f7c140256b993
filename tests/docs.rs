//! Checks that the documentation agrees with the crate: figures in prose, names of operations, and
//! the table of rooms in `ARCHITECTURE.md`.

#[path = "docs/constructors.rs"]
mod constructors;
#[path = "docs/front_page.rs"]
mod front_page;
#[path = "docs/public_api.rs"]
mod public_api;
#[path = "docs/recordings.rs"]
mod recordings;
#[path = "docs/traits.rs"]
mod traits;
#[path = "docs/verbs.rs"]
mod verbs;

use quay_api::OPERATIONS;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// The Rust files of a folder and of those in it, or of the module that is one file.
fn sources(module: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(module) else {
        return vec![module.with_extension("rs")];
    };
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The operations of `discovery.json`, by their identifiers.
fn documented() -> BTreeMap<String, Value> {
    let document: Value = serde_json::from_str(&read("discovery.json")).expect("valid JSON");
    let paths = document["paths"].as_object().expect("an object of paths");
    paths
        .values()
        .flat_map(|path| path.as_object().expect("an object of methods"))
        .filter_map(|(_, operation)| {
            Some((
                operation["operationId"].as_str()?.to_owned(),
                operation.clone(),
            ))
        })
        .collect()
}

/// The documented responses of success of an operation, by their statuses.
fn successes(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    operation["responses"]
        .as_object()
        .expect("an object of responses")
        .iter()
        .filter(|(status, _)| status.starts_with('2'))
}

/// The statuses of success of each operation, as the overlay has them.
fn real_statuses() -> BTreeMap<String, Vec<String>> {
    let mut statuses = BTreeMap::new();
    for entry in fs::read_dir(root().join("overlay")).expect("the folder of the overlay") {
        let mut operation = None;
        for line in read(entry.expect("a readable folder").path()).lines() {
            if line.starts_with('[') {
                operation = line
                    .strip_prefix("[operations.")
                    .and_then(|rest| rest.strip_suffix(']'))
                    .map(str::to_owned);
            } else if let Some(list) = line.strip_prefix("status = ")
                && let Some(operation) = operation.clone()
            {
                let list = list.trim_matches(['[', ']']).split(", ");
                let list = list.filter(|status| !status.is_empty());
                statuses.insert(operation, list.map(str::to_owned).collect());
            }
        }
    }
    statuses
}

/// Checks that the file has the sentence, however its lines are broken.
#[track_caller]
fn says(file: &str, sentence: &str) {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        words(&read(file)).contains(&words(sentence)),
        "{file} should have: {sentence}"
    );
}

#[test]
fn figures_of_the_crate_are_true() {
    let operations = OPERATIONS.len();
    let styles = OPERATIONS
        .iter()
        .filter_map(|operation| operation.paging())
        .collect::<HashSet<_>>()
        .len();
    says(
        "README.md",
        &format!("All {operations} operations are typed"),
    );
    for file in ["README.md", "docs/comparison.md"] {
        says(
            file,
            &format!("| **quay-api** | Rust | {operations} | all |"),
        );
        says(file, &format!(" | {styles} styles, "));
    }
    says(
        "docs/comparison.md",
        &format!("quay-api's {operations}: `quay_api::OPERATIONS.len()`"),
    );
}

#[test]
fn figures_of_the_discovery_document_are_true() {
    let documented = documented();
    let typed = documented
        .values()
        .filter(|operation| {
            successes(operation).any(|(_, success)| success.get("schema").is_some())
        })
        .count();
    let real = real_statuses();
    let wrong = documented
        .iter()
        .filter(|(id, operation)| {
            let real = &real[*id];
            !real.is_empty() && !successes(operation).any(|(status, _)| real.contains(status))
        })
        .count();
    says(
        "README.md",
        &format!(
            "types {typed} of {} responses and names the wrong success status for {wrong} \
             operations",
            documented.len()
        ),
    );
    let lacking = OPERATIONS
        .iter()
        .filter(|operation| !documented.contains_key(operation.id()))
        .count();
    says(
        "docs/comparison.md",
        &format!(
            "of the {} that a server with every feature on lists in its discovery document. This \
             crate adds {lacking} that no document lists",
            documented.len()
        ),
    );
}

#[test]
fn figures_of_the_recordings_are_true() {
    let recordings = read("src/testing/recordings/exchanges.jsonl");
    let recorded: Vec<Value> = recordings
        .lines()
        .map(|line| serde_json::from_str(line).expect("valid JSON"))
        .collect();
    let succeeded: BTreeSet<&str> = recorded
        .iter()
        .filter(|exchange| {
            exchange["status"]
                .as_u64()
                .is_some_and(|status| (200..300).contains(&status))
        })
        .filter_map(|exchange| exchange["operation_id"].as_str())
        .collect();
    says(
        "docs/comparison.md",
        &format!("reads {} recorded exchanges", recorded.len()),
    );
    says(
        "docs/comparison.md",
        &format!("{} operations have a recorded success", succeeded.len()),
    );
    says(
        "docs/comparison.md",
        &format!(
            "recordings of real servers, for {} operations",
            succeeded.len()
        ),
    );
    says(
        "README.md",
        &format!(
            "{} of them are tested against recorded successes",
            succeeded.len()
        ),
    );
}

#[test]
fn the_version_of_rust_is_true() {
    let manifest = read("Cargo.toml");
    let version = manifest
        .lines()
        .find_map(|line| line.strip_prefix("rust-version = "))
        .expect("a version in Cargo.toml")
        .trim_matches('"');
    says("README.md", &format!("Rust {version} or later"));
}

/// The code of a file: without comments, and without the tests at its end.
fn code(file: &Path) -> String {
    let text = read(file);
    let code = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    let lines = code.lines().map(str::trim_start);
    lines
        .filter(|line| !line.starts_with("//"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// Returns true if the code has a path to the item, such as `crate::testing::http`, or a group that
/// begins with its parent and has it, such as `crate::testing::{Clock, http}`.
fn uses(code: &str, item: &str) -> bool {
    let begins_with = |path: &str, item: &str| {
        path.trim_start()
            .strip_prefix(item)
            .is_some_and(|rest| !rest.starts_with(|c: char| c == '_' || c.is_alphanumeric()))
    };
    let (parent, name) = item
        .rsplit_once("::")
        .map_or((String::new(), item), |(parent, name)| {
            (format!("{parent}::"), name)
        });
    code.split("crate::").skip(1).any(|path| {
        let group = path
            .strip_prefix(parent.as_str())
            .and_then(|rest| rest.strip_prefix('{'))
            .and_then(|rest| rest.split("};").next());
        begins_with(path, item)
            || group.is_some_and(|group| group.split(',').any(|path| begins_with(path, name)))
    })
}

#[test]
fn rooms_use_what_the_architecture_allows() {
    let document = read("ARCHITECTURE.md");
    let rooms: Vec<[&str; 2]> = document
        .lines()
        .filter(|line| line.starts_with("| `src/"))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').collect();
            [cells[1], cells[4]]
        })
        .collect();
    assert!(rooms.len() > 5, "no table of rooms: {rooms:?}");
    let mut wrong = Vec::new();
    for [room, never] in rooms {
        let folder = root().join(room.trim().trim_matches('`'));
        for file in sources(&folder) {
            if file.file_stem().is_some_and(|name| name == "tests") {
                continue;
            }
            let code = code(&file);
            for module in never.split('`').skip(1).step_by(2) {
                if uses(&code, module) {
                    wrong.push(format!("{} uses {module}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn paths_are_found_in_code() {
    assert!(uses("use crate::http::Call;", "http"));
    assert!(uses("use crate::{Quay, http};", "http"));
    assert!(uses("let x = crate::testing::http::x();", "testing::http"));
    assert!(uses("use crate::testing::{Clock, http};", "testing::http"));
    assert!(!uses("use crate::testing::http::Call;", "http"));
    assert!(!uses("use crate::http_date::Date;", "http"));
    assert!(!uses("use http::Method;", "http"));
}
