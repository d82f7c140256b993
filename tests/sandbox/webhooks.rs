//! Webhooks that the sandbox posts, and the types of their bodies.

use super::acme;
use crate::webhook_receiver::{Received, WebhookReceiver};
use quay_api::Result;
use quay_api::testing::seed::{
    Mirror, Package, Repository, Scan, Seed, Tag, Trigger, Vulnerability,
};
use quay_api::testing::{Sandbox, WebhookAttempt};
use quay_api::types::{
    CreateNotification, EventNumber, Notification, NotificationEvent, NotificationEventConfig,
    Severity, TriggerService,
};
use quay_api::webhook::{Detected, Event, Receiver};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::net::Ipv4Addr;
use std::time::Duration;

const SECRET: &str = "9d1c7f3e5b8a4260";
const HOST: &str = "hooks.example.test";

const RECORDINGS: &str = include_str!("../../src/testing/recordings/webhooks.jsonl");

/// The events of repositories.
const OF_REPOSITORIES: [NotificationEvent; 11] = [
    NotificationEvent::RepoPush,
    NotificationEvent::BuildQueued,
    NotificationEvent::BuildStart,
    NotificationEvent::BuildSuccess,
    NotificationEvent::BuildCancelled,
    NotificationEvent::BuildFailure,
    NotificationEvent::VulnerabilityFound,
    NotificationEvent::RepoMirrorSyncStarted,
    NotificationEvent::RepoMirrorSyncSuccess,
    NotificationEvent::RepoMirrorSyncFailed,
    NotificationEvent::RepoImageExpiry,
];

const OF_NAMESPACES: [NotificationEvent; 2] = [
    NotificationEvent::QuotaWarning,
    NotificationEvent::QuotaError,
];

/// A sandbox and the receiver of its webhooks.
struct Setup {
    sandbox: Sandbox,
    server: WebhookReceiver,
    receiver: Receiver,
}

impl Setup {
    /// A sandbox with a mirrored repository and one that has a trigger.
    async fn start() -> Result<Self> {
        let sandbox = acme().await?;
        let mirrored = Repository::new("acme/mirrored")
            .mirror(Mirror::new("quay.example.com/acme/web", "acme+ci").tags("v1*"));
        let built = Repository::new("acme/built")
            .trigger(Trigger::new(TriggerService::Gitlab, "acme/built"));
        sandbox.seed(&Seed::new().repository(mirrored).repository(built))?;
        let server = WebhookReceiver::start(Ipv4Addr::LOCALHOST)
            .await
            .expect("a free port");
        sandbox.resolve(HOST, server.address());
        Ok(Self {
            sandbox,
            server,
            receiver: Receiver::new(&format!("http://{HOST}/quay"), SECRET)?,
        })
    }

    /// Sends a request to the API.
    async fn send(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let path = format!("/api/v1{path}");
        let mut request = self.sandbox.quay().request(method, path)?;
        if !body.is_null() {
            request = request.json(&body);
        }
        let body = request.send_bytes().await?;
        Ok(serde_json::from_slice(&body).unwrap_or_default())
    }

    async fn post(&self, path: &str) -> Result<Value> {
        self.send("POST", path, json!({})).await
    }

    fn webhook(&self, event: &NotificationEvent) -> CreateNotification {
        let mut notification = self.receiver.notification(event.clone());
        if *event == NotificationEvent::RepoImageExpiry {
            let days = EventNumber::Number(30);
            notification.event_config = NotificationEventConfig::new().days(days);
        }
        notification
    }

    /// Creates a notification of a repository.
    async fn notify(&self, repository: &str, webhook: CreateNotification) -> Result<Notification> {
        let repository = self.sandbox.quay().repository(repository)?;
        repository.notifications().create(webhook).await
    }

    /// Creates a notification of each event of a repository.
    async fn notify_of_everything(&self, repository: &str) -> Result<()> {
        for event in OF_REPOSITORIES {
            self.notify(repository, self.webhook(&event)).await?;
        }
        Ok(())
    }

