//! Updates `discovery.json` from a newer discovery document.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;

/// In the order in which they are written.
const METHODS: [&str; 7] = ["delete", "put", "post", "get", "patch", "head", "options"];
const OPERATION: [&str; 7] = [
    "operationId",
    "tags",
    "x-internal",
    "x-requires-fresh-login",
    "security",
    "parameters",
    "responses",
];

pub async fn update(root: &Path, source: &str, remove: bool) -> Result<(), Box<dyn Error>> {
    let file = root.join("discovery.json");
    let old: Value = serde_json::from_str(&std::fs::read_to_string(&file)?)?;
    let new = normalised(&fetch(source).await?)?;
    let merged = if remove { new } else { merged(&old, new) };
    let report = compare(&old, &merged);
    std::fs::write(&file, format!("{}\n", indented(&merged)?))?;
    print!(
        "{}",
        report.text(&crate::build::spec::overlay::read(&root.join("overlay")).ok())
    );
    Ok(())
}

/// Returns the document of a server or of a file.
async fn fetch(source: &str) -> Result<Value, Box<dyn Error>> {
    if !source.starts_with("http://") && !source.starts_with("https://") {
        let text = std::fs::read_to_string(source).map_err(|e| format!("{source}: {e}"))?;
        return serde_json::from_str(&text)
            .map_err(|e| format!("{source} is not JSON: {e}").into());
    }
    let url = format!(
        "{}/api/v1/discovery?internal=true",
        source.trim_end_matches('/')
    );
    let response = reqwest::Client::builder()
        .user_agent("quay-api-xtask")
        .build()?
        .get(&url)
        .send()
        .await?;
    Ok(response.error_for_status()?.json().await?)
}

/// One space per level, as the file has always been.
fn indented(document: &Value) -> Result<String, Box<dyn Error>> {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(b" ");
    serde::Serialize::serialize(
        document,
        &mut serde_json::Serializer::with_formatter(&mut out, formatter),
    )?;
    Ok(String::from_utf8(out)?)
}

/// Returns the document sorted, without prose and without anything specific to its server, so that
/// two documents can be compared.
pub fn normalised(document: &Value) -> Result<Value, String> {
    if document["swagger"] != "2.0" {
        return Err("not a discovery document: swagger is not \"2.0\"".to_owned());
    }
    let paths = document["paths"]
        .as_object()
        .ok_or("not a discovery document: it has no paths")?;
    let mut items: BTreeMap<&String, Value> = BTreeMap::new();
    for (path, item) in paths {
        let item = normal_item(item);
        if !item.is_empty() {
            items.insert(path, Value::Object(item));
        }
    }
    let mut definitions = BTreeMap::new();
    for (name, schema) in document["definitions"].as_object().into_iter().flatten() {
        definitions.insert(name.clone(), normal_schema(schema));
    }
    let mut tags: Vec<&str> = document["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|t| t["name"].as_str())
        .collect();
    tags.sort_unstable();
    let mut scopes: Vec<&String> = document["securityDefinitions"]["oauth2_implicit"]["scopes"]
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .collect();
    scopes.sort_unstable();
    let scopes: Map<String, Value> = scopes.into_iter().map(|s| (s.clone(), json!(""))).collect();
    Ok(json!({
        "swagger": "2.0",
        "info": {"title": "Quay API", "version": document["info"]["version"]},
        "basePath": "/",
        "securityDefinitions": {"oauth2_implicit": {
            "type": "oauth2",
            "flow": "implicit",
            "authorizationUrl": "https://quay.example.com/oauth/authorize",
            "scopes": scopes,
        }},
        "tags": tags.into_iter().map(|t| json!({"name": t})).collect::<Vec<_>>(),
        "paths": items.into_iter().map(|(k, v)| (k.clone(), v)).collect::<Map<_, _>>(),
        "definitions": definitions.into_iter().collect::<Map<_, _>>(),
    }))
}

/// Returns a path's parameters and methods; empty if it has no method with an identifier.
fn normal_item(item: &Value) -> Map<String, Value> {
    let mut normal = Map::new();
    let parameters = normal_parameters(&item["parameters"]);
    if !parameters.is_empty() {
        normal.insert("parameters".to_owned(), Value::Array(parameters));
    }
    let before = normal.len();
    for method in METHODS {
        if item[method]["operationId"].is_string() {
            normal.insert(method.to_owned(), normal_operation(&item[method]));
        }
    }
    if normal.len() == before {
        Map::new()
    } else {
        normal
    }
}

fn normal_operation(operation: &Value) -> Value {
    let mut normal = Map::new();
    for key in OPERATION {
        let value = match key {
            "parameters" => Value::Array(normal_parameters(&operation[key])),
            "responses" => {
                let mut responses: Vec<(&String, &Value)> =
                    operation[key].as_object().into_iter().flatten().collect();
                responses.sort_by_key(|(status, _)| *status);
                responses
                    .into_iter()
                    .map(|(status, response)| (status.clone(), normal_response(response)))
                    .collect()
            }
            _ => operation[key].clone(),
        };
        if !value.is_null() {
            normal.insert(key.to_owned(), value);
        }
    }
    Value::Object(normal)
}

fn normal_response(response: &Value) -> Value {
    match response.get("schema") {
        Some(schema) => json!({"schema": schema, "description": ""}),
        None => json!({"description": ""}),
    }
}

/// Returns parameters sorted by location and name, without descriptions.
fn normal_parameters(parameters: &Value) -> Vec<Value> {
    let mut normal: Vec<Value> = parameters.as_array().cloned().unwrap_or_default();
    for parameter in &mut normal {
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.shift_remove("description");
        }
    }
    normal
        .sort_by_key(|p| ["in", "name"].map(|key| p[key].as_str().unwrap_or_default().to_owned()));
    normal
}

