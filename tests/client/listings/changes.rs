//! A server that adds and deletes rows while it is read.

use super::pages::*;
use futures::TryStreamExt;
use quay_api::Result;
use quay_api::testing::Sandbox;
use std::collections::HashSet;

#[tokio::test]
async fn repeats_no_row_when_rows_are_inserted_before_others() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for added in [1, 3, 10] {
        let rows = Names::many(55);
        sandbox.respond_with("listRepoTags", tags(&rows));
        let mut listing = sandbox
            .quay()
            .repository("acme/web")?
            .tags()
            .list()
            .page_size(10)
            .no_prefetch()
            .pages();
        let mut read = Vec::new();
        let mut new = 0;
        while let Some(page) = listing.try_next().await? {
            read.extend(page.into_rows().into_iter().map(|tag| tag.name));
            // A page that is full again is read again, but only a limited number of times.
            if new < 4 * added {
                rows.lock()
                    .splice(0..0, (0..added).map(|n| format!("new{}", new + n)));
                new += added;
                if added == 10 {
                    new = 4 * added;
                }
            }
        }
        let known: Vec<String> = read
            .iter()
            .filter(|name| name.starts_with("row"))
            .cloned()
            .collect();
        assert_eq!(known, names(0..55), "with {added} added at a time");
        assert_eq!(read.len(), read.iter().collect::<HashSet<_>>().len());
    }
    Ok(())
}

#[tokio::test]
async fn loses_no_row_when_rows_around_a_token_are_deleted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    // As on the server, a token names the next row, and not the number of rows before it.
    let rows = Names::many(500);
    let served = rows.clone();
    sandbox.respond_with("listRepos", move |received| {
        let from = received.query("next_page").unwrap_or_default();
        let found: Vec<String> = served
            .lock()
            .iter()
            .filter(|name| **name >= from)
            .take(101)
            .cloned()
            .collect();
        let mut response = serde_json::json!({
            "repositories": found.iter().take(100).map(|name| repository(name)).collect::<Vec<_>>(),
        });
        if let Some(next) = found.get(100) {
            response["next_page"] = serde_json::json!(next);
        }
        quay_api::testing::Response::json(200, &response)
    });
    let mut listing = sandbox
        .quay()
        .repositories()
        .list()
        .namespace("acme")
        .no_prefetch()
        .stream();
    let mut read = Vec::new();
    while let Some(repository) = listing.try_next().await? {
        read.push(repository.name);
        if read.len() == 150 {
            rows.lock()
                .retain(|name| *name != name_of(10) && *name != name_of(250));
            rows.lock().push("row99999".to_owned());
        }
    }
    let mut expected = names((0..500).filter(|n| *n != 250));
    expected.push("row99999".to_owned());
    assert_eq!(read, expected);
    Ok(())
}

fn name_of(number: usize) -> String {
    name(number)
}

#[tokio::test]
async fn repeats_no_row_when_rows_of_numbered_pages_are_deleted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(95);
    sandbox.respond_with("listRepoTags", tags(&rows));
    let mut listing = sandbox
        .quay()
        .repository("acme/web")?
        .tags()
        .list()
        .page_size(10)
        .no_prefetch()
        .pages();
    let mut read = Vec::new();
    while let Some(page) = listing.try_next().await? {
        read.extend(page.into_rows().into_iter().map(|tag| tag.name));
        // After the rows that were read: no row moves.
        rows.lock().pop();
    }
    assert_eq!(read.len(), read.iter().collect::<HashSet<_>>().len());
    assert_eq!(read, names(0..read.len()));
    assert!(read.len() >= 85, "{}", read.len());
    Ok(())
}
