//! Copies the quota and the policies of an organization or a repository to another server.

use crate::changes::Changes;
use anyhow::Result;
use quay_api::api::{
    AutoPrunePoliciesHandle as AutoPrune, ImmutabilityPoliciesHandle as Immutability,
    OrganizationHandle,
};
use quay_api::types::{CreateQuotaLimit, SetAutoPrunePolicy, SetImmutabilityPolicy, SetQuota};

/// Copies the quota of an organization and its limits.
pub async fn copy_quota(
    from: &OrganizationHandle,
    to: &OrganizationHandle,
    changes: &mut Changes,
) -> Result<()> {
    for quota in if_supported(from.quotas().list()).await? {
        // A default quota belongs to the settings of the server.
        let is_own = quota.default_config != Some(true);
        let Some(size) = quota.limit_bytes.filter(|_| is_own) else {
            continue;
        };
        let ensure = to.quotas().ensure(SetQuota::new().limit_bytes(size));
        let copy = changes.ensure(format!("quota: {size}"), ensure).await?;
        let limits = quota.limits.unwrap_or_default().into_iter();
        let limits = limits.map(|it| CreateQuotaLimit::new(it.type_, it.limit_percent));
        // In a dry run, the quota may not exist yet.
        if let Some(id) = copy.and_then(|quota| quota.id) {
            let ensure = to.quota(id).limits().ensure(limits);
            changes.ensure("limits of the quota", ensure).await?;
        }
    }
    Ok(())
}

/// Copies the auto-prune policies.
pub async fn copy_autoprune(
    of: &str,
    from: AutoPrune,
    to: AutoPrune,
    changes: &mut Changes,
) -> Result<()> {
    for policy in if_supported(from.list()).await? {
        let Some(value) = policy.value else { continue };
        let mut request = SetAutoPrunePolicy::new(policy.method, value);
        request.tag_pattern = policy.tag_pattern;
        request.tag_pattern_matches = policy.tag_pattern_matches;
        let tags = request.tag_pattern.as_deref().unwrap_or("all tags");
        let what = format!("autoprune policy of {of}: {tags}");
        changes.ensure(what, to.ensure(request)).await?;
    }
    Ok(())
}

/// Copies the immutability policies.
pub async fn copy_immutability(
    of: &str,
    from: Immutability,
    to: Immutability,
    changes: &mut Changes,
) -> Result<()> {
    for policy in if_supported(from.list()).await? {
        let what = format!("immutability policy of {of}: {}", policy.tag_pattern);
        let mut request = SetImmutabilityPolicy::new(policy.tag_pattern);
        request.tag_pattern_matches = policy.tag_pattern_matches;
        changes.ensure(what, to.ensure(request)).await?;
    }
    Ok(())
}

/// Returns an empty list if the source lacks the feature.
async fn if_supported<T>(
    list: impl IntoFuture<Output = quay_api::Result<Vec<T>>>,
) -> Result<Vec<T>> {
    match list.await {
        Err(error) if error.is_feature_disabled() => Ok(Vec::new()),
        rows => Ok(rows?),
    }
}