/// Returns a schema without its descriptions; a *property* of that name stays.
fn normal_schema(schema: &Value) -> Value {
    let Some(schema) = schema.as_object() else {
        return schema.clone();
    };
    let mut normal = Map::new();
    for (key, value) in schema {
        let value = match (key.as_str(), value) {
            ("description", Value::String(_)) => continue,
            ("properties" | "definitions", Value::Object(fields)) => fields
                .iter()
                .map(|(name, field)| (name.clone(), normal_schema(field)))
                .collect(),
            ("items" | "additionalProperties" | "not", value) => normal_schema(value),
            ("anyOf" | "oneOf" | "allOf", Value::Array(parts)) => {
                parts.iter().map(normal_schema).collect()
            }
            (_, value) => value.clone(),
        };
        normal.insert(key.clone(), value);
    }
    Value::Object(normal)
}

/// Returns the new document with the operations that only the old one has.
fn merged(old: &Value, mut new: Value) -> Value {
    let known: Vec<String> = operations(&new).into_keys().collect();
    for (path, item) in old["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let Some(id) = item[method]["operationId"].as_str() else {
                continue;
            };
            if !known.iter().any(|k| k == id) && new["paths"][path][method].is_null() {
                if item["parameters"].is_array() && new["paths"][path]["parameters"].is_null() {
                    new["paths"][path]["parameters"] = item["parameters"].clone();
                }
                new["paths"][path][method] = item[method].clone();
            }
        }
    }
    for (name, schema) in old["definitions"].as_object().into_iter().flatten() {
        if new["definitions"][name].is_null() {
            new["definitions"][name] = schema.clone();
        }
    }
    for tag in old["tags"].as_array().into_iter().flatten() {
        if let Some(tags) = new["tags"]
            .as_array_mut()
            .filter(|tags| !tags.contains(tag))
        {
            tags.push(tag.clone());
        }
    }
    // What was added stands at the end: sort again.
    normalised(&new).unwrap_or(new)
}

/// Returns every operation: its route, and its definition with the schema of its body.
fn operations(document: &Value) -> BTreeMap<String, (String, Value)> {
    let mut operations = BTreeMap::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            if let Some(id) = item[method]["operationId"].as_str() {
                let body = item[method]["parameters"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .find_map(|p| p["schema"]["$ref"].as_str());
                let schema =
                    body.map(|b| &document["definitions"][b.trim_start_matches("#/definitions/")]);
                let whole =
                    json!({"shared": item["parameters"], "own": item[method], "body": schema});
                operations.insert(
                    id.to_owned(),
                    (format!("{} {path}", method.to_uppercase()), whole),
                );
            }
        }
    }
    operations
}

/// The changes of a newer document.
#[derive(Debug, Default, PartialEq)]
pub struct Report {
    added: Vec<String>,
    removed: Vec<String>,
    changed: Vec<String>,
}

