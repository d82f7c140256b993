//! Listings of many resources, read concurrently.

use super::pages::*;
use futures::{StreamExt, TryStreamExt};
use quay_api::testing::{RecordedRequest, Response, Sandbox};
use quay_api::{Result, fan_out};
use serde_json::json;

/// Every repository has 250 tags, but one may not be read.
fn serve(sandbox: &Sandbox) {
    let response = tags(&Names::many(250));
    sandbox.respond_with(
        "listRepoTags",
        move |received: &RecordedRequest| match received.path.contains("/row00003/") {
            true => Response::json(403, &json!({"message": "hidden"})),
            false => response(received),
        },
    );
}

#[tokio::test]
async fn reports_a_failure_and_continues_with_the_others() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    serve(&sandbox);
    let quay = sandbox.quay().clone();
    let list = |name: &String| Ok(quay.repository(format!("acme/{name}"))?.tags().list());
    let found: Vec<_> = fan_out(names(0..20))
        .concurrency(5)
        .run(list)
        .collect()
        .await;
    assert_eq!(found.len(), 19 * 250 + 1);
    for repository in names(0..20) {
        let rows: Vec<_> = found
            .iter()
            .filter(|(name, _)| *name == repository)
            .map(|(_, row)| row)
            .collect();
        match repository == name(3) {
            true => assert!(matches!(rows[..], [Err(error)] if error.is_forbidden())),
            false => {
                let tags: Vec<String> = rows
                    .iter()
                    .map(|row| row.as_ref().unwrap().name.clone())
                    .collect();
                assert_eq!(tags, names(0..250), "in order within one");
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn yields_in_order_and_stops_at_a_failure_on_request() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    serve(&sandbox);
    let quay = sandbox.quay().clone();
    let list = |name: &String| Ok(quay.repository(format!("acme/{name}"))?.tags().list());
    let found: Vec<_> = fan_out(names(0..10))
        .concurrency(4)
        .ordered()
        .run(list)
        .collect()
        .await;
    let order: Vec<&String> = found.iter().map(|(name, _)| name).collect();
    assert!(order.is_sorted());
    assert_eq!(found.len(), 9 * 250 + 1);
    // Ending at the first failure is what `?` does.
    let ended: Result<Vec<_>> = fan_out(names(0..10))
        .ordered()
        .run(list)
        .map(|(name, row)| row.map(|row| (name, row)))
        .try_collect()
        .await;
    assert!(ended.is_err_and(|error| error.is_forbidden()));
    // An invalid name among valid ones.
    let names = ["acme/web", "no name", "acme/api"];
    let found: Vec<_> = fan_out(names)
        .run(|name| Ok(quay.repository(*name)?.tags().list().max_pages(1)))
        .collect()
        .await;
    assert_eq!(found.len(), 201);
    assert_eq!(
        found
            .iter()
            .filter(|(name, row)| *name == "no name" && row.is_err())
            .count(),
        1
    );
    Ok(())
}

#[tokio::test]
async fn starts_no_more_listings_than_allowed() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    serve(&sandbox);
    let quay = sandbox.quay().clone();
    for is_ordered in [false, true] {
        let before = requested(&sandbox);
        let all = fan_out(names(10..90)).concurrency(3);
        let all = if is_ordered { all.ordered() } else { all };
        let mut rows =
            all.run(|name: &String| Ok(quay.repository(format!("acme/{name}"))?.tags().list()));
        assert!(rows.next().await.is_some());
        drop(rows);
        let begun: std::collections::HashSet<String> = sandbox
            .requests()
            .iter()
            .skip(before)
            .map(|r| r.path.split('?').next().unwrap().to_owned())
            .collect();
        assert!((1..=3).contains(&begun.len()), "{begun:?}");
    }
    Ok(())
}
