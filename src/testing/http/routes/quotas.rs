//! How much namespaces may hold, and how much the registry does.

use super::{Outcome, Routes, views};
use crate::testing::http::call::{Body, Call, python, unfit};
use crate::testing::state::State;
use crate::testing::state::quotas::{Quota, QuotaLimit, bytes_of, shown};
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

/// Whether the path is one of those by which a superuser manages quotas, which are in no log.
fn is_superusers(call: &Call<'_>) -> bool {
    call.parameters.contains_key("namespace")
}

/// The namespace that the path means, if the caller may see its quota.
fn readable<'c>(world: &State, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
    if call.parameters.contains_key("orgname") {
        return world.may_in(call, TeamRole::Member);
    }
    if is_superusers(call) {
        return world.may_as_superuser(call).map(|_| call.path("namespace"));
    }
    world.may_as_user(call)
}

/// The same for who changes it, which only superusers do.
fn writable<'c>(world: &State, call: &'c Call<'_>) -> Result<&'c str, ErrorResponse> {
    world.may_as_superuser(call)?;
    let namespace = if is_superusers(call) {
        call.path("namespace")
    } else {
        call.path("orgname")
    };
    // The superuser's own path fails for who is not there.
    if is_superusers(call) && !world.is_namespace(namespace) {
        return Err(ErrorResponse::Internal);
    }
    Ok(namespace)
}

/// The quota in the path, which has to be the namespace's.
fn quota<'w>(
    world: &'w mut State,
    call: &Call<'_>,
    namespace: &str,
) -> Result<&'w mut Quota, ErrorResponse> {
    let id: u64 = call
        .path("quota_id")
        .parse()
        .map_err(|_| ErrorResponse::Internal)?;
    world
        .quotas
        .get_mut(namespace)
        .filter(|q| q.id == id)
        .ok_or(ErrorResponse::NotFound)
}

/// The place of the limit in the path. One of another quota is refused without a word.
fn limit(world: &mut State, call: &Call<'_>, namespace: &str) -> Result<usize, ErrorResponse> {
    let id: u64 = call
        .path("limit_id")
        .parse()
        .map_err(|_| ErrorResponse::Internal)?;
    let place = quota(world, call, namespace)?
        .limits
        .iter()
        .position(|l| l.id == id);
    let is_elsewhere = world
        .quotas
        .values()
        .any(|q| q.limits.iter().any(|l| l.id == id));
    place.ok_or(if is_elsewhere {
        ErrorResponse::message("")
    } else {
        ErrorResponse::NotFound
    })
}

fn list(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = readable(world, call)?;
    if !world.is_namespace(namespace) {
        return Err(ErrorResponse::NotFound);
    }
    Ok(Response::ok(
        world.quotas.get(namespace).into_iter().map(view).collect(),
    ))
}

fn get(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = readable(world, call)?;
    Ok(Response::ok(view(quota(world, call, namespace)?)))
}

/// How many bytes a body asks for, and whether it says so in words, which Quay answers with a
/// number that has a point.
fn asked(body: Body<'_>) -> Result<Option<(i64, bool)>, ErrorResponse> {
    match (body.get("limit"), body.get("limit_bytes")) {
        (Some(Value::String(text)), None) => {
            let unmatched = || unfit(&format!("'{text}' does not match '{PATTERN}'"), "pattern");
            let bytes = bytes_of(text)
                .and_then(|bytes| i64::try_from(bytes).ok())
                .ok_or_else(unmatched)?;
            Ok(Some((bytes, true)))
        }
        (None, Some(number)) => match number.as_i64() {
            Some(bytes) => Ok(Some((bytes, false))),
            None => Err(unfit(
                &format!("{} is not of type 'integer'", python(number)),
                "type",
            )),
        },
        (None, None) => Ok(None),
        _ => Err(unfit(
            &format!(
                "{} is not valid under any of the given schemas",
                Value::Object(body.0.clone())
            ),
            "oneOf",
        )),
    }
}

/// A size of a quota, which is above zero.
fn positive(bytes: i64) -> Result<u64, ErrorResponse> {
    u64::try_from(bytes)
        .ok()
        .filter(|b| *b > 0)
        .ok_or_else(|| ErrorResponse::invalid(format!("Invalid quota size limit value: '{bytes}'")))
}

fn create(world: &mut State, call: &Call<'_>) -> Outcome {
    let missing = || unfit("'limit_bytes' is a required property", "required");
    let (bytes, _) = asked(call.body()?)?.ok_or_else(missing)?;
    let namespace = writable(world, call)?;
    if !is_superusers(call) && !world.organizations.contains_key(namespace) {
        return Err(ErrorResponse::NotFound);
    }
    if world.quotas.contains_key(namespace) {
        let whose = if is_superusers(call) {
            "Quota"
        } else {
            "Organization quota"
        };
        return Err(ErrorResponse::invalid(format!(
            "{whose} for '{namespace}' already exists"
        )));
    }
    let (id, bytes) = (world.next_id(), positive(bytes)?);
    world.quotas.insert(
        namespace.to_owned(),
        Quota {
            id,
            bytes,
            limits: Vec::new(),
        },
    );
    log(
        world,
        call,
        "org_create_quota",
        json!({"limit_bytes": bytes, "limit": shown(bytes)}),
    );
    Ok(Response::created("Created".into()))
}

/// Logs a change of an organization's quota.
fn log(world: &mut State, call: &Call<'_>, kind: &str, metadata: Value) {
    if !is_superusers(call) {
        let mut metadata = metadata;
        metadata["namespace"] = call.path("orgname").into();
        world.log(call, kind, call.path("orgname"), None, metadata);
    }
}

