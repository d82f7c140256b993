//! The types of bodies, compared with recorded webhooks and with those that the sandbox posts.

use super::{OF_NAMESPACES, OF_REPOSITORIES, Setup};
use quay_api::Result;
use quay_api::testing::WebhookAttempt;
use quay_api::testing::seed::{PackageSeed, ScanSeed, TagSeed, VulnerabilitySeed};
use quay_api::types::{NotificationEvent, Severity};
use quay_api::webhook::{Detected, Event};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::time::Duration;

const RECORDINGS: &str = include_str!("../../../src/testing/recordings/webhooks.jsonl");

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

/// Triggers every webhook and every test call, and returns what was posted.
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
    let found = VulnerabilitySeed::new("CVE-2024-3094", Severity::Critical)
        .description("A back door.")
        .fixed_by("5.6.1+really5.4.5");
    let scan = ScanSeed::done().package(PackageSeed::new("xz", "5.6.0").vulnerability(found));
    setup
        .sandbox
        .push("acme/web", &TagSeed::new("v3", 3_000).scan(scan))?;

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

/// Every webhook that was recorded, and every one that the sandbox posts, is read without loss;
/// both are of every event, and have the same fields.
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
