//! Notifications: events, targets, and who receives them.

use crate::context::{assert_error, scenario};
use quay_api::ErrorKind;
use quay_api::types::{
    CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    NotifiedPrincipal, PrincipalKind, UserTarget, WebhookTarget,
};

fn webhook(event: NotificationEvent) -> CreateNotification {
    let target = NotificationTarget::Webhook(WebhookTarget::new("http://hooks.example.test/quay"));
    CreateNotification::new(event, NotificationEventConfig::new(), target).title("Hook")
}

#[tokio::test]
async fn creates_reads_and_deletes_a_notification_of_a_repository() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let notifications = repository.notifications();
        assert_eq!(notifications.list().await?, []);
        let created = notifications
            .create(webhook(NotificationEvent::RepoPush))
            .await?;
        assert_eq!(
            (
                created.title.as_deref(),
                &created.event,
                created.number_of_failures
            ),
            (Some("Hook"), &NotificationEvent::RepoPush, Some(0))
        );
        let NotificationTarget::Webhook(hook) = &created.target else {
            panic!("{:?}", created.target)
        };
        assert_eq!(hook.url.expose(), "http://hooks.example.test/quay");
        assert_eq!(
            repository.notification(&created.uuid)?.get().await?,
            created
        );
        assert_eq!(notifications.list().await?, std::slice::from_ref(&created));
        repository.notification(&created.uuid)?.test().await?;
        repository
            .notification(&created.uuid)?
            .reset_failures()
            .await?;
        repository.notification(&created.uuid)?.delete().await?;
        assert_eq!(notifications.list().await?, []);
        let gone = repository.notification(&created.uuid)?.get().await;
        assert!(gone.is_err_and(|e| e.is_not_found()));
        assert_eq!(
            repository.notification(&created.uuid)?.get_opt().await?,
            None
        );
        let gone = repository.notification(&created.uuid)?.delete().await;
        assert!(gone.is_err_and(|e| e.is_not_found()));
        assert!(
            !repository
                .notification(&created.uuid)?
                .delete_if_exists()
                .await?
        );
        let gone = repository.notification(&created.uuid)?.test().await;
        assert!(gone.is_err_and(|e| e.is_not_found()));
        let gone = repository
            .notification(&created.uuid)?
            .reset_failures()
            .await;
        assert!(gone.is_err_and(|e| e.is_not_found()));
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn creates_a_notification_for_the_web_ui() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let owners = NotifiedPrincipal::new(PrincipalKind::Team, "owners").org(organization.name());
        let target = NotificationTarget::QuayNotification(UserTarget::new(owners));
        let body = CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        );
        let created = repository.notifications().create(body).await?;
        let NotificationTarget::QuayNotification(user) = &created.target else {
            panic!("{:?}", created.target)
        };
        assert_eq!(user.target.name, "owners");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn unknown_event_or_method_is_a_server_error() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let path = format!("/api/v1/repository/{}/notification/", repository.name());
        let create = async |event: &str, method: &str| {
            let body = serde_json::json!({
                "event": event,
                "method": method,
                "eventConfig": {},
                "config": { "url": "http://hooks.example.test/" },
            });
            context
                .quay()
                .request("POST", path.clone())?
                .json(&body)
                .send_bytes()
                .await
        };
        assert_error(
            create("nosuch", "webhook").await,
            500,
            ErrorKind::Server,
            "Internal Server Error",
        );
        assert_error(
            create("repo_push", "nosuch").await,
            500,
            ErrorKind::Server,
            "Internal Server Error",
        );
        assert_eq!(repository.notifications().list().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn refuses_an_incomplete_target() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let nobody = NotifiedPrincipal::new(PrincipalKind::User, context.name("stranger"));
        let target = NotificationTarget::QuayNotification(UserTarget::new(nobody));
        let body = CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        );
        assert_error(
            repository.notifications().create(body).await,
            400,
            ErrorKind::NotFound,
            "Unknown user",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn creates_reads_and_deletes_a_notification_of_an_organization() {
    scenario(async |context| {
        context.requires(&["createOrgNotification"]).await?;
        let organization = context.organization("org").await?;
        let notifications = organization.notifications();
        assert_eq!(notifications.list().await?, []);
        let created = notifications
            .create(webhook(NotificationEvent::QuotaWarning))
            .await?;
        assert_eq!(
            (&created.event, created.title.as_deref()),
            (&NotificationEvent::QuotaWarning, Some("Hook"))
        );
        assert_eq!(
            organization.notification(&created.uuid)?.get().await?,
            created
        );
        assert_eq!(notifications.list().await?, std::slice::from_ref(&created));
        organization
            .notification(&created.uuid)?
            .reset_failures()
            .await?;
        organization.notification(&created.uuid)?.delete().await?;
        assert_eq!(
            organization.notification(&created.uuid)?.get_opt().await?,
            None
        );
        assert_error(
            organization.notification(&created.uuid)?.delete().await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        let pushes = notifications
            .create(webhook(NotificationEvent::RepoPush))
            .await;
        assert_error(
            pushes,
            400,
            ErrorKind::InvalidRequest,
            "Invalid event 'repo_push'",
        );
        Ok(())
    })
    .await;
}
