//! The completed OpenAPI 3.0 document.
//!
//! No crate converts it from `discovery.json`, since the overlay replaces nearly everything in that
//! document.

use crate::build::spec::api::{Api, ApiOperation, ApiParameter};
use crate::build::spec::discovery::ParameterIn;
use crate::build::spec::overlay::{Returns, paging_word};
use crate::build::spec::schema::{DescribedType, Schema, SchemaForm};
use crate::build::spec::type_expr::TypeExpr;
use serde_json::{Map, Value, json};

/// Returns the document.
pub fn document(api: &Api) -> Value {
    let mut paths = Map::new();
    for operation in &api.operations {
        let item = paths
            .entry(operation.path.clone())
            .or_insert_with(|| json!({}));
        item[operation.method.to_lowercase()] = self::operation(operation);
    }
    let mut schemas = Map::new();
    for (name, value) in api.values.iter() {
        let mut schema = value.schema.clone();
        schema["description"] = json!(value.description);
        schemas.insert(name.clone(), schema);
    }
    for (name, schema) in api.schemas.iter() {
        schemas.insert(name.clone(), self::schema(schema));
    }
    let mut scopes: Vec<&str> = api
        .operations
        .iter()
        .filter_map(|o| o.scope.as_deref())
        .collect();
    scopes.sort_unstable();
    scopes.dedup();
    let scopes: Map<String, Value> = scopes
        .into_iter()
        .map(|s| (s.to_owned(), json!("")))
        .collect();
    paths.sort_keys();
    schemas.sort_keys();
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": "Quay API",
            "version": "v1",
            "description": "The REST API of the Red Hat Quay container registry, with the requests \
                            and responses that a server really accepts and sends.",
            "license": {"name": "MIT OR Apache-2.0"},
        },
        "servers": [{"url": "https://quay.io"}],
        "tags": api.tags().into_iter().map(|t| json!({"name": t})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"oauth2": {
                "type": "oauth2",
                "flows": {"implicit": {
                    "authorizationUrl": "https://quay.io/oauth/authorize",
                    "scopes": scopes,
                }},
            }},
        },
    })
}

fn operation(operation: &ApiOperation) -> Value {
    let mut entry = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "parameters": operation.parameters.iter().map(parameter).collect::<Vec<_>>(),
        "responses": responses(operation),
    });
    if let Some(description) = &operation.description {
        entry["description"] = json!(description);
    }
    if let Some(scope) = &operation.scope {
        entry["security"] = json!([{"oauth2": [scope]}]);
    }
    if let Some(body) = &operation.body {
        entry["requestBody"] = json!({
            "required": !operation.body_optional,
            "content": {"application/json": {"schema": type_schema(body)}},
        });
    }
    if operation.fresh_login {
        entry["x-requires-fresh-login"] = json!(true);
    }
    if let (Some(paging), Some(rows)) = (operation.paging, &operation.rows) {
        entry["x-paging"] = json!({"style": paging_word(paging), "rows": rows});
    }
    if let Some(since) = operation.since {
        entry["x-since"] = json!(since.to_string());
    }
    if !operation.features.is_empty() {
        entry["x-features"] = json!(operation.features);
    }
    if operation.internal {
        entry["x-internal"] = json!(true);
    }
    if let Some(reason) = &operation.session {
        entry["x-requires-session"] = json!(reason);
    }
    entry
}

fn parameter(parameter: &ApiParameter) -> Value {
    json!({
        "name": parameter.name,
        "in": match parameter.location {
            ParameterIn::Path => "path",
            ParameterIn::Query => "query",
        },
        "required": parameter.required,
        "description": parameter.description,
        "schema": type_schema(&parameter.ty),
    })
}

fn responses(operation: &ApiOperation) -> Value {
    let mut responses = Map::new();
    for status in &operation.status {
        let mut response = json!({"description": "Success."});
        match &operation.returns {
            Returns::Body(body) if *status != 204 => {
                response["content"] = json!({"application/json": {"schema": type_schema(body)}});
            }
            Returns::Acknowledgement => {
                response["description"] = json!("Success; the body says no more than the status.")
            }
            _ => {}
        }
        responses.insert(status.to_string(), response);
    }
    if operation.status.is_empty() {
        responses.insert(
            "410".to_owned(),
            json!({"description": "The feature is gone from the server."}),
        );
    }
    Value::Object(responses)
}

fn schema(schema: &Schema) -> Value {
    let mut entry = match schema.form() {
        Ok(SchemaForm::Object(fields)) => object(schema, fields.iter()),
        Ok(SchemaForm::Enum(values)) => {
            let listed: Vec<String> = values
                .iter()
                .map(|(value, text)| format!("- `{value}`: {text}"))
                .collect();
            // An `enum` would forbid what a newer server adds.
            json!({
                "type": "string",
                "x-extensible-enum": values.keys().collect::<Vec<_>>(),
                "description": format!("{}\n\n{}", schema.description, listed.join("\n")),
            })
        }
        Ok(SchemaForm::OneOf(parts)) => {
            json!({"anyOf": parts.values().map(|t| type_schema(&t.ty)).collect::<Vec<_>>()})
        }
        Ok(SchemaForm::Variants {
            tag,
            content,
            variants,
        }) => {
            let contents: Vec<Value> = variants.values().map(|t| type_schema(&t.ty)).collect();
            json!({
                "type": "object",
                "properties": {tag: {"type": "string"}, content: {"anyOf": contents}},
            })
        }
        // Refused when the sources were joined.
        Err(_) => json!({}),
    };
    if entry.get("description").is_none() {
        entry["description"] = json!(schema.description);
    }
    entry
}

fn object<'a>(
    schema: &Schema,
    fields: impl Iterator<Item = (&'a String, &'a DescribedType)>,
) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (name, described) in fields {
        if !described.ty.is_optional() {
            required.push(json!(name));
        }
        properties.insert(
            name.clone(),
            with_description(type_schema(&described.ty), &described.description),
        );
    }
    let mut entry = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        entry["required"] = Value::Array(required);
    }
    if let Some(extra) = &schema.extra {
        entry["additionalProperties"] = json!({"description": extra});
    }
    if schema.flatten.is_empty() {
        return entry;
    }
    let mut all = vec![entry];
    all.extend(
        schema
            .flatten
            .values()
            .map(|described| type_schema(described.ty.required())),
    );
    json!({"allOf": all})
}

/// A schema with a description; beside a `$ref` nothing may stand.
fn with_description(mut schema: Value, text: &str) -> Value {
    if schema.get("$ref").is_some() {
        schema = json!({"allOf": [schema]});
    }
    schema["description"] = json!(text);
    schema
}

fn type_schema(ty: &TypeExpr) -> Value {
    match ty {
        TypeExpr::String => json!({"type": "string"}),
        TypeExpr::Integer => json!({"type": "integer", "format": "int64"}),
        TypeExpr::Number => json!({"type": "number", "format": "double"}),
        TypeExpr::Boolean => json!({"type": "boolean"}),
        TypeExpr::Any => json!({}),
        TypeExpr::Named(name) => json!({"$ref": format!("#/components/schemas/{name}")}),
        TypeExpr::List(inner) => json!({"type": "array", "items": type_schema(inner)}),
        TypeExpr::Map(inner) => {
            json!({"type": "object", "additionalProperties": type_schema(inner)})
        }
        TypeExpr::Optional(inner) | TypeExpr::Nullable(inner) => {
            let mut schema = type_schema(inner);
            if schema.get("$ref").is_some() {
                schema = json!({"allOf": [schema]});
            }
            schema["nullable"] = json!(true);
            schema
        }
    }
}
