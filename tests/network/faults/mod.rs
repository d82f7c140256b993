//! Faults on real sockets: for every fault of a server, a proxy or a network, a call ends in time
//! with the right error, and a write is not sent twice.

mod http2;
mod table;

use crate::support::proxy;
use crate::support::server::{
    Server, ServerAction, TIME_OUT, let_others_read, response_with_headers,
};
use crate::support::tls::Identity;
use futures::future::join_all;
use futures::stream::{self, StreamExt};
use quay_api::types::RobotAccount;
use quay_api::{Error, ErrorKind, Quay, QuayBuilder, Result, RetryPolicy};
use std::time::Duration;
use table::{Outcome, Row, fails, good, ok, rows, unsure};
use tokio::time::timeout;

/// The longest time of any call, also on a busy machine. On an idle machine, most take a few
/// milliseconds and none a second. It is longer than three time-outs of a server.
const BOUND: Duration = Duration::from_secs(100);

/// Three attempts with hardly a delay.
fn quick() -> RetryPolicy {
    RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(30))
        .budget(1_000)
}

fn client(url: &str) -> QuayBuilder {
    Quay::builder()
        .base_url(url)
        .token("hunter2")
        .retry(quick())
        .connect_timeout(BOUND)
        .attempt_timeout(BOUND)
        .max_response_size(64 * 1024)
}

/// A call that is idempotent.
async fn read(quay: &Quay) -> Result<RobotAccount> {
    bounded(async { quay.organization("acme")?.robot("ci")?.get().await }).await
}

/// A call that is not: the second one invalidates the token of the first.
async fn write(quay: &Quay) -> Result<RobotAccount> {
    bounded(async { quay.organization("acme")?.robot("ci")?.regenerate().await }).await
}

async fn bounded<T>(call: impl Future<Output = T>) -> T {
    timeout(BOUND, call).await.expect("the call ends in time")
}

fn outcome(result: &Result<RobotAccount>, requests: usize) -> Outcome {
    match result {
        Ok(robot) => {
            assert_eq!(
                robot.token.as_ref().map(|t| t.expose()),
                Some("a-new-token")
            );
            ok(requests)
        }
        Err(error) if error.may_have_been_done() => unsure(error.kind(), requests),
        Err(error) => fails(error.kind(), requests),
    }
}

/// Returns how a call differed from its row in the table.
async fn check(row: &Row, is_write: bool, http: &reqwest::Client) -> Option<String> {
    let server = Server::start(row.actions.clone()).await;
    let quay = client(&server.url())
        .attempt_timeout(TIME_OUT)
        .http_client(http.clone())
        .build()
        .expect("a client");
    let (result, expected) = match is_write {
        true => (write(&quay).await, row.write),
        false => (read(&quay).await, row.read),
    };
    let found = outcome(&result, server.requests().len());
    let sent_as_one = server.requests().iter().all(|r| {
        r.method == if is_write { "POST" } else { "GET" } && r.header("authorization").is_some()
    });
    if let Err(error) = &result {
        // Each attempt reads no more of an endless body than the limit and what fits into the
        // socket buffers of its connection.
        let (taken, attempts) = (server.endless_bytes(), server.requests().len());
        assert!(
            taken < 8 * 1024 * 1024 * attempts,
            "{}: {taken} bytes were read in {attempts} attempts",
            row.name
        );
        assert!(
            !format!("{error} {error:?}").contains("hunter2"),
            "{}: {error:?}",
            row.name
        );
    }
    // The client is usable after every fault.
    server.set_actions([good()]);
    let after = read(&quay).await;
    let name = if is_write { "write" } else { "read" };
    match found == expected && sent_as_one && after.is_ok() {
        true => None,
        false => Some(format!(
            "{}, {name}: {found:?} instead of {expected:?}: {:?}, then {:?}",
            row.name,
            result.err(),
            after.err()
        )),
    }
}

