//! Tests of the code of the build: its unit tests, which `cargo test` would not run otherwise, the
//! committed sources, and a golden file of each generated source.

#[path = "../build/mod.rs"]
#[allow(dead_code)]
mod build;

#[path = "build_sources/credentials.rs"]
mod credentials;
#[path = "build_sources/openapi_document.rs"]
mod openapi_document;

#[path = "build_sources/texts.rs"]
mod texts;

use build::codegen;
use build::docs::{handles, method_docs, page, versions};
use build::spec::release::{OLDEST, Release};
use build::spec::{self, api::Api, discovery, overlay::Overlay};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn committed() -> Api {
    spec::read(root()).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

fn methods() -> handles::Methods {
    handles::read(&root().join("src/api")).expect("src/api can be read")
}

#[test]
fn the_committed_sources_fit_each_other() {
    assert_eq!(committed().operations.len(), quay_api::OPERATIONS.len());
}

#[test]
fn the_page_of_operations_is_up_to_date() {
    let page = page::source(&committed(), &methods());
    assert!(
        page == include_str!("../docs/operations.md"),
        "docs/operations.md is outdated: run `cargo xtask operations`"
    );
}

#[test]
fn the_guide_to_versions_is_up_to_date() {
    let guide = include_str!("../src/guide/versions.md");
    assert!(
        versions::source(guide, &committed()).as_deref() == Ok(guide),
        "src/guide/versions.md is outdated: run `cargo xtask operations`"
    );
}

#[test]
fn the_documentation_of_methods_is_up_to_date() {
    let api = committed();
    for file in handles::files(&root().join("src/api")).expect("src/api can be read") {
        let text = std::fs::read_to_string(&file).expect("it can be read");
        assert!(
            method_docs::source(&text, &api).as_deref() == Ok(text.as_str()),
            "{} is outdated: run `cargo xtask method-docs`",
            file.display()
        );
    }
}

/// Returns the lines of `tests/releases/RELEASE.txt`: the operations that a server of the release
/// lists with every feature on, each with the settings that remove it.
fn listed_by(release: &str) -> BTreeMap<String, BTreeSet<String>> {
    let file = root().join(format!("tests/releases/{release}.txt"));
    let text = std::fs::read_to_string(file).expect("it is committed");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| {
            let mut words = line.split(' ').map(str::to_owned);
            (words.next().unwrap_or_default(), words.collect())
        })
        .collect()
}

/// Adding a release: start a server of it with every feature on, and write down what
/// `/api/v1/discovery?internal=true` lists.
#[test]
fn servers_of_four_releases_list_what_the_overlay_says() {
    let api = committed();
    for name in ["3.8.15", "3.12.21", "3.15.7", "3.18"] {
        let release: Release = name.parse().expect("a release");
        let documented = api.operations.iter().filter(|o| o.documented);
        let expected: BTreeSet<&str> = documented
            .filter(|o| o.listed.or(o.since).unwrap_or(OLDEST) <= release)
            .map(|o| o.id.as_str())
            .collect();
        let listed = listed_by(name);
        let listed: BTreeSet<&str> = listed.keys().map(String::as_str).collect();
        let missing: Vec<_> = expected.difference(&listed).collect();
        let unexpected: Vec<_> = listed.difference(&expected).collect();
        assert!(
            missing.is_empty() && unexpected.is_empty(),
            "{name} lacks {missing:?}, and has {unexpected:?} as well"
        );
    }
}

/// Compares with the operations that each setting removed from the document of the newest server.
#[test]
fn settings_remove_the_operations_that_the_overlay_says() {
    // Listed while it is off; sign-in by LDAP, which the server's document was not read with.
    const NOT_SEEN: [&str; 2] = ["createGlobalMessage", "convertUserToOrganization"];
    let listed = listed_by("3.18");
    for operation in committed().operations.iter().filter(|o| o.documented) {
        let expected: BTreeSet<String> = operation.features.iter().cloned().collect();
        match NOT_SEEN.contains(&operation.id.as_str()) {
            true => assert!(listed[&operation.id].is_empty() && expected.len() == 1),
            false => assert_eq!(listed[&operation.id], expected, "{}", operation.id),
        }
    }
}

/// An operation that a bearer token can never call has the reason in the overlay (`session`); one
/// that the server has removed has no status of success.
#[test]
fn every_operation_is_called_by_a_handle() {
    let methods = methods();
    for operation in &committed().operations {
        let is_callable = operation.session.is_none() && !operation.status.is_empty();
        assert_eq!(
            methods.contains_key(&operation.method_name()),
            is_callable,
            "{}",
            operation.id
        );
    }
}

/// The pager takes the paging style from the operation of a page's request.
#[test]
fn every_operation_that_pages_is_read_as_a_listing() {
    let sources = handles::sources(&root().join("src/api")).expect("src/api can be read");
    let sources: String = sources.concat().split_whitespace().collect();
    let functions: Vec<&str> = sources.split("fn").collect();
    let api = committed();
    for operation in api.operations.iter().filter(|o| o.paging.is_some()) {
        let call = format!(".api().{}(", operation.method_name());
        let is_listed = functions.iter().any(|function| {
            let is_listing = function.contains("->Listing<") || function.contains("PageRequest::");
            is_listing && function.contains(&call)
        });
        assert!(is_listed, "{}", operation.id);
    }
}

/// The sources of the API in `tests/golden/`.
fn golden_api() -> Api {
    let folder = root().join("tests/golden");
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("it is committed");
    let document = serde_json::from_str(&read("discovery.json")).expect("it is JSON");
    let operations = discovery::parse(&document).unwrap_or_else(|d| panic!("{d}"));
    let mut overlay = Overlay::default();
    let added = overlay.add("tag", &read("tag.toml"));
    added.unwrap_or_else(|diagnostic| panic!("{diagnostic}"));
    spec::join(operations, overlay).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// The diff of the golden files shows what a change of the generator does. To accept it, run
/// `UPDATE_GOLDEN=1 cargo test --test build_sources golden` and commit them.
#[test]
fn the_golden_files_are_what_is_generated() {
    let sources = codegen::sources(&golden_api()).unwrap_or_else(|d| panic!("{d}"));
    for (name, source) in sources {
        let path: PathBuf = root().join("tests/golden/generated").join(name);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &source).expect("it can be written");
        }
        let golden = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(
            golden == source,
            "{} is outdated: run `UPDATE_GOLDEN=1 cargo test --test build_sources golden` and \
             look at the diff",
            path.display()
        );
    }
}

#[test]
fn operations_that_progenitor_cannot_generate_are_named() {
    let mut api = golden_api();
    for operation in &mut api.operations {
        if operation.id == "changeTag" {
            operation.path = "/api/v1/tag/{unknown}".to_owned();
        }
    }
    let diagnostic = codegen::client::source(&api).err().map(|d| d.to_string());
    let diagnostic = diagnostic.unwrap_or_default();
    assert!(
        diagnostic.starts_with("discovery.json or overlay/: changeTag: "),
        "{diagnostic}"
    );
}
