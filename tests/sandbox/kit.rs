//! The test kit as users' own tests have it: faults, recorded requests, errors and rows.

use super::acme;
use quay_api::testing::seed::{
    OrganizationSeed, RepositorySeed, RobotSeed, Seed, TagSeed, UserSeed,
};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{Repository, RobotAccount, Tag, Timestamp};
use quay_api::{Delivery, Error, ErrorKind, Result};
use serde_json::json;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

#[tokio::test]
async fn a_fault_is_aimed_at_a_path() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    let (web, hidden) = (
        quay.repository("acme/web")?,
        quay.repository("acme/team/hidden")?,
    );
    for path in [
        "acme/web",
        "/acme/web/",
        "acme/web/tag",
        "/api/v1/repository/acme/web/tag/",
    ] {
        let fault = sandbox.fail("listRepoTags").path(path).always();
        let fault = fault.respond(ErrorResponse::Forbidden);
        assert!(
            web.tags().list().await.is_err_and(|e| e.is_forbidden()),
            "{path}"
        );
        assert!(hidden.tags().list().await.is_ok());
        fault.clear();
        assert!(web.tags().list().await.is_ok());
    }
    for path in ["acme/we", "cme/web", "acme/web2", "page"] {
        sandbox.fail("listRepoTags").path(path).always();
        assert!(web.tags().list().await.is_ok(), "{path}");
    }
    // The first one that is aimed at the path counts.
    sandbox.clear_faults();
    sandbox
        .fail("listRepoTags")
        .path("acme/team/hidden")
        .respond(ErrorResponse::Forbidden);
    sandbox
        .fail("listRepoTags")
        .respond(ErrorResponse::NotFound);
    assert!(web.tags().list().await.is_err_and(|e| e.is_not_found()));
    assert!(hidden.tags().list().await.is_err_and(|e| e.is_forbidden()));
    Ok(())
}

#[tokio::test]
async fn faults_and_responses_are_cleared() -> Result<()> {
    let sandbox = acme().await?;
    let quay = sandbox.quay().with(|call| call.no_retries());
    let old = sandbox.fail("getLoggedInUser").always();
    sandbox.fail("getRepo").always();
    sandbox.clear_faults();
    assert!(quay.me().get().await.is_ok());
    // What was cleared does not change what is planned later.
    let _new = sandbox.fail("getLoggedInUser").status(502);
    let _old = old.status(401).always();
    assert!(
        quay.me()
            .get()
            .await
            .is_err_and(|e| e.status() == Some(502))
    );
    assert!(quay.me().get().await.is_ok());
    sandbox.respond_with("getLoggedInUser", |_| Response::json(500, &json!({})));
    assert!(quay.me().get().await.is_err());
    sandbox.respond_next(ErrorResponse::ReadOnly);
    sandbox.clear_responses();
    assert!(quay.me().get().await.is_ok());
    Ok(())
}

#[tokio::test]
async fn recorded_requests_are_taken() -> Result<()> {
    let sandbox = acme().await?;
    sandbox.quay().me().get().await?;
    assert_eq!(sandbox.requests_of("getLoggedInUser").len(), 1);
    assert_eq!(sandbox.take_requests().len(), 1);
    assert!(sandbox.requests_of("getLoggedInUser").is_empty());
    sandbox.quay().me().get().await?;
    assert_eq!(sandbox.take_requests().len(), 1);
    assert!(sandbox.take_requests().is_empty());
    Ok(())
}

/// The message of a panic.
fn panic_of(action: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(action)).expect_err("a panic");
    panic.downcast_ref::<String>().cloned().unwrap_or_default()
}

#[tokio::test]
async fn an_unknown_operation_panics_with_the_nearest_name() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let expected = "no operation is named \"listRepoTag\"; the nearest name is \"listRepoTags\"";
    let typo = "listRepoTag";
    for message in [
        panic_of(|| {
            let _ = sandbox.fail(typo);
        }),
        panic_of(|| drop(sandbox.requests_of(typo))),
        panic_of(|| sandbox.respond_with(typo, |_| Response::json(200, &json!({})))),
        panic_of(|| drop(Error::fake(ErrorKind::Other).operation(typo))),
    ] {
        assert_eq!(message, expected);
    }
    Ok(())
}

