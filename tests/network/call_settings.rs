//! Settings of single calls, and headers of the caller's own.

use crate::support::last_request;
use crate::support::server::{Server, ServerAction, TIME_OUT, response, response_with_headers};
use quay_api::testing::{Response, Sandbox};
use quay_api::types::Secret;
use quay_api::{ErrorKind, Quay, QuayBuilder, Result, RetryPolicy, reqwest};
use serde_json::json;
use std::time::{Duration, Instant};

const SECRET: &str = "c1ient-secret-of-a-proxy-0007";

/// A client that stops after 50 ms without data.
fn hasty(sandbox: &Sandbox) -> Result<Quay> {
    Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("sandbox-token")
        .read_timeout(Duration::from_millis(50))
        .no_retries()
        .build()
}

#[tokio::test]
async fn a_longer_limit_of_a_call_is_not_cut_by_the_read_time_out_of_the_client() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let slow = sandbox.fail("getLoggedInUser").always();
    let _slow = slow.late().delay(Duration::from_millis(800));
    let hasty = hasty(&sandbox)?;
    assert!(hasty.me().get().await.is_err_and(|e| e.is_timeout()));
    let limit = Duration::from_secs(60);
    for patient in [
        hasty.with(|call| call.attempt_timeout(limit)),
        hasty.with(|call| call.operation_timeout(limit)),
        hasty.with(|call| call.read_timeout(limit)),
    ] {
        patient.me().get().await?;
    }
    // A read time-out that is set for the call itself applies.
    let strict = hasty.with(|call| {
        call.attempt_timeout(limit)
            .read_timeout(Duration::from_millis(50))
    });
    assert!(strict.me().get().await.is_err_and(|e| e.is_timeout()));
    Ok(())
}

#[tokio::test]
async fn the_operation_time_out_includes_reads_before_a_write() -> Result<()> {
    let server = Server::start([ServerAction::TimeOut(Vec::new())]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token("token")
        .operation_timeout(TIME_OUT)
        .build()?;
    let policy = quay
        .repository("acme/web")?
        .autoprune_policy("6fa459ea-ee8a-3ca4-894e-db77e160355e")?;
    let error = policy.delete().await.expect_err("the server is silent");
    assert!(
        error.is_timeout() && !error.may_have_been_done(),
        "{error:?}"
    );
    let sent: Vec<String> = server.requests().into_iter().map(|r| r.target).collect();
    assert_eq!(sent.len(), 1, "no time was left for the policy: {sent:?}");
    assert!(sent[0].contains("/discovery"), "{sent:?}");
    Ok(())
}

#[tokio::test]
async fn a_longer_limit_of_a_call_is_not_cut_by_other_limits_of_the_client() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let slow = sandbox.fail("getLoggedInUser").always();
    let _slow = slow.late().delay(Duration::from_millis(800));
    let hasty = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("sandbox-token")
        .operation_timeout(Duration::from_millis(100))
        .attempt_timeout(Duration::from_millis(50))
        .build()?;
    assert!(hasty.me().get().await.is_err_and(|e| e.is_timeout()));
    let limit = Duration::from_secs(60);
    hasty
        .with(|call| call.attempt_timeout(limit))
        .me()
        .get()
        .await?;
    hasty
        .with(|call| call.operation_timeout(limit))
        .me()
        .get()
        .await?;
    Ok(())
}

#[tokio::test]
async fn a_call_can_have_its_own_retry_policy() -> Result<()> {
    let server = Server::start([ServerAction::Send(response(502, "text/html", ""))]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token("a-token")
        .no_retries()
        .build()?;
    assert!(quay.me().get().await.is_err_and(|e| e.attempts() == 1));
    let policy = RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1));
    let patient = quay.with(|call| call.retry(policy));
    assert!(patient.me().get().await.is_err_and(|e| e.attempts() == 3));
    assert_eq!(server.requests().len(), 4);
    Ok(())
}

#[tokio::test]
async fn a_call_can_have_its_own_rate_that_clones_share() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let slow = sandbox.quay().with(|call| call.requests_per_second(10.0));
    let start = Instant::now();
    for quay in [slow.clone(), slow.clone(), slow] {
        quay.me().get().await?;
    }
    let paced = start.elapsed();
    assert!(paced >= Duration::from_millis(190), "{paced:?}");
    for rate in [0.0, f64::NAN, 1e9] {
        let invalid = sandbox.quay().with(|call| call.requests_per_second(rate));
        let error = invalid.me().get().await.expect_err("an invalid rate");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(
            error
                .message()
                .starts_with("`requests_per_second` must be between"),
            "{error}"
        );
        // The last one counts.
        let valid = invalid.with(|call| call.requests_per_second(100.0));
        valid.me().get().await?;
    }
    assert_eq!(sandbox.requests_of("getLoggedInUser").len(), 6);
    Ok(())
}

fn with_headers(url: &str) -> QuayBuilder {
    Quay::builder()
        .base_url(url)
        .token("sandbox-token")
        .default_header("X-Team", "someone-else")
        .default_headers([("x-team", "registry"), ("x-environment", "test")])
        .default_header("CF-Access-Client-Secret", Secret::from(SECRET))
}

#[tokio::test]
async fn sends_default_headers_with_every_request() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let own_client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let builder = with_headers(sandbox.quay().base_url());
    for quay in [
        builder.clone().build()?,
        builder.http_client(own_client).build()?,
    ] {
        quay.me().get().await?;
        let _ = quay.request("GET", "/api/v1/plans/")?.send_bytes().await;
        for request in sandbox.take_requests() {
            assert_eq!(request.header("x-team"), Some("registry"));
            assert_eq!(request.header("x-environment"), Some("test"));
            assert_eq!(request.header("cf-access-client-secret"), Some(SECRET));
            assert_eq!(
                request.header("authorization"),
                Some("Bearer sandbox-token")
            );
        }
    }
    // With a redirect within the server, they are sent again.
    let quay = with_headers(sandbox.quay().base_url()).build()?;
    sandbox.respond_next(Response::text(308, "text/html", "").header("location", "/api/v1/user/"));
    quay.me().get().await?;
    assert_eq!(last_request(&sandbox).header("x-team"), Some("registry"));
    Ok(())
}

#[tokio::test]
async fn values_of_default_headers_are_never_shown() -> Result<()> {
    let echo = json!({"message": format!("unexpected header {SECRET}")}).to_string();
    let server = Server::start([ServerAction::Send(response_with_headers(
        400,
        &[("content-type", "application/json")],
        echo,
    ))])
    .await;
    let builder = with_headers(&server.url());
    let quay = builder.clone().build()?;
    let error = quay.me().get().await.expect_err("400");
    let shown = format!("{builder:?} {quay:?} {error} {error:?}");
    assert!(error.message().contains("unexpected header"), "{error}");
    assert!(!shown.contains(SECRET), "{shown}");
    Ok(())
}

#[test]
fn refuses_headers_that_the_crate_sets() {
    for name in [
        "authorization",
        "Accept",
        "content-type",
        "User-Agent",
        "x-requested-with",
        "Host",
        "content-length",
    ] {
        let quay = Quay::builder().default_header(name, SECRET).build();
        let error = quay.expect_err("a header of the crate");
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let expected = format!(
            "default header {} is not valid: ",
            name.to_ascii_lowercase()
        );
        assert!(error.message().starts_with(&expected), "{error}");
        assert!(!error.message().contains(SECRET));
    }
}
