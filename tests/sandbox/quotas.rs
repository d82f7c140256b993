//! Quotas and their limits.

use super::{acme, assert_error, error_of};
use quay_api::types::{ByteSize, CreateQuotaLimit, QuotaLimitType, SetQuota, UpdateQuotaLimit};
use quay_api::{ErrorKind, Result};
use serde_json::json;

const GIB: i64 = 1 << 30;

#[tokio::test]
async fn manages_quotas_and_their_limits() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let quotas = acme.quotas();
    assert_eq!(quotas.list().await?, []);
    // The crate does not send these.
    let create = async |body: serde_json::Value| {
        let request = sandbox
            .quay()
            .request("POST", "/api/v1/organization/acme/quota")?;
        request.json(&body).send_bytes().await
    };
    assert_error(
        create(json!({"limit_bytes": -5})).await,
        ErrorKind::InvalidRequest,
        400,
        "Invalid quota size limit value: '-5'",
    );
    assert!(
        error_of(create(json!({"limit": "much"})).await)
            .2
            .starts_with("'much' does not match")
    );
    quotas.create(SetQuota::new().limit("10 GiB")).await?;
    let again = quotas.create(SetQuota::new().limit_bytes(1)).await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Organization quota for 'acme' already exists",
    );
    let listed = quotas.list().await?;
    assert_eq!(
        (listed[0].limit_bytes, listed[0].limit.as_deref()),
        (Some(ByteSize::new(10 * GIB)), Some("10.0 GiB"))
    );
    let id = listed[0].id.expect("a quota of its own");
    let changed = acme.quota(id).update(SetQuota::new().limit("3 GB")).await?;
    assert_eq!(
        (changed.limit_bytes, changed.limit.as_deref()),
        (Some(ByteSize::new(3_000_000_000)), Some("2.8 GiB"))
    );

    acme.quota(id)
        .limits()
        .create(CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
        .await?;
    let again = acme
        .quota(id)
        .limits()
        .create(CreateQuotaLimit::new(QuotaLimitType::Warning, 80))
        .await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Quota limit already exists",
    );
    let beyond = acme
        .quota(id)
        .limits()
        .create(CreateQuotaLimit::new(QuotaLimitType::Reject, 101))
        .await;
    assert_error(
        beyond,
        ErrorKind::InvalidRequest,
        400,
        "Quota limit threshold must be between 1 and 100",
    );
    let limit = acme.quota(id).limits().list().await?[0]
        .id
        .expect("a number");
    // It is taken from the response, which is the quota.
    let changed = acme
        .quota(id)
        .limit(limit)
        .update(UpdateQuotaLimit::new().threshold_percent(70))
        .await?;
    assert_eq!((changed.id, changed.limit_percent), (Some(limit), 70));
    acme.quota(id).limit(limit).delete().await?;
    assert_error(
        acme.quota(id).limit(limit).get().await,
        ErrorKind::NotFound,
        404,
        "Not Found",
    );

    // The used bytes are reported with the quota.
    let account = sandbox
        .quay()
        .superuser()
        .organizations()
        .list()
        .first()
        .await?;
    let report = account.and_then(|a| a.quota_report);
    let sizes = report.map(|r| (r.quota_bytes, r.configured_quota));
    assert_eq!(
        sizes,
        Some((
            Some(ByteSize::new(4000)),
            Some(ByteSize::new(3_000_000_000))
        ))
    );
    let row = sandbox
        .quay()
        .repositories()
        .list()
        .namespace("acme")
        .first()
        .await?;
    assert_eq!(
        row.and_then(|r| r.quota_report)
            .and_then(|r| r.configured_quota),
        Some(ByteSize::new(3_000_000_000))
    );
    assert_eq!(acme.get().await?.quotas.map(|q| q.len()), Some(1));
    acme.quota(id).delete().await?;
    assert!(acme.quota(id).get_opt().await?.is_none());

    // Only a superuser sets them; a user sees their own.
    let alice = sandbox.token("alice").quay()?;
    assert_error(
        alice
            .organization("acme")?
            .quotas()
            .create(SetQuota::new().limit_bytes(1))
            .await,
        ErrorKind::InsufficientScope,
        403,
        "Unauthorized",
    );
    sandbox
        .quay()
        .superuser()
        .user("alice")?
        .quotas()
        .create(SetQuota::new().limit_bytes(GIB))
        .await?;
    let again = sandbox
        .quay()
        .superuser()
        .user("alice")?
        .quotas()
        .create(SetQuota::new().limit_bytes(GIB))
        .await;
    assert_error(
        again,
        ErrorKind::AlreadyExists,
        400,
        "Quota for 'alice' already exists",
    );
    assert_eq!(
        alice.me().quotas().list().await?[0].limit_bytes,
        Some(ByteSize::new(GIB))
    );
    Ok(())
}