    /// Queues a test of a notification of a repository.
    async fn test(&self, repository: &str, notification: &Notification) -> Result<()> {
        let uuid = &notification.uuid;
        let path = format!("/repository/{repository}/notification/{uuid}/test");
        self.post(&path).await.map(drop)
    }

    /// Returns how often a notification of a repository has failed.
    async fn failures(&self, repository: &str, notification: &Notification) -> Result<i64> {
        let uuid = &notification.uuid;
        let path = format!("/repository/{repository}/notification/{uuid}");
        let row = self.send("GET", &path, Value::Null).await?;
        Ok(row["number_of_failures"].as_i64().unwrap_or(-1))
    }

    /// Waits for all webhooks, and returns the events that have arrived since the last call.
    async fn events(&mut self) -> Result<Vec<Event>> {
        self.sandbox.webhooks().await?;
        let received = self.server.received();
        let receive = |r: &Received| self.receiver.receive(&r.path_and_query, &r.body);
        received.iter().map(receive).collect()
    }

    async fn kinds(&mut self) -> Result<Vec<String>> {
        let events = self.events().await?;
        Ok(events
            .iter()
            .map(|event| event.kind().to_string())
            .collect())
    }
}

/// Returns true if every value of the body is in what the event serializes as; null is the same as
/// missing, and numbers are compared as numbers.
fn is_kept(body: &Value, ours: &Value) -> bool {
    match (body, ours) {
        (Value::Object(body), Value::Object(ours)) => body
            .iter()
            .all(|(name, value)| is_kept(value, ours.get(name).unwrap_or(&Value::Null))),
        (Value::Array(body), Value::Array(ours)) => {
            body.len() == ours.len() && body.iter().zip(ours).all(|(a, b)| is_kept(a, b))
        }
        (Value::Number(body), Value::Number(ours)) => body.as_f64() == ours.as_f64(),
        _ => body == ours,
    }
}

/// Parses a body as its event, and checks that nothing is lost and that detection agrees.
#[track_caller]
fn assert_lossless(kind: &NotificationEvent, body: &Value) {
    let text = body.to_string();
    let event = Event::parse(kind.clone(), text.as_bytes())
        .unwrap_or_else(|error| panic!("{kind} {text}: {error}"));
    assert_eq!(&event.kind(), kind);
    assert!(!matches!(event, Event::Other(_)), "{kind}");
    let ours = serde_json::to_value(&event).expect("it serializes");
    assert!(is_kept(body, &ours), "{kind}\nbody {body}\nkept {ours}");
    assert_eq!(event.namespace(), body["namespace"].as_str());
    assert_eq!(event.repository(), body["repository"].as_str());
    match Event::detect(text.as_bytes()) {
        Ok(Detected::Certain(detected)) => assert_eq!(*detected, event),
        Ok(Detected::Ambiguous(candidates)) => {
            assert!(
                candidates.len() > 1 && candidates.contains(kind),
                "{kind}: {candidates:?}"
            );
        }
        other => panic!("{kind} {text}: {other:?}"),
    }
}

/// The recorded webhooks: event, source and body.
fn recordings() -> Vec<(NotificationEvent, String, Value)> {
    let line = |line: &str| {
        let recorded: Value = serde_json::from_str(line).expect("a line of JSON");
        let text = |name: &str| recorded[name].as_str().unwrap_or_default().to_owned();
        (
            text("event").into(),
            text("source"),
            recorded["body"].clone(),
        )
    };
    RECORDINGS.lines().map(line).collect()
}

