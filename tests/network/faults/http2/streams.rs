//! The limits of a connection: concurrent streams, windows, and calls that are dropped.

use super::super::table::GOOD;
use super::{delete, failure, post, read, respond, respond_to_all, start, write};
use crate::support::frames::*;
use crate::support::server::pass_time_out;
use futures::future::join_all;
use quay_api::{Delivery, ErrorKind, Quay};
use std::collections::VecDeque;
use std::io;

/// Makes calls of all kinds concurrently, and returns their errors.
async fn failures(quay: &Quay, calls: usize) -> Vec<(ErrorKind, Delivery, bool)> {
    let calls = (0..calls).map(|number| async move {
        match number % 4 {
            0 => failure(&read(quay).await),
            1 => failure(&write(quay).await),
            2 => failure(&delete(quay).await),
            _ => failure(&post(quay).await),
        }
    });
    join_all(calls).await.into_iter().flatten().collect()
}

/// Serves a connection whose limit of concurrent streams follows `limits`, of which each applies to
/// some requests. As soon as a limit is known to the client, a stream that exceeds it is an error.
async fn serve_with_limits(mut connection: Connection, limits: &[(u32, usize)]) -> io::Result<()> {
    let mut limits = limits.iter().copied();
    let (mut limit, mut rest) = limits.next().expect("a limit");
    connection.begin(&[(MAX_CONCURRENT_STREAMS, limit)]).await?;
    let (mut open, mut is_known) = (0, false);
    let mut complete = VecDeque::new();
    loop {
        let frame = connection.frame().await?;
        if frame.kind == SETTINGS && frame.flags & ACK != 0 {
            is_known = true;
        }
        if frame.kind == HEADERS {
            open += 1;
            assert!(!is_known || open <= limit, "{open} streams");
        }
        if frame.ends_request() {
            complete.push_back(frame.stream);
        }
        if !is_known {
            continue;
        }
        while let Some(stream) = complete.pop_front() {
            connection.send(response(stream, "200", GOOD)).await?;
            open -= 1;
            rest = rest.saturating_sub(1);
        }
        if rest == 0
            && open == 0
            && let Some(next) = limits.next()
        {
            (limit, rest) = next;
            is_known = false;
            connection
                .send(settings(&[(MAX_CONCURRENT_STREAMS, limit)]))
                .await?;
        }
    }
}

#[tokio::test]
async fn calls_wait_for_the_streams_that_the_server_allows() {
    for limits in [
        &[(1, usize::MAX)][..],
        &[(2, usize::MAX)],
        &[(0, 0), (1, usize::MAX)],
        &[(100, 20), (1, 10), (0, 0), (0, 0), (7, 10), (3, usize::MAX)],
    ] {
        let (server, quay) = start(move |c| serve_with_limits(c, limits)).await;
        let failed = failures(&quay, 200).await;
        assert!(failed.is_empty(), "{limits:?}: {failed:?}");
        assert_eq!((server.requests(), server.connections()), (200, 1));
    }
}

#[tokio::test]
async fn a_request_waits_for_the_window() {
    // The window grows by single bytes, or is negative for a while.
    for window in [0, 1, 10] {
        let (server, quay) = start(move |mut connection| async move {
            connection.begin(&[(INITIAL_WINDOW_SIZE, window)]).await?;
            loop {
                let frame = connection.frame().await?;
                let bytes = match frame.kind {
                    HEADERS if window == 0 => 1,
                    DATA => u32::try_from(frame.payload.len()).unwrap_or_default(),
                    _ => 0,
                };
                if frame.ends_request() {
                    let response = response(frame.stream, "200", GOOD);
                    connection.send(response).await?;
                } else if bytes > 0 {
                    let update = window_update(frame.stream, bytes);
                    connection.send(update).await?;
                }
            }
        })
        .await;
        assert!(failures(&quay, 20).await.is_empty());
        assert_eq!((server.requests(), server.connections()), (20, 1));
    }
}

