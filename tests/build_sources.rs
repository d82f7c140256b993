//! Tests of the code of the build: its unit tests, which `cargo test` would not run otherwise, the
//! committed sources, and a golden file of each generated source.

#[path = "../build/mod.rs"]
#[allow(dead_code)]
mod build;

use build::codegen;
use build::docs::{handles, openapi, page, versions};
use build::spec::{self, api::Api, discovery, overlay::Overlay};
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

#[test]
fn the_openapi_document_has_real_statuses_and_types() {
    let document = openapi::document(&committed());
    let change_tag = &document["paths"]["/api/v1/repository/{repository}/tag/{tag}"]["put"];
    assert!(change_tag["responses"]["201"].is_object() && change_tag["responses"]["200"].is_null());
    assert_eq!(change_tag["security"][0]["oauth2"][0], "repo:write");
    let tags = &document["paths"]["/api/v1/repository/{repository}/tag/"]["get"];
    assert_eq!(
        tags["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/TagPage"
    );
    assert_eq!(
        document["components"]["schemas"]["Tag"]["required"],
        serde_json::json!(["name"])
    );
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
