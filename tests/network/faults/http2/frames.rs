//! Responses whose frames come early, late, in many parts, too short, or that are not valid.

use super::super::table::GOOD;
use super::{UNSURE, begin_with, delete, failure, post, read, start, write};
use crate::support::frames::*;
use quay_api::{Delivery, ErrorKind};

/// The first frame of a response with one more field.
fn head_with(stream: u32, name: &str, value: &str) -> Vec<u8> {
    let fields = [field(":status", "200"), field(name, value)];
    frame(HEADERS, END_HEADERS, stream, &fields.concat())
}

/// A response with a long header, in several frames.
fn long_head(stream: u32, bytes: usize) -> Vec<u8> {
    let fields = [field(":status", "200"), field("x", &"y".repeat(bytes))].concat();
    let (first, rest) = fields.split_at(10);
    let mut frames = frame(HEADERS, 0, stream, first);
    for part in rest.chunks(16_000) {
        frames.extend(frame(CONTINUATION, 0, stream, part));
    }
    frames.extend(frame(CONTINUATION, END_HEADERS, stream, &[]));
    [frames, last_data(stream, GOOD)].concat()
}

fn interim(stream: u32) -> Vec<u8> {
    ["100", "103"]
        .map(|status| frame(HEADERS, END_HEADERS, stream, &field(":status", status)))
        .concat()
}

#[tokio::test]
async fn any_response_that_is_complete_is_received() {
    for (name, frames) in [
        (
            "interim responses",
            (|s| [interim(s), response(s, "200", GOOD)].concat()) as fn(u32) -> Vec<u8>,
        ),
        ("trailers", |s| {
            let end = frame(HEADERS, END_HEADERS | END_STREAM, s, &field("x-t", "1"));
            [head(s, "200"), data(s, GOOD), end].concat()
        }),
        ("empty frames", |s| {
            let empty = data(s, "").repeat(20);
            [
                head(s, "200"),
                empty.clone(),
                data(s, GOOD),
                empty,
                last_data(s, ""),
            ]
            .concat()
        }),
        ("a header of 100 kB in many frames", |s| {
            long_head(s, 100_000)
        }),
        ("the known length", |s| {
            let length = GOOD.len().to_string();
            [head_with(s, "content-length", &length), last_data(s, GOOD)].concat()
        }),
        ("reset after the end", |s| {
            [response(s, "200", GOOD), reset(s, INTERNAL_ERROR)].concat()
        }),
        ("reset in order after the end", |s| {
            [response(s, "200", GOOD), reset(s, NO_ERROR)].concat()
        }),
        ("GOAWAY after the end", |s| {
            [response(s, "200", GOOD), go_away(s, NO_ERROR)].concat()
        }),
        ("an unknown frame", |s| {
            [frame(0x77, 0, s, b"x"), response(s, "200", GOOD)].concat()
        }),
    ] {
        for call in 0..4 {
            let (server, quay) = start(move |connection| begin_with(frames, connection)).await;
            let failed = match call {
                0 => failure(&read(&quay).await),
                1 => failure(&write(&quay).await),
                2 => failure(&delete(&quay).await),
                _ => failure(&post(&quay).await),
            };
            assert_eq!((failed, server.requests()), (None, 1), "{name}, {call}");
        }
    }
}

/// A server may reject a request before it has received the body.
#[tokio::test]
async fn an_early_response_is_the_result() {
    const REJECTED: &str = r#"{"message": "no"}"#;
    let endings: [fn(u32) -> Vec<u8>; 6] = [
        |_| Vec::new(),
        |s| reset(s, NO_ERROR),
        |s| reset(s, CANCEL),
        |s| reset(s, INTERNAL_ERROR),
        |s| go_away(s, NO_ERROR),
        |s| go_away(s, ENHANCE_YOUR_CALM),
    ];
    for (status, kind) in [
        ("413", ErrorKind::InvalidRequest),
        ("401", ErrorKind::Unauthenticated),
    ] {
        for (number, ending) in endings.into_iter().enumerate() {
            for is_complete in [true, false] {
                let is_reset = (1..=3).contains(&number);
                if !is_complete && !is_reset {
                    continue;
                }
                let serve = move |mut connection: Connection| async move {
                    connection.begin(&[]).await?;
                    let stream = connection.open().await?;
                    let body = match is_complete {
                        true => last_data(stream, REJECTED),
                        false => data(stream, REJECTED),
                    };
                    let frames = [head(stream, status), body, ending(stream)];
                    connection.send(frames.concat()).await?;
                    connection.until_closed().await
                };
                for call in 0..4 {
                    let (server, quay) = start(serve).await;
                    let error = match call {
                        0 => read(&quay).await.map(drop),
                        1 => write(&quay).await.map(drop),
                        2 => delete(&quay).await,
                        _ => post(&quay).await.map(drop),
                    }
                    .expect_err("it is rejected");
                    assert_eq!(
                        (error.kind(), error.status(), error.delivery()),
                        (kind, status.parse().ok(), Delivery::Responded),
                        "{number}, {call}: {error:?}"
                    );
                    assert!(!error.may_have_been_done() && error.attempts() == 1);
                    assert_eq!((error.message(), server.opened()), ("no", 1));
                }
            }
        }
    }
}

