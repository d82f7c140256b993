//! The server itself: its discovery document, its configuration, the messages for all users, and
//! its first user.

use crate::Operation;
use crate::testing::http::api_request::{ApiRequest, JsonBody};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::release::CONFIG_DUMP;
use crate::testing::state::server::Message;
use crate::testing::state::tokens::SCOPES;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use std::time::Duration;

pub const ROUTES: Routes = &[
    ("discovery", discovery),
    ("getSuperUserConfig", config),
    ("initializeUser", initialize),
    ("getGlobalMessages", list_messages),
    ("createGlobalMessage", create_message),
    ("deleteGlobalMessage", delete_message),
];

/// The document that the crate is generated from: that of a server with all features.
const DOCUMENT: &str = include_str!("../../../../discovery.json");

/// The discovery document, parsed once for all sandboxes of a process, since parsing takes longer
/// than most tests. A test checks that it can be parsed.
static PARSED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(DOCUMENT).unwrap_or_default());

fn discovery(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let mut document = PARSED.clone();
    let internal = request.query_flag("internal", false);
    let edition = &state.edition;
    let operation = |described: &Value| {
        let id = described.get("operationId").and_then(Value::as_str);
        Operation::find(id?)
    };
    let fields = document.as_object_mut().ok_or(ErrorResponse::Internal)?;
    if let Some(Value::Object(paths)) = fields.get_mut("paths") {
        paths.retain(|_, path| {
            let Some(methods) = path.as_object_mut() else {
                return false;
            };
            let has_any = |methods: &Map<String, Value>| {
                methods
                    .values()
                    .filter_map(operation)
                    .any(|o| edition.has(o))
            };
            let has_path = has_any(methods);
            methods.retain(|_, described| {
                operation(described).is_none_or(|o| {
                    edition.has(o) && edition.lists(o) && (internal || !o.is_internal())
                })
            });
            // Of an operation that a release has and does not list, the path is there.
            has_path && (internal || methods.values().any(|m| operation(m).is_some()))
        });
    }
    if let Some(Value::Object(definitions)) = fields.get_mut("definitions") {
        for (definition, field, since) in LATER_FIELDS {
            let properties = definitions
                .get_mut(definition)
                .and_then(|definition| definition.get_mut("properties"))
                .and_then(Value::as_object_mut);
            if let Some(properties) = properties.filter(|_| !edition.is_since(Some(since))) {
                properties.remove(field);
            }
        }
    }
    Ok(Response::ok(document))
}

/// Fields of bodies that came with a release.
const LATER_FIELDS: [(&str, &str, &str); 7] = [
    ("AutoPrunePolicyConfig", "tagPattern", "3.13"),
    ("CreateMirrorConfig", "skopeo_timeout_interval", "3.15"),
    ("UpdateMirrorConfig", "skopeo_timeout_interval", "3.15"),
    ("ChangeTag", "immutable", "3.17"),
    ("CreateMirrorConfig", "architecture_filter", "3.17"),
    ("UpdateMirrorConfig", "architecture_filter", "3.17"),
    ("NewOrg", "contact_email", "3.18"),
];

fn config(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    if state.edition.off.contains(CONFIG_DUMP) {
        return Err(ErrorResponse::InsufficientScope);
    }
    let superusers: Vec<&str> = state
        .users
        .values()
        .filter(|u| u.superuser)
        .map(|u| u.name.as_str())
        .collect();
    let config = json!({"AUTHENTICATION_TYPE": "Database", "FEATURE_SUPER_USERS": true, "SUPER_USERS": superusers});
    Ok(Response::ok(
        json!({"config": config, "warning": {}, "env": {}, "schema": {}}),
    ))
}

/// Creates the first user of a new server.
fn initialize(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    state.require_no_users()?;
    let body = request.body()?;
    let name = body.required_string("username")?;
    let email = body.string("email")?.unwrap_or_default();
    state.create_first_user(name, email)?;
    let password = state.random_text(80);
    let mut response = json!({"username": name, "email": email, "encrypted_password": password});
    if body.boolean("access_token")? == Some(true) {
        let secret = state.random_text(40);
        let expires = state.now().checked_add(Duration::from_secs(9000));
        let scopes = SCOPES.iter().map(|s| (*s).to_owned());
        state.issue(&secret, name, scopes, expires);
        response["access_token"] = secret.into();
    }
    Ok(Response::ok(response))
}

fn list_messages(state: &mut State, _: &ApiRequest<'_>) -> HandlerResult {
    let row = |m: &Message| json!({"uuid": m.uuid, "content": m.content, "severity": m.severity, "media_type": m.media_type});
    Ok(Response::ok(
        json!({"messages": state.messages.iter().map(row).collect::<Vec<_>>()}),
    ))
}

fn create_message(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let message = request.body()?.get("message").and_then(Value::as_object);
    let message = message
        .map(|fields| read_message(state, JsonBody(fields)))
        .transpose()?;
    request.as_superuser_or_forbidden(state)?;
    // Without a message the server fails.
    state.messages.push(message.ok_or(ErrorResponse::Internal)?);
    Ok(Response::created("".into()))
}

fn read_message(state: &mut State, fields: JsonBody<'_>) -> Result<Message, ErrorResponse> {
    let media_type = fields.one_of("media_type", &["text/plain", "text/markdown"])?;
    let severity = fields.one_of("severity", &["info", "warning", "error"])?;
    Ok(Message {
        uuid: state.random_uuid(),
        content: fields.required_string("content")?.to_owned(),
        severity: severity.to_owned(),
        media_type: media_type.to_owned(),
    })
}

/// Deletes a message. One that does not exist is a success.
fn delete_message(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser_or_forbidden(state)?;
    state.messages.retain(|m| m.uuid != request.path("uuid"));
    Ok(Response::no_content())
}
