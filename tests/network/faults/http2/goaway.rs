//! Requests that a server did not process, or says nothing about, when it ends their streams.

use super::super::table::GOOD;
use super::{UNSURE, client, delete, failure, post, quick, read, respond_to_all, start, write};
use crate::support::frames::*;
use crate::support::http2::GoAwayServer;
use crate::support::tls::Identity;
use futures::future::{join, join_all};
use quay_api::{ErrorKind, HttpVersion, RetryPolicy};
use std::sync::Arc;
use tokio::sync::Notify;

/// All reasons of RFC 9113, and an unknown one.
const REASONS: [u32; 15] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 99];

/// Starts a server that sends frames in response to the first request, and the same for all later
/// connections if `always` is true. Each connection gets one request.
async fn ended_by(
    frames: impl Fn(u32) -> Vec<u8> + Clone + Send + 'static,
    always: bool,
) -> (FrameServer, quay_api::Quay) {
    start(move |mut connection| {
        let frames = frames.clone();
        async move {
            if connection.number > 0 && !always {
                return respond_to_all(connection).await;
            }
            connection.begin(&[]).await?;
            let stream = connection.request().await?;
            connection.send(frames(stream)).await?;
            connection.close().await
        }
    })
    .await
}

#[tokio::test]
async fn sends_any_request_again_that_the_server_did_not_process() {
    for reason in REASONS {
        let (server, quay) = ended_by(move |_| go_away(0, reason), false).await;
        assert_eq!(failure(&write(&quay).await), None, "{reason}");
        assert_eq!((server.requests(), server.connections()), (2, 2));
    }
    let refused = |stream| reset(stream, REFUSED_STREAM);
    let lowered = |_| [go_away(MAX_STREAM, NO_ERROR), go_away(0, NO_ERROR)].concat();
    for frames in [refused as fn(u32) -> Vec<u8>, lowered] {
        let (server, quay) = ended_by(frames, false).await;
        assert_eq!(failure(&write(&quay).await), None);
        assert_eq!(server.requests(), 2);
        let (server, quay) = ended_by(frames, false).await;
        let result = post(&quay).await;
        assert_eq!(result.expect("a response"), GOOD.as_bytes());
        assert_eq!(server.requests(), 2);
        for is_delete in [false, true] {
            let (server, quay) = ended_by(frames, false).await;
            let succeeds = match is_delete {
                true => delete(&quay).await.is_ok(),
                false => read(&quay).await.is_ok(),
            };
            assert!(succeeds);
            assert_eq!(server.requests(), 2);
        }
    }
}

#[tokio::test]
async fn never_repeats_a_write_that_may_have_been_processed() {
    for reason in REASONS {
        let of_connection = move |stream| go_away(stream, reason);
        let of_stream = move |stream| reset(stream, reason);
        let (server, quay) = ended_by(of_connection, false).await;
        assert_eq!(failure(&write(&quay).await), UNSURE, "{reason}");
        assert_eq!(server.requests(), 1, "{reason}");
        let (server, quay) = ended_by(of_connection, false).await;
        assert_eq!(failure(&post(&quay).await), UNSURE, "{reason}");
        assert_eq!(server.requests(), 1, "{reason}");
        let (server, quay) = ended_by(of_connection, false).await;
        assert!(read(&quay).await.is_ok() && delete(&quay).await.is_ok());
        assert_eq!(server.requests(), 3, "{reason}");
        if reason == REFUSED_STREAM {
            continue;
        }
        let (server, quay) = ended_by(of_stream, false).await;
        assert_eq!(failure(&write(&quay).await), UNSURE, "{reason}");
        assert_eq!(server.requests(), 1, "{reason}");
        let (server, quay) = ended_by(of_stream, false).await;
        assert!(read(&quay).await.is_ok() && delete(&quay).await.is_ok());
        assert_eq!(server.requests(), 3, "{reason}");
    }
}

