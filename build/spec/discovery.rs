//! Reads `discovery.json`: the Swagger 2.0 document that a Quay server publishes of its API.
//!
//! Only its reliable parts are used: paths, parameters, scopes, and the names of the fields of
//! request bodies (to check the overlay against). Its statuses and response types are wrong or
//! missing; the overlay has them.

use super::diagnostic::Diagnostic;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

const FILE: &str = "discovery.json";

/// An operation as the document declares it.
#[derive(Debug, Clone)]
pub struct SwaggerOperation {
    pub id: String,
    /// In upper case.
    pub method: String,
    pub path: String,
    pub tag: String,
    pub scope: Option<String>,
    pub fresh_login: bool,
    pub internal: bool,
    pub parameters: Vec<SwaggerParameter>,
    pub body: Option<SwaggerBody>,
}

#[derive(Debug, Clone)]
pub struct SwaggerParameter {
    pub name: String,
    pub location: ParameterIn,
    /// `string`, `integer` or `boolean`.
    pub ty: String,
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterIn {
    Path,
    Query,
}

/// A request body: the name of its definition, and its fields.
#[derive(Debug, Clone)]
pub struct SwaggerBody {
    pub definition: String,
    pub fields: Vec<String>,
}

pub fn read(path: &Path) -> Result<Vec<SwaggerOperation>, Diagnostic> {
    let text = fs::read_to_string(path)
        .map_err(|e| Diagnostic::new(FILE, "", format!("can't be read: {e}")))?;
    let document = serde_json::from_str(&text)
        .map_err(|e| Diagnostic::new(FILE, "", format!("is not JSON: {e}")))?;
    parse(&document)
}

/// Returns the operations of a document, in its order.
pub fn parse(document: &Value) -> Result<Vec<SwaggerOperation>, Diagnostic> {
    if document["swagger"] != "2.0" {
        return Err(Diagnostic::new(
            FILE,
            "swagger",
            "is not \"2.0\": not a discovery document of Quay",
        ));
    }
    let paths = object(&document["paths"], "paths")?;
    let mut operations = Vec::new();
    for (path, item) in paths {
        let item = object(item, path)?;
        let shared = item.get("parameters");
        for (method, operation) in item {
            // Quay writes other keys in addition to the methods.
            if !matches!(
                method.as_str(),
                "get" | "put" | "post" | "delete" | "patch" | "head" | "options"
            ) {
                continue;
            }
            operations.push(parse_operation(document, path, method, shared, operation)?);
        }
    }
    Ok(operations)
}

fn parse_operation(
    document: &Value,
    path: &str,
    method: &str,
    shared: Option<&Value>,
    operation: &Value,
) -> Result<SwaggerOperation, Diagnostic> {
    let place = format!("{} {path}", method.to_uppercase());
    let id = string(&operation["operationId"], &place, "operationId")?;
    let tag = string(&operation["tags"][0], &id, "tags")?;
    let mut parameters = Vec::new();
    let mut body = None;
    let declared = [shared, operation.get("parameters")];
    for parameter in declared
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
    {
        let name = string(&parameter["name"], &id, "name of a parameter")?;
        let location = match parameter["in"].as_str() {
            Some("path") => ParameterIn::Path,
            Some("query") => ParameterIn::Query,
            Some("body") => {
                body = Some(parse_body(document, &id, &parameter["schema"])?);
                continue;
            }
            other => {
                let reason = format!("parameter {name} is in {other:?}, which is not supported");
                return Err(Diagnostic::new(FILE, &id, reason));
            }
        };
        // Two operations declare a path parameter that their path does not have.
        if location == ParameterIn::Path && !path.contains(&format!("{{{name}}}")) {
            continue;
        }
        let ty = string(
            &parameter["type"],
            &id,
            &format!("type of parameter {name}"),
        )?;
        if !matches!(ty.as_str(), "string" | "integer" | "boolean") {
            return Err(Diagnostic::new(
                FILE,
                &id,
                format!("parameter {name} has the unknown type {ty}"),
            ));
        }
        let required = location == ParameterIn::Path || parameter["required"] == true;
        parameters.push(SwaggerParameter {
            name,
            location,
            ty,
            required,
        });
    }
    Ok(SwaggerOperation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        tag,
        scope: scope(&operation["security"]),
        fresh_login: operation["x-requires-fresh-login"] == true,
        internal: operation["x-internal"] == true,
        parameters,
        body,
        id,
    })
}

