//! The types of webhooks: errors, limits, detection, and the check of secrets.

use quay_api::ErrorKind;
use quay_api::types::NotificationEvent;
use quay_api::webhook::{Detected, Event, MAX_BODY_BYTES, Receiver};
use serde_json::{Value, json};

const SECRET: &str = "9d1c7f3e5b8a4260";

fn body(more: Value) -> Vec<u8> {
    let mut body = json!({"repository": "acme/web", "namespace": "acme", "name": "web"});
    if let (Value::Object(body), Value::Object(more)) = (&mut body, more) {
        body.extend(more);
    }
    body.to_string().into_bytes()
}

#[test]
fn decode_errors_show_positions_and_no_values() {
    use NotificationEvent as E;
    for (event, body, kind, said) in [
        (
            E::RepoPush,
            body(json!({})),
            ErrorKind::InvalidResponse,
            "missing field `updated_tags`",
        ),
        (
            E::RepoPush,
            body(json!({"updated_tags": [7, "hunter2"]})),
            ErrorKind::InvalidResponse,
            "the body of repo_push does not fit its type: at updated_tags[0]: invalid type",
        ),
        (
            E::QuotaError,
            b"{\"namespace\": \"hunter2\", \"threshold_percent\": \"hunter2\"}".to_vec(),
            ErrorKind::InvalidResponse,
            "threshold_percent",
        ),
        (
            E::RepoPush,
            b"hunter2".to_vec(),
            ErrorKind::InvalidResponse,
            "expected value",
        ),
        (
            E::RepoPush,
            b"{\"a\": \"hunter2".to_vec(),
            ErrorKind::InvalidResponse,
            "EOF",
        ),
        (
            E::RepoPush,
            vec![b'"', 0xff, b'"'],
            ErrorKind::InvalidResponse,
            "repo_push",
        ),
        (E::RepoPush, Vec::new(), ErrorKind::InvalidResponse, "EOF"),
        (
            E::RepoPush,
            b"[]".to_vec(),
            ErrorKind::InvalidResponse,
            "expected an object",
        ),
        (
            E::RepoPush,
            [body(json!({"updated_tags": []})), b" {}".to_vec()].concat(),
            ErrorKind::InvalidResponse,
            "trailing characters",
        ),
        (
            E::RepoPush,
            "[".repeat(100_000).into_bytes(),
            ErrorKind::InvalidResponse,
            "repo_push",
        ),
        (
            E::from("new_event"),
            b"hunter2".to_vec(),
            ErrorKind::InvalidResponse,
            "expected value",
        ),
        (
            E::RepoPush,
            vec![b' '; MAX_BODY_BYTES + 1],
            ErrorKind::ResponseTooLarge,
            "at most 4194304 bytes, got 4194305",
        ),
    ] {
        let error = Event::parse(event.clone(), &body).expect_err("it does not fit");
        assert_eq!(error.kind(), kind, "{event}: {error}");
        assert!(error.message().contains(said), "{event}: {error}");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("hunter2"), "{text}");
        }
    }
    let body = body(json!({"updated_tags": [7]}));
    let error = Event::parse(NotificationEvent::RepoPush, &body).expect_err("a number");
    assert_eq!(error.json_path(), Some("updated_tags[0]"));
}

#[test]
fn unknown_events_and_fields_are_tolerated() -> quay_api::Result<()> {
    let sent = body(json!({"updated_tags": null, "new": {"a": [1]}, "docker_url": null}));
    let Event::RepoPush(push) = Event::parse(NotificationEvent::RepoPush, &sent)? else {
        panic!("it has the variant of the event");
    };
    assert!(push.updated_tags.is_empty());
    let event = Event::parse(NotificationEvent::from("repo_pull"), &sent)?;
    assert_eq!(event.kind(), NotificationEvent::from("repo_pull"));
    assert_eq!(
        (event.namespace(), event.repository()),
        (Some("acme"), Some("acme/web"))
    );
    let Event::Other(other) = &event else {
        panic!("{event:?}")
    };
    assert_eq!(other.content()["new"], json!({"a": [1]}));
    assert_eq!(
        serde_json::to_value(&event).ok(),
        serde_json::from_slice(&sent).ok()
    );
    Ok(())
}

