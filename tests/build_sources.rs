//! The unit tests of the build's modules, which are no part of the library: `cargo test` would not
//! see them otherwise.

#[path = "../build/codegen/decode.rs"]
#[allow(dead_code)]
mod decode;
#[path = "../build/docs/mod.rs"]
mod docs;
#[path = "../build/codegen/encode.rs"]
#[allow(dead_code)]
mod encode;
#[path = "../build/codegen/sparse.rs"]
#[allow(dead_code)]
mod sparse;
#[path = "../build/spec/mod.rs"]
#[allow(dead_code)]
mod spec;
#[path = "../build/codegen/types.rs"]
#[allow(dead_code)]
mod types;

use std::path::Path;

/// What is written of an overlay file.
fn written(file: &str) -> String {
    let mut overlay = spec::overlay::Overlay::default();
    let operation = "[operations.x]\nmethod = \"post\"\npath = \"/x\"\ntag = \"x\"\nsummary = \"X.\"\nbody = \"X\"\nreturns = \"nothing\"\nstatus = [200]\n";
    overlay
        .add("x", &format!("{operation}{file}"))
        .expect("the test's own overlay");
    let api = spec::api::join(Vec::new(), overlay).expect("the test's own overlay");
    types::source(&api)
}

#[test]
fn the_committed_spec_fit_each_other() {
    let api = spec::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(api.operations.len(), 297);
    assert_eq!(quay_api::OPERATIONS.len(), 297);
}

#[test]
fn the_page_of_operations_is_up_to_date() {
    let api = spec::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let committed = include_str!("../docs/operations.md");
    let methods = docs::handles::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"))
        .expect("the folder is there");
    assert!(
        docs::page::source(&api, &methods) == committed,
        "docs/operations.md is old: run `cargo xtask operations`"
    );
}

/// What a bearer token can never call has the reason in the overlay (`session`), and what is gone
/// from the server has no status of success.
#[test]
fn every_operation_is_called_by_a_handle() {
    let api = spec::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let methods = docs::handles::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api"))
        .expect("the folder is there");
    for operation in &api.operations {
        let is_callable = operation.session.is_none() && !operation.status.is_empty();
        assert_eq!(
            methods.contains_key(&operation.method_name()),
            is_callable,
            "{}",
            operation.id
        );
    }
}

/// The pager takes from the request of a page how the operation is continued.
#[test]
fn every_operation_that_pages_is_read_as_a_listing() {
    let api = spec::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    let handles: String = docs::handles::sources(&folder)
        .expect("the folder is there")
        .concat()
        .split_whitespace()
        .collect();
    let functions: Vec<&str> = handles.split("fn").collect();
    let paged: Vec<&spec::api::Operation> = api
        .operations
        .iter()
        .filter(|o| o.paging.is_some())
        .collect();
    assert_eq!(paged.len(), 20);
    for operation in paged {
        let call = format!(".api().{}(", operation.method_name());
        let is_listed = functions.iter().any(|function| {
            let is_listing = function.contains("->Listing<") || function.contains("PageRequest::");
            is_listing && function.contains(&call)
        });
        assert!(is_listed, "{}", operation.id);
    }
}

#[test]
fn what_is_sparse_has_methods() {
    let text = "[schemas.X]\nabout = \"An x.\"\nsparse = true\nextra = \"More.\"\n[schemas.X.fields]\nname = \"string? - Its name.\"\nsize = \"integer? - Its size.\"";
    let mut overlay = spec::overlay::Overlay::default();
    let operation = "[operations.x]\nmethod = \"get\"\npath = \"/x\"\ntag = \"x\"\nsummary = \"X.\"\nreturns = \"X\"\nstatus = [200]\n";
    overlay
        .add("x", &format!("{operation}{text}"))
        .expect("the test's own overlay");
    let text =
        types::source(&spec::api::join(Vec::new(), overlay).expect("the test's own overlay"));
    for part in [
        "pub fn name(&self) -> Option<&str> {",
        "pub fn size(&self) -> Option<i64> {",
        "sparse::Sparse<XMember>",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn objects_become_structs_that_tolerate_null() {
    let text = written(
        "[schemas.X]\nabout = \"An x.\"\n[schemas.X.fields]\n\
         name = \"string - Its name.\"\ntype = \"string? - Its type.\"\nrows = \"[integer] - Rows.\"\nlimit = \"integer|null? - A limit.\"",
    );
    for part in [
        "#[doc = \"An x.\"]",
        "#[non_exhaustive]\npub struct X {",
        "    pub name: String,",
        "    pub type_: Option<String>,",
        "to.optional_field(\"type\", &self.type_);",
        "to.field(\"name\", &self.name);",
        "    pub rows: Vec<i64>,",
        // What has to be there is asked for; of a list, null is the empty one (src/types/decode/).
        "rows: decode::required(m3, \"rows\")?",
        "    pub limit: crate::types::Clearable<i64>,",
        "    pub fn new(name: impl Into<String>, rows: impl IntoIterator<Item = impl Into<i64>>) -> Self {",
        "    pub fn type_(mut self, value: impl Into<String>) -> Self {",
        "    pub fn clear_limit(mut self) -> Self {",
    ] {
        assert!(text.contains(part), "{part} is not in\n{text}");
    }
}

#[test]
fn enums_are_open_and_named_as_told() {
    let text = written(
        "[schemas.X]\nabout = \"An x.\"\n[schemas.X.fields]\nkind = \"Kind - Its kind.\"\n\
         [schemas.Kind]\nabout = \"A kind.\"\n[schemas.Kind.values]\nREAD_ONLY = \"Read.\"\n\"a.B\" = \"B.\"\n[schemas.Kind.names]\n\"a.B\" = \"Bee\"",
    );
    assert!(
        text.contains("crate::types::open_enum! {\n    #[doc = \"A kind.\"]\n    Kind {"),
        "{text}"
    );
    assert!(
        text.contains("ReadOnly = \"READ_ONLY\",") && text.contains("Bee = \"a.B\","),
        "{text}"
    );
}

#[test]
fn the_openapi_document_says_what_the_server_does() {
    let api = spec::read(Path::new(env!("CARGO_MANIFEST_DIR")))
        .unwrap_or_else(|problems| panic!("{problems}"));
    let document = docs::openapi::document(&api);
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
