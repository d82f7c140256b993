//! `ensure` with values that the server takes for equal, and with those that it never acts on.

use quay_api::testing::Sandbox;
use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed};
use quay_api::types::*;
use quay_api::{ErrorKind, Result};

async fn acme() -> Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    let seed = Seed::new()
        .organization(OrganizationSeed::new("acme").quota(1 << 30))
        .repository(RepositorySeed::new("acme/web"));
    sandbox.seed(&seed)?;
    Ok(sandbox)
}

fn count_writes(sandbox: &Sandbox) -> usize {
    let requests = sandbox.take_requests().into_iter();
    requests.filter(|request| request.method != "GET").count()
}

#[tokio::test]
async fn types_of_quota_limits_are_equal_in_any_case() -> Result<()> {
    let sandbox = acme().await?;
    let acme = sandbox.quay().organization("acme")?;
    let id = acme.quotas().list().await?[0].id.expect("an identifier");
    let limits = acme.quota(id).limits();
    let limit = |ty: &str, percent| CreateQuotaLimit::new(QuotaLimitType::from(ty), percent);
    let lower = [
        limit("warning", 80),
        limit("Warning", 80),
        limit("reject", 100),
    ];
    assert_eq!(limits.ensure(lower.clone()).await?.to_string(), "created");
    assert_eq!(
        count_writes(&sandbox),
        2,
        "the repeated limit is created once"
    );
    assert!(!limits.ensure(lower).await?.is_changed());
    let proper = [limit("Reject", 100), limit("Warning", 80)];
    assert!(!limits.ensure(proper).await?.is_changed());
    assert!(
        limits
            .create_if_absent(limit("WARNING", 80))
            .await?
            .is_none()
    );
    assert_eq!(count_writes(&sandbox), 0);
    let changed = limits
        .ensure([limit("WARNING", 70), limit("REJECT", 100)])
        .await?;
    assert_eq!(changed.to_string(), "updated");
    assert_eq!(count_writes(&sandbox), 1, "the warning is changed in place");
    assert_eq!(limits.create(limit("warning", 60)).await?.limit_percent, 60);
    Ok(())
}

#[tokio::test]
async fn an_empty_filter_or_template_equals_none() -> Result<()> {
    let sandbox = acme().await?;
    let notifications = sandbox.quay().repository("acme/web")?.notifications();
    let build = |config, template: Option<&str>| {
        let mut target = WebhookTarget::new("https://hooks.example.com/1");
        target.template = template.map(Secret::from);
        let target = NotificationTarget::Webhook(target);
        CreateNotification::new(NotificationEvent::BuildStart, config, target)
    };
    let (none, empty) = (
        build(NotificationEventConfig::new(), None),
        build(NotificationEventConfig::new().ref_regex(""), Some("")),
    );
    for (first, second) in [(&none, &empty), (&empty, &none)] {
        assert_eq!(
            notifications.ensure(first.clone()).await?.to_string(),
            "created"
        );
        count_writes(&sandbox);
        assert!(!notifications.ensure(second.clone()).await?.is_changed());
        assert_eq!(count_writes(&sandbox), 0);
        let stored = notifications.list().await?;
        let handle = sandbox.quay().repository("acme/web")?;
        handle.notification(&stored[0].uuid)?.delete().await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_webhook_without_a_host_is_rejected() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let (acme, web) = (quay.organization("acme")?, quay.repository("acme/web")?);
    for url in [
        "https://",
        "https:///hook",
        "https://:8443/hook",
        "https://?hook",
    ] {
        let target = NotificationTarget::Webhook(WebhookTarget::new(url));
        let of = |event| CreateNotification::new(event, NotificationEventConfig::new(), target);
        let (pushes, quota) = (
            of.clone()(NotificationEvent::RepoPush),
            of(NotificationEvent::QuotaWarning),
        );
        for error in [
            web.notifications().create(pushes).await.expect_err(url),
            acme.notifications().create(quota).await.expect_err(url),
        ] {
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{url}: {error}");
        }
    }
    assert!(sandbox.take_requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn notifications_that_are_never_sent_are_rejected() -> Result<()> {
    let sandbox = acme().await?;
    let notifications = sandbox.quay().repository("acme/web")?.notifications();
    let config = NotificationEventConfig::new;
    let expiry = |days: EventNumber| (NotificationEvent::RepoImageExpiry, config().days(days));
    let found = |level: VulnerabilityLevel| {
        let event = NotificationEvent::VulnerabilityFound;
        (event, config().level(level))
    };
    for (event, config) in [
        expiry(EventNumber::from("7")),
        expiry(EventNumber::from(0)),
        expiry(EventNumber::from(-1)),
        (NotificationEvent::RepoImageExpiry, config()),
        found(VulnerabilityLevel::from(-1)),
        found(VulnerabilityLevel::from("high")),
    ] {
        let target = WebhookTarget::new("https://hooks.example.com/1");
        let target = NotificationTarget::Webhook(target);
        let request = CreateNotification::new(event, config, target);
        let error = notifications
            .ensure(request.clone())
            .await
            .expect_err("never sent");
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{request:?}");
        assert!(notifications.create(request).await.is_err());
    }
    assert!(sandbox.take_requests().is_empty());
    Ok(())
}
