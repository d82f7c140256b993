//! Quotas of namespaces, and the size of the registry.

use crate::testing::http::api_request::{ApiRequest, JsonBody, schema_error, type_error};
use crate::testing::http::routes::{HandlerResult, Routes, views};
use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::testing::state::quotas::{Quota, bytes_of, shown};
use crate::testing::{ErrorResponse, Response};
use crate::types::TeamRole;
use serde_json::{Value, json};

pub const ROUTES: Routes = &[
    ("listOrganizationQuota", list),
    ("createOrganizationQuota", create),
    ("getOrganizationQuota", get),
    ("changeOrganizationQuota", change),
    ("deleteOrganizationQuota", delete),
    ("listOrganizationQuotaLimit", limits),
    ("createOrganizationQuotaLimit", create_limit),
    ("getOrganizationQuotaLimit", get_limit),
    ("changeOrganizationQuotaLimit", change_limit),
    ("deleteOrganizationQuotaLimit", delete_limit),
    ("listUserQuota", list),
    ("getUserQuota", get),
    ("listUserQuotaLimit", limits),
    ("getUserQuotaLimit", get_limit),
    ("listUserQuotaSuperUser", list),
    ("createUserQuotaSuperUser", create),
    ("changeUserQuotaSuperUser", change),
    ("deleteUserQuotaSuperUser", delete),
    ("listOrganizationQuotaSuperUser", list),
    ("createOrganizationQuotaSuperUser", create),
    ("changeOrganizationQuotaSuperUser", change),
    ("deleteOrganizationQuotaSuperUser", delete),
    ("getRegistrySize", registry_size),
    ("queueRegistrySizeCalculation", count_registry_size),
];

const PATTERN: &str = r"^(\\d+\\s?(B|KiB|MiB|GiB|TiB|PiB|EiB|ZiB|YiB|Ki|Mi|Gi|Ti|Pi|Ei|Zi|Yi|KB|MB|GB|TB|PB|EB|ZB|YB|K|M|G|T|P|E|Z|Y)?)$";

fn view(quota: &Quota) -> Value {
    json!({
        "id": quota.id, "limit_bytes": quota.bytes, "limit": shown(quota.bytes), "default_config": false, "limits": views::limits(quota),
        "default_config_exists": false,
    })
}

/// Returns true for the paths by which a superuser manages quotas, which are not logged.
fn is_superusers(request: &ApiRequest<'_>) -> bool {
    request.parameters.contains("namespace")
}

/// Returns the namespace in the path, whose quota the caller may see.
fn readable<'c>(state: &State, request: &'c ApiRequest<'_>) -> Result<&'c str, StateError> {
    if request.parameters.contains("orgname") {
        return request.organization_as(state, TeamRole::Member);
    }
    if is_superusers(request) {
        return request
            .as_superuser(state)
            .map(|_| request.path("namespace"));
    }
    request.as_user_admin()
}

/// Returns the same for a change, which only superusers make.
fn writable<'c>(state: &State, request: &'c ApiRequest<'_>) -> Result<&'c str, ErrorResponse> {
    request.as_superuser(state)?;
    let namespace = if is_superusers(request) {
        request.path("namespace")
    } else {
        request.path("orgname")
    };
    // The superuser's path fails for a namespace that does not exist.
    if is_superusers(request) && !state.is_namespace(namespace) {
        return Err(ErrorResponse::Internal);
    }
    Ok(namespace)
}

fn list(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = readable(state, request)?;
    if !state.is_namespace(namespace) {
        return Err(ErrorResponse::NotFound);
    }
    Ok(Response::ok(
        state.quotas.get(namespace).into_iter().map(view).collect(),
    ))
}

/// Returns the number in a path parameter. Quay fails if the parameter is not a number.
fn id(request: &ApiRequest<'_>, name: &str) -> Result<u64, ErrorResponse> {
    request
        .path(name)
        .parse()
        .map_err(|_| ErrorResponse::Internal)
}

fn get(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = readable(state, request)?;
    Ok(Response::ok(view(
        state.quota(namespace, id(request, "quota_id")?)?,
    )))
}

/// Returns the number of bytes in a body, and true if it is given as a string, such as `10 GiB`:
/// the number in the response has a point then. Servers before 3.12 ignore a string.
fn requested(
    state: &State,
    request: &ApiRequest<'_>,
) -> Result<Option<(i64, bool)>, ErrorResponse> {
    let body = request.body()?;
    let text = body
        .get("limit")
        .filter(|_| state.edition.is_since(Some("3.12")));
    match (text, body.get("limit_bytes")) {
        (Some(Value::String(text)), None) => {
            let unmatched =
                || schema_error(&format!("'{text}' does not match '{PATTERN}'"), "pattern");
            let bytes = bytes_of(text)
                .and_then(|bytes| i64::try_from(bytes).ok())
                .ok_or_else(unmatched)?;
            Ok(Some((bytes, true)))
        }
        (None, Some(number)) => match number.as_i64() {
            Some(bytes) => Ok(Some((bytes, false))),
            None => Err(type_error(number, "'integer'")),
        },
        (None, None) => Ok(None),
        _ => Err(schema_error(
            &format!(
                "{} is not valid under any of the given schemas",
                Value::Object(body.0.clone())
            ),
            "oneOf",
        )),
    }
}

fn create(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let missing = || schema_error("'limit_bytes' is a required property", "required");
    let (bytes, _) = requested(state, request)?.ok_or_else(missing)?;
    let namespace = writable(state, request)?;
    if !is_superusers(request) {
        state.organization(namespace)?;
    }
    let bytes = state
        .create_quota(namespace, bytes)
        .map_err(|error| match error {
            StateError::QuotaExists(name) if !is_superusers(request) => {
                ErrorResponse::invalid(format!("Organization quota for '{name}' already exists"))
            }
            other => other.into(),
        })?;
    let metadata = json!({"limit_bytes": bytes, "limit": shown(bytes)});
    log(state, request, "org_create_quota", metadata);
    Ok(Response::created("Created".into()))
}

