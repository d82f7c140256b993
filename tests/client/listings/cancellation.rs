//! Streams that are dropped, or kept and not read: what they send, and what they hold back.

use super::pages::*;
use futures::StreamExt;
use quay_api::testing::Sandbox;
use quay_api::{Quay, Result, fan_out};
use std::time::Duration;

/// A client with two requests in flight at most.
fn narrow(sandbox: &Sandbox) -> Result<Quay> {
    Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("hunter2")
        .max_in_flight(2)
        .build()
}

/// A call that waits for its turn, and then succeeds.
async fn call(quay: &Quay) -> Result<()> {
    let page = quay.repository("acme/other")?.tags().list().first();
    let page = tokio::time::timeout(Duration::from_secs(60), page).await;
    page.expect("its turn").map(drop)
}

/// Waits until no more requests arrive.
async fn settle(sandbox: &Sandbox) -> usize {
    let mut before = usize::MAX;
    while requested(sandbox) != before {
        before = requested(sandbox);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    before
}

#[tokio::test]
async fn a_dropped_fan_out_sends_nothing_more_and_frees_its_permits() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listRepoTags", tags(&Names::many(1_000)));
    let quay = narrow(&sandbox)?;
    for read in [1, 10, 150] {
        let mut rows = fan_out(names(0..40))
            .concurrency(20)
            .run(|name| Ok(quay.repository(format!("acme/{name}"))?.tags().list()));
        for _ in 0..read {
            let (_, row) = rows.next().await.expect("a row");
            row?;
        }
        let sent = requested(&sandbox);
        drop(rows);
        // Those in flight may still arrive.
        let later = settle(&sandbox).await - sent;
        assert!(later <= 2, "{later} requests");
        call(&quay).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_fan_out_that_is_not_read_does_not_delay_other_calls() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listRepoTags", tags(&Names::many(1_000)));
    let quay = narrow(&sandbox)?;
    let mut rows = fan_out(names(0..40))
        .concurrency(20)
        .run(|name| Ok(quay.repository(format!("acme/{name}"))?.tags().list()));
    rows.next().await.expect("a row").1?;
    // The requested pages arrive, and no others.
    let begun = settle(&sandbox).await;
    assert!(begun <= 20 * 2, "{begun} requests");
    call(&quay).await?;
    assert_eq!(settle(&sandbox).await, begun + 1);
    // It continues where it was.
    assert_eq!(rows.count().await, 40 * 1_000 - 1);
    Ok(())
}

#[tokio::test]
async fn a_client_is_usable_after_a_call_is_dropped_at_any_time() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listRepoTags", tags(&Names::many(10)));
    let quay = narrow(&sandbox)?;
    for microseconds in (0..4_000).step_by(40) {
        let calls = futures::future::join_all((0..6).map(|_| call(&quay)));
        let _ = tokio::time::timeout(Duration::from_micros(microseconds), calls).await;
    }
    call(&quay).await
}
