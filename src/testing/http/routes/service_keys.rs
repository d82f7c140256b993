//! Keys with which services of the registry prove who they are.

use super::{Outcome, Routes, superuser};
use crate::testing::clock::rfc2822;
use crate::testing::http::call::{Call, python, unfit};
use crate::testing::state::State;
use crate::testing::state::service_keys::ServiceKey;
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

fn view(world: &State, key: &ServiceKey) -> Value {
    let approver = world
        .users
        .get(&key.approver)
        .map(|user| superuser::user_view(world, user));
    json!({
        "approval": {
            "approval_type": "ServiceKeyApprovalType.SUPERUSER", "approved_date": gmt(key.approved), "approver": approver, "notes": key.notes,
        },
        "created_date": gmt(key.created), "expiration_date": key.expires.map(gmt),
        "jwk": {"e": "AQAB", "kid": key.kid, "kty": "RSA", "n": key.modulus}, "kid": key.kid, "metadata": key.metadata,
        "name": key.name, "rotation_duration": null, "service": key.service,
    })
}

/// The end that a body asks for: a number of seconds since 1970, or null.
fn expiration(
    world: &State,
    asked: &Value,
    past: &str,
) -> Result<Option<Timestamp>, ErrorResponse> {
    if asked.is_null() {
        return Ok(None);
    }
    let unfit = || {
        unfit(
            &format!(
                "{} is not valid under any of the given schemas",
                python(asked)
            ),
            "anyOf",
        )
    };
    let seconds = asked.as_f64().ok_or_else(unfit)?;
    let moment = Timestamp::from_unix_seconds(seconds as i64)
        .ok_or_else(|| ErrorResponse::invalid("Invalid expiration date: year is out of range"))?;
    if moment <= world.now() {
        Err(ErrorResponse::invalid(past))
    } else {
        Ok(Some(moment))
    }
}

fn metadata(key: &ServiceKey) -> Value {
    json!({"kid": key.kid, "service": key.service, "name": key.name, "expiration_date": key.expires.map(Timestamp::unix_seconds)})
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    Ok(Response::ok(
        json!({"keys": world.service_keys.iter().map(|key| view(world, key)).collect::<Vec<_>>()}),
    ))
}

/// The place of the key in the path.
fn place(world: &State, call: &Call<'_>) -> Result<usize, ErrorResponse> {
    world.may_as_superuser(call)?;
    world
        .service_keys
        .iter()
        .position(|key| key.kid == call.path("kid"))
        .ok_or(ErrorResponse::NotFound)
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    Ok(Response::ok(view(world, &world.service_keys[place])))
}

/// The key that is answered is none: nothing could be signed with it.
fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let service = body.required("service")?.to_owned();
    let (name, notes) = (
        body.text("name")?.unwrap_or_default().to_owned(),
        body.text("notes")?.unwrap_or_default().to_owned(),
    );
    let asked = body
        .get("expiration")
        .ok_or_else(|| unfit("'expiration' is a required property", "required"))?;
    let approver = world.may_as_superuser(call)?.to_owned();
    let expires = expiration(world, asked, "Expiration date cannot be in the past")?;
    if service.is_empty()
        || !service
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    {
        return Err(ErrorResponse::message(""));
    }
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
    let (kid, modulus, created) = (world.random_text(43), world.random_text(342), world.now());
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
    world.log(call, "service_key_create", "", None, logged.clone());
    world.log(call, "service_key_approve", "", None, logged);
    let answer = json!({
        "kid": key.kid, "name": key.name, "service": key.service,
        "private_key": "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEga2V5\n-----END RSA PRIVATE KEY-----",
        "public_key": "-----BEGIN PUBLIC KEY-----\nbm90IGEga2V5\n-----END PUBLIC KEY-----",
    });
    world.service_keys.push(key);
    Ok(Response::ok(answer))
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let name = body.text("name")?;
    let place = place(world, call)?;
    let old = metadata(&world.service_keys[place]);
    if let Some(asked) = body.get("expiration") {
        let expires = expiration(world, asked, "Cannot have an expiration date in the past")?;
        world.service_keys[place].expires = expires;
        let mut logged = metadata(&world.service_keys[place]);
        logged["old_expiration_date"] = old["expiration_date"].clone();
        world.log(call, "service_key_extend", "", None, logged);
    }
    let about = body.get("metadata").and_then(Value::as_object);
    if name.is_some() || about.is_some() {
        let key = &mut world.service_keys[place];
        name.unwrap_or(&key.name.clone()).clone_into(&mut key.name);
        // What it said before and is not said again stays.
        key.metadata.extend(about.cloned().unwrap_or_default());
        let logged = metadata(key);
        world.log(call, "service_key_modify", "", None, logged);
    }
    Ok(Response::ok(view(world, &world.service_keys[place])))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = place(world, call)?;
    let key = world.service_keys.remove(place);
    let mut logged = metadata(&key);
    logged["created_date"] = key.created.unix_seconds().into();
    world.log(call, "service_key_delete", "", None, logged);
    Ok(Response::no_content())
}

/// A key that a superuser made is approved already; approving it again is a success.
fn approve(world: &mut State, call: &Call<'_>) -> Outcome {
    call.body()?;
    place(world, call)?;
    Ok(Response::text(201, "text/html; charset=utf-8", ""))
}
