//! Immutability policies of organizations and repositories: tags that can't be changed.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::owned::Owned;
use crate::testing::state::policies::ImmutabilityPolicy;
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

fn view(row: &Owned<ImmutabilityPolicy>) -> Value {
    json!({"uuid": row.uuid, "tagPattern": row.data.pattern, "tagPatternMatches": row.data.matches})
}

/// Returns the policy in the body, checked by its schema.
fn read(request: &ApiRequest<'_>) -> Result<ImmutabilityPolicy, ErrorResponse> {
    let body = request.body()?;
    let pattern = body.required_string("tagPattern")?.trim().to_owned();
    Ok(ImmutabilityPolicy {
        pattern,
        matches: body.boolean("tagPatternMatches")?.unwrap_or(true),
    })
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    if owner.name().is_some() {
        state.require_owner(&owner)?;
    }
    let rows: Vec<Value> = state.immutability_policies.of(&owner).map(view).collect();
    Ok(Response::ok(json!({"policies": rows})))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = state.add_immutability_policy(&request.caller, &owner, read(request)?)?;
    Ok(Response::created(json!({"uuid": uuid})))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state
        .immutability_policies
        .get(&owner, request.path("policy_uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = request.path("policy_uuid");
    state.update_immutability_policy(&request.caller, &owner, uuid, read(request)?)?;
    Ok(Response::no_content())
}

/// Deletes a policy. The tags that it made immutable stay so.
fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = request.path("policy_uuid");
    state.delete_immutability_policy(&request.caller, &owner, uuid)?;
    Ok(Response::ok(json!({"uuid": uuid})))
}