fn change(world: &mut State, call: &Call<'_>) -> Outcome {
    let asked = asked(call.body()?)?;
    let namespace = writable(world, call)?;
    let quota = quota(world, call, namespace)?;
    // Nothing, or nought, leaves it as it is.
    let Some((bytes, in_words)) = asked.filter(|(bytes, _)| *bytes != 0) else {
        return Ok(Response::ok(view(quota)));
    };
    let (old, bytes) = (quota.bytes, positive(bytes)?);
    quota.bytes = bytes;
    let mut answer = view(quota);
    if in_words {
        answer["limit_bytes"] = json!(bytes as f64);
    }
    let metadata = json!({
        "limit_bytes": answer["limit_bytes"], "limit": shown(bytes), "previous_limit_bytes": old, "previous_limit": shown(old),
    });
    log(world, call, "org_change_quota", metadata);
    Ok(Response::ok(answer))
}

fn delete(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = writable(world, call)?;
    let Quota { id, bytes, .. } = *quota(world, call, namespace)?;
    world.quotas.remove(namespace);
    log(
        world,
        call,
        "org_delete_quota",
        json!({"quota_id": id, "limit_bytes": bytes, "limit": shown(bytes)}),
    );
    Ok(Response::no_content())
}

fn limits(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = readable(world, call)?;
    Ok(Response::ok(views::limits(quota(world, call, namespace)?)))
}

/// A user is answered with the quota, not with the limit.
fn get_limit(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = readable(world, call)?;
    let place = limit(world, call, namespace)?;
    let quota = quota(world, call, namespace)?;
    let is_own = !call.parameters.contains_key("orgname");
    Ok(Response::ok(if is_own {
        view(quota)
    } else {
        views::limit(&quota.limits[place])
    }))
}

const THRESHOLD: &str = "Quota limit threshold must be between 1 and 100";

fn kind(text: &str) -> Result<&'static str, ErrorResponse> {
    match text.to_lowercase().as_str() {
        "warning" => Ok("Warning"),
        "reject" => Ok("Reject"),
        _ => Err(ErrorResponse::message(
            "Quota type must be one of [Warning, Reject]",
        )),
    }
}

/// The percentage of a body, a whole number of any sign.
fn percent(body: Body<'_>) -> Result<Option<i64>, ErrorResponse> {
    let Some(percent) = body.get("threshold_percent") else {
        return Ok(None);
    };
    percent.as_i64().map(Some).ok_or_else(|| {
        unfit(
            &format!("{} is not of type 'integer'", python(percent)),
            "type",
        )
    })
}

fn in_range(percent: i64) -> Option<u64> {
    u64::try_from(percent)
        .ok()
        .filter(|p| (1..=100).contains(p))
}

fn create_limit(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let asked = body.required("type")?;
    let percent = percent(body)?
        .ok_or_else(|| unfit("'threshold_percent' is a required property", "required"))?;
    let namespace = writable(world, call)?;
    quota(world, call, namespace)?;
    if percent != 0 && in_range(percent).is_none() {
        return Err(ErrorResponse::message(THRESHOLD));
    }
    let kind = kind(asked)?;
    let id = world.next_id();
    let limits = &mut quota(world, call, namespace)?.limits;
    // Nought is compared with nothing.
    if limits
        .iter()
        .any(|l| l.kind == kind && in_range(percent).is_none_or(|p| l.percent == p))
    {
        return Err(ErrorResponse::invalid("Quota limit already exists"));
    }
    let percent = in_range(percent).ok_or_else(|| ErrorResponse::invalid(THRESHOLD))?;
    limits.push(QuotaLimit { id, kind, percent });
    log(
        world,
        call,
        "org_create_quota_limit",
        json!({"type": asked, "threshold_percent": percent}),
    );
    Ok(Response::created("Created".into()))
}

fn change_limit(world: &mut State, call: &Call<'_>) -> Outcome {
    let body = call.body()?;
    let (asked, percent) = (body.text("type")?, percent(body)?);
    let namespace = writable(world, call)?;
    let place = limit(world, call, namespace)?;
    let quota = quota(world, call, namespace)?;
    let limit = &mut quota.limits[place];
    let old = limit.clone();
    if let Some(asked) = asked {
        limit.kind = kind(asked)?;
    }
    if let Some(percent) = percent {
        limit.percent = in_range(percent).ok_or_else(|| ErrorResponse::message(THRESHOLD))?;
    }
    let metadata = json!({
        "type": asked.unwrap_or(old.kind), "threshold_percent": limit.percent, "previous_type": old.kind,
        "previous_threshold_percent": old.percent,
    });
    let answer = view(quota);
    log(world, call, "org_change_quota_limit", metadata);
    Ok(Response::ok(answer))
}

fn delete_limit(world: &mut State, call: &Call<'_>) -> Outcome {
    let namespace = writable(world, call)?;
    let place = limit(world, call, namespace)?;
    let limit = quota(world, call, namespace)?.limits.remove(place);
    let metadata =
        json!({"limit_id": limit.id, "type": limit.kind, "threshold_percent": limit.percent});
    log(world, call, "org_delete_quota_limit", metadata);
    Ok(Response::no_content())
}

fn registry_size(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    let (bytes, last_ran) = world
        .registry_size
        .map_or((0, None), |(bytes, when)| (bytes, Some(when)));
    Ok(Response::ok(
        json!({"size_bytes": bytes, "last_ran": last_ran, "running": false, "queued": false}),
    ))
}

/// Quay counts some time later; the sandbox has done so when it answers.
fn count_registry_size(world: &mut State, call: &Call<'_>) -> Outcome {
    world.may_as_superuser(call)?;
    world.registry_size = Some((
        world.repositories.values().map(|r| r.bytes()).sum(),
        world.now_ms(),
    ));
    Ok(Response::created("".into()))
}
