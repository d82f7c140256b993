//! Reports of calls: one for each call, also if it fails or is dropped.

use crate::support::server::{Server, ServerAction, response};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::CreateRobot;
use quay_api::{CallOutcome, CallReport, ErrorKind, Quay, Result, RetryPolicy};
use serde_json::json;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[derive(Clone, Default)]
struct Reports(Arc<Mutex<Vec<CallReport>>>);

impl Reports {
    fn add(&self, report: &CallReport) {
        let mut reports = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reports.push(report.clone());
    }

    fn take(&self) -> Vec<CallReport> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the only report since the last call.
    #[track_caller]
    fn only(&self) -> CallReport {
        let mut reports = self.take();
        assert_eq!(reports.len(), 1, "{reports:?}");
        reports.remove(0)
    }
}

fn client(url: &str) -> Result<(Quay, Reports)> {
    let reports = Reports::default();
    let observed = reports.clone();
    let policy = RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5));
    let quay = Quay::builder()
        .base_url(url)
        .token("hunter2")
        .retry(policy)
        .on_call(move |call| observed.add(call))
        .build()?;
    Ok((quay, reports))
}

#[tokio::test]
async fn reports_each_call_once_with_all_its_attempts() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let (quay, reports) = client(sandbox.quay().base_url())?;
    sandbox.respond_next(Response::text(502, "text/html", "<html>"));
    sandbox.respond_next(Response::text(429, "text/html", "<html>"));
    quay.repository("acme/app00")?.get().await?;
    let report = reports.only();
    assert_eq!(report.operation.map(|o| o.id()), Some("getRepo"));
    assert_eq!(
        (
            report.outcome,
            report.kind,
            report.status,
            report.attempts,
            report.refusals
        ),
        (CallOutcome::Success, None, Some(200), 3, 1)
    );
    assert!(report.bytes > 12 && report.elapsed >= report.waited && !report.elapsed.is_zero());
    // A failure.
    for _ in 0..3 {
        sandbox.respond_next(Response::text(502, "text/html", "<html>"));
    }
    assert!(quay.repository("acme/app00")?.get().await.is_err());
    let report = reports.only();
    assert_eq!(
        (
            report.outcome,
            report.kind,
            report.status,
            report.attempts,
            report.bytes
        ),
        (
            CallOutcome::Failure,
            Some(ErrorKind::Unavailable),
            Some(502),
            3,
            18
        )
    );
    // A success that can't be decoded.
    sandbox.respond_next(Response::json(200, &json!({"name": 7})));
    assert!(quay.repository("acme/app00")?.get().await.is_err());
    let report = reports.only();
    assert_eq!(
        (report.outcome, report.kind, report.status),
        (
            CallOutcome::Failure,
            Some(ErrorKind::InvalidResponse),
            Some(200)
        )
    );
    // What is called by path.
    sandbox.respond_next(Response::json(200, &json!({})));
    quay.request("GET", "/x")?.send_bytes().await?;
    let report = reports.only();
    assert_eq!(
        (report.operation, report.outcome, report.bytes),
        (None, CallOutcome::Success, 2)
    );
    // Clones, and calls with other settings, too. An invalid name is not a call.
    assert!(quay.repository("../x").is_err());
    let hurried = quay.clone().with(|call| call.no_retries());
    hurried.repository("acme/app00")?.get().await?;
    assert_eq!(reports.only().attempts, 1);
    Ok(())
}

#[tokio::test]
async fn an_expected_missing_resource_is_not_a_failure() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let observed = Reports::default();
    let (observed_of_alice, reports) = (observed.clone(), observed.clone());
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(sandbox.token(Sandbox::ADMIN).secret()?)
        .on_call(move |call| observed.add(call))
        .build()?;
    let missing = quay.repository("acme/no-such")?;
    assert!(missing.get_opt().await?.is_none());
    let report = reports.only();
    assert_eq!(
        (report.outcome, report.kind, report.status),
        (CallOutcome::Expected, Some(ErrorKind::NotFound), Some(404))
    );
    assert!(missing.get().await.is_err());
    assert_eq!(reports.only().outcome, CallOutcome::Failure);
    // These methods report no failure, whether the resource exists or not.
    let acme = quay.organization("acme")?;
    let robot = acme.robot("observed")?;
    for _ in 0..2 {
        acme.robots()
            .create_if_absent("observed", CreateRobot::new())
            .await?;
    }
    for _ in 0..2 {
        robot.delete_if_exists().await?;
    }
    missing.delete_if_exists().await?;
    let outcomes: Vec<_> = reports
        .take()
        .into_iter()
        .map(|report| report.outcome)
        .collect();
    assert!(
        outcomes.len() >= 6 && outcomes.contains(&CallOutcome::Expected),
        "{outcomes:?}"
    );
    assert!(!outcomes.contains(&CallOutcome::Failure), "{outcomes:?}");
    // The organization does not exist, which explains the missing scope.
    let alice = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token(sandbox.token("alice").secret()?)
        .on_call(move |call| observed_of_alice.add(call))
        .build()?;
    let robots = alice.organization("nowhere")?.robots();
    assert!(robots.list().await.is_err_and(|e| e.is_not_found()));
    let outcomes: Vec<_> = reports
        .take()
        .into_iter()
        .map(|report| (report.operation.map(|o| o.id()), report.outcome))
        .collect();
    assert_eq!(
        outcomes,
        [
            (Some("getOrganization"), CallOutcome::Expected),
            (Some("getOrgRobots"), CallOutcome::Failure),
        ]
    );
    Ok(())
}

#[tokio::test]
async fn a_call_that_is_dropped_is_reported_once() -> Result<()> {
    let server = Server::start([ServerAction::Stall(Vec::new())]).await;
    let (quay, reports) = client(&server.url())?;
    let call = tokio::spawn({
        let repository = quay.repository("acme/web")?;
        async move { repository.get().await.map(drop) }
    });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(reports.take().is_empty());
    call.abort();
    assert!(call.await.is_err());
    let report = reports.only();
    assert_eq!(
        (report.outcome, report.kind, report.status, report.attempts),
        (CallOutcome::Cancelled, None, None, 1)
    );
    // A future that was never awaited is no call.
    drop(quay.repository("acme/web")?.get());
    assert!(reports.take().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_panic_of_the_callers_function_does_not_break_the_client() -> Result<()> {
    let body = r#"{"namespace": "acme", "name": "web", "is_public": true}"#;
    let good = ServerAction::Send(response(200, "application/json", body));
    let server = Server::start([good]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .max_in_flight(1)
        .on_call(|call| assert!(call.operation.is_none(), "a panic of the caller's own"))
        .build()?;
    for _ in 0..3 {
        assert_eq!(quay.repository("acme/web")?.get().await?.name, "web");
    }
    assert_eq!(server.requests().len(), 3);
    Ok(())
}

#[test]
fn outcomes_have_names_for_labels() {
    use CallOutcome::{Cancelled, Expected, Failure, Success};
    let names = [Success, Expected, Failure, Cancelled].map(|outcome| outcome.to_string());
    assert_eq!(names, ["success", "expected", "failure", "cancelled"]);
}