/// The one scope of `security: [{oauth2_implicit: [scope]}]`.
fn scope(security: &Value) -> Option<String> {
    let scopes = security
        .as_array()?
        .iter()
        .filter_map(|s| s["oauth2_implicit"][0].as_str());
    scopes.map(str::to_owned).next()
}

fn parse_body(document: &Value, id: &str, schema: &Value) -> Result<SwaggerBody, Diagnostic> {
    let reference = string(&schema["$ref"], id, "$ref of the body")?;
    let definition = reference.trim_start_matches("#/definitions/").to_owned();
    let declared = document["definitions"].get(&definition).ok_or_else(|| {
        Diagnostic::new(
            FILE,
            id,
            format!("its body {definition} is not among the definitions"),
        )
    })?;
    let fields = match declared["properties"].as_object() {
        Some(properties) => properties.keys().cloned().collect(),
        None => Vec::new(),
    };
    Ok(SwaggerBody { definition, fields })
}

fn object<'a>(value: &'a Value, entry: &str) -> Result<&'a Map<String, Value>, Diagnostic> {
    value
        .as_object()
        .ok_or_else(|| Diagnostic::new(FILE, entry, "is not an object"))
}

fn string(value: &Value, entry: &str, name: &str) -> Result<String, Diagnostic> {
    match value.as_str() {
        Some(string) => Ok(string.to_owned()),
        None => Err(Diagnostic::new(FILE, entry, format!("has no {name}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document(operation: Value) -> Value {
        json!({
            "swagger": "2.0",
            "paths": {"/api/v1/thing/{name}": {
                "parameters": [{"name": "name", "in": "path", "type": "string", "required": true}],
                "x-path": "not a method",
                "get": operation,
            }},
            "definitions": {"NewThing": {"properties": {"title": {"type": "string"}}}},
        })
    }

    #[test]
    fn reads_an_operation_and_the_parameters_of_its_path() -> Result<(), Diagnostic> {
        let operations = parse(&document(json!({
            "operationId": "getThing", "tags": ["thing"], "x-requires-fresh-login": true,
            "security": [{"oauth2_implicit": ["repo:read"]}],
            "parameters": [
                {"name": "limit", "in": "query", "type": "integer", "required": false},
                {"name": "repository", "in": "path", "type": "string", "required": true},
                {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/NewThing"}},
            ],
        })))?;
        assert_eq!(operations.len(), 1);
        let operation = &operations[0];
        assert_eq!(
            (operation.method.as_str(), operation.scope.as_deref()),
            ("GET", Some("repo:read"))
        );
        assert!(operation.fresh_login && !operation.internal);
        let names: Vec<_> = operation
            .parameters
            .iter()
            .map(|p| (p.name.as_str(), p.required))
            .collect();
        assert_eq!(
            names,
            [("name", true), ("limit", false)],
            "a path parameter that the path lacks is left out"
        );
        assert_eq!(
            operation.body.as_ref().map(|b| b.fields.clone()),
            Some(vec!["title".to_owned()])
        );
        Ok(())
    }

    #[test]
    fn diagnostics_name_the_operation_and_the_reason() {
        let with = |parameter: Value| json!({"operationId": "getThing", "tags": ["t"], "parameters": [parameter]});
        for (operation, expected) in [
            (
                json!({"tags": ["t"]}),
                "discovery.json: GET /api/v1/thing/{name}: has no operationId",
            ),
            (
                json!({"operationId": "getThing"}),
                "discovery.json: getThing: has no tags",
            ),
            (
                with(json!({"name": "x", "in": "header", "type": "string"})),
                "discovery.json: getThing: parameter x is in Some(\"header\"), which is not \
                 supported",
            ),
            (
                with(json!({"name": "x", "in": "query", "type": "long"})),
                "discovery.json: getThing: parameter x has the unknown type long",
            ),
            (
                with(json!({"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Gone"}})),
                "discovery.json: getThing: its body Gone is not among the definitions",
            ),
        ] {
            let diagnostic = parse(&document(operation)).err().map(|p| p.to_string());
            assert_eq!(diagnostic.as_deref(), Some(expected));
        }
        assert!(parse(&json!({"openapi": "3.0.0"})).is_err());
    }
}