/// The date of a commit is a number in test calls, and a string in real events.
#[test]
fn dates_of_commits_are_strings_or_numbers() -> quay_api::Result<()> {
    for date in [
        json!("2026-11-25T19:11:47Z"),
        json!("yesterday"),
        json!(1795633907.5),
    ] {
        let sent = body(json!({
            "build_id": "b", "is_manual": false,
            "trigger_metadata": {"commit_info": {"date": date, "author": {"username": "ada"}}},
        }));
        let event = Event::parse(NotificationEvent::BuildQueued, &sent)?;
        let kept = serde_json::to_value(&event).unwrap_or_default();
        assert_eq!(kept["trigger_metadata"]["commit_info"]["date"], date);
        assert_eq!(
            kept["trigger_metadata"]["commit_info"]["author"]["username"],
            "ada"
        );
    }
    Ok(())
}

#[test]
fn detection_is_certain_only_where_no_other_event_has_the_fields() -> quay_api::Result<()> {
    use NotificationEvent as E;
    let quota =
        json!({"namespace": "acme", "threshold_percent": 80, "usage_bytes": 1, "limit_bytes": 2});
    let build = |more: Value| {
        let mut fields = json!({"build_id": "b"});
        if let (Value::Object(fields), Value::Object(more)) = (&mut fields, more) {
            fields.extend(more);
        }
        body(fields)
    };
    for (sent, candidates) in [
        (body(json!({"updated_tags": []})), vec![E::RepoPush]),
        (
            body(json!({"vulnerability": {"id": "CVE-1"}})),
            vec![E::VulnerabilityFound],
        ),
        (
            body(json!({"tags": [], "expiring_in": "7 days"})),
            vec![E::RepoImageExpiry],
        ),
        (build(json!({"is_manual": true})), vec![E::BuildQueued]),
        (build(json!({"error_message": "no"})), vec![E::BuildFailure]),
        (
            build(json!({"image_id": "i"})),
            vec![E::BuildSuccess, E::BuildCancelled],
        ),
        (
            build(json!({"image_id": null})),
            vec![
                E::BuildStart,
                E::BuildSuccess,
                E::BuildFailure,
                E::BuildCancelled,
            ],
        ),
        (
            body(json!({"message": "m"})),
            vec![
                E::RepoMirrorSyncStarted,
                E::RepoMirrorSyncSuccess,
                E::RepoMirrorSyncFailed,
            ],
        ),
        (
            quota.to_string().into_bytes(),
            vec![E::QuotaWarning, E::QuotaError],
        ),
    ] {
        let text = String::from_utf8_lossy(&sent).into_owned();
        match Event::detect(&sent)? {
            Detected::Certain(event) => assert_eq!(vec![event.kind()], candidates, "{text}"),
            Detected::Ambiguous(found) => assert_eq!(found, candidates, "{text}"),
        }
        for event in candidates {
            Event::parse(event, &sent)?;
        }
    }
    for (sent, said) in [
        (body(json!({})), "no known event"),
        (b"{}".to_vec(), "no known event"),
        (b"[1]".to_vec(), "no known event"),
        (b"hunter2".to_vec(), "a webhook"),
        (body(json!({"updated_tags": "hunter2"})), "repo_push"),
        (
            b"{\"threshold_percent\": 1, \"usage_bytes\": 2}".to_vec(),
            "missing field",
        ),
        (vec![b' '; MAX_BODY_BYTES + 1], "at most"),
    ] {
        let error = Event::detect(&sent).expect_err("it fits no event");
        assert!(error.message().contains(said), "{error}");
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }
    Ok(())
}