#[tokio::test]
async fn the_message_tells_who_ended_the_request() {
    for (frames, message) in [
        (
            (|s| reset(s, HTTP_1_1_REQUIRED)) as fn(u32) -> Vec<u8>,
            "the server requires HTTP/1.1: set `http_version` to `HttpVersion::Http1`",
        ),
        (
            |s| reset(s, INTERNAL_ERROR),
            "the server ended the request without a response",
        ),
        (
            // A server that finds fault with the size of a frame does speak HTTP/2.
            |s| reset(s, FRAME_SIZE_ERROR),
            "the server ended the request without a response",
        ),
        (
            |_| Vec::new(),
            "the connection broke before a response was received",
        ),
        (
            |_| b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
            "the server does not speak HTTP/2 on this port (`http_version`)",
        ),
        (
            |s| response(s, "abc", ""),
            "the response is not valid HTTP/2: check the proxies, or set `http_version`",
        ),
    ] {
        let (_server, quay) = ended_by(frames, false).await;
        let error = write(&quay).await.expect_err(message);
        assert_eq!(error.message(), message, "{error:?}");
    }
}

#[tokio::test]
async fn a_response_after_goaway_is_received() {
    for reason in [NO_ERROR, ENHANCE_YOUR_CALM, PROTOCOL_ERROR] {
        let (server, quay) = ended_by(
            move |stream| {
                [
                    go_away(MAX_STREAM, reason),
                    go_away(stream, reason),
                    response(stream, "200", GOOD),
                ]
                .concat()
            },
            true,
        )
        .await;
        for _ in 0..3 {
            assert_eq!(failure(&write(&quay).await), None, "{reason}");
        }
        assert_eq!((server.requests(), server.connections()), (3, 3));
    }
}

#[tokio::test]
async fn no_retries_means_one_request() {
    for frames in [(|_| go_away(0, NO_ERROR)) as fn(u32) -> Vec<u8>, |s| {
        reset(s, REFUSED_STREAM)
    }] {
        let (server, quay) = ended_by(frames, true).await;
        let quay = quay.with(|settings| settings.no_retries());
        let (kind, _, may_have_been_done) = failure(&write(&quay).await).expect("an error");
        assert_eq!((kind, may_have_been_done), (ErrorKind::Connection, false));
        assert_eq!(server.requests(), 1);
        let (kind, _, may_have_been_done) = failure(&read(&quay).await).expect("an error");
        assert_eq!((kind, may_have_been_done), (ErrorKind::Connection, false));
        assert_eq!(server.requests(), 2);
    }
}

/// Connections end as planned, and all calls on them are concerned. The server is not overloaded.
#[tokio::test]
async fn an_unprocessed_request_uses_no_attempt_and_no_budget() {
    for frames in [(|_| go_away(0, NO_ERROR)) as fn(u32) -> Vec<u8>, |s| {
        reset(s, REFUSED_STREAM)
    }] {
        for is_write in [false, true] {
            for (refused, succeeds) in [(6, true), (7, true), (8, false)] {
                let server = FrameServer::start(move |mut connection| async move {
                    if connection.number >= refused {
                        return respond_to_all(connection).await;
                    }
                    connection.begin(&[]).await?;
                    let stream = connection.request().await?;
                    connection.send(frames(stream)).await?;
                    connection.close().await
                })
                .await;
                // The last of these attempts is one of two, and the retry is the only one.
                let retry = quick().max_attempts(2).budget(1);
                let quay = client(&server.url())
                    .http_version(HttpVersion::Http2)
                    .retry(retry)
                    .build()
                    .expect("a client");
                let result = match is_write {
                    true => write(&quay).await,
                    false => read(&quay).await,
                };
                assert_eq!(result.is_ok(), succeeds, "{refused}: {result:?}");
                assert_eq!(server.requests(), (refused + 1).min(8));
                if let Err(error) = result {
                    assert_eq!(error.attempts(), 8);
                    assert!(!error.may_have_been_done());
                }
            }
        }
    }
}

