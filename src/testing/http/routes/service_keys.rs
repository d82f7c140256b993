//! Keys with which services of the registry prove who they are.

use crate::testing::clock::rfc2822;
use crate::testing::http::api_request::{ApiRequest, python_repr, schema_error};
use crate::testing::http::routes::{HandlerResult, Routes, superuser};
use crate::testing::state::State;
use crate::testing::state::server::ServiceKey;
use crate::testing::{ErrorResponse, Response};
use crate::types::Timestamp;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listServiceKeys", list),
    ("createServiceKey", create),
    ("getServiceKey", get),
    ("updateServiceKey", update),
    ("deleteServiceKey", delete),
    ("approveServiceKey", approve),
];

/// RFC 2822 with `GMT`, as only these dates are written.
fn gmt(moment: Timestamp) -> String {
    rfc2822(moment.unix_seconds()).replace("-0000", "GMT")
}

fn view(state: &State, key: &ServiceKey) -> Value {
    let approver = state
        .users
        .get(&key.approver)
        .map(|user| superuser::user_view(state, user));
    json!({
        "approval": {
            "approval_type": "ServiceKeyApprovalType.SUPERUSER", "approved_date": gmt(key.approved), "approver": approver, "notes": key.notes,
        },
        "created_date": gmt(key.created), "expiration_date": key.expires.map(gmt),
        "jwk": {"e": "AQAB", "kid": key.kid, "kty": "RSA", "n": key.modulus}, "kid": key.kid, "metadata": key.metadata,
        "name": key.name, "rotation_duration": null, "service": key.service,
    })
}

/// Returns the expiration in a body: a number of seconds since 1970, or null. `past` is the message
/// if it is in the past.
fn expiration(
    state: &State,
    value: &Value,
    past: &str,
) -> Result<Option<Timestamp>, ErrorResponse> {
    if value.is_null() {
        return Ok(None);
    }
    let seconds = value.as_f64().ok_or_else(|| {
        let value = python_repr(value);
        schema_error(
            &format!("{value} is not valid under any of the given schemas"),
            "anyOf",
        )
    })?;
    let moment = Timestamp::from_unix_seconds(seconds as i64)
        .ok_or_else(|| ErrorResponse::invalid("Invalid expiration date: year is out of range"))?;
    state
        .check_key_expiration(moment)
        .map(Some)
        .map_err(|_| ErrorResponse::invalid(past))
}

fn metadata(key: &ServiceKey) -> Value {
    json!({"kid": key.kid, "service": key.service, "name": key.name, "expiration_date": key.expires.map(Timestamp::unix_seconds)})
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    Ok(Response::ok(
        json!({"keys": state.service_keys.iter().map(|key| view(state, key)).collect::<Vec<_>>()}),
    ))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let key = state.service_key(request.path("kid"))?.clone();
    Ok(Response::ok(view(state, &key)))
}

/// Creates a key. The one in the response is not valid: nothing can be signed with it.
fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let service = body.required_string("service")?.to_owned();
    let (name, notes) = (
        body.string("name")?.unwrap_or_default().to_owned(),
        body.string("notes")?.unwrap_or_default().to_owned(),
    );
    let asked = body
        .get("expiration")
        .ok_or_else(|| schema_error("'expiration' is a required property", "required"))?;
    let approver = request.as_superuser(state)?.to_owned();
    let expires = expiration(state, asked, "Expiration date cannot be in the past")?;
    ServiceKey::check_service(&service)?;
    let mut about = body
        .get("metadata")
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default();
    for (name, value) in [
        ("created_by", "Quay Superuser Panel"),
        ("creator", &approver),
        ("ip", "127.0.0.1"),
    ] {
        about.insert(name.to_owned(), value.into());
    }
    let (kid, modulus, created) = (state.random_text(43), state.random_text(342), state.now());
    let key = ServiceKey {
        kid,
        name,
        service,
        modulus,
        metadata: about,
        created,
        expires,
        approver,
        approved: created,
        notes,
    };
    let mut logged = metadata(&key);
    (logged["preshared"], logged["auto_approved"]) = (true.into(), true.into());
    state.log(
        &request.caller,
        "service_key_create",
        "",
        None,
        logged.clone(),
    );
    state.log(&request.caller, "service_key_approve", "", None, logged);
    let response = json!({
        "kid": key.kid, "name": key.name, "service": key.service,
        "private_key": "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----",
        "public_key": "-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----",
    });
    state.service_keys.push(key);
    Ok(Response::ok(response))
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let name = body.string("name")?;
    request.as_superuser(state)?;
    let kid = request.path("kid");
    let mut key = state.service_key(kid)?.clone();
    if let Some(value) = body.get("expiration") {
        let old = metadata(&key)["expiration_date"].take();
        key.expires = expiration(state, value, "Cannot have an expiration date in the past")?;
        let mut logged = metadata(&key);
        logged["old_expiration_date"] = old;
        state.log(&request.caller, "service_key_extend", "", None, logged);
    }
    let about = body.get("metadata").and_then(Value::as_object);
    if name.is_some() || about.is_some() {
        if let Some(name) = name {
            name.clone_into(&mut key.name);
        }
        // Fields that are not in the new metadata stay.
        key.metadata.extend(about.cloned().unwrap_or_default());
        state.log(
            &request.caller,
            "service_key_modify",
            "",
            None,
            metadata(&key),
        );
    }
    state.service_key(kid)?.clone_from(&key);
    Ok(Response::ok(view(state, &key)))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let key = state.remove_service_key(request.path("kid"))?;
    let mut logged = metadata(&key);
    logged["created_date"] = key.created.unix_seconds().into();
    state.log(&request.caller, "service_key_delete", "", None, logged);
    Ok(Response::no_content())
}

/// Approves a key. One that a superuser created is approved already; approving it again is a
/// success.
fn approve(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.body()?;
    request.as_superuser(state)?;
    state.service_key(request.path("kid"))?;
    Ok(Response::text(201, "text/html; charset=utf-8", ""))
}
