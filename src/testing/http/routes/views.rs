//! Parts of responses that several areas share.

use crate::testing::state::State;
use crate::testing::state::quotas::{Quota, QuotaLimit};
use crate::testing::state::random::sha256;
use crate::testing::state::repositories::Repository;
use crate::types::RepositoryRole;
use serde_json::{Value, json};

/// Quay's colours of avatars.
const COLORS: [&str; 32] = [
    "#969696", "#aec7e8", "#ff7f0e", "#ffbb78", "#2ca02c", "#98df8a", "#d62728", "#ff9896",
    "#9467bd", "#c5b0d5", "#8c564b", "#c49c94", "#e377c2", "#f7b6d2", "#7f7f7f", "#c7c7c7",
    "#bcbd22", "#1f77b4", "#17becf", "#9edae5", "#393b79", "#5254a3", "#6b6ecf", "#9c9ede",
    "#9ecae1", "#31a354", "#b5cf6b", "#a1d99b", "#8c6d31", "#ad494a", "#e7ba52", "#a55194",
];

/// Returns an avatar, whose hash is that of an e-mail address, or of the name without an address.
pub fn avatar(name: &str, address: &str, kind: &str) -> Value {
    let hash = sha256(
        &(if address.is_empty() { name } else { address })
            .trim()
            .to_lowercase(),
    );
    let color = COLORS[usize::from_str_radix(&hash[..2], 16).unwrap_or_default() % COLORS.len()];
    json!({"name": name, "hash": hash, "color": color, "kind": kind})
}

/// Returns the picture of a user, robot or organization.
pub fn avatar_of(state: &State, name: &str) -> Value {
    avatar(
        name,
        state.email_of(name),
        if state.robots.contains_key(name) {
            "robot"
        } else {
            "user"
        },
    )
}

pub fn team_avatar(name: &str) -> Value {
    avatar(name, name, "team")
}

/// Returns the role that a team or a robot account has in a repository.
pub fn permission(repository: &Repository, role: &RepositoryRole) -> Value {
    json!({
        "repository": {"name": repository.name, "is_public": repository.is_public()},
        "role": role,
    })
}

/// Returns the limits of a quota, in the order in which they were made.
pub fn limits(quota: &Quota) -> Value {
    quota.limits.iter().map(limit).collect()
}

pub fn limit(limit: &QuotaLimit) -> Value {
    json!({"id": limit.id, "type": limit.kind, "limit_percent": limit.percent})
}

/// Adds to the view of a user or an organization what it takes up and may take up.
pub fn add_quotas(state: &State, namespace: &str, view: &mut Value) {
    let bytes = state.bytes_of(namespace);
    let quota = state.quotas.get(namespace);
    let backfill = if bytes > 0 { "complete" } else { "waiting" };
    view["quotas"] = quota
        .map(|q| json!({"id": q.id, "limit_bytes": q.bytes, "limits": limits(q)}))
        .into_iter()
        .collect();
    view["quota_report"] = json!({"quota_bytes": bytes, "configured_quota": quota.map(|q| q.bytes), "running_backfill": backfill, "backfill_status": backfill});
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn avatars_are_those_of_the_recordings() {
        let alice = json!({"name": "alice", "hash": "69b1145a03334875161ea18c1373b5703aeeff144990a9f847867ff83ed5aaad", "color": "#c5b0d5", "kind": "user"});
        assert_eq!(avatar("alice", "alice@example.test", "user"), alice);
        let owners = json!({"name": "owners", "hash": "6f0e3a8c0eb46e8834b43b03374ece43a030621d92a7437beb48f871e90f8d90", "color": "#c7c7c7", "kind": "team"});
        assert_eq!(team_avatar("owners"), owners);
    }
}
