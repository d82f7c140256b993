//! Requests ahead of the caller: how many are sent, and when.

use super::pages::*;
use futures::{StreamExt, TryStreamExt};
use quay_api::Result;
use quay_api::testing::{RecordedRequest, Sandbox};
use tokio::sync::mpsc;

/// Makes the sandbox a server of `count` tags, and returns a channel of its requests.
fn telling(sandbox: &Sandbox, count: usize) -> mpsc::UnboundedReceiver<usize> {
    let (sender, receiver) = mpsc::unbounded_channel();
    let response = tags(&Names::many(count));
    sandbox.respond_with("listRepoTags", move |received: &RecordedRequest| {
        let _ = sender.send(number(received, "page", 1));
        response(received)
    });
    receiver
}

/// Waits until everything that can continue has done so, by making other calls.
async fn settle(sandbox: &Sandbox) -> Result<()> {
    for _ in 0..5 {
        sandbox
            .quay()
            .discovery()
            .get()
            .await
            .map(drop)
            .or_else(|error| error.status().map(drop).ok_or(error))?;
    }
    Ok(())
}

#[tokio::test]
async fn sends_nothing_before_a_stream_is_polled() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let stream = sandbox
        .quay()
        .repository("acme/web")?
        .tags()
        .list()
        .stream();
    settle(&sandbox).await?;
    assert!(sandbox.requests().iter().all(|r| !r.path.contains("/tag/")));
    drop(stream);
    Ok(())
}

#[tokio::test]
async fn prefetches_the_requested_pages_and_no_more() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for (ahead, last) in [(0, 1), (1, 2), (3, 4)] {
        let mut pages = telling(&sandbox, 1000);
        let mut stream = sandbox
            .quay()
            .repository("acme/web")?
            .tags()
            .list()
            .prefetch(ahead)
            .stream();
        stream.try_next().await?;
        for page in 1..=last {
            assert_eq!(pages.recv().await, Some(page));
        }
        settle(&sandbox).await?;
        assert!(pages.try_recv().is_err(), "no page behind {last}");
        // A consumer that stops at the end of the page.
        let taken: Vec<_> = stream.by_ref().take(99).try_collect().await?;
        assert_eq!(taken.len(), 99);
        drop(stream);
        settle(&sandbox).await?;
        assert!(
            pages.try_recv().is_err(),
            "nothing is sent once it is dropped"
        );
    }
    Ok(())
}

#[tokio::test]
async fn fetches_no_more_pages_than_needed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let mut pages = telling(&sandbox, 1000);
    let listing = sandbox.quay().repository("acme/web")?.tags().list();
    assert!(listing.clone().first().await?.is_some());
    assert!(listing.clone().concurrency(8).first().await?.is_some());
    assert_eq!(listing.clone().max_pages(2).await?.len(), 200);
    assert_eq!(
        listing
            .clone()
            .max_pages(3)
            .concurrency(8)
            .prefetch(5)
            .await?
            .len(),
        300
    );
    assert!(listing.max_pages(0).await?.is_empty());
    settle(&sandbox).await?;
    let mut requested = Vec::new();
    while let Ok(page) = pages.try_recv() {
        requested.push(page);
    }
    requested[4..].sort_unstable();
    assert_eq!(requested, [1, 1, 1, 2, 1, 2, 3]);
    Ok(())
}

#[tokio::test]
async fn yields_concurrently_fetched_pages_in_order() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for size in [0, 1, 100, 101, 10_000] {
        let mut pages = telling(&sandbox, size);
        let listing = sandbox
            .quay()
            .repository("acme/web")?
            .tags()
            .list()
            .concurrency(8);
        let read = listing.await?;
        assert_eq!(
            read.into_iter().map(|tag| tag.name).collect::<Vec<_>>(),
            names(0..size)
        );
        let mut requested = 0;
        while pages.try_recv().is_ok() {
            requested += 1;
        }
        assert!(requested < size.div_ceil(100).max(1) + 8, "{requested}");
    }
    Ok(())
}

#[test]
fn streams_are_send_and_sync() {
    fn is_usable<T: Send + Sync + Unpin>() {}
    is_usable::<quay_api::Rows<quay_api::types::Tag>>();
    is_usable::<quay_api::Pages<quay_api::types::Tag>>();
    is_usable::<quay_api::Listing<quay_api::api::ListTags>>();
    is_usable::<quay_api::ListingPosition>();
}
