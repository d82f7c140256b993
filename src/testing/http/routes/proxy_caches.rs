//! Organizations that are a cache of another registry.

use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::routes::{HandlerResult, Routes};
use crate::testing::state::State;
use crate::testing::state::organizations::ProxyCache;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::json;

pub const ROUTES: Routes = &[
    ("getProxyCacheConfig", get),
    ("createProxyCacheConfig", create),
    ("deleteProxyCacheConfig", delete),
    ("validateProxyCacheConfig", validate),
];

/// The time that a cached tag is kept by default: a day.
const EXPIRATION: u64 = 86_400;

/// Reads the proxy cache.
///
/// Every field is an empty string if the organization is not a proxy cache or does not exist.
fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let organization = request.organization_as(state, TeamRole::Member)?;
    let view = match state
        .organizations
        .get(organization)
        .and_then(|o| o.proxy_cache.as_ref())
    {
        Some(c) => {
            json!({"upstream_registry": c.registry, "expiration_s": c.expiration, "insecure": c.insecure})
        }
        None => json!({"upstream_registry": "", "expiration_s": "", "insecure": ""}),
    };
    Ok(Response::ok(view))
}

/// Returns the settings in the body, which the organization in the path could have.
fn requested(state: &State, request: &ApiRequest<'_>) -> Result<ProxyCache, ErrorResponse> {
    let body = request.body()?;
    let registry = body.required_string("upstream_registry")?.to_owned();
    let name = request.organization_as(state, TeamRole::Admin)?;
    state.check_proxy_cache(name, &registry)?;
    let insecure = body.boolean("insecure")?.unwrap_or_default();
    Ok(ProxyCache {
        registry,
        expiration: body.unsigned("expiration_s")?.unwrap_or(EXPIRATION),
        insecure,
    })
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let cache = requested(state, request)?;
    state.create_proxy_cache(&request.caller, request.path("orgname"), cache)?;
    Ok(Response::created("Created".into()))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let name = request.organization_as(state, TeamRole::Admin)?;
    state.delete_proxy_cache(&request.caller, name)?;
    Ok(Response::created("Deleted".into()))
}

/// Validates a proxy cache. The sandbox calls no registry: it reports a valid login if there is a
/// user name, and anonymous access otherwise.
fn validate(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    requested(state, request)?;
    let user = request.body()?.string("upstream_registry_username")?;
    Ok(Response::json(
        202,
        &if user.is_some() { "Valid" } else { "Anonymous" }.into(),
    ))
}
