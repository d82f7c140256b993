//! The operations of the document.

use super::prose;
use super::recordings::Examples;
use super::schema::Types;
use crate::build::spec::api::{ApiOperation, ApiParameter};
use crate::build::spec::discovery::ParameterIn;
use crate::build::spec::overlay::{Returns, paging_word};
use crate::build::spec::semantics::{Idempotency, Paging};
use serde_json::{Map, Value, json};

/// Operations that respond with 503 and their usual body when what they report is unhealthy.
const REPORT_WITH_503: [&str; 2] = [
    "getRepositoryMirrorHealth",
    "getSuperUserRepositoryMirrorHealth",
];

/// The operation for which the server takes the user's own password or an application-specific
/// token as well.
const TAKES_BASIC: [&str; 1] = ["getRepoManifestSecurity"];

/// Operations without a scope that need no token. All others require who the caller is.
const ANONYMOUS: [&str; 12] = [
    "conductRepoSearch",
    "discovery",
    "getApplicationInformation",
    "getErrorDescription",
    "getGlobalMessages",
    "getMatchingEntities",
    "getOrganization",
    "getRegistryCapabilities",
    "getUserInformation",
    "initializeUser",
    "listPlans",
    "scRegistryStatus",
];

pub fn operation(operation: &ApiOperation, types: Types<'_>, examples: Option<&Examples>) -> Value {
    let mut entry = json!({
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
    });
    entry["description"] = json!(description(operation));
    if operation.status.is_empty() {
        entry["deprecated"] = json!(true);
    }
    entry["security"] = security(operation);
    extensions(operation, &mut entry);
    if !operation.parameters.is_empty() {
        entry["parameters"] = operation
            .parameters
            .iter()
            .map(|p| parameter(p, types))
            .collect();
    }
    if let Some(body) = &operation.body {
        let mut content = json!({"schema": types.schema(body)});
        if let Some(example) = examples.and_then(|e| e.request.as_ref()) {
            content["example"] = example.clone();
        }
        entry["requestBody"] = json!({
            "required": !operation.body_optional,
            "content": {"application/json": content},
        });
    }
    entry["responses"] = responses(operation, types, examples);
    entry
}

/// Returns the description with the content of the extensions, which most pages and generators do
/// not show.
fn description(operation: &ApiOperation) -> String {
    let code = |names: &[String]| format!("`{}`", names.join("`, `"));
    let mut notes = Vec::new();
    match (&operation.session, &operation.scope) {
        (Some(reason), _) => notes.push(format!("Takes no token: {reason}")),
        (None, Some(scope)) => notes.push(format!("Scope: `{scope}`.")),
        (None, None) => notes.push("Scope: none.".to_owned()),
    }
    if let Some(since) = operation.since {
        notes.push(format!("Since Quay {since}."));
    }
    if !operation.features.is_empty() {
        let features = code(&operation.features);
        notes.push(format!("Requires a setting of the server: {features}."));
    }
    if let Some(paging) = operation.paging {
        notes.push(format!("Paging style: `{}`.", paging_word(paging)));
    }
    if operation.idempotency != Idempotency::of(&operation.method) {
        notes.push(match operation.idempotency {
            Idempotency::NonIdempotent => {
                "Not idempotent: a repeated request has a further effect.".to_owned()
            }
            Idempotency::Idempotent | Idempotency::Safe => "Safe to repeat.".to_owned(),
        });
    }
    let notes = notes.join(" ");
    match &operation.description {
        Some(description) => format!("{description}\n\n{notes}"),
        None => notes,
    }
}

/// Each entry of the list is enough by itself; an empty one stands for an anonymous request.
fn security(operation: &ApiOperation) -> Value {
    if operation.session.is_some() {
        return json!([{"session": []}]);
    }
    let Some(scope) = &operation.scope else {
        return match ANONYMOUS.contains(&operation.id.as_str()) {
            true => json!([{"bearer": []}, {}]),
            false => json!([{"bearer": []}]),
        };
    };
    let mut accepted = vec![json!({"bearer": []}), json!({"oauth2": [scope]})];
    if TAKES_BASIC.contains(&operation.id.as_str()) {
        accepted.push(json!({"basic": []}));
    }
    // Public repositories can be read without a token.
    if scope == "repo:read" && operation.idempotency == Idempotency::Safe {
        accepted.push(json!({}));
    }
    Value::Array(accepted)
}

