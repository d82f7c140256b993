//! The completed OpenAPI 3.0 document, `docs/openapi.json`.
//!
//! No crate converts it from `discovery.json`, since the overlay replaces nearly everything in that
//! document. Traps that a client in any language meets are described in `info.md`, which the
//! document carries, and marked with extensions (`x-…`) that are listed there.

pub mod layout;
mod operation;
mod prose;
mod recordings;
mod schema;

use crate::build::spec::api::Api;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The number of operations that share a parameter before it becomes a component.
const SHARED: usize = 2;

/// Returns the document. `exchanges` are those of `src/testing/recordings/exchanges.jsonl`, which
/// show the formats of dates and make examples.
pub fn document(api: &Api, exchanges: &str) -> Result<Value, String> {
    let recordings = recordings::read(api, exchanges)?;
    let types = schema::Types(api);
    let mut paths = Map::new();
    for operation in &api.operations {
        let item = paths
            .entry(operation.path.clone())
            .or_insert_with(|| json!({}));
        let examples = recordings.examples.get(&operation.id);
        item[operation.method.to_lowercase()] = operation::operation(operation, types, examples);
    }
    paths.sort_keys();
    let parameters = share_parameters(&mut paths);
    let mut document = json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Red Hat Quay API",
            "version": "v1",
            "description": prose::INFO,
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [
            {"url": "https://quay.io", "description": "The public registry."},
            {
                "url": "{scheme}://{host}",
                "description": "A server of your own.",
                "variables": {
                    "scheme": {"default": "https", "enum": ["https", "http"]},
                    "host": {
                        "default": "quay.example.com",
                        "description": "Its name, with the port if it is not the usual one.",
                    },
                },
            },
        ],
        "tags": tags(api)?,
        "paths": paths,
        "x-webhooks": webhooks(api),
        "components": {
            "parameters": parameters,
            "responses": error_responses(),
            "schemas": schema::schemas(api, &recordings.dates),
            "securitySchemes": security_schemes(api)?,
        },
    });
    remove_unused_schemas(&mut document);
    Ok(document)
}

/// Removes the schemas that nothing refers to, such as those that are part of others instead.
fn remove_unused_schemas(document: &mut Value) {
    loop {
        let mut used = BTreeSet::new();
        references(document, &mut used);
        let Some(schemas) = document["components"]["schemas"].as_object_mut() else {
            return;
        };
        let before = schemas.len();
        schemas.retain(|name, _| used.contains(&format!("#/components/schemas/{name}")));
        if schemas.len() == before {
            return;
        }
    }
}

fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            if let Some(reference) = fields.get("$ref").and_then(Value::as_str) {
                found.insert(reference.to_owned());
            }
            fields.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// Returns the description of a tag or a scope.
fn described(table: &[(&str, &'static str)], name: &str) -> Result<&'static str, String> {
    let entry = table.iter().find(|(known, _)| *known == name);
    entry
        .map(|(_, description)| *description)
        .ok_or_else(|| format!("build/docs/openapi/prose.rs does not describe `{name}`"))
}

fn tags(api: &Api) -> Result<Vec<Value>, String> {
    let tags = api.tags().into_iter();
    tags.map(|name| {
        let description = described(prose::TAGS, name)?;
        Ok(json!({"name": name, "description": description}))
    })
    .collect()
}

fn security_schemes(api: &Api) -> Result<Value, String> {
    let mut scopes = Map::new();
    for scope in api.operations.iter().filter_map(|o| o.scope.as_deref()) {
        let description = described(prose::SCOPES, scope)?;
        scopes.insert(scope.to_owned(), json!(description));
    }
    scopes.sort_keys();
    Ok(json!({
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "description": "An OAuth access token. The scope that an operation requires is listed \
                            under `oauth2`.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "The flow in which a person grants a token to an OAuth application.",
            "flows": {"implicit": {
                "authorizationUrl": "https://quay.io/oauth/authorize",
                "scopes": scopes,
            }},
        },
        "basic": {
            "type": "http",
            "scheme": "basic",
            "description": "Name and password, as for pulling images.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "_csrf_token",
            "description": "The session of a browser that signed in. A write requires the header \
                            `X-CSRF-Token` as well.",
        },
    }))
}

/// Returns the bodies that the server posts to webhooks, as OpenAPI 3.1 and some tools for 3.0 have
/// them.
fn webhooks(api: &Api) -> Map<String, Value> {
    let webhook = |(event, ty): (&String, _)| {
        let schema = schema::Types(api).schema(ty);
        let operation = json!({
            "operationId": event,
            "summary": format!("The event `{event}`."),
            "security": [],
            "requestBody": {"content": {"application/json": {"schema": schema}}},
            "responses": {"2XX": {"description": "Received."}},
        });
        (event.clone(), json!({"post": operation}))
    };
    api.webhooks.iter().map(webhook).collect()
}

/// A page comes first where the server or a proxy sends one more often than JSON: some generators
/// read the first of the types only, and fail for a body that is not JSON.
fn error_responses() -> Value {
    let json = json!({"schema": {"$ref": "#/components/schemas/ErrorResponse"}});
    let page = json!({"schema": {"type": "string"}});
    json!({
        "Error": {
            "description": "An error. See *Statuses* and *Errors* in the description of this \
                            document.",
            "content": {"application/json": json, "text/html": page},
        },
        "ServerError": {
            "description": "The server failed: a page, or JSON as for other errors.",
            "content": {"text/html": page, "application/json": json},
        },
        "TooManyRequests": {
            "description": "Too many requests: a page of the proxy, without `Retry-After`.",
            "content": {"text/html": page, "application/json": json},
        },
    })
}

/// Moves parameters that several operations have to the components, and returns these. Of
/// parameters with the same name, the most frequent one is shared.
fn share_parameters(paths: &mut Map<String, Value>) -> Map<String, Value> {
    let mut counts = BTreeMap::<String, usize>::new();
    for_each_parameter(paths, |parameter| {
        *counts.entry(parameter.to_string()).or_default() += 1;
    });
    let mut shared = BTreeMap::<String, (usize, Value)>::new();
    for (parameter, count) in counts.into_iter().filter(|(_, count)| *count >= SHARED) {
        let Ok(parameter) = serde_json::from_str::<Value>(&parameter) else {
            continue;
        };
        let name = parameter["name"].as_str().unwrap_or_default().to_owned();
        let best = shared.entry(name).or_default();
        if best.0 < count {
            *best = (count, parameter);
        }
    }
    for_each_parameter(paths, |parameter| {
        let name = parameter["name"].as_str().unwrap_or_default();
        if shared.get(name).is_some_and(|(_, same)| same == parameter) {
            *parameter = json!({"$ref": format!("#/components/parameters/{name}")});
        }
    });
    let shared = shared.into_iter();
    shared.map(|(name, (_, value))| (name, value)).collect()
}

fn for_each_parameter(paths: &mut Map<String, Value>, mut act: impl FnMut(&mut Value)) {
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        for operation in item.values_mut() {
            let parameters = operation.get_mut("parameters");
            let parameters = parameters.and_then(Value::as_array_mut);
            parameters.into_iter().flatten().for_each(&mut act);
        }
    }
}