/// In one thread: a client always reads what was sent before the connection is reset.
#[tokio::test]
async fn ends_each_call_as_the_table_says() {
    let rows = rows();
    assert!(rows.len() > 50);
    // The clock moves on for all calls, so that these are made one after the other.
    let (silent, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.is_silent());
    assert!(silent.len() >= 5);
    // One client for all rows: creating one takes longer than most calls.
    let http = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .build()
        .expect("a client");
    let mut wrong = Vec::new();
    for (rows, concurrency) in [(others, 12), (silent, 1)] {
        let checks = rows
            .iter()
            .flat_map(|row| [check(row, false, &http), check(row, true, &http)]);
        let found = stream::iter(checks)
            .buffer_unordered(concurrency)
            .filter_map(std::future::ready);
        wrong.extend(found.collect::<Vec<String>>().await);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Returns the error kind of a call, its attempts, and whether it may have taken effect.
fn tried(result: &Result<RobotAccount>) -> (Option<ErrorKind>, u32, bool) {
    match result {
        Ok(_) => (None, 1, false),
        Err(error) => (
            Some(error.kind()),
            error.attempts(),
            error.may_have_been_done(),
        ),
    }
}

#[tokio::test]
async fn retries_any_call_after_a_refused_connection() {
    let gone = Server::start([good()]).await;
    gone.stop().await;
    let quay = client(&gone.url()).build().expect("a client");
    for result in [read(&quay).await, write(&quay).await] {
        assert_eq!(tried(&result), (Some(ErrorKind::Connection), 3, false));
    }
}

#[tokio::test]
async fn does_not_follow_redirects_to_another_origin() {
    let stranger = Server::start([good()]).await;
    let elsewhere = format!("{}/api/v1/x", stranger.url());
    let other_name = elsewhere.replace("127.0.0.1", "localhost");
    let own_port =
        |server: &Server| format!("http://quay.example.com:{}/x", server.address().port());
    for status in [307, 308] {
        for location in [
            elsewhere.as_str(),
            other_name.as_str(),
            "//127.0.0.1:1/x",
            "https:///x",
            "file:///etc/passwd",
            "javascript:x",
        ] {
            let server = Server::start([
                ServerAction::Send(response_with_headers(status, &[("location", location)], "")),
                good(),
            ])
            .await;
            let quay = client(&server.url()).build().expect("a client");
            for result in [read(&quay).await, write(&quay).await] {
                let status = result.as_ref().err().and_then(Error::status);
                let read_again = outcome(&result, 1);
                // The second request of this server gets a good response.
                assert!(
                    read_again == fails(ErrorKind::Redirected, 1) && status.is_some()
                        || read_again == ok(1),
                    "{location}: {result:?}"
                );
            }
            assert!(server.requests().len() == 2, "{location}");
            server.set_actions([ServerAction::Send(response_with_headers(
                status,
                &[("location", &own_port(&server))],
                "",
            ))]);
            assert_eq!(tried(&read(&quay).await).0, Some(ErrorKind::Redirected));
        }
    }
    assert_eq!(stranger.connections(), 0, "not even a connection is made");
}

#[tokio::test]
async fn verifies_certificates() {
    let (host, trusted, other, expired) = (
        "127.0.0.1",
        Identity::of("127.0.0.1"),
        Identity::of("quay.example.com"),
        Identity::expired("127.0.0.1"),
    );
    let root = |identity: &Identity| Some(identity.root.clone());
    for (what, identity, root, expected) in [
        ("not trusted", &trusted, None, Some(ErrorKind::Tls)),
        (
            "another authority",
            &trusted,
            root(&other),
            Some(ErrorKind::Tls),
        ),
        ("another host", &other, root(&other), Some(ErrorKind::Tls)),
        ("expired", &expired, root(&expired), Some(ErrorKind::Tls)),
        ("own root", &trusted, root(&trusted), None),
    ] {
        for is_write in [false, true] {
            let server = Server::start_tls([good()], identity).await;
            assert!(server.url().contains(host));
            let builder = client(&server.url());
            let builder = root.iter().fold(builder, |builder, root| {
                builder.root_certificate(root.as_str())
            });
            let quay = builder.build().expect("a client");
            let result = if is_write {
                write(&quay).await
            } else {
                read(&quay).await
            };
            // A retry does not help with a certificate: one attempt.
            assert_eq!(tried(&result), (expected, 1, false), "{what}: {result:?}");
            assert_eq!(
                (server.requests().len(), server.connections()),
                (usize::from(expected.is_none()), 1),
                "{what}"
            );
        }
    }
    let server = Server::start_tls([good()], &expired).await;
    let careless = client(&server.url())
        .danger_accept_invalid_certificates(true)
        .build()
        .expect("a client");
    assert!(write(&careless).await.is_ok());
}

#[tokio::test]
async fn never_follows_a_redirect_from_https_to_http() {
    let identity = Identity::of("127.0.0.1");
    let plain = Server::start([good()]).await;
    let server = Server::start_tls([good()], &identity).await;
    let same_port = format!("http://{}/x", server.address());
    for location in [format!("{}/x", plain.url()), same_port] {
        server.set_actions([ServerAction::Send(response_with_headers(
            308,
            &[("location", location.as_str())],
            "",
        ))]);
        let quay = client(&server.url())
            .root_certificate(identity.root.as_str())
            .build()
            .expect("a client");
        for result in [read(&quay).await, write(&quay).await] {
            assert_eq!(tried(&result), (Some(ErrorKind::Redirected), 1, false));
        }
    }
    assert_eq!(plain.connections(), 0);
}

#[tokio::test]
async fn distinguishes_a_rejecting_proxy_from_the_server() {
    let identity = Identity::of("127.0.0.1");
    for status in [403, 407, 502] {
        let (server, refusing) = (
            Server::start_tls([good()], &identity).await,
            proxy::rejecting(status).await,
        );
        let address = refusing.url().replace("http://", "http://someone:hunter3@");
        let quay = client(&server.url())
            .root_certificate(identity.root.as_str())
            .proxy(address)
            .build()
            .expect("a client");
        for result in [read(&quay).await, write(&quay).await] {
            let (kind, attempts, may_have_been_done) = tried(&result);
            // No request reached anything: any call may be tried again.
            assert_eq!(
                (kind, attempts, may_have_been_done),
                (Some(ErrorKind::Connection), 3, false),
                "{status}: {result:?}"
            );
            assert!(!format!("{result:?}").contains("hunter3"));
        }
        assert_eq!(server.connections(), 0);
        assert!(
            refusing
                .requests()
                .iter()
                .all(|r| r.method == "CONNECT" && r.header("authorization").is_none()),
            "the proxy is not shown the token"
        );
    }
}

#[tokio::test]
async fn retries_reads_on_a_reused_connection_that_closes() {
    // The second request is sent on the kept connection, which then ends without a response.
    let script = || [good(), ServerAction::Close(Vec::new()), good()];
    let server = Server::start(script()).await;
    let quay = client(&server.url()).build().expect("a client");
    assert!(read(&quay).await.is_ok() && read(&quay).await.is_ok());
    let connections: Vec<usize> = server.requests().iter().map(|r| r.connection).collect();
    assert_eq!(connections, [0, 0, 1]);
    // Whether it was done can't be known: it is not sent again.
    let server = Server::start(script()).await;
    let quay = client(&server.url()).build().expect("a client");
    assert!(read(&quay).await.is_ok());
    assert_eq!(
        tried(&write(&quay).await),
        (Some(ErrorKind::Connection), 1, true)
    );
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn does_not_reuse_a_connection_that_closed_while_idle() {
    let server = Server::start([ServerAction::Close(good_bytes())]).await;
    let quay = client(&server.url()).build().expect("a client");
    for number in 1..=20 {
        assert!(write(&quay).await.is_ok(), "{number}");
        // The client receives the end of the connection.
        let_others_read().await;
    }
    assert_eq!((server.requests().len(), server.connections()), (20, 20));
}

fn good_bytes() -> Vec<u8> {
    match good() {
        ServerAction::Send(bytes) => bytes,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn client_stays_usable_after_a_dropped_call() {
    let scripts = [
        ServerAction::Stall(Vec::new()),
        ServerAction::Stall(b"HTTP/1.1 200 OK\r\nconte".to_vec()),
        ServerAction::Stall(good_bytes()[..good_bytes().len() - 5].to_vec()),
        ServerAction::Reset(Vec::new()),
        good(),
    ];
    for script in scripts {
        let server = Server::start([script.clone()]).await;
        // One at a time: a place in the line that is not given back would stop everything.
        let slow = RetryPolicy::new()
            .max_attempts(3)
            .initial_backoff(Duration::from_millis(40))
            .jitter_from(|| 1.0);
        let quay = client(&server.url())
            .max_in_flight(1)
            .retry(slow)
            .build()
            .expect("a client");
        for delay in [0, 1, 2, 4, 8, 16, 32, 64] {
            server.set_actions([script.clone()]);
            let (first, second) = (read(&quay), write(&quay));
            // The second waits in line behind the first, and both are dropped.
            let both = async { futures::join!(first, second) };
            let _ = timeout(Duration::from_millis(delay), both).await;
            server.set_actions([good()]);
            let after = read(&quay).await;
            assert!(after.is_ok(), "{script:?} after {delay} ms: {after:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn completes_a_thousand_concurrent_calls() {
    let server = Server::start([good()]).await;
    let quay = client(&server.url()).build().expect("a client");
    let calls = (0..1_000).map(|number| {
        let quay = quay.clone();
        tokio::spawn(async move {
            if number % 2 == 0 {
                read(&quay).await
            } else {
                write(&quay).await
            }
        })
    });
    for result in join_all(calls).await {
        let result = result.expect("no panic");
        assert!(result.is_ok(), "{result:?}");
    }
    assert_eq!(server.requests().len(), 1_000);
    // A hundred are concurrent. Others were opened for a call that then got a free one.
    assert!(server.connections() < 300, "{}", server.connections());
}
