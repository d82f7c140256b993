//! Autoprune policies of organizations, repositories and the caller's namespace: the server deletes
//! old tags.

use crate::testing::http::api_request::{ApiRequest, type_error};
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::owned::Owned;
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

fn view(row: &Owned<AutoPrunePolicy>) -> Value {
    let data = &row.data;
    json!({"uuid": row.uuid, "method": data.method, "value": data.value, "tagPattern": data.pattern, "tagPatternMatches": data.matches})
}

/// Returns the policy in the body, checked by its schema.
fn read(state: &State, request: &ApiRequest<'_>) -> Result<AutoPrunePolicy, ErrorResponse> {
    let body = request.body()?;
    body.require(&["method", "value"])?;
    let method = body.required_string("method")?.to_owned();
    let value = body.get("value").cloned().unwrap_or_default();
    if !(value.is_i64() || value.is_string()) {
        return Err(type_error(&value, "'integer', 'string'"));
    }
    // Older servers ignore it, and report success.
    let takes_pattern = state.edition.is_since(Some("3.13"));
    let pattern = body
        .string("tagPattern")?
        .filter(|_| takes_pattern)
        .map(|pattern| pattern.trim().to_owned());
    Ok(AutoPrunePolicy {
        method,
        value,
        pattern,
        matches: body.boolean("tagPatternMatches")?.unwrap_or(true),
    })
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    if owner.name().is_some() {
        state.require_owner(&owner)?;
    }
    let rows: Vec<Value> = state.autoprune_policies.of(&owner).map(view).collect();
    Ok(Response::ok(json!({"policies": rows})))
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = state.add_autoprune_policy(&request.caller, &owner, read(state, request)?)?;
    Ok(Response::created(json!({"uuid": uuid})))
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    state
        .autoprune_policies
        .get(&owner, request.path("policy_uuid"))
        .map(|row| Response::ok(view(row)))
        .ok_or(ErrorResponse::NotFound)
}

fn update(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = request.path("policy_uuid");
    state.update_autoprune_policy(&request.caller, &owner, uuid, read(state, request)?)?;
    Ok(Response::no_content())
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let owner = request.administered_owner(state)?;
    let uuid = request.path("policy_uuid");
    state.delete_autoprune_policy(&request.caller, &owner, uuid)?;
    Ok(Response::ok(json!({"uuid": uuid})))
}
