//! Webhooks: their targets, settings and events.

use crate::context::{assert_status, scenario, skip};
use crate::webhook_receiver::WebhookReceiver;
use quay_api::types::NotificationEvent;
use quay_api::webhook::{Event, Receiver};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

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
        // The server recognizes no other names for its own machine, and checks no other method.
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

/// The environment variable with the address at which a real server reaches this machine.
const ADDRESS: &str = "QUAY_WEBHOOK_ADDRESS";

/// A real server posts every ten seconds, if its worker of notifications runs.
#[tokio::test]
async fn a_push_and_a_test_call_post_webhooks() {
    scenario(async |context| {
        let address = match std::env::var(ADDRESS) {
            Ok(address) if context.is_real() => address.parse().expect("an IP address"),
            _ if context.is_real() => {
                return skip(format!(
                    "{ADDRESS} is not set: the address at which the server reaches this machine"
                ));
            }
            // Linux has more loopback addresses than the one that Quay rejects.
            _ if cfg!(target_os = "linux") => IpAddr::from(Ipv4Addr::new(127, 0, 0, 2)),
            _ => IpAddr::from(std::net::Ipv6Addr::LOCALHOST),
        };
        let mut server = WebhookReceiver::start(address).await.expect("a free port");
        let url = format!("http://{}/hooks/quay?from=scenario", server.address());
        let receiver = Receiver::new(&url, "9d1c7f3e5b8a4260")?;
        let (_, repository) = context.organization_with_repository().await?;
        let pushes = receiver.notification(NotificationEvent::RepoPush);
        let created = repository.notifications().create(pushes).await?;

        context.push(&repository, "v1").await?;
        let received = server.next_within(Duration::from_secs(120)).await;
        let event = receiver.receive(&received.path_and_query, &received.body)?;
        let Event::RepoPush(push) = event else {
            panic!("{event:?}")
        };
        let name = repository.name();
        assert_eq!(push.repository, name.as_str());
        assert_eq!(
            (&*push.namespace, &*push.name),
            (name.namespace(), name.name())
        );
        assert_eq!(push.updated_tags, ["v1"]);
        assert_eq!(push.pruned_image_count, None);
        assert!(
            push.homepage
                .is_some_and(|page| page.ends_with(name.as_str()))
        );
        let agent = received.headers.get("user-agent").expect("a user agent");
        assert!(
            agent
                .to_str()
                .is_ok_and(|agent| agent.starts_with("python-requests/"))
        );

        let path = format!("/repository/{name}/notification/{}/test", created.uuid);
        context.post(&path, json!({})).await?;
        let received = server.next_within(Duration::from_secs(120)).await;
        let event = receiver.receive(&received.path_and_query, &received.body)?;
        let Event::RepoPush(push) = event else {
            panic!("{event:?}")
        };
        assert_eq!(push.updated_tags, ["latest", "foo"]);
        assert_eq!(push.pruned_image_count, Some(3));
        Ok(())
    })
    .await;
}