fn extensions(operation: &ApiOperation, entry: &mut Value) {
    entry["x-idempotency"] = json!(match operation.idempotency {
        Idempotency::Safe => "safe",
        Idempotency::Idempotent => "idempotent",
        Idempotency::NonIdempotent => "non_idempotent",
    });
    if let (Some(paging), Some(rows)) = (operation.paging, &operation.rows) {
        entry["x-paging"] = self::paging(paging, rows);
    }
    if let Some(since) = operation.since {
        entry["x-since"] = json!(since.to_string());
    }
    if !operation.features.is_empty() {
        entry["x-features"] = json!(operation.features);
    }
    if operation.scope.as_deref() == Some("super:user") {
        entry["x-superuser"] = json!(true);
    }
    if operation.internal {
        entry["x-internal"] = json!(true);
    }
    if let Some(reason) = &operation.session {
        entry["x-requires-session"] = json!(reason);
    }
    if operation.fresh_login {
        entry["x-requires-fresh-login"] = json!(true);
    }
}

/// The query parameters and the fields of the response that a paging style uses.
fn paging(paging: Paging, rows: &str) -> Value {
    let mut entry = match paging {
        Paging::Token => json!({"parameter": "next_page", "next": "next_page"}),
        Paging::Page => json!({"parameter": "page", "size": "limit", "more": "has_additional"}),
        Paging::Search => json!({"parameter": "page", "more": "has_additional"}),
        Paging::Notifications => {
            json!({"parameter": "page", "size": "limit", "more": "additional"})
        }
        Paging::Total => {
            json!({"parameter": "page", "size": "limit", "more": "has_next", "total": "total"})
        }
        Paging::Offset => {
            let more = "repositories.pagination.has_more";
            json!({"parameter": "offset", "size": "limit", "more": more})
        }
        Paging::Limit => json!({"size": "limit"}),
        Paging::Lines => json!({"parameter": "start", "total": "total"}),
    };
    entry["style"] = json!(paging_word(paging));
    entry["rows"] = json!(rows);
    entry
}

fn parameter(parameter: &ApiParameter, types: Types<'_>) -> Value {
    let mut entry = json!({
        "name": parameter.name,
        "in": match parameter.location {
            ParameterIn::Path => "path",
            ParameterIn::Query => "query",
        },
        "required": parameter.required,
        "description": parameter.description,
        "schema": types.schema(&parameter.ty),
    });
    let mut examples = prose::EXAMPLES.iter();
    // An interactive page would send an example of an optional parameter.
    if parameter.location == ParameterIn::Path
        && let Some((_, example)) = examples.find(|(name, _)| *name == parameter.name)
    {
        entry["example"] = json!(example);
    }
    entry
}

fn responses(operation: &ApiOperation, types: Types<'_>, examples: Option<&Examples>) -> Value {
    let mut responses = Map::new();
    for status in &operation.status {
        let response = match &operation.returns {
            Returns::Body(body) if *status != 204 => {
                let mut content = json!({"schema": types.schema(body)});
                if let Some(example) = examples.and_then(|e| e.response.as_ref()) {
                    content["example"] = example.clone();
                }
                json!({
                    "description": "Success.",
                    "content": {"application/json": content},
                })
            }
            Returns::Acknowledgement => {
                json!({"description": "Success. The body says no more than the status."})
            }
            _ => json!({"description": "Success, without a body."}),
        };
        responses.insert(status.to_string(), response);
    }
    if REPORT_WITH_503.contains(&operation.id.as_str())
        && let Some(body) = operation.returns.body()
    {
        responses.insert(
            "503".to_owned(),
            json!({
                "description": "The same report, when something is unhealthy.",
                "content": {"application/json": {"schema": types.schema(body)}},
            }),
        );
    }
    if operation.status.is_empty() {
        responses.insert(
            "410".to_owned(),
            json!({"description": "The server does not have this feature any more."}),
        );
    }
    for (status, error) in [
        ("429", "TooManyRequests"),
        ("5XX", "ServerError"),
        ("default", "Error"),
    ] {
        let reference = format!("#/components/responses/{error}");
        responses.insert(status.to_owned(), json!({"$ref": reference}));
    }
    Value::Object(responses)
}