/// Logs a change of an organization's quota.
fn log(state: &mut State, request: &ApiRequest<'_>, kind: &str, metadata: Value) {
    if !is_superusers(request) {
        let mut metadata = metadata;
        metadata["namespace"] = request.path("orgname").into();
        state.log(
            &request.caller,
            kind,
            request.path("orgname"),
            None,
            metadata,
        );
    }
}

/// Makes events of the limits that a namespace is above, after a change by the organization's own
/// path: of all of them, or of those at a percentage.
fn announce(state: &mut State, request: &ApiRequest<'_>, percent: Option<u64>) {
    if !is_superusers(request) {
        state.announce_changed_quota(request.path("orgname"), percent);
    }
}

fn change(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let requested = requested(state, request)?;
    let namespace = writable(state, request)?;
    let quota = state.quota(namespace, id(request, "quota_id")?)?;
    // No size, or zero, leaves it as it is.
    let Some((bytes, as_text)) = requested.filter(|(bytes, _)| *bytes != 0) else {
        return Ok(Response::ok(view(quota)));
    };
    let old = quota.resize(bytes)?;
    let bytes = quota.bytes;
    let mut response = view(quota);
    if as_text {
        response["limit_bytes"] = json!(bytes as f64);
    }
    let metadata = json!({
        "limit_bytes": response["limit_bytes"], "limit": shown(bytes),
        "previous_limit_bytes": old, "previous_limit": shown(old),
    });
    log(state, request, "org_change_quota", metadata);
    announce(state, request, None);
    Ok(Response::ok(response))
}

fn delete(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = writable(state, request)?;
    let Quota { id, bytes, .. } = *state.quota(namespace, id(request, "quota_id")?)?;
    state.quotas.remove(namespace);
    let metadata = json!({"quota_id": id, "limit_bytes": bytes, "limit": shown(bytes)});
    log(state, request, "org_delete_quota", metadata);
    Ok(Response::no_content())
}

fn limits(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = readable(state, request)?;
    let quota = state.quota(namespace, id(request, "quota_id")?)?;
    Ok(Response::ok(views::limits(quota)))
}

/// Reads a limit. The response for a user is the quota, not the limit.
fn get_limit(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = readable(state, request)?;
    let (limit, quota) = (id(request, "limit_id")?, id(request, "quota_id")?);
    let limit = views::limit(state.quota_limit(namespace, quota, limit)?);
    let is_own = !request.parameters.contains("orgname");
    Ok(Response::ok(if is_own {
        view(state.quota(namespace, quota)?)
    } else {
        limit
    }))
}

/// Returns the percentage of a body, a whole number of any sign.
fn percent(body: JsonBody<'_>) -> Result<Option<i64>, ErrorResponse> {
    let Some(percent) = body.get("threshold_percent") else {
        return Ok(None);
    };
    percent
        .as_i64()
        .map(Some)
        .ok_or_else(|| type_error(percent, "'integer'"))
}

fn create_limit(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let kind = body.required_string("type")?;
    let percent = percent(body)?
        .ok_or_else(|| schema_error("'threshold_percent' is a required property", "required"))?;
    let namespace = writable(state, request)?;
    let quota = id(request, "quota_id")?;
    state.create_quota_limit(namespace, quota, kind, percent)?;
    let metadata = json!({"type": kind, "threshold_percent": percent});
    log(state, request, "org_create_quota_limit", metadata);
    announce(state, request, u64::try_from(percent).ok());
    Ok(Response::created("Created".into()))
}

fn change_limit(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let body = request.body()?;
    let (kind, percent) = (body.string("type")?, percent(body)?);
    let namespace = writable(state, request)?;
    let (limit, quota) = (id(request, "limit_id")?, id(request, "quota_id")?);
    let limit = state.quota_limit(namespace, quota, limit)?;
    let old = limit.clone();
    limit.change(kind, percent)?;
    let metadata = json!({
        "type": kind.unwrap_or(old.kind), "threshold_percent": limit.percent,
        "previous_type": old.kind, "previous_threshold_percent": old.percent,
    });
    let percent = limit.percent;
    let response = view(state.quota(namespace, quota)?);
    log(state, request, "org_change_quota_limit", metadata);
    announce(state, request, Some(percent));
    Ok(Response::ok(response))
}

fn delete_limit(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    let namespace = writable(state, request)?;
    let (limit, quota) = (id(request, "limit_id")?, id(request, "quota_id")?);
    let limit = state.quota_limit(namespace, quota, limit)?.clone();
    let quota = state.quota(namespace, quota)?;
    quota.limits.retain(|l| l.id != limit.id);
    let metadata =
        json!({"limit_id": limit.id, "type": limit.kind, "threshold_percent": limit.percent});
    log(state, request, "org_delete_quota_limit", metadata);
    Ok(Response::no_content())
}

fn registry_size(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    let (bytes, last_ran) = state
        .registry_size
        .map_or((0, None), |(bytes, when)| (bytes, Some(when)));
    Ok(Response::ok(
        json!({"size_bytes": bytes, "last_ran": last_ran, "running": false, "queued": false}),
    ))
}

fn count_registry_size(state: &mut State, request: &ApiRequest<'_>) -> HandlerResult {
    request.as_superuser(state)?;
    state.count_registry_size();
    Ok(Response::created("".into()))
}
