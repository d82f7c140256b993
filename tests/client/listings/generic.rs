//! Code that is generic over listings, and listings in functions and macros that take futures.

use super::pages::*;
use futures::StreamExt;
use futures::future::{join_all, try_join_all};
use quay_api::testing::{RecordedRequest, Response, Sandbox};
use quay_api::{Indexed, ListRequest, Listing, ListingPosition, PageSize, Result, fan_out};
use serde_json::json;

async fn all<R: ListRequest>(listing: Listing<R>) -> Result<Vec<R::Row>> {
    listing.await
}

/// The fastest way to read any listing whose pages can be fetched concurrently.
async fn fast<R: Indexed + PageSize>(listing: Listing<R>) -> Result<(usize, u32)> {
    let rows = listing.page_size(R::MAX).concurrency(4).all().await?;
    Ok((rows.len(), R::MAX))
}

struct Reader<R: ListRequest> {
    listing: Listing<R>,
    position: Option<ListingPosition>,
}

impl<R: ListRequest> Reader<R> {
    /// Reads one row, and remembers where it was.
    async fn next(&mut self) -> Option<Result<R::Row>> {
        let listing = self.listing.clone();
        let mut rows = match self.position.take() {
            Some(position) => listing.resume_from(position).stream(),
            None => listing.stream(),
        };
        let row = rows.next().await;
        self.position = Some(rows.position());
        row
    }
}

#[tokio::test]
async fn generic_code_reads_any_listing() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let acme = quay.organization("acme")?;
    let web = quay.repository("acme/web")?;
    assert!(!all(acme.robots().list()).await?.is_empty());
    assert!(
        !all(quay.repositories().list().namespace("acme"))
            .await?
            .is_empty()
    );
    let tags = all(web.tags().list()).await?.len();
    assert_eq!(fast(web.tags().list()).await?, (tags, 100));
    let mut reader = Reader {
        listing: web.tags().list(),
        position: None,
    };
    let first = reader.next().await.expect("a tag")?;
    let second = reader.next().await.expect("a tag")?;
    assert!((first.name, first.start_ts) != (second.name, second.start_ts));
    Ok(())
}

#[tokio::test]
async fn listings_run_in_macros_and_functions_that_take_futures() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.quay();
    let acme = quay.organization("acme")?;
    let web = quay.repository("acme/web")?;
    let expected = web.tags().list().await?.len();
    let (robots, tags) = futures::try_join!(acme.robots().list().all(), web.tags().list().all())?;
    assert!(!robots.is_empty() && tags.len() == expected);
    let (robots, tags) = tokio::try_join!(acme.robots().list().all(), web.tags().list().all())?;
    assert!(!robots.is_empty() && tags.len() == expected);
    let listings = || [web.tags().list(), web.tags().list().active()];
    assert_eq!(try_join_all(listings().map(Listing::all)).await?.len(), 2);
    let found = join_all(listings().map(Listing::all)).await;
    assert_eq!(found[0].as_ref().map(Vec::len).ok(), Some(expected));
    let task = tokio::spawn(web.tags().list().all());
    assert_eq!(task.await.expect("a task")?.len(), expected);
    Ok(())
}

#[tokio::test]
async fn a_page_is_iterated() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let mut pages = sandbox.quay().repository("acme/web")?.tags().list().pages();
    let page = pages.next().await.expect("a page")?;
    let borrowed: Vec<String> = (&page).into_iter().map(|tag| tag.name.clone()).collect();
    let owned: Vec<String> = page.into_iter().map(|tag| tag.name).collect();
    assert!(!owned.is_empty() && borrowed == owned);
    Ok(())
}

/// Two tags in every repository, but one may not be read.
fn serve(sandbox: &Sandbox) {
    let response = tags(&Names::many(2));
    sandbox.respond_with(
        "listRepoTags",
        move |received: &RecordedRequest| match received.path.contains("/row00003/") {
            true => Response::json(403, &json!({"message": "hidden"})),
            false => response(received),
        },
    );
}

/// An item that is neither `Clone` nor `'static`.
struct Item<'a> {
    name: &'a str,
}

#[tokio::test]
async fn fan_out_yields_each_item_with_its_rows_or_its_error() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    serve(&sandbox);
    let quay = sandbox.quay();
    let mut repositories = names(0..10);
    repositories.push("no name".to_owned());
    for is_ordered in [false, true] {
        let items = repositories.iter().map(|name| Item { name });
        let items = fan_out(items).concurrency(3);
        let items = if is_ordered { items.ordered() } else { items };
        let found: Vec<_> = items
            .all(|item| {
                Ok(quay
                    .repository(format!("acme/{}", item.name))?
                    .tags()
                    .list())
            })
            .collect()
            .await;
        let mut order: Vec<&str> = found.iter().map(|(item, _)| item.name).collect();
        if !is_ordered {
            order.sort_by_key(|name| repositories.iter().position(|n| n == name));
        }
        assert_eq!(order, repositories);
        for (item, rows) in &found {
            match (item.name, rows) {
                ("no name", Err(error)) => assert!(error.is_invalid_request()),
                ("row00003", Err(error)) => assert!(error.is_forbidden()),
                (_, rows) => assert_eq!(rows.as_ref().map(Vec::len).ok(), Some(2)),
            }
        }
    }
    Ok(())
}

#[tokio::test]
async fn fan_out_borrows_its_items() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    serve(&sandbox);
    let quay = sandbox.quay();
    let repositories = names(0..3);
    let rows: Vec<(&String, _)> = fan_out(&repositories)
        .run(|name| Ok(quay.repository(format!("acme/{name}"))?.tags().list()))
        .collect()
        .await;
    assert_eq!(rows.len(), 6);
    assert!(
        rows.iter()
            .all(|(name, row)| repositories.contains(name) && row.is_ok())
    );
    Ok(())
}