pub fn compare(old: &Value, new: &Value) -> Report {
    let (old, new) = (operations(old), operations(new));
    let changed = new
        .iter()
        .filter(|(id, new)| old.get(*id).is_some_and(|old| old != *new));
    Report {
        added: new
            .keys()
            .filter(|id| !old.contains_key(*id))
            .cloned()
            .collect(),
        removed: old
            .keys()
            .filter(|id| !new.contains_key(*id))
            .cloned()
            .collect(),
        changed: changed.map(|(id, _)| id.clone()).collect(),
    }
}

impl Report {
    fn text(&self, overlay: &Option<crate::build::spec::overlay::Overlay>) -> String {
        let entry = |id: &str| match overlay.as_ref().and_then(|o| o.operations.get(id)) {
            Some(operation) => format!("{id}: its entry is in {}", operation.file),
            None => format!("{id}: has no entry"),
        };
        let mut text = String::new();
        for (what, ids) in [
            ("added", &self.added),
            ("removed", &self.removed),
            ("changed", &self.changed),
        ] {
            text.push_str(&format!("{what}: {}\n", ids.len()));
            for id in ids {
                text.push_str(&format!("  {}\n", entry(id)));
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved() -> Result<(String, Value), Box<dyn Error>> {
        let text = std::fs::read_to_string(crate::root().join("discovery.json"))?;
        let document = serde_json::from_str(&text)?;
        Ok((text, document))
    }

    #[test]
    fn the_saved_document_is_normalised() -> Result<(), Box<dyn Error>> {
        let (text, document) = saved()?;
        assert_eq!(format!("{}\n", indented(&normalised(&document)?)?), text);
        Ok(())
    }

    #[test]
    fn normalises_the_document_of_a_server() -> Result<(), Box<dyn Error>> {
        let written = json!({
            "swagger": "2.0", "host": "quay.test", "schemes": ["https"],
            "info": {
                "version": "v1", "title": "Quay Frontend",
                "description": "prose", "contact": {"email": "x@y"},
            },
            "tags": [{"name": "tag", "description": "prose"}],
            "securityDefinitions": {"oauth2_implicit": {
                "scopes": {"repo:read": "prose"},
                "authorizationUrl": "https://quay.test/oauth/authorize",
            }},
            "paths": {
                "/api/v1/b": {"x-name": "n", "get": {
                    "operationId": "getB", "description": "prose", "tags": ["tag"],
                    "parameters": [
                        {"name": "z", "in": "query", "type": "string", "description": "prose"},
                        {"name": "a", "in": "query", "type": "string", "description": "prose"},
                    ],
                    "responses": {
                        "400": {"description": "prose", "schema": {"$ref": "#/definitions/B"}},
                        "200": {"description": "prose"},
                    },
                }},
                "/api/v1/a": {"x-name": "n"},
            },
            "definitions": {"B": {
                "type": "object", "description": "prose",
                "properties": {"description": {"type": "string", "description": "prose"}},
            }},
        });
        let normal = normalised(&written)?;
        let text = normal.to_string();
        assert!(
            !text.contains("prose") && !text.contains("quay.test") && !text.contains("x-name"),
            "{text}"
        );
        assert_eq!(normal["paths"].as_object().map(Map::len), Some(1));
        assert_eq!(
            normal["paths"]["/api/v1/b"]["get"]["parameters"][0]["name"],
            "a"
        );
        assert_eq!(
            normal["definitions"]["B"]["properties"]["description"],
            json!({"type": "string"})
        );
        assert_eq!(normalised(&normal)?, normal);
        Ok(())
    }

    #[test]
    fn keeps_operations_of_features_that_a_server_has_off() -> Result<(), Box<dyn Error>> {
        let (_, old) = saved()?;
        let mut narrow = old.clone();
        narrow["paths"]
            .as_object_mut()
            .ok_or("no paths")?
            .retain(|path, _| !path.contains("/mirror"));
        narrow["paths"]["/api/v1/plans/"]["get"]["operationId"] = json!("listAllPlans");
        let report = compare(&old, &merged(&old, normalised(&narrow)?));
        assert_eq!(
            report,
            Report {
                added: vec!["listAllPlans".to_owned()],
                removed: vec!["listPlans".to_owned()],
                changed: vec![]
            }
        );
        let removed = compare(&old, &normalised(&narrow)?).removed;
        assert!(removed.len() > 10 && removed.contains(&"getRepoMirrorConfig".to_owned()));
        Ok(())
    }
}
