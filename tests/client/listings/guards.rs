//! Listings that start again, repeat a page or never end.

use super::pages::*;
use futures::StreamExt;
use quay_api::testing::{Response, Sandbox};
use quay_api::{ErrorKind, Result, Rows};
use serde_json::{Value, json};

/// Returns the rows before the error, which must report that the listing started again.
async fn before_the_start<T: Send + 'static>(mut rows: Rows<T>) -> Vec<T> {
    let mut given = Vec::new();
    loop {
        match rows.next().await {
            Some(Ok(row)) => given.push(row),
            Some(Err(error)) => {
                assert_eq!(error.kind(), ErrorKind::ListingRestarted, "{error}");
                rows.resume();
                assert!(rows.next().await.is_none(), "nothing comes after it");
                return given;
            }
            None => panic!("it ended as if nothing had happened"),
        }
    }
}

#[tokio::test]
async fn detects_a_token_that_restarts_the_listing() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    // The third token is damaged on its way. Tokens are never the same twice, as with Quay's.
    for added in 0..3 {
        let count = std::sync::atomic::AtomicUsize::new(0);
        sandbox.respond_with("listRepos", move |received| {
            let nth = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            let from = received
                .query("next_page")
                .map_or(0, |token| token.split('-').nth(1).unwrap().parse().unwrap());
            let from = if nth == 3 { 0 } else { from };
            // The first repositories were deleted in the meantime.
            let first = if nth >= 3 { added } else { 0 };
            let rows: Vec<Value> = names(from + first..from + first + 100)
                .iter()
                .map(|name| repository(name))
                .collect();
            Response::json(
                200,
                &json!({"repositories": rows, "next_page": format!("{nth}-{}", from + 100)}),
            )
        });
        let given = before_the_start(
            sandbox
                .quay()
                .repositories()
                .list()
                .namespace("acme")
                .stream(),
        )
        .await;
        assert_eq!(
            given.into_iter().map(|r| r.name).collect::<Vec<_>>(),
            names(0..300)
        );
    }
    Ok(())
}

#[tokio::test]
async fn detects_a_repeated_token_at_any_distance() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listAllUsers", |received| {
        let from = received
            .query("next_page")
            .map_or(0, |token| token.parse::<usize>().unwrap());
        let next = if from == 9_900 { 100 } else { from + 100 };
        let rows: Vec<Value> = names(from..from + 100)
            .iter()
            .map(|name| user(name))
            .collect();
        Response::json(200, &json!({"users": rows, "next_page": next.to_string()}))
    });
    let given = before_the_start(sandbox.quay().superuser().users().list().stream()).await;
    assert_eq!(
        given.len(),
        9_900,
        "the page that leads back is not given: it can't be trusted"
    );
    Ok(())
}

#[tokio::test]
async fn detects_an_endless_page() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    // Search: page 10 forever, with the number 10.
    let search = |page: usize| {
        let rows: Vec<Value> = names((page - 1) * 10..page * 10)
            .iter()
            .map(|name| {
                json!({
                    "kind": "repository",
                    "name": name,
                    "namespace": {"kind": "organization", "name": "acme", "href": "/"},
                })
            })
            .collect();
        Response::json(
            200,
            &json!({
                "results": rows,
                "page": page,
                "page_size": 10,
                "start_index": (page - 1) * 10,
                "has_additional": true,
            }),
        )
    };
    sandbox.respond_with("conductRepoSearch", move |received| {
        search(number(received, "page", 1).min(10))
    });
    for listing in [
        quay.search().repositories("row"),
        quay.search().repositories("row").concurrency(4),
    ] {
        let found = listing.await?;
        assert_eq!(
            found.into_iter().map(|r| r.name).collect::<Vec<_>>(),
            names(0..100),
            "a hundred is what the server has"
        );
    }
    assert!(
        sandbox
            .requests()
            .iter()
            .all(|r| number(r, "page", 1) <= 10)
    );
    // A server that stops at an earlier page.
    sandbox.respond_with("conductRepoSearch", move |received| {
        search(number(received, "page", 1).min(5))
    });
    assert_eq!(
        before_the_start(quay.search().repositories("row").stream())
            .await
            .len(),
        50
    );
    // The same page for every request, with the requested number.
    let stuck = |received: &quay_api::testing::RecordedRequest| {
        let rows: Vec<Value> = names(0..100).iter().map(|name| tag(name)).collect();
        Response::json(
            200,
            &json!({"tags": rows, "page": number(received, "page", 1), "has_additional": true}),
        )
    };
    sandbox.respond_with("listRepoTags", stuck);
    let before = requested(&sandbox);
    assert_eq!(
        before_the_start(quay.repository("acme/web")?.tags().list().stream())
            .await
            .len(),
        100
    );
    assert!(requested(&sandbox) - before <= 4);
    // An endless sequence of empty pages, each with a new token.
    sandbox.respond_with("listRepos", |received| {
        let nth = received
            .query("next_page")
            .map_or(0, |token| token.parse::<usize>().unwrap());
        Response::json(
            200,
            &json!({"repositories": [], "next_page": (nth + 1).to_string()}),
        )
    });
    assert!(
        before_the_start(quay.repositories().list().namespace("acme").stream())
            .await
            .is_empty()
    );
    Ok(())
}

#[tokio::test]
async fn detects_a_page_with_the_wrong_number() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listRepoTags", |received| {
        let page = number(received, "page", 1);
        let rows: Vec<Value> = names((page - 1) * 100..page * 100)
            .iter()
            .map(|name| tag(name))
            .collect();
        Response::json(
            200,
            &json!({
                "tags": rows,
                "page": if page == 3 { 1 } else { page },
                "has_additional": true,
            }),
        )
    });
    let tags = sandbox.quay().repository("acme/web")?.tags().list();
    assert_eq!(before_the_start(tags.clone().stream()).await.len(), 200);
    assert_eq!(
        before_the_start(tags.concurrency(4).stream()).await.len(),
        200
    );
    Ok(())
}
