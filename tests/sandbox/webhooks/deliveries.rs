//! Posting, counting of failures, and filters of events.

use super::{OF_NAMESPACES, SECRET, Setup};
use crate::webhook_receiver::WebhookReceiver;
use crate::{DAY, acme, error_of};
use quay_api::Result;
use quay_api::testing::seed::TagSeed;
use quay_api::types::{
    NotificationEvent, NotificationEventConfig, NotificationTarget, Severity, WebhookTarget,
};
use quay_api::webhook::{Event, Receiver};
use serde_json::{Value, json};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

#[tokio::test]
async fn a_push_arrives_as_quay_sends_it() -> Result<()> {
    let mut setup = Setup::start().await?;
    setup
        .notify("acme/web", setup.webhook(&NotificationEvent::RepoPush))
        .await?;
    setup.sandbox.push("acme/web", &TagSeed::new("v3", 3_000))?;
    // Nothing has to be called for it.
    let received = setup.server.next().await.expect("a webhook");
    assert_eq!(received.method, "POST");
    assert_eq!(
        received.path_and_query,
        format!("/quay?event=repo_push&secret={SECRET}")
    );
    let header = |name: &str| {
        received
            .headers
            .get(name)
            .map(|v| v.to_str().unwrap_or_default())
    };
    assert_eq!(header("content-type"), Some("application/json"));
    assert_eq!(header("accept"), Some("*/*"));
    assert!(header("user-agent").is_some_and(|agent| agent.starts_with("python-requests/")));
    let event = setup
        .receiver
        .receive(&received.path_and_query, &received.body)?;
    let Event::RepoPush(push) = event else {
        panic!("{event:?}")
    };
    let host = setup
        .sandbox
        .quay()
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    assert_eq!(push.updated_tags, ["v3"]);
    assert_eq!(push.docker_url, Some(format!("{host}/acme/web")));
    assert_eq!(
        push.homepage,
        Some(format!("http://{host}/repository/acme/web"))
    );
    // Other repositories and other events cause no webhook.
    setup
        .sandbox
        .push("acme/team/hidden", &TagSeed::new("v3", 3_000))?;
    assert!(setup.kinds().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn failures_are_counted_until_the_notification_is_disabled() -> Result<()> {
    let mut setup = Setup::start().await?;
    let webhook = setup.webhook(&NotificationEvent::RepoPush);
    let notification = setup.notify("acme/web", webhook).await?;
    let half_a_minute = Duration::from_secs(30);
    setup.server.respond(500);
    setup.test("acme/web", &notification).await?;
    // The same event is attempted again half a minute later, and no more after three failures.
    for failures in [1, 2, 3, 3, 3] {
        let attempts = setup.sandbox.webhooks().await?;
        assert_eq!(setup.failures("acme/web", &notification).await?, failures);
        assert_eq!(attempts.len() as i64, failures);
        assert_eq!(attempts[0].status(), Some(500));
        setup.sandbox.clock().advance(half_a_minute);
    }
    // Disabled: a push is not sent either.
    setup.server.respond(204);
    setup.server.received();
    setup.sandbox.push("acme/web", &TagSeed::new("v3", 3_000))?;
    assert!(setup.kinds().await?.is_empty());
    let reset = format!("/repository/acme/web/notification/{}", notification.uuid);
    setup.post(&reset).await?;
    assert_eq!(setup.failures("acme/web", &notification).await?, 0);
    // Any 2xx counts as delivered, and forgets the failures before it.
    setup.server.respond(302);
    setup.test("acme/web", &notification).await?;
    setup.sandbox.webhooks().await?;
    assert_eq!(setup.failures("acme/web", &notification).await?, 1);
    setup.server.respond(204);
    setup.sandbox.clock().advance(half_a_minute);
    assert_eq!(setup.kinds().await?, ["repo_push", "repo_push"]);
    assert_eq!(setup.failures("acme/web", &notification).await?, 0);
    Ok(())
}

#[tokio::test]
async fn nothing_leaves_the_machine() -> Result<()> {
    let mut setup = Setup::start().await?;
    for (url, reason) in [
        (
            "http://elsewhere.example.com/hook?secret=hunter2",
            "no address of the host `elsewhere.example.com`",
        ),
        (
            "http://192.0.2.7/hook?secret=hunter2",
            "not one of this machine",
        ),
        (
            "https://[2001:db8::7]/hook?secret=hunter2",
            "not one of this machine",
        ),
    ] {
        let mut webhook = setup.webhook(&NotificationEvent::RepoPush);
        webhook.target = NotificationTarget::Webhook(WebhookTarget::new(url));
        assert!(!format!("{webhook:?}").contains("hunter2"));
        let notification = setup.notify("acme/web", webhook).await?;
        setup.test("acme/web", &notification).await?;
        let attempt = setup.sandbox.webhooks().await?.pop().expect("an attempt");
        assert!(
            attempt.error().is_some_and(|e| e.contains(reason)),
            "{attempt:?}"
        );
        assert!(!format!("{attempt:?}").contains("hunter2"));
        assert_eq!(attempt.url().expose(), url);
        assert_eq!(setup.failures("acme/web", &notification).await?, 1);
    }
    // A redirect does not either; one on this machine is followed.
    let webhook = setup.webhook(&NotificationEvent::RepoPush);
    let notification = setup.notify("acme/built", webhook).await?;
    setup.server.redirect("http://elsewhere.example.com/");
    setup.test("acme/built", &notification).await?;
    let attempt = setup.sandbox.webhooks().await?.pop().expect("an attempt");
    assert_eq!(attempt.status(), None, "{attempt:?}");
    setup.server.received();
    setup.server.redirect("/elsewhere");
    setup.test("acme/built", &notification).await?;
    let attempt = setup.sandbox.webhooks().await?.pop().expect("an attempt");
    assert!(attempt.is_delivered(), "{attempt:?}");
    let paths: Vec<_> = setup
        .server
        .received()
        .into_iter()
        .map(|r| (r.method, r.path_and_query))
        .collect();
    assert_eq!(paths[1], ("GET".to_owned(), "/elsewhere".to_owned()));
    Ok(())
}

/// The addresses of the same machine that a server does not refuse.
#[tokio::test]
async fn other_loopback_addresses_are_posted_to() -> Result<()> {
    let sandbox = acme().await?;
    let mut addresses: Vec<IpAddr> = vec![Ipv6Addr::LOCALHOST.into()];
    if cfg!(target_os = "linux") {
        addresses.push(Ipv4Addr::new(127, 0, 0, 2).into());
    }
    for address in addresses {
        // A machine may have no IPv6.
        let Ok(mut server) = WebhookReceiver::start(address).await else {
            continue;
        };
        let receiver = Receiver::new(&format!("http://{}/", server.address()), SECRET)?;
        let notifications = sandbox.quay().repository("acme/web")?.notifications();
        notifications
            .create(receiver.notification(NotificationEvent::RepoPush))
            .await?;
        sandbox.push("acme/web", &TagSeed::new("v3", 3_000))?;
        let received = server.next().await.expect("a webhook");
        receiver.receive(&received.path_and_query, &received.body)?;
    }
    assert!(Receiver::new("http://127.0.0.1:8080/", SECRET).is_err());
    Ok(())
}

#[tokio::test]
async fn settings_of_a_notification_filter_events() -> Result<()> {
    let mut setup = Setup::start().await?;
    let mut builds = setup.webhook(&NotificationEvent::BuildQueued);
    builds.event_config = NotificationEventConfig::new().ref_regex("refs/heads/release-");
    let builds = setup.notify("acme/built", builds).await?;
    let mut serious = setup.webhook(&NotificationEvent::VulnerabilityFound);
    serious.event_config = NotificationEventConfig::new().level("1");
    let serious = setup.notify("acme/built", serious).await?;
    // Tests are filtered as well: their branch is another one, their severity is that of the
    // filter.
    setup.test("acme/built", &builds).await?;
    setup.test("acme/built", &serious).await?;
    let events = setup.events().await?;
    let [Event::VulnerabilityFound(found)] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(found.vulnerability.priority, Some(Severity::High));
    let triggers = setup
        .send("GET", "/repository/acme/built/trigger/", Value::Null)
        .await?;
    let trigger = triggers["triggers"][0]["id"].as_str().unwrap_or_default();
    let start = format!("/repository/acme/built/trigger/{trigger}/start");
    for branch in ["main", "release-2"] {
        setup
            .send("POST", &start, json!({"branch_name": branch}))
            .await?;
    }
    let events = setup.events().await?;
    let [Event::BuildQueued(build)] = events.as_slice() else {
        panic!("{events:?}")
    };
    let metadata = build.trigger_metadata.as_ref().expect("of a trigger");
    assert_eq!(metadata.ref_.as_deref(), Some("refs/heads/release-2"));
    Ok(())
}

#[tokio::test]
async fn each_expiring_tag_is_told_of_once() -> Result<()> {
    let mut setup = Setup::start().await?;
    let expiry = setup
        .notify(
            "acme/web",
            setup.webhook(&NotificationEvent::RepoImageExpiry),
        )
        .await?;
    let end = |days: u64| {
        let span = Duration::from_secs(days * DAY);
        setup
            .sandbox
            .clock()
            .now()
            .checked_add(span)
            .expect("a date")
    };
    let tags = [("soon", end(7)), ("later", end(60))];
    for (tag, end) in tags {
        setup
            .sandbox
            .push("acme/web", &TagSeed::new(tag, 100).ends(end))?;
    }
    for expected in [vec!["soon"], vec![], vec!["later"], vec![]] {
        let events = setup.events().await?;
        let tags: Vec<String> = events
            .into_iter()
            .flat_map(|event| match event {
                Event::RepoImageExpiry(found) => {
                    assert_eq!(found.days(), Some(30));
                    assert_eq!(found.notification_uuid.as_ref(), Some(&expiry.uuid));
                    found.tags
                }
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(tags, expected);
        if expected.is_empty() {
            setup.sandbox.clock().advance(Duration::from_secs(40 * DAY));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_limit_of_a_quota_is_told_of_once_a_day() -> Result<()> {
    let mut setup = Setup::start().await?;
    let organization = setup.sandbox.quay().organization("acme")?.notifications();
    for event in OF_NAMESPACES {
        organization.create(setup.webhook(&event)).await?;
    }
    setup
        .send(
            "POST",
            "/organization/acme/quota",
            json!({"limit_bytes": 10_000}),
        )
        .await?;
    let quotas = setup
        .send("GET", "/organization/acme/quota", Value::Null)
        .await?;
    let limits = format!("/organization/acme/quota/{}/limit", quotas[0]["id"]);
    // 4,000 bytes are used: a new limit below that causes a webhook immediately, one above it does
    // not.
    for (kind, percent) in [("Warning", 30), ("Warning", 50), ("Reject", 90)] {
        let limit = json!({"type": kind, "threshold_percent": percent});
        setup.send("POST", &limits, limit).await?;
    }
    let percents = |events: Vec<Event>| -> Vec<(String, i64)> {
        let percent = |event: &Event| match event {
            Event::QuotaWarning(quota) | Event::QuotaError(quota) => quota.threshold_percent,
            other => panic!("{other:?}"),
        };
        events
            .iter()
            .map(|event| (event.kind().to_string(), percent(event)))
            .collect()
    };
    let event = |kind: &str, percent| vec![(kind.to_owned(), percent)];
    assert_eq!(percents(setup.events().await?), event("quota_warning", 30));
    setup.sandbox.push("acme/web", &TagSeed::new("a", 2_000))?;
    assert_eq!(percents(setup.events().await?), event("quota_warning", 50));
    setup.sandbox.push("acme/web", &TagSeed::new("b", 100))?;
    assert_eq!(percents(setup.events().await?), []);
    setup.sandbox.push("acme/web", &TagSeed::new("c", 5_000))?;
    assert_eq!(percents(setup.events().await?), event("quota_error", 90));
    setup.sandbox.clock().advance(Duration::from_secs(DAY + 1));
    setup.sandbox.push("acme/web", &TagSeed::new("d", 100))?;
    assert_eq!(percents(setup.events().await?), event("quota_error", 90));
    Ok(())
}

#[tokio::test]
async fn a_template_rewrites_the_body() -> Result<()> {
    let mut setup = Setup::start().await?;
    let webhook = |template: &str| {
        let url = setup.receiver.url(&NotificationEvent::RepoPush);
        json!({
            "event": "repo_push", "method": "webhook", "eventConfig": {},
            "config": {"url": url.expose(), "template": template},
        })
    };
    let template =
        webhook(r#"{"text": "${repository}: ${updated_tags}", "tags": "${updated_tags}"}"#);
    setup
        .send("POST", "/repository/acme/web/notification/", template)
        .await?;
    let refused = setup
        .send(
            "POST",
            "/repository/acme/web/notification/",
            webhook(r#""${}""#),
        )
        .await;
    assert_eq!(error_of(refused).2, "Empty expression found");
    setup.sandbox.push("acme/web", &TagSeed::new("v3", 3_000))?;
    let attempt = setup.sandbox.webhooks().await?.pop().expect("an attempt");
    assert_eq!(
        attempt.body(),
        &json!({"text": "acme/web: ['v3']", "tags": ["v3"]})
    );
    let received = setup.server.received().pop().expect("a webhook");
    let event = setup
        .receiver
        .receive(&received.path_and_query, &received.body);
    assert!(error_of(event).2.contains("missing field"));
    Ok(())
}