/// hyper considers such a body as complete.
#[tokio::test]
async fn a_body_shorter_than_its_length_is_no_success() {
    for (name, frames) in [
        (
            "a part of the body",
            (|s| {
                let head = head_with(s, "content-length", "62");
                [head, data(s, &GOOD[..20]), reset(s, NO_ERROR)].concat()
            }) as fn(u32) -> Vec<u8>,
        ),
        ("no body", |s| {
            [head_with(s, "content-length", "62"), reset(s, NO_ERROR)].concat()
        }),
    ] {
        let (server, quay) = start(move |connection| begin_with(frames, connection)).await;
        let result = post(&quay).await;
        let broken = (ErrorKind::Connection, Delivery::Responded, true);
        assert_eq!(failure(&result), Some(broken), "{name}: {result:?}");
        assert_eq!(server.requests(), 1);
        let (server, quay) = start(move |connection| begin_with(frames, connection)).await;
        assert!(read(&quay).await.is_ok(), "{name}");
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn a_response_to_head_has_no_body() -> quay_api::Result<()> {
    let (server, quay) = start(|mut connection| async move {
        connection.begin(&[]).await?;
        let stream = connection.request().await?;
        // Longer than the client's limit for a body.
        let fields = [field(":status", "200"), field("content-length", "1000000")];
        let flags = END_HEADERS | END_STREAM;
        let head = frame(HEADERS, flags, stream, &fields.concat());
        connection.send(head).await?;
        connection.until_closed().await
    })
    .await;
    assert!(quay.request("HEAD", "/x")?.send_bytes().await?.is_empty());
    assert_eq!(server.requests(), 1);
    Ok(())
}

#[tokio::test]
async fn an_invalid_response_leaves_a_write_unsure_and_a_read_is_retried() {
    for (name, frames) in [
        (
            "PUSH_PROMISE, which the client forbids",
            (|s| {
                let promise = [&[0, 0, 0, 2][..], &field(":method", "GET")].concat();
                frame(PUSH_PROMISE, END_HEADERS, s, &promise)
            }) as fn(u32) -> Vec<u8>,
        ),
        ("a name in upper case", |s| {
            head_with(s, "Content-Type", "text/html")
        }),
        ("no status", |s| {
            let fields = field("content-type", "application/json");
            [frame(HEADERS, END_HEADERS, s, &fields), last_data(s, GOOD)].concat()
        }),
        ("a status that is no number", |s| response(s, "abc", GOOD)),
        ("a status of two digits", |s| response(s, "99", GOOD)),
        ("headers of 300 kB", |s| long_head(s, 300_000)),
        ("headers without end", |s| {
            let again = frame(CONTINUATION, 0, s, &field("x", "y")).repeat(1_000);
            [frame(HEADERS, 0, s, &field(":status", "200")), again].concat()
        }),
        ("a window that grows by 0", |s| window_update(s, 0)),
        ("a reset of a stream that is not there", |s| {
            reset(s + 20, NO_ERROR)
        }),
        ("GOAWAY that takes back another", |s| {
            [go_away(s, NO_ERROR), go_away(MAX_STREAM, NO_ERROR)].concat()
        }),
        ("a length without a body", |s| {
            let fields = [field(":status", "200"), field("content-length", "5")];
            let flags = END_HEADERS | END_STREAM;
            frame(HEADERS, flags, s, &fields.concat())
        }),
    ] {
        let (server, quay) = start(move |connection| begin_with(frames, connection)).await;
        let result = write(&quay).await;
        assert_eq!(failure(&result), UNSURE, "{name}: {result:?}");
        assert_eq!(server.requests(), 1, "{name}");
        let (server, quay) = start(move |connection| begin_with(frames, connection)).await;
        assert!(read(&quay).await.is_ok(), "{name}");
        assert!(delete(&quay).await.is_ok(), "{name}");
        assert_eq!(server.requests(), 3, "{name}");
    }
}
