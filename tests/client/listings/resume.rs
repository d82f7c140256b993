//! Positions: after each page, within one, after an error, and of another listing.

use super::pages::*;
use futures::{StreamExt, TryStreamExt};
use quay_api::testing::{Response, Sandbox};
use quay_api::{ErrorKind, ListingPosition, Result, Rows};
use serde_json::json;
use std::time::Duration;

/// A position as another process would read it.
fn kept<T: Send + 'static>(rows: &Rows<T>) -> ListingPosition {
    rows.position().to_string().parse().unwrap()
}

#[tokio::test]
async fn resumes_numbered_pages_after_any_row() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_with("listRepoTags", tags(&Names::many(25)));
    let listing = sandbox
        .quay()
        .repository("acme/web")?
        .tags()
        .list()
        .page_size(10);
    for taken in 0..=25 {
        let mut first = listing.clone().stream();
        let read = first.by_ref().take(taken).try_collect::<Vec<_>>().await?;
        let rest = listing.clone().resume_from(kept(&first)).await?;
        let all: Vec<String> = read.into_iter().chain(rest).map(|tag| tag.name).collect();
        assert_eq!(all, names(0..25), "after {taken}");
    }
    // Page by page, with concurrent requests.
    let mut position = None;
    let mut all = Vec::new();
    loop {
        let listing = listing.clone().concurrency(3).max_pages(1);
        let mut pages = position
            .into_iter()
            .fold(listing, |listing, at| listing.resume_from(at))
            .pages();
        let Some(page) = pages.try_next().await? else {
            break;
        };
        all.extend(page.into_rows().into_iter().map(|tag| tag.name));
        position = Some(
            pages
                .position()
                .to_string()
                .parse::<ListingPosition>()
                .unwrap(),
        );
    }
    assert_eq!(all, names(0..25));
    Ok(())
}

#[tokio::test]
async fn resumes_token_pages_after_any_row() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(25);
    sandbox.respond_with("listRepos", tokens(&rows, "repositories", 10, repository));
    let listing = sandbox.quay().repositories().list().namespace("acme");
    for taken in 0..=25 {
        let mut first = listing.clone().stream();
        let read = first.by_ref().take(taken).try_collect::<Vec<_>>().await?;
        let rest = listing.clone().resume_from(kept(&first)).await?;
        let all: Vec<String> = read.into_iter().chain(rest).map(|r| r.name).collect();
        assert_eq!(all, names(0..25), "after {taken}");
    }
    let mut ended = listing.clone().stream();
    while ended.try_next().await?.is_some() {}
    let before = requested(&sandbox);
    assert!(listing.resume_from(kept(&ended)).await?.is_empty());
    assert_eq!(
        requested(&sandbox),
        before,
        "nothing is requested at the end"
    );
    Ok(())
}

#[tokio::test]
async fn resumes_at_a_row_after_others_were_inserted() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(35);
    sandbox.respond_with("listRepoTags", tags(&rows));
    let listing = sandbox
        .quay()
        .repository("acme/web")?
        .tags()
        .list()
        .page_size(10);
    let mut first = listing.clone().stream();
    let read: Vec<_> = first.by_ref().take(13).try_collect().await?;
    rows.lock().splice(0..0, (0..17).map(|n| format!("new{n}")));
    let rest = listing.clone().resume_from(kept(&first)).await?;
    assert_eq!(
        read.into_iter()
            .chain(rest)
            .map(|tag| tag.name)
            .collect::<Vec<_>>(),
        names(0..35)
    );
    // The row itself was deleted.
    rows.lock().retain(|row| *row != name(12));
    let error = listing.resume_from(kept(&first)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ListingRestarted);
    Ok(())
}

