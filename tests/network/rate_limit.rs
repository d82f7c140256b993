//! Calls against a server that limits requests as nginx does, on a simulated clock: none fails, and
//! the limit is used.

use crate::call;
use crate::support::leaky_bucket::{Limit, LimitedServer, simulate, simulate_in_steps};
use crate::support::server::{Server, ServerAction, response, response_with_headers};
use futures::future::{join, join_all};
use quay_api::{CallReport, Delivery, Error, ErrorKind, Quay, QuayBuilder, Result, RetryPolicy};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

/// The limit of Quay's templates for HTTP/1.1.
const LIMIT: Limit = Limit::new(5.0, 25.0);
const LATENCY: Duration = Duration::from_millis(20);
/// The step of the clock while almost nothing is sent.
const STEP: Duration = Duration::from_millis(50);

/// The reports of all calls.
type Reports = Arc<Mutex<Vec<CallReport>>>;

fn client(url: &str, reports: &Reports) -> QuayBuilder {
    let reports = Arc::clone(reports);
    Quay::builder()
        .base_url(url)
        .token("hunter2")
        .on_call(move |call| reports.lock().expect("no panic").push(call.clone()))
}

/// Makes concurrent calls, all of which succeed. Returns the time as a ratio to the shortest
/// possible one, and the number of 429 responses per call.
async fn measure(
    limit: Limit,
    clients: &[QuayBuilder],
    calls: usize,
    reports: &Reports,
) -> [f64; 2] {
    let start = Instant::now();
    let clients: Vec<_> = clients
        .iter()
        .map(|builder| builder.clone().build().expect("a client"))
        .collect();
    let all = clients
        .iter()
        .flat_map(|quay| (0..calls).map(|_| call(quay)));
    for result in join_all(all).await {
        result.expect("a call that waits for its turn");
    }
    let calls = clients.len() * calls;
    let reports = reports.lock().expect("no panic");
    assert_eq!(reports.len(), calls, "a report for each call");
    let refusals: u32 = reports.iter().map(|report| report.refusals).sum();
    [
        start.elapsed().as_secs_f64() / limit.ideal_time(calls).as_secs_f64(),
        f64::from(refusals) / calls as f64,
    ]
}

#[test]
fn concurrent_calls_use_the_limit_and_none_fails() {
    simulate(async {
        let server = LimitedServer::start(LIMIT, LATENCY).await;
        let reports = Reports::default();
        let clients = [client(&server.url(), &reports)];
        let [time, refused] = measure(LIMIT, &clients, 120, &reports).await;
        assert!(time <= 1.08 && refused <= 0.35, "{time} {refused}");
        assert_eq!(server.taken(), 120);
    });
}

#[test]
fn clients_that_share_a_limit_leave_room_for_each_other() {
    simulate(async {
        let server = LimitedServer::start(LIMIT, LATENCY).await;
        let reports = Reports::default();
        let clients = [(); 3].map(|()| client(&server.url(), &reports));
        let [time, refused] = measure(LIMIT, &clients, 50, &reports).await;
        assert!(time <= 1.25 && refused <= 0.6, "{time} {refused}");
    });
}

#[test]
fn a_rate_that_is_set_too_high_is_reduced() {
    simulate(async {
        let server = LimitedServer::start(LIMIT, LATENCY).await;
        let reports = Reports::default();
        let clients = [client(&server.url(), &reports).requests_per_second(100.0)];
        let [time, refused] = measure(LIMIT, &clients, 100, &reports).await;
        assert!(time <= 1.1 && refused <= 0.35, "{time} {refused}");
    });
}

#[test]
fn a_fast_server_is_not_treated_as_a_slow_one() {
    simulate(async {
        let limit = Limit::new(50.0, 100.0);
        let server = LimitedServer::start(limit, LATENCY).await;
        let reports = Reports::default();
        let clients = [client(&server.url(), &reports)];
        let [time, refused] = measure(limit, &clients, 400, &reports).await;
        assert!(time <= 1.15 && refused <= 0.35, "{time} {refused}");
    });
}

