//! Limits of calls: the budget of retries, deadlines, the rate of requests, the end of a runtime.

use super::{client, page, quick};
use crate::support::server::{Server, ServerAction, TIME_OUT, response, response_with_headers};
use quay_api::testing::Sandbox;
use quay_api::{Delivery, ErrorKind, Quay, Result, RetryPolicy};
use std::time::{Duration, Instant};

#[tokio::test]
async fn stops_retrying_when_the_shared_budget_is_empty() -> Result<()> {
    let server = Server::start([page(502)]).await;
    let quay = client(&server).retry(quick().budget(3)).build()?;
    let mut attempts = Vec::new();
    for _ in 0..4 {
        attempts.push(
            quay.clone()
                .with(|call| call.max_attempts(3))
                .me()
                .get()
                .await
                .expect_err("502")
                .attempts(),
        );
    }
    assert_eq!(attempts, [3, 2, 1, 1]);
    Ok(())
}

#[tokio::test]
async fn never_sleeps_past_the_deadline() -> Result<()> {
    let server = Server::start([ServerAction::Send(response_with_headers(
        429,
        &[("retry-after", "30")],
        "",
    ))])
    .await;
    let quay = client(&server)
        .retry(RetryPolicy::new().max_backoff(Duration::from_secs(60)))
        .operation_timeout(Duration::from_secs(20))
        .build()?;
    let start = Instant::now();
    let error = quay.me().get().await.expect_err("429");
    assert_eq!(
        (error.kind(), error.attempts(), error.header("retry-after")),
        (ErrorKind::RateLimited, 1, Some("30"))
    );
    assert!(
        start.elapsed() < Duration::from_secs(10),
        "it did not wait for what could not help"
    );
    Ok(())
}

#[tokio::test]
async fn deadline_limits_all_attempts_together() -> Result<()> {
    let server = Server::start([ServerAction::TimeOut(Vec::new())]).await;
    let quay = client(&server)
        .attempt_timeout(TIME_OUT)
        .operation_timeout(TIME_OUT + TIME_OUT / 2)
        .build()?;
    let error = quay.me().get().await.expect_err("the server sends nothing");
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Timeout, Delivery::Unknown, 2)
    );
    assert!(error.elapsed() < 3 * TIME_OUT);
    Ok(())
}

#[tokio::test]
async fn reports_nothing_sent_when_the_deadline_expires_in_the_queue() -> Result<()> {
    let server = Server::start([ServerAction::Stall(Vec::new())]).await;
    let quay = client(&server).max_in_flight(1).build()?;
    let first = tokio::spawn({
        let quay = quay.clone();
        async move { quay.me().get().await.map(drop) }
    });
    while server.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    let hurried = quay.with(|call| call.operation_timeout(Duration::from_millis(50)));
    let error = hurried
        .organization("acme")?
        .robot("ci")?
        .regenerate()
        .await
        .expect_err("the queue is full");
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Timeout, Delivery::NotSent, 0)
    );
    assert!(!error.may_have_been_done());
    assert_eq!(
        error.to_string(),
        "regenerateOrgRobotToken acme+ci: the deadline passed while the request waited for its turn"
    );
    assert_eq!(server.requests().len(), 1);
    // An aborted call frees its place.
    first.abort();
    server.set_actions([ServerAction::TimeOut(Vec::new())]);
    let error = quay
        .with(|call| call.attempt_timeout(TIME_OUT).no_retries())
        .me()
        .get()
        .await
        .expect_err("the server sends nothing");
    assert_eq!(
        (error.delivery(), server.requests().len()),
        (Delivery::Unknown, 2)
    );
    Ok(())
}

#[tokio::test]
async fn deadline_limits_a_hanging_token_source() -> Result<()> {
    let server = Server::start([page(200)]).await;
    let quay = client(&server)
        .token_from(std::future::pending)
        .operation_timeout(Duration::from_millis(50))
        .build()?;
    let error = quay.me().get().await.expect_err("no token");
    assert_eq!(
        (
            error.kind(),
            error.delivery(),
            error.attempts(),
            server.requests().len()
        ),
        (ErrorKind::Timeout, Delivery::NotSent, 0, 0)
    );
    Ok(())
}

#[tokio::test]
async fn limits_the_rate_of_all_clones_together() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .requests_per_second(50.0)
        .build()?;
    let start = Instant::now();
    let clones: Vec<_> = (0..5).map(|_| quay.clone()).collect();
    let calls = clones
        .iter()
        .map(async |quay| quay.repository("acme/app00")?.get().await);
    futures::future::try_join_all(calls).await?;
    assert!(
        start.elapsed() >= Duration::from_millis(80),
        "four gaps of a fiftieth of a second"
    );
    for (built, expected) in [
        (
            Quay::builder().max_in_flight(0).build(),
            "`max_in_flight` must be at least 1, got 0",
        ),
        (
            Quay::builder().requests_per_second(0.0).build(),
            "`requests_per_second` must be between 0.001 and 10000, got 0",
        ),
        (
            Quay::builder().requests_per_second(f64::NAN).build(),
            "`requests_per_second` must be between 0.001 and 10000, got NaN",
        ),
    ] {
        assert_eq!(
            built.map(drop).map_err(|e| e.to_string()),
            Err(expected.to_owned())
        );
    }
    Ok(())
}

#[test]
fn distinguishes_a_shut_down_runtime_from_a_broken_connection() {
    let server_runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let server = server_runtime.block_on(Server::start([]));
    let caller = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    // The connection belongs to the runtime in which it was made; the call is made in another. It
    // makes another connection if the first one is not yet free again.
    let error = loop {
        server.take_requests();
        server.set_actions([
            ServerAction::Send(response(200, "application/json", "{}")),
            ServerAction::Stall(Vec::new()),
        ]);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        let quay = client(&server).no_retries().build().expect("settings");
        runtime
            .block_on(quay.request("GET", "/x").expect("a path").send_bytes())
            .expect("a response");
        // It must not be dropped in the other runtime.
        let mut driver = Some(runtime);
        let error = caller.block_on(async {
            let call = tokio::spawn(async move {
                quay.organization("acme")?
                    .robot("ci")?
                    .regenerate()
                    .await
                    .map(drop)
            });
            let both = loop {
                match server.requests().as_slice() {
                    [first, second] => break [first.connection, second.connection],
                    _ => tokio::task::yield_now().await,
                }
            };
            if both[0] != both[1] {
                return None;
            }
            driver.take()?.shutdown_background();
            let error = call.await.expect("no panic").expect_err("it has ended");
            Some(error)
        });
        if let Some(error) = error {
            break error;
        }
    };
    assert_eq!(
        (error.kind(), error.delivery(), error.may_have_been_done()),
        (ErrorKind::Cancelled, Delivery::Unknown, true),
        "{error:?}"
    );
}