#[test]
fn a_receiver_accepts_its_own_urls_only() -> quay_api::Result<()> {
    for base in [
        "https://hooks.example.com",
        "https://hooks.example.com/a%20b/?team=x%26y",
        "http://user:hunter2@hooks.example.com:8080/quay",
        "http://[::1]:8080/",
    ] {
        let secret = "a secret with &=#%+ and ü";
        let receiver = Receiver::new(base, secret)?;
        for event in [
            NotificationEvent::QuotaError,
            NotificationEvent::from("a b&c"),
        ] {
            let url = receiver.url(&event);
            let target = url
                .expose()
                .splitn(4, '/')
                .nth(3)
                .map(|rest| format!("/{rest}"));
            let target = target.unwrap_or_default();
            assert_eq!(receiver.event_of(&target)?, event, "{target}");
            assert_eq!(
                receiver.event_of(&format!(
                    "/behind/a/proxy{}",
                    &target[target.find('?').unwrap_or(0)..]
                ))?,
                event
            );
            let other = Receiver::new(base, SECRET)?;
            assert!(
                other
                    .event_of(&target)
                    .is_err_and(|e| e.is_unauthenticated())
            );
            let debug = format!("{receiver:?} {:?} {:?}", url, receiver.target(&event));
            assert!(
                !debug.contains("secret with") && !debug.contains("hunter2"),
                "{debug}"
            );
        }
    }
    Ok(())
}

#[test]
fn a_receiver_checks_the_secret_first() -> quay_api::Result<()> {
    let receiver = Receiver::new("https://hooks.example.com", SECRET)?
        .accept_old_secret("02c4a6e81b3d5f79")?;
    for old in [SECRET, "02c4a6e81b3d5f79"] {
        let target = format!("/?secret={old}&event=repo_push&event_id=7");
        assert_eq!(receiver.event_of(&target)?, NotificationEvent::RepoPush);
    }
    let long = format!("/?event=repo_push&secret={SECRET}&x={}", "x".repeat(9000));
    let twice = format!("/?event=repo_push&secret={SECRET}&secret=hunter2");
    let twice_event = format!("/?event=repo_push&secret={SECRET}&event=quota_error");
    let no_event = format!("/?secret={SECRET}");
    let empty_event = format!("/?event=&secret={SECRET}");
    for (target, is_unauthenticated) in [
        ("/?event=repo_push&secret=hunter2", true),
        ("/?event=repo_push&secret=9d1c7f3e5b8a426", true),
        ("/?event=repo_push&secret=9d1c7f3e5b8a42600", true),
        ("/?event=repo_push&secret=", true),
        ("/?event=repo_push", true),
        ("/?event=hunter2", true),
        ("/", true),
        ("", true),
        (&twice, false),
        (&twice_event, false),
        (&no_event, false),
        (&empty_event, false),
        (&long, false),
    ] {
        // The body alone would be another error.
        let error = receiver
            .receive(target, b"{")
            .expect_err("not one of its URLs");
        assert_eq!(
            error.is_unauthenticated(),
            is_unauthenticated,
            "{target}: {error}"
        );
        assert_eq!(
            error.is_invalid_request(),
            !is_unauthenticated,
            "{target}: {error}"
        );
        let text = format!("{error} {error:?}");
        assert!(
            !text.contains("hunter2") && !text.contains(SECRET),
            "{text}"
        );
    }
    Ok(())
}

#[test]
fn a_receiver_refuses_weak_secrets_and_invalid_urls() {
    for (base, secret, said) in [
        (
            "https://hooks.example.com",
            "short",
            "at least 16 bytes, got 5",
        ),
        ("https://hooks.example.com", "", "at least 16 bytes, got 0"),
        ("hooks.example.com", SECRET, "is invalid"),
        ("ftp://hooks.example.com", SECRET, "http or https"),
        (
            "http://localhost:8080/hunter2",
            SECRET,
            "`localhost` or `127.0.0.1`",
        ),
        ("http://LOCALHOST/", SECRET, "`localhost` or `127.0.0.1`"),
        (
            "https://user:hunter2@127.0.0.1/",
            SECRET,
            "`localhost` or `127.0.0.1`",
        ),
        ("https://hooks.example.com/#hunter2", SECRET, "fragment"),
        (
            "https://hooks.example.com/?secret=hunter2",
            SECRET,
            "query parameter",
        ),
        (
            "https://hooks.example.com/?event=x",
            SECRET,
            "query parameter",
        ),
    ] {
        let error = Receiver::new(base, secret).expect_err("refused");
        assert!(
            error.is_invalid_request() && error.message().contains(said),
            "{base}: {error}"
        );
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{error:?}"
        );
    }
}