/// The server allows one concurrent request, and closes the connection while a second one waits.
#[tokio::test]
async fn a_request_that_waits_for_another_when_the_connection_ends() {
    let identity = Identity::of("127.0.0.1");
    for is_over_tls in [true, false] {
        for announced in [MAX_STREAM, 3] {
            for is_write in [false, true] {
                let (first_arrived, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
                let (arrived, go) = (Arc::clone(&first_arrived), Arc::clone(&go_on));
                let serve = move |mut connection: Connection| {
                    let (arrived, go) = (Arc::clone(&arrived), Arc::clone(&go));
                    async move {
                        if connection.number > 0 {
                            return respond_to_all(connection).await;
                        }
                        connection.begin(&[(MAX_CONCURRENT_STREAMS, 1)]).await?;
                        let stream = connection.request().await?;
                        connection.send(response(stream, "200", GOOD)).await?;
                        let stream = connection.request().await?;
                        assert_eq!(stream, 3);
                        arrived.notify_one();
                        go.notified().await;
                        let end = [go_away(announced, NO_ERROR), response(stream, "200", GOOD)];
                        connection.send(end.concat()).await?;
                        connection.until_closed().await
                    }
                };
                let server = match is_over_tls {
                    true => FrameServer::start_tls(&identity, serve).await,
                    false => FrameServer::start(serve).await,
                };
                let builder = client(&server.url());
                let quay = match is_over_tls {
                    true => builder.root_certificate(identity.root.as_str()),
                    false => builder.http_version(HttpVersion::Http2),
                };
                let quay = quay.build().expect("a client");
                assert!(read(&quay).await.is_ok());
                let second = async {
                    first_arrived.notified().await;
                    let call = async {
                        match is_write {
                            true => write(&quay).await,
                            false => read(&quay).await,
                        }
                    };
                    // The request is with hyper after some turns of the runtime.
                    let go = async {
                        for _ in 0..20 {
                            tokio::task::yield_now().await;
                        }
                        go_on.notify_one();
                    };
                    join(call, go).await.0
                };
                let (first, second) = join(read(&quay), second).await;
                assert!(first.is_ok(), "{first:?}");
                // It is unknown whether the head of the second request was sent.
                match (is_write, is_over_tls) {
                    (false, _) => assert!(second.is_ok(), "{second:?}"),
                    (true, true) => {
                        assert_eq!(failure(&second), UNSURE, "{second:?}");
                        let error = second.expect_err("it is not repeated");
                        assert!(error.message().contains("waited to be sent"), "{error:?}");
                    }
                    (true, false) => {
                        let (_, delivery, _) = failure(&second).expect("it is not repeated");
                        assert_eq!(UNSURE.map(|unsure| unsure.1), Some(delivery));
                    }
                }
                // The client is usable, and the write was not repeated.
                assert!(read(&quay).await.is_ok());
                assert!(server.requests() <= 5, "{}", server.requests());
            }
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
    assert!(failed.iter().all(|f| Some(*f) == UNSURE), "{results:?}");
    let done = server.writes();
    assert!(
        done <= 40 && done >= 40 - failed.len(),
        "{done}, {failed:?}"
    );
    assert!(server.reads() >= 30, "{}", server.reads());
}

/// With the default policy, whose budget is 50 retries.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reads_survive_connections_that_end_all_the_time() {
    let identity = Identity::of("127.0.0.1");
    let server = GoAwayServer::start(&identity, GOOD, 20).await;
    let quay = client(&format!("https://{}", server.address()))
        .root_certificate(identity.root.as_str())
        .retry(RetryPolicy::new())
        .build()
        .expect("a client");
    let results = join_all((0..500).map(|_| read(&quay))).await;
    let failed: Vec<_> = results.iter().filter_map(failure).collect();
    assert!(failed.is_empty(), "{failed:?}");
    // A connection also responds to the requests that were in flight when it ended, at most 100.
    assert!(server.connections() > 2, "{}", server.connections());
}
