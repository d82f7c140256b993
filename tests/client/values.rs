//! The values of rows and requests: conversions, order, and unusual values of a server.

use quay_api::testing::{Response, Sandbox};
use quay_api::types::*;
use quay_api::{Quay, Result};
use serde_json::{Value, json};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

fn row<T: serde::de::DeserializeOwned>(value: Value) -> T {
    serde_json::from_value(value).expect("a row")
}

#[tokio::test]
async fn keeps_invalid_digests_and_names_of_responses_but_does_not_send_them() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay: &Quay = sandbox.quay();
    for odd in ["", "..", "sha256:1", "../../x", "SHA256:AB", "a b"] {
        let tags = json!({
            "tags": [{"name": "v1", "manifest_digest": odd}], "page": 1, "has_additional": false,
        });
        sandbox.respond_next(Response::json(200, &tags));
        let tags = quay.repository("acme/web")?.tags().list().await?;
        let digest = tags[0].manifest_digest.as_ref().expect("a digest");
        assert_eq!((digest.as_str(), digest.validate().is_err()), (odd, true));
        assert_eq!(serde_json::to_value(digest).expect("JSON"), odd);
        assert!(Digest::try_from(&tags[0].manifest_digest).is_err());

        sandbox.respond_next(Response::json(200, &json!({"robots": [{"name": odd}]})));
        let robots = quay.organization("acme")?.robots().list().await?;
        assert_eq!(
            (robots[0].name.as_str(), robots[0].name.short()),
            (odd, odd)
        );
        assert!(robots[0].name.validate().is_err());
        // Outside a response, as in a settings file, they are validated.
        assert!(serde_json::from_value::<Digest>(odd.into()).is_err());
        assert!(serde_json::from_value::<RobotName>(odd.into()).is_err());
    }
    assert!(Digest::try_from(&None).is_err());
    Ok(())
}

#[test]
fn values_of_rows_can_be_sent_without_formatting() {
    let robot: RobotAccount = row(json!({"name": "acme+ci"}));
    assert!(robot.name == "acme+ci" && robot.name == *"acme+ci");
    assert_eq!((robot.name.owner(), robot.name.short()), ("acme", "ci"));
    let request = CreateMirror::new("quay.io/a/b", Timestamp::MIN, 60, MirrorRule::tags(["*"]));
    let request = request.robot_username(&robot.name);
    assert_eq!(request.robot_username.as_deref(), Some("acme+ci"));
    assert!(HashSet::from([robot.name]).contains("acme+ci"));
}

#[test]
fn scopes_are_lists() {
    for (text, scopes) in [
        ("", vec![]),
        ("repo:read", vec![Scope::RepoRead]),
        (
            "org:admin repo:read",
            vec![Scope::OrgAdmin, Scope::RepoRead],
        ),
        (
            "repo:read,org:admin",
            vec![Scope::RepoRead, Scope::OrgAdmin],
        ),
        ("  new:scope  ", vec![Scope::from("new:scope")]),
    ] {
        let token: ApplicationToken = row(json!({"uuid": "u", "scope": text}));
        let read = token.scope.clone().unwrap_or_default();
        assert_eq!(read.iter().collect::<Vec<_>>(), scopes, "{text}");
        assert_eq!(read.is_empty(), scopes.is_empty());
        assert!(scopes.iter().all(|scope| read.contains(scope)));
        assert_eq!(serde_json::to_value(&token).expect("JSON")["scope"], text);
    }
    let written: Vec<String> = [
        Scopes::from(Scope::RepoRead),
        Scopes::from(vec![Scope::RepoRead]),
        Scopes::from("repo:read"),
        [Scope::RepoRead].into_iter().collect(),
    ]
    .map(|scopes| CreateApplicationToken::new("x", scopes).scope.to_string())
    .to_vec();
    assert_eq!(written, ["repo:read"; 4]);
    let both = Scopes::from([Scope::RepoRead, Scope::UserRead]);
    assert_eq!(format!("{both:?}"), "[RepoRead, UserRead]");
    let information: ScopeInformation = row(json!({"scope": "repo:write"}));
    assert_eq!(information.scope, Scope::RepoWrite);
}

#[test]
fn unknown_values_sort_below_known_ones() {
    let worst = Severity::from("Catastrophic");
    assert!(worst < Severity::Unknown && worst < Severity::Critical);
    assert!(Severity::Low < Severity::Medium && Severity::High < Severity::Critical);
    assert!(RepositoryRole::from("owner") < RepositoryRole::Read);
    assert!(RepositoryRole::Read < RepositoryRole::Write);
    assert!(RepositoryRole::Write < RepositoryRole::Admin);
    assert!(TeamRole::Member < TeamRole::Creator && TeamRole::Creator < TeamRole::Admin);
    assert!(IssueSeverity::Warning < IssueSeverity::Critical);
    assert!(MessageSeverity::Info < MessageSeverity::Error);
    let found = ["Low", "Catastrophic", "High"].map(Severity::from);
    assert_eq!(found.iter().max(), Some(&Severity::High));
}

