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
    let page = tokio::time::timeout(Duration::from_secs(300), page).await;
    page.expect("its turn").map(drop)
}

/// Waits until no more requests arrive, and returns the number of requests for pages of a fan-out.
///
/// Calls are sent in the order in which they are made: with a call that succeeds, everything has
/// been sent that waited before it.
async fn settle(sandbox: &Sandbox, quay: &Quay) -> Result<usize> {
    let mut before = None;
    loop {
        for _ in 0..5 {
            call(quay).await?;
        }
        let found = pages(sandbox);
        if before == Some(found) {
            return Ok(found);
        }
        before = Some(found);
    }
}

/// Returns the number of requests for pages of a fan-out.
fn pages(sandbox: &Sandbox) -> usize {
    let requests = sandbox.requests_of("listRepoTags");
    let is_other = |path: &str| path.contains("/acme/other/");
    requests.iter().filter(|r| !is_other(&r.path)).count()
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
        let sent = pages(&sandbox);
        drop(rows);
        // Those in flight may still arrive.
        let later = settle(&sandbox, &quay).await? - sent;
        assert!(later <= 2, "{later} requests");
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
    // The requested pages arrive, and no others. Calls that were made later get their turn.
    let begun = settle(&sandbox, &quay).await?;
    assert!(begun <= 20 * 2, "{begun} requests");
    assert_eq!(settle(&sandbox, &quay).await?, begun);
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
