//! `docs/openapi.json`: it is up to date, complete, and says nothing that the server does not.

use super::build::docs::openapi;
use super::{committed, root};
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn document() -> Value {
    let text = std::fs::read_to_string(root().join("docs/openapi.json")).expect("it is committed");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Each operation with its path and method.
fn operations(document: &Value) -> Vec<(&str, &str, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("methods");
            methods
                .iter()
                .map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
        .collect()
}

#[test]
fn the_openapi_document_is_up_to_date() {
    let exchanges = include_str!("../../src/testing/recordings/exchanges.jsonl");
    let written = openapi::document(&committed(), exchanges).unwrap_or_else(|e| panic!("{e}"));
    // The order of fields is compared by the tests of xtask, whose JSON keeps it.
    assert!(
        written == document(),
        "docs/openapi.json is outdated: run `cargo xtask openapi`"
    );
}

#[test]
fn the_openapi_document_has_real_statuses_and_types() {
    let document = document();
    let change_tag = &document["paths"]["/api/v1/repository/{repository}/tag/{tag}"]["put"];
    assert!(change_tag["responses"]["201"].is_object() && change_tag["responses"]["200"].is_null());
    assert_eq!(change_tag["security"][1], json!({"oauth2": ["repo:write"]}));
    assert_eq!(change_tag["x-idempotency"], "non_idempotent");
    let discovery = &document["paths"]["/api/v1/discovery"]["get"];
    assert_eq!(discovery["security"][1], json!({}), "it needs no token");
    let tags = &document["paths"]["/api/v1/repository/{repository}/tag/"]["get"];
    assert_eq!(
        tags["responses"]["200"]["content"]["application/json"]["schema"]["$ref"],
        "#/components/schemas/TagPage"
    );
    let schemas = &document["components"]["schemas"];
    assert_eq!(schemas["Tag"]["required"], json!(["name"]));
    let tag = &schemas["Tag"]["properties"];
    assert_eq!(tag["last_modified"]["x-date-formats"], json!(["rfc2822"]));
    assert_eq!(
        (&tag["start_ts"]["type"], &tag["start_ts"]["nullable"]),
        (&json!("integer"), &json!(true))
    );
    let update = &schemas["UpdateTag"]["properties"];
    assert_eq!(update["expiration"]["x-clearable"], true);
    assert_eq!(
        update["immutable"]["nullable"],
        Value::Null,
        "null is refused"
    );
}

#[test]
fn operations_of_the_openapi_document_are_complete() {
    let document = document();
    let operations = operations(&document);
    assert_eq!(operations.len(), quay_api::OPERATIONS.len());
    let mut identifiers = BTreeSet::new();
    for (path, method, operation) in operations {
        let id = operation["operationId"].as_str().expect("an operationId");
        assert!(identifiers.insert(id), "{id} is there twice");
        for field in ["summary", "description"] {
            let text = operation[field].as_str().unwrap_or_default();
            assert!(!text.is_empty(), "{method} {path}: no {field}");
        }
        assert!(operation["security"].is_array(), "{id}: no security");
        assert!(
            operation["responses"]["default"].is_object(),
            "{id}: no error"
        );
    }
}

#[test]
fn references_of_the_openapi_document_lead_somewhere() {
    fn check(document: &Value, value: &Value) {
        match value {
            Value::Object(fields) => {
                if let Some(Value::String(reference)) = fields.get("$ref") {
                    let target = document.pointer(reference.trim_start_matches('#'));
                    assert!(target.is_some(), "{reference}");
                    assert_eq!(fields.len(), 1, "{reference}: nothing may stand beside it");
                }
                fields.values().for_each(|value| check(document, value));
            }
            Value::Array(items) => items.iter().for_each(|value| check(document, value)),
            _ => {}
        }
    }
    let document = document();
    check(&document, &document);
}

/// The fields of the response and the parameters that `x-paging` names exist.
#[test]
fn paging_of_the_openapi_document_names_what_is_there() {
    fn field<'a>(document: &'a Value, schema: &'a Value, path: &str) -> Option<&'a Value> {
        let schema = match schema["$ref"].as_str() {
            Some(reference) => document.pointer(reference.trim_start_matches('#'))?,
            None => schema,
        };
        let schema = schema["allOf"].get(0).map_or(schema, |inner| {
            let reference = inner["$ref"].as_str().unwrap_or_default();
            document
                .pointer(reference.trim_start_matches('#'))
                .unwrap_or(inner)
        });
        let (first, rest) = path.split_once('.').unwrap_or((path, ""));
        let found = schema["properties"].get(first)?;
        match rest {
            "" => Some(found),
            rest => field(document, found, rest),
        }
    }
    let document = document();
    let mut styles = BTreeSet::new();
    for (path, _, operation) in operations(&document) {
        let Some(paging) = operation["x-paging"].as_object() else {
            continue;
        };
        let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
        let parameters = operation["parameters"].as_array().expect("parameters");
        let has_parameter = |name: &str| {
            parameters.iter().any(|parameter| {
                let reference = format!("#/components/parameters/{name}");
                parameter["name"] == name || parameter["$ref"] == reference.as_str()
            })
        };
        for (key, value) in paging {
            let value = value.as_str().expect("a string");
            let is_there = match key.as_str() {
                "style" => styles.insert(value.to_owned()) || !value.is_empty(),
                "parameter" | "size" => has_parameter(value),
                _ => field(&document, schema, value).is_some(),
            };
            assert!(is_there, "{path}: {key} is {value}");
        }
    }
    let info = document["info"]["description"]
        .as_str()
        .expect("a description");
    for style in styles {
        assert!(
            info.contains(&format!("| `{style}` |")),
            "{style} is not described"
        );
    }
}

/// Readers of the document find each extension in its list, and the list has no others.
#[test]
fn extensions_of_the_openapi_document_are_described() {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| match key.as_str() {
                // The server's own document has extensions, too, and is the body of a response.
                "example" => {}
                "properties" => {
                    let fields = value
                        .as_object()
                        .into_iter()
                        .flat_map(serde_json::Map::values);
                    fields.for_each(|value| collect(value, found));
                }
                _ => {
                    if key.starts_with("x-") {
                        found.insert(key.clone());
                    }
                    collect(value, found);
                }
            }),
            Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let document = document();
    let mut found = BTreeSet::new();
    for part in ["paths", "components"] {
        collect(&document[part], &mut found);
    }
    let info = include_str!("../../build/docs/openapi/info.md");
    let listed = info
        .lines()
        .filter_map(|line| line.strip_prefix("| `x-")?.split('`').next());
    let listed: BTreeSet<String> = listed.map(|name| format!("x-{name}")).collect();
    let undescribed: Vec<_> = found.difference(&listed).collect();
    assert!(undescribed.is_empty(), "{undescribed:?}");
    let unused: Vec<_> = listed.difference(&found).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

/// A date without a format is of no use to a client in another language.
#[test]
fn dates_of_responses_in_the_openapi_document_have_formats() {
    // Never seen with a value, in no recording and no source.
    const UNKNOWN: [&str; 1] = ["LogMetadata.date/time"];
    let document = document();
    let api = committed();
    let mut unknown = Vec::new();
    for (name, schema) in &api.schemas {
        let written = &document["components"]["schemas"][name];
        let properties = match &written["allOf"] {
            Value::Null => &written["properties"],
            parts => &parts[0]["properties"],
        };
        for (field, described) in schema.fields.iter().flatten() {
            let is_date = described.ty.name() == Some("Timestamp");
            if is_date && written.is_object() && properties[field]["x-date-formats"].is_null() {
                unknown.push(format!("{name}.{field}"));
            }
        }
    }
    assert_eq!(unknown, UNKNOWN);
}

#[test]
fn examples_of_the_openapi_document_have_no_secrets() {
    fn collect<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| match key.as_str() {
                "example" => found.push(value),
                _ => collect(value, found),
            }),
            Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    fn check(path: &str, value: &Value) {
        const SECRETS: [&str; 8] = [
            "password",
            "token",
            "access_token",
            "client_secret",
            "secret",
            "invite_token",
            "private_key",
            "external_registry_password",
        ];
        match value {
            Value::Object(fields) => fields.iter().for_each(|(key, value)| {
                if SECRETS.contains(&key.as_str()) && value.is_string() {
                    assert_eq!(value, "***", "{path}.{key}");
                }
                check(&format!("{path}.{key}"), value);
            }),
            Value::Array(items) => items.iter().for_each(|value| check(path, value)),
            _ => {}
        }
    }
    let document = document();
    let mut examples = Vec::new();
    collect(&document["paths"], &mut examples);
    assert!(examples.len() > 200, "{}", examples.len());
    examples.into_iter().for_each(|example| check("", example));
}

/// Its readers use other languages.
#[test]
fn the_openapi_document_names_nothing_of_rust() {
    let text = include_str!("../../docs/openapi.json");
    let lines = text.lines().enumerate();
    let found: Vec<_> = lines
        .filter(|(_, line)| line.contains("::") || line.contains("crate"))
        .map(|(number, line)| format!("{}: {}", number + 1, line.trim()))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}
