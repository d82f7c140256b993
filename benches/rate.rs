//! Measures how close the client comes to the limit of a server: nginx with `limit_req`, as Quay's
//! own templates set it up.
//!
//! For each case, it prints the time divided by the shortest possible time, the number of responses
//! with status 429 per call, and the number of failed calls. Then it prints the worst values of all
//! cases as `ratio rate.time`, `ratio rate.refused` and `ratio rate.failed`. The clock is
//! simulated, and the sockets are real.
//!
//! If `QUAY_RATE_URL` has the address of a real nginx, it measures that one with the real clock.
//! `QUAY_RATE_LIMIT` (`RATE/BURST`) is its limit, by default 5 requests a second with bursts of 25.

#[path = "../tests/support/leaky_bucket.rs"]
#[allow(dead_code)]
mod leaky_bucket;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use leaky_bucket::{Limit, LimitedServer, simulate};
use quay_api::{Quay, QuayBuilder};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::time::Instant;

/// The limits in Quay's templates: per address for HTTP/1.1, and per connection for HTTP/2.
const HTTP1: Limit = Limit::new(5.0, 25.0);
const HTTP2: Limit = Limit::new(50.0, 100.0);

#[derive(Clone, Copy)]
struct Case {
    name: &'static str,
    limit: Limit,
    clients: usize,
    /// The calls of each client, and the number of concurrent ones.
    calls: usize,
    at_once: usize,
    requests_per_second: Option<f64>,
}

const CASES: [Case; 7] = [
    Case {
        name: "at_once_64",
        limit: HTTP1,
        clients: 1,
        calls: 300,
        at_once: 64,
        requests_per_second: None,
    },
    Case {
        name: "at_once_8",
        limit: HTTP1,
        clients: 1,
        calls: 300,
        at_once: 8,
        requests_per_second: None,
    },
    Case {
        name: "three_clients",
        limit: HTTP1,
        clients: 3,
        calls: 100,
        at_once: 8,
        requests_per_second: None,
    },
    Case {
        name: "three_clients_at_once_64",
        limit: HTTP1,
        clients: 3,
        calls: 100,
        at_once: 64,
        requests_per_second: None,
    },
    Case {
        name: "http2",
        limit: HTTP2,
        clients: 1,
        calls: 300,
        at_once: 64,
        requests_per_second: None,
    },
    Case {
        name: "set_too_high",
        limit: HTTP1,
        clients: 1,
        calls: 300,
        at_once: 64,
        requests_per_second: Some(20.0),
    },
    Case {
        name: "set_much_too_high",
        limit: HTTP1,
        clients: 1,
        calls: 300,
        at_once: 64,
        requests_per_second: Some(1000.0),
    },
];

/// The measured values of a case.
#[derive(Default)]
struct Measured {
    time: f64,
    refused: f64,
    failed: usize,
}

fn main() {
    let real = std::env::var("QUAY_RATE_URL").ok();
    let mut worst = Measured::default();
    for case in CASES {
        let measured = match &real {
            Some(url) => {
                let Some(case) = on_real_server(case) else {
                    continue;
                };
                measure_real(&case, url)
            }
            None => simulate(measure_simulated(&case)),
        };
        // The failures of a case are few or none: a ratio of calls would hide one.
        println!(
            "{}: time {:.3}, refused {:.3}, failed {}",
            case.name, measured.time, measured.refused, measured.failed
        );
        worst.time = worst.time.max(measured.time);
        worst.refused = worst.refused.max(measured.refused);
        worst.failed += measured.failed;
    }
    println!("ratio rate.time {:.3}", worst.time);
    println!("ratio rate.refused {:.3}", worst.refused);
    println!("ratio rate.failed {}", worst.failed);
}

/// Returns the case with the limit of the real server, or `None` if the case does not apply to it.
fn on_real_server(case: Case) -> Option<Case> {
    let limit = match std::env::var("QUAY_RATE_LIMIT") {
        Ok(limit) => {
            let (rate, burst) = limit.split_once('/').expect("RATE/BURST");
            Limit::new(
                rate.parse().expect("a number"),
                burst.parse().expect("a number"),
            )
        }
        Err(_) => HTTP1,
    };
    (case.limit.rate == HTTP1.rate).then_some(Case { limit, ..case })
}

async fn measure_simulated(case: &Case) -> Measured {
    let server = LimitedServer::start(case.limit, Duration::from_millis(20)).await;
    let measured = run(case, &server.url()).await;
    assert_eq!(
        server.taken() + measured.failed,
        case.clients * case.calls,
        "each call was accepted once"
    );
    measured
}

fn measure_real(case: &Case, url: &str) -> Measured {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        // Wait until the bucket is full.
        let seconds = case.limit.burst / case.limit.rate + 1.0;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        run(case, url).await
    })
}

async fn run(case: &Case, url: &str) -> Measured {
    let failed = AtomicUsize::new(0);
    let refused = Arc::new(AtomicU32::new(0));
    let start = Instant::now();
    let clients = (0..case.clients).map(async |_| {
        let counter = Arc::clone(&refused);
        let mut builder: QuayBuilder =
            Quay::builder()
                .base_url(url)
                .token("bench")
                .on_call(move |call| {
                    counter.fetch_add(call.refusals, Ordering::Relaxed);
                });
        if let Some(requests) = case.requests_per_second {
            builder = builder.requests_per_second(requests);
        }
        let quay = builder.build().expect("a client");
        let robot = quay
            .organization("acme")
            .and_then(|organization| organization.robot("ci"))
            .expect("a name");
        let mut running = FuturesUnordered::new();
        for _ in 0..case.calls {
            if running.len() == case.at_once {
                running.next().await;
            }
            running.push(async {
                if let Err(error) = robot.get().await {
                    eprintln!("{}: {error}", case.name);
                    failed.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        while running.next().await.is_some() {}
    });
    join_all(clients).await;
    let calls = case.clients * case.calls;
    Measured {
        time: start.elapsed().as_secs_f64() / case.limit.ideal_time(calls).as_secs_f64(),
        refused: f64::from(refused.load(Ordering::Relaxed)) / calls as f64,
        failed: failed.load(Ordering::Relaxed),
    }
}