/// Lets everything happen that makes a webhook, and every test call; returns what was posted.
async fn everything_of_a_sandbox() -> Result<Vec<WebhookAttempt>> {
    let setup = Setup::start().await?;
    for repository in ["acme/web", "acme/mirrored", "acme/built"] {
        setup.notify_of_everything(repository).await?;
    }
    for event in OF_REPOSITORIES.iter().chain(&OF_NAMESPACES) {
        let test = setup.notify("acme/team/hidden", setup.webhook(event)).await;
        // The client does not create those that would never come.
        if let Ok(notification) = test {
            setup.test("acme/team/hidden", &notification).await?;
        }
    }
    let organization = setup.sandbox.quay().organization("acme")?.notifications();
    for event in OF_NAMESPACES {
        let notification = organization.create(setup.webhook(&event)).await?;
        let path = format!(
            "/organization/acme/notifications/{}/test",
            notification.uuid
        );
        setup.post(&path).await?;
    }

    // A push whose scan finds something, and which reaches a limit of a quota.
    let quota = json!({"limit_bytes": 5_000});
    setup
        .send("POST", "/organization/acme/quota", quota)
        .await?;
    let quotas = setup
        .send("GET", "/organization/acme/quota", Value::Null)
        .await?;
    let limits = format!("/organization/acme/quota/{}/limit", quotas[0]["id"]);
    let warning = json!({"type": "Warning", "threshold_percent": 60});
    setup.send("POST", &limits, warning).await?;
    let reject = json!({"type": "Reject", "threshold_percent": 100});
    setup.send("POST", &limits, reject).await?;
    let found = Vulnerability::new("CVE-2024-3094", Severity::Critical)
        .description("A back door.")
        .fixed_by("5.6.1+really5.4.5");
    let scan = Scan::done().package(Package::new("xz", "5.6.0").vulnerability(found));
    setup
        .sandbox
        .push("acme/web", &Tag::new("v3", 3_000).scan(scan))?;

    // Builds, of which one is cancelled, and one of a trigger.
    let archive = json!({"archive_url": "https://example.com/a.tar.gz"});
    setup
        .send("POST", "/repository/acme/web/build/", archive.clone())
        .await?;
    let cancelled = setup
        .send("POST", "/repository/acme/web/build/", archive)
        .await?;
    let build = format!(
        "/repository/acme/web/build/{}",
        cancelled["id"].as_str().unwrap_or("")
    );
    setup.send("DELETE", &build, Value::Null).await?;
    let triggers = setup
        .send("GET", "/repository/acme/built/trigger/", Value::Null)
        .await?;
    let trigger = triggers["triggers"][0]["id"].as_str().unwrap_or_default();
    let start = format!("/repository/acme/built/trigger/{trigger}/start");
    setup
        .send("POST", &start, json!({"branch_name": "main"}))
        .await?;

    // A synchronization that is cancelled, and one that succeeds.
    setup
        .post("/repository/acme/mirrored/mirror/sync-now")
        .await?;
    setup.sandbox.clock().advance(Duration::from_secs(61));
    setup
        .post("/repository/acme/mirrored/mirror/sync-cancel")
        .await?;
    setup
        .post("/repository/acme/mirrored/mirror/sync-now")
        .await?;
    setup.sandbox.clock().advance(Duration::from_secs(121));

    let expiration = setup.sandbox.clock().now().unix_seconds() + 86_400;
    let expiration = json!({"expiration": expiration});
    setup
        .send("PUT", "/repository/acme/web/tag/v1", expiration)
        .await?;
    setup.sandbox.webhooks().await
}

