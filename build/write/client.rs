//! The generated client: progenitor, over the completed document.

use crate::sources::api::Api;
use crate::sources::problem::Problem;
use openapiv3::OpenAPI;
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use serde_json::{Map, Value, json};
use std::panic::catch_unwind;

/// The source of the client of all operations.
pub fn source(api: &Api, document: &Value) -> Result<String, Problem> {
    let simple = simplified(document);
    generate(api, &simple).map_err(|reason| {
        let (entry, reason) = culprit(api, &simple).unwrap_or(("the client".to_owned(), reason));
        Problem::new("discovery.json or overlay/", entry, format!("progenitor can't generate it: {reason}"))
    })
}

/// The document as progenitor wants it.
///
/// - One success, `2XX`, per operation: a status that is not listed would be an error, and the real ones are not always known.
/// - No refusals: a listed one whose body does not fit loses its status. Not listed, the whole response reaches the error mapping.
/// - Query parameters that are true or false as text: the server takes any text there, and means something by it.
/// - No schemas in full: their types are written by `types.rs`, so a name is enough.
fn simplified(document: &Value) -> Value {
    let mut simple = document.clone();
    for operation in operations(&mut simple) {
        let responses = operation["responses"].as_object().cloned().unwrap_or_default();
        let content = responses.values().find_map(|r| r.get("content")).cloned();
        let mut success = json!({"description": ""});
        if let Some(content) = content {
            success["content"] = content;
        }
        operation["responses"] = json!({"2XX": success});
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            if parameter["schema"]["type"] == "boolean" {
                parameter["schema"] = json!({"type": "string"});
            }
        }
    }
    if let Some(schemas) = simple["components"]["schemas"].as_object_mut() {
        for schema in schemas.values_mut() {
            *schema = json!({"type": "object"});
        }
    }
    simple
}

fn operations(document: &mut Value) -> impl Iterator<Item = &mut Value> {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut)
}

fn generate(api: &Api, document: &Value) -> Result<String, String> {
    let document: OpenAPI = serde_json::from_value(document.clone()).map_err(|e| e.to_string())?;
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Positional)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_map_type("std::collections::BTreeMap")
        .with_inner_type("crate::transport::Draft".parse().map_err(|e| format!("{e}"))?);
    for name in api.schemas.keys().chain(api.values.keys()) {
        settings.with_replacement(name, format!("crate::types::{name}"), std::iter::empty());
    }
    // progenitor answers what it did not expect by panicking.
    let generated = catch_unwind(|| Generator::new(&settings).generate_tokens(&document).map_err(|e| e.to_string()));
    match generated {
        // What is inline is compiled where it is called: an application pays for the operations that it uses.
        Ok(tokens) => plain_repositories(tokens?.to_string().replace("pub async fn", "#[inline] pub async fn"), &document),
        Err(panic) => Err(match panic.downcast_ref::<String>() {
            Some(text) => text.clone(),
            None => panic.downcast_ref::<&str>().copied().unwrap_or("it panicked").to_owned(),
        }),
    }
}

/// Gives the names of repositories in paths their slashes back: progenitor writes every parameter as one segment, `acme%2Fweb`.
///
/// Quay takes that and `acme/web` alike, but a strict proxy before it may refuse an encoded slash.
fn plain_repositories(client: String, document: &OpenAPI) -> Result<String, String> {
    let encoded = "encode_path (& repository . to_string ())";
    let paths = document.paths.iter().filter(|(path, _)| path.contains("{repository}"));
    let expected: usize = paths.filter_map(|(_, item)| item.as_item()).map(|item| item.iter().count()).sum();
    match client.matches(encoded).count() {
        found if found == expected => Ok(client.replace(encoded, "crate::transport::repository_path(repository)")),
        found => Err(format!(
            "{expected} paths have a repository in them, and {found} places encode one: does progenitor write them otherwise now?"
        )),
    }
}

/// After a failure: the first operation that fails on its own.
fn culprit(api: &Api, document: &Value) -> Option<(String, String)> {
    api.operations.iter().find_map(|operation| {
        let method = operation.method.to_lowercase();
        let mut alone = document.clone();
        alone["paths"] = json!({&operation.path: {&method: document["paths"][&operation.path][&method]}});
        generate(api, &alone).err().map(|reason| (operation.id.clone(), reason))
    })
}
