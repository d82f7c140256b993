//! Organizations that are a cache of another registry.

use super::{Outcome, Routes};
use crate::testing::http::call::Call;
use crate::testing::state::State;
use crate::testing::state::applications::ProxyCache;
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::json;

pub const ROUTES: Routes = &[
    ("getProxyCacheConfig", get),
    ("createProxyCacheConfig", create),
    ("deleteProxyCacheConfig", delete),
    ("validateProxyCacheConfig", validate),
];

/// How long a cached tag is kept unless told: a day.
const EXPIRATION: u64 = 86_400;

/// Where none is set up, or no organization is, every field is an empty text.
fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let organization = world.may_in(call, TeamRole::Member)?;
    let view = match world
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

/// What the body asks for, if the organization in the path can have it.
fn wanted(world: &State, call: &Call<'_>) -> Result<ProxyCache, ErrorResponse> {
    let body = call.body()?;
    let registry = body.required("upstream_registry")?.to_owned();
    let name = world.may_in(call, TeamRole::Admin)?;
    let organization = world.organizations.get(name);
    if organization.is_some_and(|o| o.proxy_cache.is_some()) {
        return Err(ErrorResponse::invalid(
            "Proxy Cache Configuration already exists",
        ));
    }
    organization
        .ok_or_else(|| ErrorResponse::message(format!("Organization does not exist: {name}")))?;
    if registry.is_empty() {
        return Err(ErrorResponse::invalid("URL must include a hostname"));
    }
    let insecure = body.flag("insecure")?.unwrap_or_default();
    Ok(ProxyCache {
        registry,
        expiration: body.natural("expiration_s")?.unwrap_or(EXPIRATION),
        insecure,
    })
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let cache = wanted(world, call)?;
    let now = world.now_ms();
    let name = call.path("orgname");
    let mut tags = world
        .repositories_of(name)
        .into_iter()
        .flat_map(|r| &r.tags);
    if tags.any(|t| t.immutable && t.is_alive(now)) {
        return Err(ErrorResponse::invalid(
            "Cannot convert organization to proxy cache: immutable tags exist",
        ));
    }
    let metadata = json!({"upstream_registry": cache.registry});
    world
        .organizations
        .get_mut(name)
        .ok_or(ErrorResponse::NotFound)?
        .proxy_cache = Some(cache);
    world.log(call, "create_proxy_cache_config", name, None, metadata);
    Ok(Response::created("Created".into()))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let name = world.may_in(call, TeamRole::Admin)?;
    let organization = world
        .organizations
        .get_mut(name)
        .ok_or(ErrorResponse::NotFound)?;
    organization
        .proxy_cache
        .take()
        .ok_or(ErrorResponse::NotFound)?;
    world.log(call, "delete_proxy_cache_config", name, None, json!({}));
    Ok(Response::created("Deleted".into()))
}

/// The sandbox asks no registry: with a name it says that the login is good, without one that it
/// goes without.
fn validate(world: &mut State, call: &Call<'_>) -> Outcome {
    wanted(world, call)?;
    let user = call.body()?.text("upstream_registry_username")?;
    Ok(Response::json(
        202,
        &if user.is_some() { "Valid" } else { "Anonymous" }.into(),
    ))
}
