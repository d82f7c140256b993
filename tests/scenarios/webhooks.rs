//! Where a notification may be sent.

use crate::context::{assert_status, scenario};
use serde_json::{Value, json};

fn notification(event: &str, method: &str, config: Value) -> Value {
    json!({"event": event, "method": method, "config": config, "eventConfig": {}})
}

#[tokio::test]
async fn refuses_webhooks_to_the_servers_own_machine() {
    scenario(async |context| {
        let (organization, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}/notification/", repository.name());
        for url in [
            "http://localhost/",
            "https://127.0.0.1:8443/hook",
            "http://LOCALHOST/",
            "http://user:password@localhost/",
            "ftp://hooks.example.com/",
            "hooks.example.com",
        ] {
            let body = notification("repo_push", "webhook", json!({"url": url}));
            assert_status(context.post(&path, body).await, 400, "Invalid webhook URL");
        }
        if context.lacks("createOrgNotification").await?.is_none() {
            let path = format!("/organization/{}/notifications", organization.name());
            let config = json!({"url": "http://localhost/"});
            let body = notification("quota_warning", "webhook", config);
            assert_status(context.post(path, body).await, 400, "Invalid webhook URL");
        }
        // It knows no other names of its own, and looks at no other method.
        for (method, url) in [
            ("webhook", "http://127.0.0.2/"),
            ("webhook", "http://[::1]/"),
            ("webhook", "http://localhost.localdomain/"),
            ("slack", "http://localhost/"),
        ] {
            let body = notification("repo_push", method, json!({"url": url}));
            let created = context.post(&path, body).await?.expect("a notification");
            assert_eq!(created["config"]["url"], url);
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn checks_the_settings_of_a_notification() {
    scenario(async |context| {
        let (_, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}/notification/", repository.name());
        let url = "https://hooks.example.com/";
        for (method, config, status, reason) in [
            ("webhook", json!({}), 400, "Missing webhook URL"),
            ("webhook", json!({"url": null}), 400, "Missing webhook URL"),
            ("webhook", json!({"url": 5}), 500, ""),
            ("webhook", json!({"url": "http://"}), 500, ""),
            (
                "webhook",
                json!({"url": url, "template": "{"}),
                400,
                "Could not parse template",
            ),
            ("quay_notification", json!({}), 400, "Missing target"),
            ("quay_notification", json!({"target": "x"}), 500, ""),
            (
                "quay_notification",
                json!({"target": {"kind": "x", "name": "x"}}),
                500,
                "",
            ),
        ] {
            let created = context
                .post(&path, notification("repo_push", method, config))
                .await;
            assert_status(created, status, reason);
        }
        let mut body = notification("repo_push", "webhook", json!({"url": url}));
        body["title"] = Value::Null;
        assert_status(
            context.post(&path, body).await,
            400,
            "None is not of type 'string'",
        );
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn events_of_namespaces_are_events_of_repositories() {
    scenario(async |context| {
        context
            .requires_release("3.18", "it knows no events of namespaces")
            .await?;
        let (_, repository) = context.organization_with_repository().await?;
        let path = format!("/repository/{}/notification/", repository.name());
        let config = json!({"url": "https://hooks.example.com/"});
        let body = notification("quota_warning", "webhook", config);
        let created = context.post(path, body).await?.expect("a notification");
        assert_eq!(created["event"], "quota_warning");
        Ok(())
    })
    .await;
}