/// Every webhook that was recorded, and every one that the sandbox posts, is read without loss; both
/// are of every event, and have the same fields.
#[tokio::test]
async fn recorded_and_sandbox_webhooks_are_read_without_loss() -> Result<()> {
    let all: BTreeSet<NotificationEvent> =
        OF_REPOSITORIES.into_iter().chain(OF_NAMESPACES).collect();
    let recorded = recordings();
    let attempts = everything_of_a_sandbox().await?;
    let mut lossless = 0;
    for (event, _, body) in &recorded {
        assert_lossless(event, body);
        lossless += 1;
    }
    for attempt in &attempts {
        assert!(attempt.is_delivered(), "{attempt:?}");
        assert_lossless(attempt.event(), attempt.body());
        lossless += 1;
    }
    println!(
        "webhooks={} lossless={lossless} (recorded {}, of the sandbox {})",
        recorded.len() + attempts.len(),
        recorded.len(),
        attempts.len()
    );
    let kinds = |events: Vec<&NotificationEvent>| events.into_iter().cloned().collect();
    let of_recordings: BTreeSet<_> = kinds(recorded.iter().map(|(event, ..)| event).collect());
    assert_eq!(of_recordings, all);
    let of_sandbox: BTreeSet<_> = kinds(attempts.iter().map(WebhookAttempt::event).collect());
    assert_eq!(of_sandbox, all);

    // A test call and a real event of the sandbox have the fields that those of a server have.
    let fields = |body: &Value| -> BTreeSet<String> {
        body.as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect()
    };
    for (event, source, body) in &recorded {
        let of_event = || attempts.iter().filter(|attempt| attempt.event() == event);
        let is_same = of_event().any(|attempt| fields(attempt.body()) == fields(body));
        let ours: Vec<_> = of_event().map(|attempt| fields(attempt.body())).collect();
        assert!(
            is_same,
            "{event} {source}: {:?} is none of {ours:?}",
            fields(body)
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_push_arrives_as_quay_sends_it() -> Result<()> {
    let mut setup = Setup::start().await?;
    setup
        .notify("acme/web", setup.webhook(&NotificationEvent::RepoPush))
        .await?;
    setup.sandbox.push("acme/web", &Tag::new("v3", 3_000))?;
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
    // Other repositories and other events are not told of.
    setup
        .sandbox
        .push("acme/team/hidden", &Tag::new("v3", 3_000))?;
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
    setup.sandbox.push("acme/web", &Tag::new("v3", 3_000))?;
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
        webhook.target =
            quay_api::types::NotificationTarget::Webhook(quay_api::types::WebhookTarget::new(url));
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
    let mut addresses: Vec<std::net::IpAddr> = vec![std::net::Ipv6Addr::LOCALHOST.into()];
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
        sandbox.push("acme/web", &Tag::new("v3", 3_000))?;
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
    serious.event_config = NotificationEventConfig::new().level(EventNumber::Text("1".to_owned()));
    let serious = setup.notify("acme/built", serious).await?;
    // Tests are filtered as well: their branch is another one, their severity is that of the filter.
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
        let span = Duration::from_secs(days * super::DAY);
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
            .push("acme/web", &Tag::new(tag, 100).ends(end))?;
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
            setup
                .sandbox
                .clock()
                .advance(Duration::from_secs(40 * super::DAY));
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
    // 4,000 bytes are there: a new limit below that is told of at once, one above it is not.
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
    setup.sandbox.push("acme/web", &Tag::new("a", 2_000))?;
    assert_eq!(percents(setup.events().await?), event("quota_warning", 50));
    setup.sandbox.push("acme/web", &Tag::new("b", 100))?;
    assert_eq!(percents(setup.events().await?), []);
    setup.sandbox.push("acme/web", &Tag::new("c", 5_000))?;
    assert_eq!(percents(setup.events().await?), event("quota_error", 90));
    setup
        .sandbox
        .clock()
        .advance(Duration::from_secs(super::DAY + 1));
    setup.sandbox.push("acme/web", &Tag::new("d", 100))?;
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
    assert_eq!(super::error_of(refused).2, "Empty expression found");
    setup.sandbox.push("acme/web", &Tag::new("v3", 3_000))?;
    let attempt = setup.sandbox.webhooks().await?.pop().expect("an attempt");
    assert_eq!(
        attempt.body(),
        &json!({"text": "acme/web: ['v3']", "tags": ["v3"]})
    );
    let received = setup.server.received().pop().expect("a webhook");
    let event = setup
        .receiver
        .receive(&received.path_and_query, &received.body);
    assert!(super::error_of(event).2.contains("missing field"));
    Ok(())
}
