//! HTTP/2 servers that refuse requests or close their connections.

use super::table::GOOD;
use super::{client, quick, read, write};
use crate::support::http2::FrameAction::{GoAway, Refuse, Respond};
use crate::support::http2::{FrameAction, FrameServer, GoAwayServer};
use crate::support::tls::Identity;
use futures::future::join_all;
use quay_api::types::RobotAccount;
use quay_api::{Delivery, ErrorKind, HttpVersion, Quay, Result};

async fn start(actions: &'static [FrameAction]) -> (FrameServer, Quay) {
    let server = FrameServer::start(actions, GOOD).await;
    let quay = client(&server.url())
        .http_version(HttpVersion::Http2)
        .build()
        .expect("a client");
    (server, quay)
}

/// Returns the kind of the error, the delivery, and whether it may have been done.
fn failure(result: &Result<RobotAccount>) -> Option<(ErrorKind, Delivery, bool)> {
    let error = result.as_ref().err()?;
    Some((error.kind(), error.delivery(), error.may_have_been_done()))
}

#[tokio::test]
async fn sends_an_unprocessed_request_again() {
    for actions in [
        &[GoAway { last_stream: 0 }, Respond][..],
        &[Refuse, Respond],
        &[Refuse, GoAway { last_stream: 0 }, Respond],
    ] {
        let (server, quay) = start(actions).await;
        let result = write(&quay).await;
        assert_eq!(failure(&result), None, "{actions:?}: {result:?}");
        assert_eq!(server.requests(), actions.len(), "{actions:?}");
        let (server, quay) = start(actions).await;
        assert!(read(&quay).await.is_ok(), "{actions:?}");
        assert_eq!(server.requests(), actions.len(), "{actions:?}");
    }
}

#[tokio::test]
async fn never_repeats_a_write_that_may_have_been_processed() {
    let actions = &[GoAway { last_stream: 1 }, Respond];
    let (server, quay) = start(actions).await;
    let result = write(&quay).await;
    let unsure = Some((ErrorKind::Connection, Delivery::Unknown, true));
    assert_eq!(failure(&result), unsure, "{result:?}");
    assert_eq!(server.requests(), 1);
    let (server, quay) = start(actions).await;
    assert!(read(&quay).await.is_ok());
    assert_eq!(server.requests(), 2);
}

#[tokio::test]
async fn no_retries_means_one_request() {
    for actions in [&[GoAway { last_stream: 0 }][..], &[Refuse]] {
        for is_write in [false, true] {
            let (server, quay) = start(actions).await;
            let quay = quay.with(|settings| settings.no_retries());
            let result = match is_write {
                true => write(&quay).await,
                false => read(&quay).await,
            };
            let (kind, _, may_have_been_done) = failure(&result).expect("an error");
            assert_eq!(kind, ErrorKind::Connection, "{result:?}");
            assert!(!may_have_been_done, "{result:?}");
            assert_eq!(server.requests(), 1, "{actions:?}: {result:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_write_is_done_twice_when_connections_go_away() {
    let identity = Identity::of("127.0.0.1");
    let server = GoAwayServer::start(&identity, GOOD, 3).await;
    let quay = client(&format!("https://{}", server.address()))
        .root_certificate(identity.root.as_str())
        // Most connections refuse some of the concurrent requests.
        .retry(quick().max_attempts(20))
        .build()
        .expect("a client");
    let mut results = Vec::new();
    for _ in 0..10 {
        results.push(write(&quay).await);
    }
    results.extend(
        join_all((0..60).map(|number| {
            let quay = &quay;
            async move {
                match number % 2 {
                    0 => read(quay).await,
                    _ => write(quay).await,
                }
            }
        }))
        .await,
    );
    assert!(server.connections() > 3);
    // If GOAWAY arrives in the microseconds in which a write is sent, its outcome is unknown.
    let failed: Vec<_> = results.iter().filter_map(failure).collect();
    let unsure = (ErrorKind::Connection, Delivery::Unknown, true);
    assert!(failed.iter().all(|f| *f == unsure), "{results:?}");
    let done = server.writes();
    assert!(
        done <= 40 && done >= 40 - failed.len(),
        "{done}, {failed:?}"
    );
    assert!(server.reads() >= 30, "{}", server.reads());
}
