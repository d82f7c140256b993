//! Which tags can't be changed, in an organization or a repository.

use super::{Outcome, Routes, administered, exists};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::places::{Place, Row};
use crate::testing::state::policies::{ImmutabilityPolicy, whole};
use crate::testing::{ErrorResponse, Response};
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listOrgImmutabilityPolicies", list),
    ("createOrgImmutabilityPolicy", create),
    ("getOrgImmutabilityPolicy", get),
    ("updateOrgImmutabilityPolicy", update),
    ("deleteOrgImmutabilityPolicy", delete),
    ("listRepositoryImmutabilityPolicies", list),
    ("createRepositoryImmutabilityPolicy", create),
    ("getRepositoryImmutabilityPolicy", get),
    ("updateRepositoryImmutabilityPolicy", update),
    ("deleteRepositoryImmutabilityPolicy", delete),
];

/// The longest pattern.
const LONGEST: usize = 256;

fn view(row: &Row<ImmutabilityPolicy>) -> Value {
    json!({"uuid": row.uuid, "tagPattern": row.data.pattern, "tagPatternMatches": row.data.matches})
}

/// The policy in the body, as its schema lets it through.
fn read(call: &Call<'_>) -> Result<ImmutabilityPolicy, ErrorResponse> {
    let body = call.body()?;
    let pattern = body.required("tagPattern")?.trim().to_owned();
    Ok(ImmutabilityPolicy {
        pattern,
        matches: body.flag("tagPatternMatches")?.unwrap_or(true),
    })
}

/// `other` is the policy that is changed, which may keep its pattern.
fn check(
    world: &State,
    place: &Place,
    policy: &ImmutabilityPolicy,
    other: &str,
) -> Result<(), ErrorResponse> {
    if policy.pattern.is_empty() {
        return Err(ErrorResponse::invalid(
            "tag_pattern is required and must be a non-empty string",
        ));
    }
    if policy.pattern.chars().count() > LONGEST {
        return Err(ErrorResponse::invalid(format!(
            "tag_pattern must be {LONGEST} characters or less"
        )));
    }
    whole(&policy.pattern)
        .map_err(|e| ErrorResponse::invalid(format!("Invalid regex pattern: {e}")))?;
    if world
        .immutability_policies
        .of(place)
        .any(|row| row.data.pattern == policy.pattern && row.uuid != other)
    {
        return Err(ErrorResponse::invalid(
            "A policy with the same tag_pattern already exists",
        ));
    }
    Ok(())
}

fn log(world: &mut State, call: &Call<'_>, verb: &str, place: &Place, metadata: Value) {
    let mut metadata = metadata;
    metadata["namespace"] = place.namespace().into();
    if let Some(name) = place.name() {
        metadata["repo"] = name.into();
    }
    world.log(
        call,
        &format!("{verb}_immutability_policy"),
        place.namespace(),
        place.name(),
        metadata,
    );
}

fn described(policy: &ImmutabilityPolicy) -> Value {
    json!({"tag_pattern": policy.pattern, "tag_pattern_matches": policy.matches})
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    if place.name().is_some() && !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    Ok(Response::ok(
        json!({"policies": world.immutability_policies.of(&place).map(view).collect::<Vec<_>>()}),
    ))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let policy = read(call)?;
    if place.name().is_some() && !exists(world, &place) {
        return Err(ErrorResponse::NotFound);
    }
    if place.name().is_none() && world.organization_mirrors.first(&place).is_some() {
        return Err(ErrorResponse::invalid(
            "Cannot create immutability policy: organization is managed by organization-level mirroring",
        ));
    }
    check(world, &place, &policy, "")?;
    if !exists(world, &place) {
        return Err(ErrorResponse::message(format!(
            "Username does not exist: {}",
            place.namespace()
        )));
    }
    let uuid = world.random_uuid();
    world
        .immutability_policies
        .add(place.clone(), uuid.clone(), policy.clone());
    world.apply_policy(&place, &policy);
    log(world, call, "create", &place, described(&policy));
    Ok(Response::created(json!({"uuid": uuid})))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    world
        .immutability_policies
        .get(&place, call.path("policy_uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn update(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let (policy, uuid) = (read(call)?, call.path("policy_uuid"));
    if !policy.pattern.is_empty() {
        world
            .immutability_policies
            .get(&place, uuid)
            .ok_or(ErrorResponse::NotFound)?;
    }
    check(world, &place, &policy, uuid)?;
    world
        .immutability_policies
        .get_mut(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?
        .clone_from(&policy);
    world.apply_policy(&place, &policy);
    log(world, call, "update", &place, described(&policy));
    Ok(Response::no_content())
}

/// The tags that it made immutable stay so.
fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let place = administered(world, call)?;
    let uuid = call.path("policy_uuid");
    world
        .immutability_policies
        .remove(&place, uuid)
        .ok_or(ErrorResponse::NotFound)?;
    log(world, call, "delete", &place, json!({"policy_uuid": uuid}));
    Ok(Response::ok(json!({"uuid": uuid})))
}
