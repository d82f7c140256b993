//! What is told when something happens, and to whom.

use crate::context::{refused, scenario};
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
async fn a_notification_of_a_repository_is_made_seen_and_deleted() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let notifications = repository.notifications();
        assert_eq!(notifications.list().await?, []);
        let made = notifications
            .create(webhook(NotificationEvent::RepoPush))
            .await?;
        assert_eq!(
            (made.title.as_deref(), &made.event, made.number_of_failures),
            (Some("Hook"), &NotificationEvent::RepoPush, Some(0))
        );
        let NotificationTarget::Webhook(hook) = &made.target else {
            panic!("{:?}", made.target)
        };
        assert_eq!(hook.url, "http://hooks.example.test/quay");
        assert_eq!(notifications.get(&made.uuid).await?, made);
        assert_eq!(notifications.list().await?, std::slice::from_ref(&made));
        notifications.test(&made.uuid).await?;
        notifications.reset_failures(&made.uuid).await?;
        notifications.delete(&made.uuid).await?;
        assert_eq!(notifications.list().await?, []);
        refused(
            notifications.get(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        assert_eq!(notifications.get_opt(&made.uuid).await?, None);
        refused(
            notifications.delete(&made.uuid).await,
            400,
            ErrorKind::NotFound,
            "No repository notification found",
        );
        assert!(!notifications.delete_if_exists(&made.uuid).await?);
        refused(
            notifications.test(&made.uuid).await,
            400,
            ErrorKind::NotFound,
            "No repository notification found",
        );
        refused(
            notifications.reset_failures(&made.uuid).await,
            400,
            ErrorKind::NotFound,
            "No repository notification found",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn somebody_of_the_server_is_told() {
    scenario(async |context| {
        let (organization, repository) = context.stage().await?;
        let owners = NotifiedPrincipal::new(PrincipalKind::Team, "owners").org(organization.name());
        let target = NotificationTarget::QuayNotification(UserTarget::new(owners));
        let body = CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        );
        let made = repository.notifications().create(body).await?;
        let NotificationTarget::QuayNotification(user) = &made.target else {
            panic!("{:?}", made.target)
        };
        assert_eq!(user.target.name, "owners");
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn an_unknown_event_or_method_is_too_much_for_the_server() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let path = format!("/api/v1/repository/{}/notification/", repository.name());
        let create = async |event: &str, method: &str| {
            let body = serde_json::json!({ "event": event, "method": method, "eventConfig": {}, "config": { "url": "http://hooks.example.test/" } });
            context.quay().request("POST", path.clone())?.json(&body).send_bytes().await
        };
        refused(create("nosuch", "webhook").await, 500, ErrorKind::Server, "Internal Server Error");
        refused(create("repo_push", "nosuch").await, 500, ErrorKind::Server, "Internal Server Error");
        assert_eq!(repository.notifications().list().await?, []);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn a_target_that_lacks_something_is_refused() {
    scenario(async |context| {
        let (_, repository) = context.stage().await?;
        let nobody = NotifiedPrincipal::new(PrincipalKind::User, context.name("stranger"));
        let target = NotificationTarget::QuayNotification(UserTarget::new(nobody));
        let body = CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            target,
        );
        refused(
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
async fn a_notification_of_an_organization_is_made_seen_and_deleted() {
    scenario(async |context| {
        let notifications = context.organization("org").await?.notifications();
        assert_eq!(notifications.list().await?, []);
        let made = notifications
            .create(webhook(NotificationEvent::QuotaWarning))
            .await?;
        assert_eq!(
            (&made.event, made.title.as_deref()),
            (&NotificationEvent::QuotaWarning, Some("Hook"))
        );
        assert_eq!(notifications.get(&made.uuid).await?, made);
        assert_eq!(notifications.list().await?, std::slice::from_ref(&made));
        notifications.reset_failures(&made.uuid).await?;
        notifications.delete(&made.uuid).await?;
        assert_eq!(notifications.get_opt(&made.uuid).await?, None);
        refused(
            notifications.delete(&made.uuid).await,
            404,
            ErrorKind::NotFound,
            "Not Found",
        );
        let pushes = notifications
            .create(webhook(NotificationEvent::RepoPush))
            .await;
        refused(
            pushes,
            400,
            ErrorKind::InvalidRequest,
            "Invalid event 'repo_push'",
        );
        Ok(())
    })
    .await;
}
