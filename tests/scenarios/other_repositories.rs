//! Notifications and triggers below the path of another repository. The server searches for them by
//! their identifiers alone; the crate also checks the repository.

use crate::context::{assert_status, scenario};
use quay_api::types::{
    CreateNotification, NotificationEvent, NotificationEventConfig, NotificationTarget,
    WebhookTarget,
};
use serde_json::json;

#[tokio::test]
async fn notification_is_not_found_below_another_repository() {
    scenario(async |context| {
        let (organization, app) = context.organization_with_repository().await?;
        let other = context.repository(&organization, "other").await?;
        let hook = WebhookTarget::new("http://hooks.example.test/quay");
        let request = CreateNotification::new(
            NotificationEvent::RepoPush,
            NotificationEventConfig::new(),
            NotificationTarget::Webhook(hook),
        );
        let created = app.notifications().create(request.clone()).await?;
        assert_eq!(other.notifications().list().await?, []);
        let stray = other.notification(&created.uuid)?;
        assert_eq!(stray.get_opt().await?, None);
        assert!(!stray.delete_if_exists().await?);
        for (what, result) in [
            ("get", stray.get().await.map(drop)),
            ("test", stray.test().await),
            ("reset_failures", stray.reset_failures().await),
            ("replace", stray.replace(request).await.map(drop)),
            ("delete", stray.delete().await),
        ] {
            let error = result.expect_err(what);
            assert!(error.is_not_found(), "{what}: {error:?}");
        }
        assert_eq!(other.notifications().list().await?, []);
        assert_eq!(app.notification(&created.uuid)?.get().await?, created);

        let path = format!("/repository/{}/notification/{}", other.name(), created.uuid);
        let found = context.get(&path).await?;
        assert_eq!(
            found.map(|body| body["uuid"].clone()),
            Some(json!(created.uuid))
        );
        let tested = context.post(format!("{path}/test"), json!({})).await?;
        assert_eq!(tested, Some(json!({})));
        let missing = "No repository notification found";
        assert_status(context.post(&path, json!({})).await, 400, missing);
        assert_status(context.delete(&path).await, 400, missing);
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn trigger_is_not_found_below_another_repository() {
    scenario(async |context| {
        let organization = context.organization("org").await?;
        let other = context.repository(&organization, "other").await?;
        let (app, id) = context
            .repository_with_trigger(&organization, "app")
            .await?;
        let created = app.trigger(&id)?.get().await?;
        assert_eq!(created.id, id);
        assert_eq!(other.triggers().list().await?, []);
        let stray = other.trigger(&id)?;
        assert_eq!(stray.get_opt().await?, None);
        assert!(!stray.delete_if_exists().await?);
        for (what, result) in [
            ("get", stray.get().await.map(drop)),
            ("enable", stray.enable().await.map(drop)),
            ("disable", stray.disable().await.map(drop)),
            ("delete", stray.delete().await),
        ] {
            let error = result.expect_err(what);
            assert!(error.is_not_found(), "{what}: {error:?}");
        }
        assert_eq!(app.trigger(&id)?.get().await?, created);

        // The server reads and deletes it by its identifier.
        let path = format!("/repository/{}/trigger/{id}", other.name());
        let found = context.get(&path).await?;
        assert_eq!(found.map(|body| body["id"].clone()), Some(json!(id)));
        assert_eq!(context.delete(&path).await?, None);
        assert_eq!(app.triggers().list().await?, []);
        assert_eq!(app.trigger(&id)?.get_opt().await?, None);
        Ok(())
    })
    .await;
}