#[test]
fn a_burst_is_used_again_when_the_bucket_is_full() {
    simulate(async {
        let server = LimitedServer::start(LIMIT, LATENCY).await;
        let reports = Reports::default();
        let quay = client(&server.url(), &reports).build().expect("a client");
        let all = (0..40).map(|_| call(&quay));
        assert!(join_all(all).await.iter().all(Result::is_ok));
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_secs(10)).await;
            let (start, refused) = (Instant::now(), server.refused());
            let all = (0..20).map(|_| call(&quay));
            assert!(join_all(all).await.iter().all(Result::is_ok));
            assert!(
                start.elapsed() < Duration::from_secs(1),
                "{:?}",
                start.elapsed()
            );
            assert_eq!(server.refused(), refused);
        }
    });
}

#[test]
fn calls_are_sent_in_the_order_in_which_they_were_made() {
    simulate(async {
        let server = LimitedServer::start(Limit::new(5.0, 3.0), Duration::ZERO).await;
        let quay = client(&server.url(), &Reports::default())
            .max_in_flight(4)
            .build()
            .expect("a client");
        let all = (0..30).map(async |number| {
            let path = format!("/{number}");
            quay.clone().request("GET", path)?.send_bytes().await
        });
        assert!(join_all(all).await.iter().all(Result::is_ok));
        let order: Vec<usize> = server
            .targets()
            .iter()
            .filter_map(|target| target.trim_start_matches('/').parse().ok())
            .collect();
        let most = order
            .iter()
            .enumerate()
            .map(|(place, number)| place.abs_diff(*number))
            .max();
        // What is in flight at the same time may arrive in another order.
        assert!(most <= Some(4), "{order:?}");
    });
}

#[test]
fn a_429_uses_no_attempt_and_no_budget_and_a_write_is_retried() {
    simulate(async {
        let server = LimitedServer::start(Limit::new(1.0, 0.0), Duration::ZERO).await;
        let reports = Reports::default();
        let quay = client(&server.url(), &reports)
            .retry(RetryPolicy::new().max_attempts(2).budget(0))
            .build()
            .expect("a client");
        let organization = quay.organization("acme").expect("a name");
        // Not idempotent: the second one would invalidate the token of the first.
        let robot = organization.robot("ci").expect("a name");
        let all = (0..6).map(|_| robot.regenerate());
        assert!(join_all(all).await.iter().all(Result::is_ok));
        assert_eq!(server.taken(), 6);
        let reports = reports.lock().expect("no panic");
        let most = reports.iter().map(|report| report.refusals).max();
        assert!(most > Some(1), "{reports:?}");
        for report in reports.iter() {
            assert_eq!(report.attempts, report.refusals + 1);
            assert!(report.waited <= report.elapsed);
        }
    });
}

/// A server that responds to everything with 429.
fn refusal(retry_after: Option<&str>) -> ServerAction {
    let html = ("content-type", "text/html");
    let headers = [html, ("retry-after", retry_after.unwrap_or_default())];
    let headers = &headers[..if retry_after.is_some() { 2 } else { 1 }];
    ServerAction::Send(response_with_headers(
        429,
        headers,
        "<html><title>429 Too Many Requests</title></html>",
    ))
}

