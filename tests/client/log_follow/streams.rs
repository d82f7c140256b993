//! The stream that polls: its interval, its errors, its marks.

use super::server::Server;
use super::tags;
use futures::{FutureExt, StreamExt, TryStreamExt};
use quay_api::testing::ErrorResponse;
use quay_api::{ErrorKind, Result};
use std::time::Duration;

/// Advances tokio's clock, which is paused only in this function: requests take real time.
async fn pass(seconds: u64) {
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(seconds)).await;
    tokio::time::resume();
}

/// Runs the tasks of the runtime that are ready.
async fn settle() {
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn polls_in_intervals_of_the_tokio_clock() -> Result<()> {
    let server = Server::start().await?;
    let mark = server.logs().follow(None).await?.mark;
    let mut entries = server
        .logs()
        .follow(Some(mark.clone()))
        .interval(Duration::from_secs(3600))
        .stream();
    assert_eq!(entries.mark(), Some(mark), "as it began");
    server.write(0, "a");
    server.write(0, "b");
    assert_eq!(tags(&[entries.try_next().await?.unwrap()]), ["a"]);
    assert_eq!(tags(&[entries.try_next().await?.unwrap()]), ["b"]);
    let looks = server.sandbox.requests().len();
    server.advance(3600);
    server.write(0, "c");
    assert!(entries.next().now_or_never().is_none());
    settle().await;
    pass(3500).await;
    settle().await;
    assert!(entries.next().now_or_never().is_none());
    assert_eq!(server.sandbox.requests().len(), looks, "too early");
    pass(200).await;
    assert_eq!(tags(&[entries.try_next().await?.unwrap()]), ["c"]);
    assert_eq!(server.sandbox.requests().len(), looks + 1);
    Ok(())
}

#[tokio::test]
async fn has_a_mark_after_each_entry() -> Result<()> {
    let server = Server::start().await?;
    let begin = server.logs().follow(None).await?.mark;
    // Over several days, of which one has a burst of equal entries.
    for n in 0..60 {
        server.write(0, &format!("{n}"));
        server.advance(if n == 30 { 5 * 86_400 } else { 20 });
    }
    for _ in 0..30 {
        server.write(0, "equal");
    }
    server.write(100, "late");
    let all = tags(&server.logs().follow(Some(begin.clone())).await?.entries);
    assert_eq!(all.len(), 91);
    let mut entries = server.logs().follow(Some(begin)).stream();
    for yielded in 1..=all.len() {
        assert!(entries.try_next().await?.is_some());
        let mark = entries.mark().unwrap().to_string();
        let rest = server.logs().follow(Some(mark.parse()?)).await?;
        assert_eq!(tags(&rest.entries), all[yielded..], "after {yielded}");
    }
    Ok(())
}

#[tokio::test]
async fn keeps_its_mark_across_errors() -> Result<()> {
    let server = Server::start().await?;
    let mark = server.logs().follow(None).await?.mark;
    let mut entries = server.logs().follow(Some(mark)).stream();
    server.write(0, "a");
    assert!(entries.try_next().await?.is_some());
    let mark = entries.mark();
    server.write(0, "b");
    assert!(entries.next().now_or_never().is_none());
    for _ in 0..2 {
        server
            .sandbox
            .fail("listOrgLogs")
            .respond(ErrorResponse::ReadOnly);
        settle().await;
        pass(61).await;
        let error = entries.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReadOnly);
        assert!(entries.next().await.is_none(), "it ends after an error");
        assert_eq!(entries.mark(), mark);
        entries.resume();
        assert!(
            entries.next().now_or_never().is_none(),
            "the interval counts after errors too"
        );
    }
    settle().await;
    pass(61).await;
    assert_eq!(tags(&[entries.try_next().await?.unwrap()]), ["b"]);
    Ok(())
}

#[tokio::test]
async fn a_stream_continues_in_another_runtime() -> Result<()> {
    let server = Server::start().await?;
    let mark = server.logs().follow(None).await?.mark;
    let stream = server.logs().follow(Some(mark)).stream();
    // It waits in a runtime that is shut down.
    let mut stream = tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async move {
            let mut stream = stream;
            let wait = tokio::time::timeout(Duration::from_millis(300), stream.next());
            assert!(wait.await.is_err());
            stream
        })
    })
    .await
    .unwrap();
    server.write(0, "a");
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Cancelled);
    stream.resume();
    assert!(stream.next().now_or_never().is_none());
    settle().await;
    pass(61).await;
    assert_eq!(tags(&[stream.try_next().await?.unwrap()]), ["a"]);
    Ok(())
}
