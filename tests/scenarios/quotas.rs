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
            organization.quota(id).get().await?.limit_bytes,
            Some(ByteSize::new(10 * GIB))
        );
        let changed = organization
            .quota(id)
            .update(SetQuota::new().limit("20 GiB"))
            .await?;
        assert_eq!(changed.limit_bytes, Some(ByteSize::new(20 * GIB)));
        assert_eq!(
            organization.get().await?.quotas.unwrap_or_default()[0].limit_bytes,
            Some(ByteSize::new(20 * GIB))
        );
        organization.quota(id).delete().await?;
        assert_error(
            organization.quota(id).get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(organization.quota(id).get_opt().await?, None);
        assert_error(
            organization.quota(id).delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert!(!organization.quota(id).delete_if_exists().await?);
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
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        quotas.create(SetQuota::new().limit_bytes(GIB)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        organization
            .quota(quota)
            .limits()
            .create(CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
            .await?;
        organization
            .quota(quota)
            .limits()
            .create(CreateQuotaLimit::new(QuotaLimitType::Reject, 100))
            .await?;
        let limits = organization.quota(quota).limits().list().await?;
        let listed: Vec<_> = limits
            .iter()
            .map(|l| (l.type_.as_str(), l.limit_percent))
            .collect();
        assert_eq!(listed, [("Warning", 80), ("Reject", 100)]);
        let limit = limits[0].id.expect("a number");
        assert_eq!(
            organization
                .quota(quota)
                .limit(limit)
                .get()
                .await?
                .limit_percent,
            80
        );
        let changed = organization
            .quota(quota)
            .limit(limit)
            .update(UpdateQuotaLimit::new().threshold_percent(70))
            .await?;
        assert_eq!((changed.id, changed.limit_percent), (Some(limit), 70));
        organization.quota(quota).limit(limit).delete().await?;
        assert_error(
            organization.quota(quota).limit(limit).get().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_error(
            organization.quota(quota).limit(limit).delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(organization.quota(quota).limits().list().await?.len(), 1);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_a_duplicate_limit() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let quotas = organization.quotas();
        quotas.create(SetQuota::new().limit_bytes(GIB)).await?;
        let quota = quotas.list().await?[0].id.expect("a quota of its own");
        let reject = |percent| CreateQuotaLimit::new(QuotaLimitType::Reject, percent);
        organization
            .quota(quota)
            .limits()
            .create(reject(90))
            .await?;
        assert_error(
            organization.quota(quota).limits().create(reject(90)).await,
            400,
            ErrorKind::AlreadyExists,
            "Quota limit already exists",
        );
        organization
            .quota(quota)
            .limits()
            .create(reject(100))
            .await?;
        organization
            .quota(quota)
            .limits()
            .create(CreateQuotaLimit::new(QuotaLimitType::Warning, 90))
            .await?;
        assert_eq!(organization.quota(quota).limits().list().await?.len(), 3);
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
        let organization = context.quay().superuser().user(&user.name)?;
        let quotas = organization.quotas();
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
            organization
                .quota(id)
                .update(SetQuota::new().limit_bytes(2 * GIB))
                .await?
                .limit_bytes,
            Some(ByteSize::new(2 * GIB))
        );
        organization.quota(id).delete().await?;
        Ok(())
    })
    .await;
}