#[test]
fn values_convert_from_strings_and_numbers() {
    assert_eq!(AutoPruneValue::from(5), AutoPruneValue::Count(5));
    assert_eq!(AutoPruneValue::from(5_u32), AutoPruneValue::Count(5));
    assert_eq!(AutoPruneValue::from(5_i64), AutoPruneValue::Count(5));
    assert_eq!(AutoPruneValue::from("5d"), AutoPruneValue::Age("5d".into()));
    let policy = SetAutoPrunePolicy::new(AutoPruneMethod::CreationDate, "5d");
    assert_eq!(policy.value, AutoPruneValue::from("5d"));
    let created = CreateNotification::new(
        NotificationEvent::VulnerabilityFound,
        NotificationEventConfig::new().level(Severity::High).days(5),
        WebhookTarget::new("https://example.com/hook"),
    );
    assert_eq!(
        serde_json::to_value(Exposed(&created)).expect("JSON"),
        json!({
            "event": "vulnerability_found", "eventConfig": {"level": 1, "days": 5},
            "method": "webhook", "config": {"url": "https://example.com/hook"},
        })
    );
    for number in 0..6 {
        let level = VulnerabilityLevel::from(number);
        let severity = level.severity().expect("a severity");
        assert_eq!(VulnerabilityLevel::from(severity), level);
    }
    let quota = SetQuota::new().limit_bytes(10 << 30);
    assert_eq!(quota.limit_bytes, "10 GiB".parse().ok());
    assert_eq!(
        RepositoryRole::from("write".to_owned()),
        RepositoryRole::Write
    );
}

#[test]
fn rows_can_be_compared_and_hashed() {
    fn is_key<T: Eq + std::hash::Hash + std::fmt::Debug + Clone>() {}
    is_key::<Tag>();
    is_key::<RobotAccount>();
    is_key::<Notification>();
    is_key::<NotificationTarget>();
    is_key::<Manifest>();
    is_key::<Quota>();
    is_key::<Secret>();
    is_key::<Scopes>();
    is_key::<SecretValue>();
    let tags: Vec<Tag> = row(json!([{"name": "v1"}, {"name": "v2"}, {"name": "v1"}]));
    assert_eq!(tags.iter().collect::<HashSet<_>>().len(), 2);
    let digests: BTreeSet<Digest> = BTreeSet::new();
    assert!(!digests.contains("sha256:1"));
}

#[test]
fn timestamp_arithmetic_never_overflows() {
    let moment: Timestamp = "2026-11-24T00:24:03.5Z".parse().expect("a time");
    assert_eq!((moment + DAY).to_string(), "2026-11-25T00:24:03.500000Z");
    assert_eq!((moment - DAY).to_string(), "2026-11-23T00:24:03.500000Z");
    assert_eq!((moment + DAY) - moment, DAY);
    assert_eq!(moment - (moment + DAY), Duration::ZERO);
    let mut changed = moment;
    changed += DAY;
    changed -= DAY;
    assert_eq!(changed, moment);
    assert_eq!(moment + Duration::MAX, Timestamp::MAX);
    assert_eq!(moment - Duration::MAX, Timestamp::MIN);
    assert_eq!(Timestamp::MAX + Duration::from_nanos(1), Timestamp::MAX);
    assert_eq!(Timestamp::MIN - Duration::from_nanos(1), Timestamp::MIN);
    assert!(Timestamp::MAX - Timestamp::MIN > Duration::from_secs(315_569_000_000));
    for end in [Timestamp::MIN, Timestamp::MAX] {
        assert_eq!(end.to_string().parse(), Ok(end));
    }
}

#[test]
fn timestamps_convert_to_chrono_and_jiff() -> Result<(), Box<dyn std::error::Error>> {
    for text in [
        "2026-11-24T00:24:03.123456Z",
        "1969-12-31T23:59:59.250000Z",
        "1970-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-30T00:00:00.999999999Z",
    ] {
        let moment: Timestamp = text.parse()?;
        let chrono = chrono::DateTime::<chrono::Utc>::from(moment);
        assert_eq!(chrono.timestamp(), moment.unix_seconds(), "{text}");
        assert_eq!(Timestamp::try_from(chrono)?, moment);
        let jiff = jiff::Timestamp::try_from(moment)?;
        assert_eq!(Timestamp::try_from(jiff)?, moment, "{text}");
        let zoned = jiff.to_zoned(jiff::tz::TimeZone::UTC);
        assert_eq!(Timestamp::try_from(&zoned)?, moment);
    }
    let offset = chrono::DateTime::parse_from_rfc3339("2026-11-24T02:24:03+02:00")?;
    assert_eq!(
        Timestamp::try_from(offset)?,
        "2026-11-24T00:24:03Z".parse()?
    );
    let leap = chrono::DateTime::parse_from_rfc3339("2016-12-31T23:59:60Z")?;
    assert_eq!(Timestamp::try_from(leap)?, "2017-01-01T00:00:00Z".parse()?);
    // The ends.
    let last = chrono::DateTime::<chrono::Utc>::from(Timestamp::MAX);
    assert_eq!(Timestamp::try_from(last)?, Timestamp::MAX);
    assert!(Timestamp::try_from(chrono::DateTime::<chrono::Utc>::MAX_UTC).is_err());
    assert!(Timestamp::try_from(chrono::DateTime::<chrono::Utc>::MIN_UTC).is_err());
    assert!(jiff::Timestamp::try_from(Timestamp::MAX).is_err());
    assert!(Timestamp::try_from(jiff::Timestamp::MIN).is_err());
    assert!(Timestamp::try_from(jiff::Timestamp::MAX).is_ok());
    Ok(())
}

#[tokio::test]
async fn pages_are_iterated_over() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let tags = json!({
        "tags": [{"name": "v1"}, {"name": "v2"}], "page": 1, "has_additional": false,
    });
    sandbox.respond_next(Response::json(200, &tags));
    let mut pages = sandbox.quay().repository("acme/web")?.tags().list().pages();
    let page = futures::TryStreamExt::try_next(&mut pages)
        .await?
        .expect("a page");
    let mut names = Vec::new();
    for tag in &page {
        names.push(tag.name.clone());
    }
    for tag in page {
        names.push(tag.name);
    }
    assert_eq!(names, ["v1", "v2", "v1", "v2"]);
    Ok(())
}
