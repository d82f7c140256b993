//! Which tags are deleted by themselves, in an organization, a repository or the caller's
//! namespace.

use super::{Outcome, Routes, administered, exists};
use crate::testing::http::call::{Call, python, unfit};
use crate::testing::state::State;
use crate::testing::state::places::{Place, Row};
use crate::testing::state::policies::AutoPrunePolicy;
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listOrganizationAutoPrunePolicies", list),
    ("createOrganizationAutoPrunePolicy", create),
    ("getOrganizationAutoPrunePolicy", get),
    ("updateOrganizationAutoPrunePolicy", update),
    ("deleteOrganizationAutoPrunePolicy", delete),
    ("listRepositoryAutoPrunePolicies", list),
    ("createRepositoryAutoPrunePolicy", create),
    ("getRepositoryAutoPrunePolicy", get),
    ("updateRepositoryAutoPrunePolicy", update),
    ("deleteRepositoryAutoPrunePolicy", delete),
    ("listUserAutoPrunePolicies", list),
    ("createUserAutoPrunePolicy", create),
    ("getUserAutoPrunePolicy", get),
    ("updateUserAutoPrunePolicy", update),
    ("deleteUserAutoPrunePolicy", delete),
];

fn view(row: &Row<AutoPrunePolicy>) -> Value {
    let data = &row.data;
    json!({"uuid": row.uuid, "method": data.method, "value": data.value, "tagPattern": data.pattern, "tagPatternMatches": data.matches})
}

/// The policy in the body, as its schema lets it through.
fn read(call: &Call<'_>) -> Result<AutoPrunePolicy, ErrorResponse> {
    let body = call.body()?;
    body.has(&["method", "value"])?;
    let method = body.required("method")?.to_owned();
    let value = body.get("value").cloned().unwrap_or_default();
    if !(value.is_i64() || value.is_string()) {
        return Err(unfit(
            &format!("{} is not of type 'integer', 'string'", python(&value)),
            "type",
        ));
    }
    let pattern = body
        .text("tagPattern")?
        .map(|pattern| pattern.trim().to_owned());
    Ok(AutoPrunePolicy {
        method,
        value,
        pattern,
        matches: body.flag("tagPatternMatches")?.unwrap_or(true),
    })
}

fn check(policy: &AutoPrunePolicy) -> Result<(), ErrorResponse> {
    let is_span = |text: &str| {
        let unit = text
            .chars()
            .next_back()
            .filter(|unit| "smhdwy".contains(*unit));
        unit.is_some_and(|unit| text.trim_end_matches(unit).parse::<i64>().is_ok())
    };
    let is_good = match policy.method.as_str() {
        "number_of_tags" => policy.value.as_i64().is_some_and(|count| count > 0),
        "creation_date" => policy.value.as_str().is_some_and(is_span),
        _ => return Err(ErrorResponse::invalid("Invalid method provided")),
    };
    if !is_good {
        return Err(ErrorResponse::invalid(
            "Invalid value given for method type",
        ));
    }
    if policy.pattern.as_deref() == Some("") {
        return Err(ErrorResponse::invalid("tag_pattern cannot be empty"));
    }
    Ok(())
}

fn log(world: &mut State, call: &Call<'_>, verb: &str, place: &Place, metadata: Value) {
    let what = if place.name().is_some() {
        "repository"
    } else {
        "namespace"
    };
    let mut metadata = metadata;
    metadata["namespace"] = place.namespace().into();
    if let Some(name) = place.name() {
        metadata["repo"] = name.into();
    }
    world.log(
        call,
        &format!("{verb}_{what}_autoprune_policy"),
        place.namespace(),
        place.name(),
        metadata,
    );
}

fn described(policy: &AutoPrunePolicy) -> Value {
    json!({"method": policy.method, "value": policy.value, "tag_pattern": policy.pattern, "tag_pattern_matches": policy.matches})
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    if place.name().is_some() && !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    Ok(Response::ok(
        json!({"policies": world.autoprune_policies.of(&place).map(view).collect::<Vec<_>>()}),
    ))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let policy = read(call)?;
    if !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    check(&policy)?;
    if world
        .autoprune_policies
        .of(&place)
        .any(|row| row.data == policy)
    {
        let what = if place.name().is_some() {
            "repository"
        } else {
            "namespace"
        };
        return Err(ErrorResponse::invalid(format!(
            "Existing policy with same values for this {what}, duplicate policies are not permitted"
        )));
    }
    let uuid = world.random_uuid();
    log(world, call, "create", &place, described(&policy));
    world.autoprune_policies.add(place, uuid.clone(), policy);
    Ok(Response::created(json!({"uuid": uuid})))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    world
        .autoprune_policies
        .get(&place, call.path("policy_uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let policy = read(call)?;
    let found = world
        .autoprune_policies
        .get_mut(&place, call.path("policy_uuid"))
        .ok_or(ErrorResponse::NotFound)?;
    check(&policy)?;
    found.clone_from(&policy);
    log(world, call, "update", &place, described(&policy));
    Ok(Response::no_content())
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let uuid = call.path("policy_uuid");
    world
        .autoprune_policies
        .remove(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    log(world, call, "delete", &place, json!({"policy_uuid": uuid}));
    Ok(Response::ok(json!({"uuid": uuid})))
}