#[test]
fn makes_errors_of_every_kind() {
    for kind in ErrorKind::ALL {
        let error = Error::fake(*kind).build();
        assert_eq!(error.kind(), *kind);
        assert_eq!(error.message(), kind.as_str().replace('_', " "));
        assert!(!error.may_have_been_done());
        // As with errors of real calls: a status is that of a response.
        if error.status().is_some() {
            assert_eq!(error.delivery(), Delivery::Responded, "{kind}");
        }
        if error.attempts() == 0 {
            assert_eq!(error.delivery(), Delivery::NotSent, "{kind}");
        }
        // It is the kind that such a response has, unless its body decides.
        assert!(
            !error.is_conflict() || error.status() != Some(404),
            "{kind}"
        );
    }
}

#[test]
fn sets_everything_of_an_error() {
    let error: Error = Error::fake(ErrorKind::Unavailable)
        .message("Service Unavailable")
        .status(504)
        .header("Retry-After", "7")
        .body("<html>")
        .operation("deleteFullTag")
        .path_parameter("repository", "acme/web")
        .path_parameter("tag", "v1")
        .attempts(3)
        .elapsed(Duration::from_secs(2))
        .may_have_been_done(true)
        .into();
    assert_eq!(
        error.to_string(),
        "deleteFullTag acme/web:v1: after 3 attempts: 504: Service Unavailable"
    );
    assert!(error.is_temporary() && error.may_have_been_done());
    assert_eq!(error.header("retry-after"), Some("7"));
    assert_eq!(error.body(), Some(&b"<html>"[..]));
    assert_eq!(error.elapsed(), Duration::from_secs(2));
    let lost = Error::fake(ErrorKind::Timeout).delivery(Delivery::NotSent);
    assert_eq!(lost.build().delivery(), Delivery::NotSent);
    let lost = Error::fake(ErrorKind::NotFound).delivery(Delivery::Unknown);
    assert_eq!(lost.build().status(), None);
}

#[test]
fn makes_rows_from_json() -> serde_json::Result<()> {
    let tag: Tag = serde_json::from_value(json!({
        "name": "v1", "start_ts": 1_700_000_000,
    }))?;
    assert_eq!(tag.name, "v1");
    let robot: RobotAccount = serde_json::from_value(json!({"name": "acme+ci"}))?;
    assert_eq!(robot.name, "acme+ci");
    let repository: Repository =
        serde_json::from_value(json!({"namespace": "acme", "name": "web", "is_public": true}))?;
    assert_eq!(repository.name, "web");
    Ok(())
}

#[tokio::test]
async fn seeds_immutable_tags_and_dates_of_robot_accounts() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let moment = |text: &str| text.parse::<Timestamp>().expect("a date");
    let (created, used) = (
        moment("2024-01-02T03:04:05Z"),
        moment("2025-06-07T08:09:10Z"),
    );
    let ci = RobotSeed::new("ci").created(created).last_accessed(used);
    let web = RepositorySeed::new("acme/web")
        .tag(TagSeed::new("v1", 1024).immutable())
        .tag(TagSeed::new("v2", 1024));
    let seed = Seed::new()
        .user(UserSeed::new("alice").robot(ci.clone()))
        .organization(OrganizationSeed::new("acme").robot(ci).robot("fresh"))
        .repository(web);
    sandbox.seed(&seed)?;
    let quay = sandbox.quay();
    let acme = quay.organization("acme")?;
    let ci = acme.robot("ci")?.get().await?;
    assert_eq!((ci.created, ci.last_accessed), (Some(created), Some(used)));
    assert_eq!(acme.robot("fresh")?.get().await?.last_accessed, None);
    let web = quay.repository("acme/web")?;
    let deleted = web.tag("v1")?.delete().await;
    assert!(deleted.is_err_and(|e| e.is_tag_immutable()));
    web.tag("v2")?.delete().await?;
    sandbox.push("acme/web", &TagSeed::new("v3", 1).immutable())?;
    let deleted = web.tag("v3")?.delete().await;
    assert!(deleted.is_err_and(|e| e.is_tag_immutable()));
    let seed = r#"{"organizations": [{"name": "globex", "robots": [
        {"name": "ci", "created": "2024-01-02T03:04:05Z", "last_accessed": "2025-06-07T08:09:10Z"}]}]}"#;
    sandbox.seed(&Seed::from_json(seed)?)?;
    let ci = quay.organization("globex")?.robot("ci")?.get().await?;
    assert_eq!((ci.created, ci.last_accessed), (Some(created), Some(used)));
    Ok(())
}
