//! Notifications, and the notices of users.

use super::{acme, error_of};
use quay_api::api::NotificationHandle;
use quay_api::testing::Sandbox;
use quay_api::testing::seed::{NoticeSeed, Seed};
use quay_api::types::{
    CreateNotification, EmailTarget, NotificationEvent, NotificationEventConfig,
    NotificationTarget, NotifiedPrincipal, PrincipalKind, UserTarget, WebhookTarget,
};
use quay_api::{ErrorKind, Result};

fn webhook(event: NotificationEvent, url: &str) -> CreateNotification {
    CreateNotification::new(
        event,
        NotificationEventConfig::new(),
        NotificationTarget::Webhook(WebhookTarget::new(url)),
    )
}

#[tokio::test]
async fn manages_notifications_of_repositories_organizations_and_users() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay();
    let web = quay.repository("acme/web")?;
    let repository = web.notifications();
    let created = repository
        .create(
            webhook(
                NotificationEvent::RepoPush,
                "https://hooks.example.test/push",
            )
            .title("hook"),
        )
        .await?;
    assert_eq!(web.notification(&created.uuid)?.get().await?, created);
    assert_eq!(repository.list().await?.len(), 1);
    web.notification(&created.uuid)?.test().await?;
    web.notification(&created.uuid)?.reset_failures().await?;
    assert_eq!(
        error_of(
            repository
                .create(webhook(NotificationEvent::RepoPush, ""))
                .await
        )
        .2,
        "Missing webhook URL"
    );
    let mail = NotificationTarget::Email(EmailTarget::new().email("x@example.test"));
    let mail = CreateNotification::new(
        NotificationEvent::RepoPush,
        NotificationEventConfig::new(),
        mail,
    );
    assert!(
        error_of(repository.create(mail).await)
            .2
            .contains("is not authorized")
    );
    web.notification(&created.uuid)?.delete().await?;
    let gone = format!(
        "No repository notification found for: acme, web, {}",
        created.uuid
    );
    assert_eq!(
        error_of(web.notification(&created.uuid)?.delete().await).2,
        gone
    );
    assert!(web.notification(&created.uuid)?.get_opt().await?.is_none());

    let (organization, me) = (quay.organization("acme")?, quay.me());
    type Item<'a> = &'a dyn Fn(&str) -> Result<NotificationHandle>;
    let items: [(_, Item); 2] = [
        (organization.notifications(), &|uuid| {
            organization.notification(uuid)
        }),
        (me.notifications(), &|uuid| me.notification(uuid)),
    ];
    for (place, notification) in items {
        let created = place
            .create(webhook(
                NotificationEvent::QuotaError,
                "https://hooks.example.test/quota",
            ))
            .await?;
        let wrong = place
            .create(webhook(
                NotificationEvent::RepoPush,
                "https://hooks.example.test/push",
            ))
            .await;
        assert_eq!(
            error_of(wrong).2,
            "Invalid event 'repo_push'. Must be one of: quota_error, quota_warning"
        );
        let notification = notification(&created.uuid)?;
        notification.test().await?;
        notification.reset_failures().await?;
        notification.delete().await?;
        assert_eq!(error_of(notification.delete().await).0, ErrorKind::NotFound);
        assert!(place.list().await?.is_empty());
    }
    // They go with what they are of.
    repository
        .create(webhook(
            NotificationEvent::RepoPush,
            "https://hooks.example.test/push",
        ))
        .await?;
    quay.superuser()
        .organization("acme")?
        .rename("initech")
        .await?;
    assert_eq!(
        quay.repository("initech/web")?
            .notifications()
            .list()
            .await?
            .len(),
        1
    );
    quay.repository("initech/web")?.delete().await?;
    let gone = quay.repository("initech/web")?.notifications().list().await;
    assert!(gone.is_err_and(|e| e.is_not_found()));
    Ok(())
}

#[tokio::test]
async fn notices_lose_a_row_at_each_page_border_as_in_quay() -> Result<()> {
    let sandbox = acme().await?;
    let now = sandbox.clock().now();
    let when = |number: u64| {
        now.checked_sub(std::time::Duration::from_secs(number))
            .unwrap_or(now)
    };
    let seed = (0..7).fold(Seed::new(), |seed, n| {
        seed.notice(NoticeSeed::new(Sandbox::ADMIN, format!("n{n}")).when(when(n)))
    });
    sandbox.seed(&seed.notice(NoticeSeed::new("bob", "other")))?;
    let kinds: Vec<String> = sandbox
        .quay()
        .me()
        .notices()
        .list()
        .await?
        .into_iter()
        .map(|n| n.kind.to_string())
        .collect();
    assert_eq!(kinds, ["n0", "n1", "n2", "n3", "n4", "n5", "n6"]);
    let page = async |page: i64| {
        let url = format!(
            "{}/api/v1/user/notifications?limit=2&page={page}",
            sandbox.quay().base_url()
        );
        let response = crate::plain_client()
            .get(url)
            .bearer_auth("sandbox-token")
            .send()
            .await
            .unwrap_or_else(|e| panic!("{e}"));
        let body = response
            .json::<serde_json::Value>()
            .await
            .unwrap_or_default();
        let kind = |row: &serde_json::Value| row["kind"].as_str().unwrap_or_default().to_owned();
        (
            body["notifications"]
                .as_array()
                .into_iter()
                .flatten()
                .map(kind)
                .collect::<Vec<_>>(),
            body["additional"].as_bool(),
        )
    };
    assert_eq!(page(0).await, page(1).await);
    assert_eq!(
        page(1).await,
        (vec!["n0".to_owned(), "n1".to_owned()], Some(true))
    );
    assert_eq!(
        page(2).await,
        (vec!["n3".to_owned(), "n4".to_owned()], Some(true)),
        "n2 is lost"
    );
    Ok(())
}

#[tokio::test]
async fn testing_a_web_ui_notification_creates_a_notice() -> Result<()> {
    let sandbox = acme().await?;
    let notifications = sandbox.quay().repository("acme/web")?.notifications();
    let to = |kind, name: &str| {
        let target = NotificationTarget::QuayNotification(UserTarget::new(NotifiedPrincipal::new(
            kind, name,
        )));
        CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        )
    };
    assert_eq!(
        error_of(notifications.create(to(PrincipalKind::User, "zoe")).await).2,
        "Unknown user zoe"
    );
    let created = notifications
        .create(to(PrincipalKind::User, Sandbox::ADMIN))
        .await?;
    sandbox
        .quay()
        .repository("acme/web")?
        .notification(&created.uuid)?
        .test()
        .await?;
    let me = sandbox.quay().me();
    let notices = me.notices();
    let notice = notices.list().await?.remove(0);
    assert_eq!(
        (notice.kind.to_string(), notice.dismissed),
        ("repo_push".to_owned(), Some(false))
    );
    assert_eq!(me.notice(&notice.id)?.get().await?, notice);
    Ok(())
}
