//! Storage quotas and their limits.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{ByteSize, CreateQuotaLimit, QuotaLimitType, SetQuota, UpdateQuotaLimit};
use serde_json::json;

const GIB: i64 = 1 << 30;

#[tokio::test]
async fn creates_updates_and_deletes_a_quota() {
    scenario(async |context| {
        context.requires(&["createOrganizationQuota"]).await?;
        context
            .requires_release("3.12", "it takes no sizes as text")
            .await?;
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        quotas.create(SetQuota::new().limit_bytes(10 * GIB)).await?;
        let listed = quotas.list().await?;
        assert_eq!(listed.len(), 1);
        assert_eq!(
            (listed[0].limit_bytes, listed[0].limit.as_deref()),
            (Some(ByteSize::new(10 * GIB)), Some("10.0 GiB"))
        );
        assert_eq!(listed[0].limits.as_deref(), Some(&[][..]));
        let id = listed[0].id.expect("a quota of its own");
        assert_eq!(
            quotas.get(id).await?.limit_bytes,
            Some(ByteSize::new(10 * GIB))
        );
        let changed = quotas.update(id, SetQuota::new().limit("20 GiB")).await?;
        assert_eq!(changed.limit_bytes, Some(ByteSize::new(20 * GIB)));
        assert_eq!(
            organization.get().await?.quotas.unwrap_or_default()[0].limit_bytes,
            Some(ByteSize::new(20 * GIB))
        );
        quotas.delete(id).await?;
        assert_error(quotas.get(id).await, 404, ErrorKind::NotFound, "Not Found");
        assert_eq!(quotas.get_opt(id).await?, None);
        assert_error(
            quotas.delete(id).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!quotas.delete_if_exists(id).await?);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_second_quota_of_an_organization() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        organization
            .quotas()
            .create(SetQuota::new().limit_bytes(GIB))
            .await?;
        let text = format!(
            "Organization quota for '{}' already exists",
            organization.name()
        );
        assert_error(
            organization
                .quotas()
                .create(SetQuota::new().limit_bytes(GIB))
                .await,
            400,
            ErrorKind::AlreadyExists,
            &text,
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn creates_updates_and_deletes_a_limit() {
    scenario(async |context| {
        let quotas = context.organization("org").await?.quotas();
        quotas.create(SetQuota::new().limit_bytes(GIB)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        quotas
            .create_limit(quota, CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
            .await?;
        quotas
            .create_limit(quota, CreateQuotaLimit::new(QuotaLimitType::Reject, 100))
            .await?;
        let limits = quotas.limits(quota).await?;
        let listed: Vec<_> = limits
            .iter()
            .map(|l| (l.type_.as_str(), l.limit_percent))
            .collect();
        assert_eq!(listed, [("Warning", 80), ("Reject", 100)]);
        let limit = limits[0].id.expect("a number");
        assert_eq!(quotas.limit(quota, limit).await?.limit_percent, 80);
        let changed = quotas
            .update_limit(quota, limit, UpdateQuotaLimit::new().threshold_percent(70))
            .await?;
        assert!(
            changed
                .limits
                .unwrap_or_default()
                .iter()
                .any(|l| l.id == Some(limit) && l.limit_percent == 70)
        );
        quotas.delete_limit(quota, limit).await?;
        assert_error(
            quotas.limit(quota, limit).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            quotas.delete_limit(quota, limit).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(quotas.limits(quota).await?.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_limit() {
    scenario(async |context| {
        let quotas = context.organization("org").await?.quotas();
        quotas.create(SetQuota::new().limit_bytes(GIB)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        let reject = |percent| CreateQuotaLimit::new(QuotaLimitType::Reject, percent);
        quotas.create_limit(quota, reject(90)).await?;
        assert_error(
            quotas.create_limit(quota, reject(90)).await,
            400,
            ErrorKind::AlreadyExists,
            "Quota limit already exists",
        );
        quotas.create_limit(quota, reject(100)).await?;
        quotas
            .create_limit(quota, CreateQuotaLimit::new(QuotaLimitType::Warning, 90))
            .await?;
        assert_eq!(quotas.limits(quota).await?.len(), 3);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_an_invalid_size() {
    scenario(async |context| {
        context.requires(&["createOrganizationQuota"]).await?;
        context
            .requires_release("3.12", "it takes no sizes as text")
            .await?;
        let quotas = context.organization("org").await?.quotas();
        let created = quotas.create(SetQuota::new().limit("much")).await;
        assert!(created.is_err_and(|e| e.kind() == ErrorKind::InvalidInput));
        let organization = context.organization("other").await?;
        let path = format!("/api/v1/organization/{}/quota", organization.name());
        let request = context.quay().request("POST", path)?;
        assert_error(
            request.json(&json!({"limit": "much"})).send_bytes().await,
            400,
            ErrorKind::InvalidRequest,
            "'much' does not match",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn superuser_sets_the_quota_of_a_user() {
    scenario(async |context| {
        let user = context.user("person").await?;
        let quotas = context.quay().superuser().user(&user.name)?.quotas();
        quotas.create(SetQuota::new().limit_bytes(GIB)).await?;
        let listed = quotas.list().await?;
        assert_eq!(
            listed.iter().map(|q| q.limit_bytes).collect::<Vec<_>>(),
            [Some(ByteSize::new(GIB))]
        );
        let text = format!("Quota for '{}' already exists", user.name);
        assert_error(
            quotas.create(SetQuota::new().limit_bytes(GIB)).await,
            400,
            ErrorKind::AlreadyExists,
            &text,
        );
        let id = listed[0].id.expect("a quota of its own");
        assert_eq!(
            quotas
                .update(id, SetQuota::new().limit_bytes(2 * GIB))
                .await?
                .limit_bytes,
            Some(ByteSize::new(2 * GIB))
        );
        quotas.delete(id).await?;
        Ok(())
    })
    .await;
}
