//! Settings with a mistake: the error names it, and nothing is sent.

use crate::call;
use crate::support::server::{Server, ServerAction, response};
use crate::support::tls::{ClientIdentity, Identity};
use quay_api::types::Secret;
use quay_api::{CallOutcome, CallReport, Error, ErrorKind, Quay, QuayBuilder, Result};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

const GOOD: &str = r#"{"name": "acme+ci", "description": ""}"#;
const GARBAGE: &str = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

fn good() -> ServerAction {
    ServerAction::Send(response(200, "application/json", GOOD))
}

fn stall() -> ServerAction {
    ServerAction::Stall(Vec::new())
}

fn build_error(builder: QuayBuilder) -> String {
    let error = builder.build().expect_err("an invalid setting");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let mut shown = format!("{error} {error:?}");
    let mut source = std::error::Error::source(&error);
    while let Some(error) = source {
        shown.push_str(&error.to_string());
        source = error.source();
    }
    shown
}

#[test]
fn error_states_what_is_wrong_with_a_client_certificate() {
    let (own, other) = (ClientIdentity::new(), ClientIdentity::new());
    let split = |pem: &str| {
        let start = pem.find("-----BEGIN CERTIFICATE").expect("a certificate");
        (pem[start..].to_owned(), pem[..start].to_owned())
    };
    let (certificate, key) = split(&own.pem);
    let (other_certificate, _) = split(&other.pem);
    let encrypted = key.replace("PRIVATE KEY", "ENCRYPTED PRIVATE KEY");
    let secret = key.lines().nth(1).expect("a line of the key").to_owned();
    for (pem, reason) in [
        (key.clone(), "a private key, but no certificate"),
        (certificate.clone(), "its private key is missing"),
        (format!("{certificate}{encrypted}"), "is encrypted"),
        (
            format!("{other_certificate}{certificate}{key}"),
            "does not belong to its first certificate",
        ),
        (format!("{GARBAGE}{key}"), "X.509 certificate of version 3"),
        ("/etc/pki/client.pem".to_owned(), "must be in PEM format"),
        (String::new(), "must be in PEM format"),
    ] {
        let builder = Quay::builder().client_certificate(pem);
        let error = build_error(builder);
        assert!(
            error.starts_with("the client certificate is not valid: ")
                && error.contains(reason)
                && !error.contains(&secret),
            "{reason}: {error}"
        );
    }
    for pem in [
        format!("{certificate}{key}"),
        format!("{key}{certificate}").replace('\n', "\r\n"),
    ] {
        assert!(Quay::builder().client_certificate(pem).build().is_ok());
    }
}

#[test]
fn error_states_which_certificate_is_invalid() {
    let root = Identity::of("127.0.0.1").root;
    for (pem, reason) in [
        (format!("{root}{GARBAGE}"), "it is not an X.509 certificate"),
        ("\u{30}\u{82}\u{1}".to_owned(), "it must be in PEM format"),
        (
            root.replace("CERTIFICATE", "TRUSTED CERTIFICATE"),
            "with the line `-----BEGIN CERTIFICATE-----`",
        ),
        (String::new(), "it must be in PEM format"),
    ] {
        let builder = Quay::builder()
            .client_certificate(ClientIdentity::new().pem)
            .root_certificate(root.as_str())
            .root_certificate(pem);
        let error = build_error(builder);
        assert!(
            error.starts_with("a root certificate is not valid: ") && error.contains(reason),
            "{reason}: {error}"
        );
    }
}

#[tokio::test]
async fn a_source_of_tokens_that_panics_is_an_error_of_all_waiting_calls() -> Result<()> {
    let server = Server::start([good()]).await;
    let calls = Arc::new(AtomicUsize::new(0));
    let quay = Quay::builder()
        .base_url(server.url())
        .token_from(move || {
            let number = calls.fetch_add(1, Ordering::SeqCst);
            assert_ne!(number, 1, "a panic of the caller's own");
            async move {
                tokio::time::sleep(Duration::from_millis(5)).await;
                assert_ne!(number, 0, "a panic of the caller's own");
                Ok(Secret::from("hunter2"))
            }
        })
        .build()?;
    let kind = |result: Result<()>| result.map_err(|error| (error.kind(), error.to_string()));
    let panicked = "getOrgRobot acme+ci: the source of tokens panicked".to_owned();
    let panicked = Err((ErrorKind::TokenUnavailable, panicked));
    let all = futures::future::join_all((0..5).map(|_| call(&quay))).await;
    for result in all {
        assert_eq!(kind(result), panicked);
    }
    assert_eq!(kind(call(&quay).await), panicked);
    assert_eq!(kind(call(&quay).await), Ok(()));
    assert_eq!(server.requests().len(), 1);
    Ok(())
}

#[tokio::test]
async fn a_call_without_time_to_read_is_not_sent() -> Result<()> {
    let server = Server::start([good()]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .build()?;
    let error = |quay: Quay| async move { call(&quay).await.expect_err("no time") };
    let none = Duration::ZERO;
    for hurried in [
        quay.with(|call| call.read_timeout(none)),
        // A later change of another setting does not hide it.
        quay.with(|call| call.read_timeout(none))
            .with(|call| call.requests_per_second(5.0)),
    ] {
        let error: Error = error(hurried).await;
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("`read_timeout` must be greater"));
    }
    for hurried in [
        quay.with(|call| call.attempt_timeout(none)),
        quay.with(|call| call.operation_timeout(none)),
    ] {
        assert_eq!(error(hurried).await.kind(), ErrorKind::Timeout);
    }
    assert!(server.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn a_call_that_is_dropped_in_the_queue_reports_its_wait() -> Result<()> {
    let server = Server::start([stall()]).await;
    let reports: Arc<Mutex<Vec<CallReport>>> = Arc::default();
    let observed = Arc::clone(&reports);
    let quay = Quay::builder()
        .base_url(server.url())
        .max_in_flight(1)
        .on_call(move |call| observed.lock().expect("no panic").push(call.clone()))
        .build()?;
    let first = tokio::spawn({
        let quay = quay.clone();
        async move { call(&quay).await }
    });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let wait = Duration::from_millis(20);
    assert!(tokio::time::timeout(wait, call(&quay)).await.is_err());
    let report = reports.lock().expect("no panic").pop().expect("a report");
    assert_eq!(
        (report.outcome, report.attempts),
        (CallOutcome::Cancelled, 0)
    );
    // The call begins after the timer.
    assert!(report.waited > wait / 2, "{report:?}");
    assert!(report.elapsed >= report.waited, "{report:?}");
    first.abort();
    Ok(())
}