#[test]
fn at_its_deadline_a_call_is_a_rate_limit_error_with_the_cause() {
    simulate_in_steps(STEP, async {
        let server = Server::start([refusal(None)]).await;
        let reports = Reports::default();
        let quay = client(&server.url(), &reports)
            .operation_timeout(Duration::from_secs(60))
            .build()
            .expect("a client");
        let start = Instant::now();
        let (first, second) = join(call(&quay), call(&quay)).await;
        assert_eq!(start.elapsed().as_secs(), 60);
        for error in [first, second].map(|result| result.expect_err("it is refused")) {
            assert!(error.is_rate_limited() && error.is_temporary(), "{error:?}");
            assert_eq!(
                (error.status(), error.delivery()),
                (Some(429), Delivery::Responded)
            );
            assert!(!error.may_have_been_done());
            let message = error.to_string();
            let refusals = error.attempts();
            let times = match refusals {
                1 => "rejected the request once".to_owned(),
                times => format!("rejected the request {times} times"),
            };
            assert!(message.contains(&times), "{message}");
        }
        // The first one is retried repeatedly, at a low rate.
        assert!(
            (4..30).contains(&server.requests().len()),
            "{}",
            server.requests().len()
        );
        // The error of a call that was never sent also states the cause.
        let hurried = quay.with(|call| call.operation_timeout(Duration::from_secs(2)));
        let _first = tokio::spawn({
            let quay = quay.clone();
            async move { call(&quay).await }
        });
        tokio::task::yield_now().await;
        let error = call(&hurried).await.expect_err("it is never sent");
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::RateLimited, Delivery::NotSent, 0)
        );
    });
}

#[test]
fn without_a_deadline_a_call_waits_for_the_default_time() {
    simulate_in_steps(STEP, async {
        let server = Server::start([refusal(None)]).await;
        let quay = client(&server.url(), &Reports::default())
            .operation_timeout(Duration::MAX)
            .build()
            .expect("a client");
        let start = Instant::now();
        let error = call(&quay).await.expect_err("it is refused");
        assert!(error.is_rate_limited());
        assert_eq!(start.elapsed().as_secs(), 300);
    });
}

#[test]
fn one_attempt_is_one_request() {
    simulate(async {
        let server = Server::start([refusal(None)]).await;
        let quay = client(&server.url(), &Reports::default())
            .no_retries()
            .build()
            .expect("a client");
        let error = call(&quay).await.expect_err("it is refused");
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::RateLimited, 1)
        );
        assert_eq!(server.requests().len(), 1);
    });
}

#[test]
fn all_calls_wait_as_long_as_the_server_requests_up_to_a_maximum() {
    simulate(async {
        for (asked, max_backoff, waited) in
            [("7", 20, 7), ("3600", 20, 20), ("0", 20, 0), ("x", 20, 0)]
        {
            let good = response(200, "application/json", r#"{"name": "acme+ci"}"#);
            let server = Server::start([refusal(Some(asked)), ServerAction::Send(good)]).await;
            let quay = client(&server.url(), &Reports::default())
                .retry(RetryPolicy::new().max_backoff(Duration::from_secs(max_backoff)))
                .build()
                .expect("a client");
            let start = Instant::now();
            let second = async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                call(&quay).await.map(|()| start.elapsed().as_secs())
            };
            let (first, second) = join(call(&quay), second).await;
            first.expect("a success");
            assert_eq!(start.elapsed().as_secs(), waited, "{asked}");
            assert_eq!(second.expect("a success"), waited, "{asked}");
        }
    });
}

#[test]
fn a_limit_of_one_operation_does_not_slow_down_the_others() {
    simulate(async {
        let queued = response(
            429,
            "application/json",
            r#"{"message": "Maximum queued build rate exceeded."}"#,
        );
        let good = response(200, "application/json", r#"{"name": "acme+ci"}"#);
        let server = Server::start([
            ServerAction::Send(queued.clone()),
            ServerAction::Send(good),
            ServerAction::Send(queued),
        ])
        .await;
        let quay = client(&server.url(), &Reports::default())
            .operation_timeout(Duration::from_secs(30))
            .build()
            .expect("a client");
        let start = Instant::now();
        let build = async { quay.request("POST", "/build")?.send_bytes().await.map(drop) };
        let others = async {
            while server.requests().is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            call(&quay).await.map(|()| start.elapsed())
        };
        let (build, other) = join(build, others).await;
        assert!(other.expect("a success") < Duration::from_millis(400));
        let error: Error = build.expect_err("too many builds");
        assert!(error.is_rate_limited() && error.attempts() > 3, "{error:?}");
    });
}