#[tokio::test]
async fn stream_continues_after_an_error() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let result = || Response::json(403, &json!({"message": "not now"}));
    for taken in [0, 1, 2] {
        for (prefetch, concurrency) in [(0, 1), (1, 1), (2, 3)] {
            let listing = sandbox
                .quay()
                .repository("acme/web")?
                .tags()
                .list()
                .page_size(10)
                .prefetch(prefetch)
                .concurrency(concurrency);
            let fails = std::sync::atomic::AtomicBool::new(true);
            let response = tags(&Names::many(25));
            sandbox.respond_with("listRepoTags", move |received| {
                match number(received, "page", 1) == taken + 1 {
                    true if fails.swap(false, std::sync::atomic::Ordering::SeqCst) => result(),
                    _ => response(received),
                }
            });
            let mut rows = listing.clone().stream();
            let mut read = Vec::new();
            let error = loop {
                match rows.next().await {
                    Some(Ok(tag)) => read.push(tag.name),
                    Some(Err(error)) => break error,
                    None => panic!("there was no error"),
                }
            };
            assert_eq!(error.status(), Some(403));
            assert_eq!(read, names(0..taken * 10));
            assert!(
                rows.next().await.is_none(),
                "it does not continue by itself"
            );
            let position = kept(&rows);
            rows.resume();
            read.extend(
                rows.try_collect::<Vec<_>>()
                    .await?
                    .into_iter()
                    .map(|tag| tag.name),
            );
            assert_eq!(read, names(0..25));
            assert_eq!(listing.resume_from(position).await?.len(), 25 - taken * 10);
        }
    }
    Ok(())
}

#[tokio::test]
async fn refuses_a_position_of_another_listing_before_sending() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    let tags = quay.repository("acme/web")?.tags().list();
    let position = kept(&tags.clone().stream());
    for (result, message) in [
        (
            tags.clone()
                .active()
                .resume_from(position.clone())
                .await
                .map(drop),
            "another listing of listRepoTags",
        ),
        (
            tags.clone()
                .page_size(50)
                .resume_from(position.clone())
                .await
                .map(drop),
            "another listing of listRepoTags",
        ),
        (
            quay.repository("acme/api")?
                .tags()
                .list()
                .resume_from(position.clone())
                .await
                .map(drop),
            "another listing of listRepoTags",
        ),
        (
            quay.repositories()
                .list()
                .namespace("acme")
                .resume_from(position.clone())
                .await
                .map(drop),
            "a listing of listRepoTags, and can't be used for listRepos",
        ),
    ] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.message().contains(message), "{error}");
    }
    assert_eq!(requested(&sandbox), 0);
    for broken in [
        "",
        "row=1",
        "quay-listing=9&row=1",
        "quay-listing=1&operation=x&listing=1&page=many&row=1",
        "quay-listing=1&row=-1&page=1",
    ] {
        assert!(broken.parse::<ListingPosition>().is_err(), "{broken}");
    }
    let written = serde_json::to_string(&position).unwrap();
    assert_eq!(
        serde_json::from_str::<ListingPosition>(&written).unwrap(),
        position
    );
    Ok(())
}

#[tokio::test]
async fn does_not_send_a_stale_token() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(45);
    sandbox.respond_with("listRepos", tokens(&rows, "repositories", 10, repository));
    let listing = sandbox.quay().repositories().list().namespace("acme");
    for taken in [5, 10, 25] {
        let mut stream = listing.clone().no_prefetch().stream();
        let mut read: Vec<_> = stream.by_ref().take(taken).try_collect().await?;
        let before = requested(&sandbox);
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(50 * 3600)).await;
        tokio::time::resume();
        let position = kept(&stream);
        read.extend(stream.try_collect::<Vec<_>>().await?);
        assert_eq!(
            read.into_iter().map(|r| r.name).collect::<Vec<_>>(),
            names(0..45)
        );
        assert_eq!(
            sandbox.requests()[before].query("next_page"),
            None,
            "it begins again, and leaves out what it gave"
        );
        assert_eq!(
            listing.clone().resume_from(position).await?.len(),
            45 - taken
        );
    }
    Ok(())
}
