//! Reads `discovery.json`: the Swagger 2.0 document that a Quay server writes of itself.
//!
//! Only what is true in it is taken: paths, parameters, scopes, and the names of the members of
//! request bodies (to check the overlay against). Its statuses and response types are not; the
//! overlay has them.

use super::diagnostic::Diagnostic;
use serde_json::{Map, Value};
use std::fs;
use std::path::Path;

const FILE: &str = "discovery.json";

/// One operation as the document declares it.
#[derive(Debug, Clone)]
pub struct Operation {
    pub id: String,
    /// In upper case.
    pub method: String,
    pub path: String,
    pub tag: String,
    pub scope: Option<String>,
    pub fresh_login: bool,
    pub internal: bool,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
}

#[derive(Debug, Clone)]
pub struct Parameter {
    pub name: String,
    pub place: Place,
    /// `string`, `integer` or `boolean`.
    pub kind: String,
    pub required: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    Path,
    Query,
}

/// A request body: what its definition is called, and its members.
#[derive(Debug, Clone)]
pub struct Body {
    pub definition: String,
    pub members: Vec<String>,
}

pub fn read(path: &Path) -> Result<Vec<Operation>, Diagnostic> {
    let text = fs::read_to_string(path)
        .map_err(|e| Diagnostic::new(FILE, "", format!("can't be read: {e}")))?;
    let document = serde_json::from_str(&text)
        .map_err(|e| Diagnostic::new(FILE, "", format!("is not JSON: {e}")))?;
    parse(&document)
}

/// The operations of a document, in its order.
pub fn parse(document: &Value) -> Result<Vec<Operation>, Diagnostic> {
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
            // Quay writes keys of its own beside the methods.
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
) -> Result<Operation, Diagnostic> {
    let place = format!("{} {path}", method.to_uppercase());
    let id = text(&operation["operationId"], &place, "operationId")?;
    let tag = text(&operation["tags"][0], &id, "tags")?;
    let mut parameters = Vec::new();
    let mut body = None;
    let declared = [shared, operation.get("parameters")];
    for parameter in declared
        .into_iter()
        .flatten()
        .filter_map(Value::as_array)
        .flatten()
    {
        let name = text(&parameter["name"], &id, "name of a parameter")?;
        let place = match parameter["in"].as_str() {
            Some("path") => Place::Path,
            Some("query") => Place::Query,
            Some("body") => {
                body = Some(parse_body(document, &id, &parameter["schema"])?);
                continue;
            }
            other => {
                let reason =
                    format!("parameter {name} is in {other:?}, which this build can't send");
                return Err(Diagnostic::new(FILE, &id, reason));
            }
        };
        // Two operations declare a path parameter that their path does not have.
        if place == Place::Path && !path.contains(&format!("{{{name}}}")) {
            continue;
        }
        let kind = text(
            &parameter["type"],
            &id,
            &format!("type of parameter {name}"),
        )?;
        if !matches!(kind.as_str(), "string" | "integer" | "boolean") {
            return Err(Diagnostic::new(
                FILE,
                &id,
                format!("parameter {name} is of the unknown type {kind}"),
            ));
        }
        let required = place == Place::Path || parameter["required"] == true;
        parameters.push(Parameter {
            name,
            place,
            kind,
            required,
        });
    }
    Ok(Operation {
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

fn parse_body(document: &Value, id: &str, schema: &Value) -> Result<Body, Diagnostic> {
    let reference = text(&schema["$ref"], id, "$ref of the body")?;
    let definition = reference.trim_start_matches("#/definitions/").to_owned();
    let declared = document["definitions"].get(&definition).ok_or_else(|| {
        Diagnostic::new(
            FILE,
            id,
            format!("its body {definition} is not among the definitions"),
        )
    })?;
    let members = match declared["properties"].as_object() {
        Some(properties) => properties.keys().cloned().collect(),
        None => Vec::new(),
    };
    Ok(Body {
        definition,
        members,
    })
}

fn object<'a>(value: &'a Value, entry: &str) -> Result<&'a Map<String, Value>, Diagnostic> {
    value
        .as_object()
        .ok_or_else(|| Diagnostic::new(FILE, entry, "is not an object"))
}

fn text(value: &Value, entry: &str, what: &str) -> Result<String, Diagnostic> {
    match value.as_str() {
        Some(text) => Ok(text.to_owned()),
        None => Err(Diagnostic::new(FILE, entry, format!("has no {what}"))),
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
    fn an_operation_is_read_with_what_its_path_declares() -> Result<(), Diagnostic> {
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
            operation.body.as_ref().map(|b| b.members.clone()),
            Some(vec!["title".to_owned()])
        );
        Ok(())
    }

    #[test]
    fn mistakes_name_the_operation_and_the_reason() {
        for (operation, said) in [
            (
                json!({"tags": ["t"]}),
                "discovery.json: GET /api/v1/thing/{name}: has no operationId",
            ),
            (
                json!({"operationId": "getThing"}),
                "discovery.json: getThing: has no tags",
            ),
            (
                json!({"operationId": "getThing", "tags": ["t"], "parameters": [{"name": "x", "in": "header", "type": "string"}]}),
                "discovery.json: getThing: parameter x is in Some(\"header\"), which this build can't send",
            ),
            (
                json!({"operationId": "getThing", "tags": ["t"], "parameters": [{"name": "x", "in": "query", "type": "long"}]}),
                "discovery.json: getThing: parameter x is of the unknown type long",
            ),
            (
                json!({"operationId": "getThing", "tags": ["t"], "parameters": [{"name": "b", "in": "body", "schema": {"$ref": "#/definitions/Gone"}}]}),
                "discovery.json: getThing: its body Gone is not among the definitions",
            ),
        ] {
            let problem = parse(&document(operation)).err().map(|p| p.to_string());
            assert_eq!(problem.as_deref(), Some(said));
        }
        assert!(parse(&json!({"openapi": "3.0.0"})).is_err());
    }
}