/// In one thread: the clock moves on as soon as the client waits.
#[tokio::test]
async fn a_body_that_stalls_ends_with_a_time_out() {
    for sends_window in [false, true] {
        let (server, quay) = start(move |mut connection| async move {
            if connection.number == 0 && !sends_window {
                connection.begin(&[(INITIAL_WINDOW_SIZE, 0)]).await?;
                connection.open().await?;
            } else {
                connection.begin(&[]).await?;
                let stream = connection.request().await?;
                if !sends_window {
                    return respond_to_all(connection).await;
                }
                let part = [head(stream, "200"), data(stream, &GOOD[..20])];
                connection.send(part.concat()).await?;
            }
            // The client waits, and its time-out passes.
            pass_time_out().await;
            loop {
                let frame = connection.frame().await?;
                if frame.kind == RST_STREAM {
                    connection
                        .send(settings(&[(INITIAL_WINDOW_SIZE, 65_535)]))
                        .await?;
                    respond(&mut connection).await?;
                }
            }
        })
        .await;
        let hurried = quay.with(|call| call.attempt_timeout(crate::support::server::TIME_OUT));
        let delivery = match sends_window {
            false => Delivery::Unknown,
            true => Delivery::Responded,
        };
        let result = post(&hurried).await;
        let late = (ErrorKind::Timeout, delivery, true);
        assert_eq!(failure(&result), Some(late), "{result:?}");
        // The stream was reset, and the connection is used again.
        assert_eq!(failure(&post(&quay).await), None);
        assert_eq!((server.resets(), server.connections()), (1, 1));
    }
}

/// The server allows 10 streams: if a dropped call left its stream open, others would wait.
#[tokio::test]
async fn a_dropped_call_frees_its_stream() {
    const DROPPED: usize = 1_000;
    let (server, quay) = start(|mut connection| async move {
        connection.begin(&[(MAX_CONCURRENT_STREAMS, 10)]).await?;
        let mut seen = 0;
        loop {
            let frame = connection.frame().await?;
            seen += usize::from(frame.kind == HEADERS);
            if frame.ends_request() && seen > DROPPED {
                connection.send(response(frame.stream, "200", GOOD)).await?;
            }
        }
    })
    .await;
    for number in 1..=DROPPED {
        let arrived = async {
            while server.opened() < number {
                tokio::task::yield_now().await;
            }
        };
        let call = async {
            match number % 4 {
                0 => failure(&read(&quay).await),
                1 => failure(&write(&quay).await),
                2 => failure(&delete(&quay).await),
                _ => failure(&post(&quay).await),
            }
        };
        tokio::select! {
            failed = call => panic!("{number}: {failed:?}"),
            () = arrived => {}
        }
    }
    let failed = failures(&quay, 40).await;
    assert!(failed.is_empty(), "{failed:?}");
    assert_eq!(server.connections(), 1);
    while server.resets() < DROPPED {
        tokio::task::yield_now().await;
    }
}

/// The window of the connection is 5 MiB. Bytes that are not read must not use it up.
#[tokio::test]
async fn an_unread_body_frees_the_window() {
    let (server, quay) = start(|mut connection| async move {
        connection.begin(&[]).await?;
        for _ in 0..60 {
            let stream = connection.request().await?;
            let parts = data(stream, " ".repeat(16_000)).repeat(20);
            let frames = [head(stream, "200"), parts, last_data(stream, "")];
            connection.send(frames.concat()).await?;
        }
        loop {
            respond(&mut connection).await?;
        }
    })
    .await;
    for number in 0..60 {
        let result = read(&quay).await;
        let kind = failure(&result).map(|failure| failure.0);
        assert_eq!(
            kind,
            Some(ErrorKind::ResponseTooLarge),
            "{number}: {result:?}"
        );
    }
    assert!(failures(&quay, 20).await.is_empty());
    assert_eq!((server.requests(), server.connections()), (80, 1));
}

#[tokio::test]
async fn a_call_that_is_refused_with_429_waits() {
    let (server, quay) = start(|mut connection| async move {
        connection.begin(&[]).await?;
        let mut number = 0;
        loop {
            let stream = connection.request().await?;
            number += 1;
            let response = match number % 10 {
                1 => response(stream, "429", ""),
                _ => response(stream, "200", GOOD),
            };
            connection.send(response).await?;
        }
    })
    .await;
    assert!(failures(&quay, 60).await.is_empty());
    assert_eq!((server.requests(), server.connections()), (67, 1));
}

#[tokio::test]
async fn a_hundred_streams_are_used_at_once() {
    let (server, quay) = start(|mut connection| async move {
        connection.begin(&[]).await?;
        let mut streams = Vec::new();
        loop {
            let frame = connection.frame().await?;
            if frame.ends_request() {
                streams.push(frame.stream);
            }
            // The last request arrives although none of the others has got a response. As the
            // client begins with a few, the first ones get theirs immediately.
            if streams.len() == 100 || (frame.ends_request() && frame.stream < 3_000) {
                for stream in streams.drain(..) {
                    connection.send(response(stream, "200", GOOD)).await?;
                }
            }
        }
    })
    .await;
    assert!(failures(&quay, 1_500).await.is_empty());
    assert!(failures(&quay, 100).await.is_empty());
    assert_eq!((server.requests(), server.connections()), (1_600, 1));
}
