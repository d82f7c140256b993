//! Rows are added while pages are fetched, concurrently or one after the other.

use super::pages::{Names, name, names, number, requested, tag, tags};
use super::raw_server::{Hold, RawServer};
use futures::{FutureExt, TryStreamExt};
use quay_api::Result;
use quay_api::testing::{Response, Sandbox};
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::watch;

/// The longest time for anything that certainly happens, also on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// Holds back the first response of a page until another page was requested, and then adds rows at
/// the front.
fn adding(rows: &Names, held: usize, until: usize, added: usize) -> Hold {
    let (sender, _) = watch::channel(HashSet::new());
    let (sender, is_first) = (Arc::new(sender), Arc::new(AtomicBool::new(true)));
    let rows = rows.clone();
    Arc::new(move |page| {
        let (sender, is_first, rows) = (sender.clone(), is_first.clone(), rows.clone());
        async move {
            sender.send_modify(|pages| {
                pages.insert(page);
            });
            if page == held && is_first.swap(false, Ordering::SeqCst) {
                let mut pages = sender.subscribe();
                // If pages are fetched one after the other, the later one is not requested yet.
                let later = pages.wait_for(|pages| pages.contains(&until));
                let _ = tokio::time::timeout(Duration::from_millis(200), later).await;
                // The response to an earlier request is sent first.
                tokio::time::sleep(Duration::from_millis(50)).await;
                let new = (0..added).map(|n| format!("new{n:05}"));
                rows.lock().splice(0..0, new);
            }
        }
        .boxed()
    })
}

/// Checks that every row that existed all the time was yielded once, and in order.
fn check(read: &[String], expected: usize, context: &str) {
    let old: Vec<String> = read
        .iter()
        .filter(|name| name.starts_with("row"))
        .cloned()
        .collect();
    assert_eq!(old, names(0..expected), "{context}");
    let distinct: HashSet<_> = read.iter().collect();
    assert_eq!(distinct.len(), read.len(), "{context}");
}

#[tokio::test]
async fn loses_no_row_if_rows_are_added_before_a_delayed_page() -> Result<()> {
    for concurrency in [1, 2, 4, 8, 64] {
        for added in [1, 150] {
            for held in [2, 5, 9] {
                let rows = Names::many(1000);
                let hold = adding(&rows, held, held + 1, added);
                let server = RawServer::start(&rows, hold).await;
                let tags = server.quay().repository("acme/web")?.tags().list();
                let read = tags.concurrency(concurrency).await?;
                let read: Vec<String> = read.into_iter().map(|tag| tag.name).collect();
                let context = format!("{added} before page {held} of {concurrency} at once");
                check(&read, 1000, &context);
            }
        }
    }
    Ok(())
}

/// The pages that were requested, and that were read.
#[derive(Default)]
struct Progress {
    requested: HashSet<usize>,
    last_read: usize,
    in_flight: usize,
    most_in_flight: usize,
}

impl Progress {
    /// Returns true if a page before one that was read is not requested yet. The listing requests
    /// it without waiting for other responses, up to its limit.
    fn is_behind(&self) -> bool {
        (1..self.last_read).any(|page| !self.requested.contains(&page))
    }
}

/// Holds back the responses until a number of requests were in flight once, however long it takes
/// for them to arrive.
fn holding_until(most: usize) -> (Hold, Arc<watch::Sender<Progress>>) {
    let progress = Arc::new(watch::Sender::new(Progress::default()));
    let shared = Arc::clone(&progress);
    let hold: Hold = Arc::new(move |page| {
        let progress = Arc::clone(&shared);
        async move {
            progress.send_modify(|progress| {
                progress.requested.insert(page);
                progress.in_flight += 1;
                progress.most_in_flight = progress.most_in_flight.max(progress.in_flight);
            });
            let mut changes = progress.subscribe();
            let arrived = changes.wait_for(|p| p.most_in_flight >= most || !p.is_behind());
            let _ = arrived.await;
            // One more than allowed would arrive now.
            tokio::time::sleep(Duration::from_millis(5)).await;
            progress.send_modify(|progress| {
                progress.last_read = progress.last_read.max(page);
                progress.in_flight -= 1;
            });
        }
        .boxed()
    });
    (hold, progress)
}

#[tokio::test]
async fn fetches_the_requested_number_of_pages_concurrently_and_no_more() -> Result<()> {
    for (concurrency, most) in [(1, 1), (4, 4), (8, 8), (usize::MAX, 64)] {
        let rows = Names::many(20_000);
        let (hold, progress) = holding_until(most);
        let server = RawServer::start(&rows, hold).await;
        let tags = server.quay().repository("acme/web")?.tags().list();
        // If fewer are fetched concurrently, the responses are never sent.
        let read = tokio::time::timeout(PATIENCE, tags.concurrency(concurrency)).await;
        let at_once = progress.borrow().most_in_flight;
        assert_eq!(at_once, most, "for {concurrency}");
        assert_eq!(read.expect("all responses are sent")?.len(), 20_000);
        // The anchors, and what is past the end.
        let requests = server.counts.received();
        assert!(requests <= 200 + 16, "{requests} requests at {concurrency}");
    }
    Ok(())
}

#[tokio::test]
async fn a_dropped_stream_cancels_requests_in_flight() -> Result<()> {
    let rows = Names::many(100_000);
    let server = RawServer::start(
        &rows,
        Arc::new(|page| match page {
            1 => futures::future::ready(()).boxed(),
            _ => futures::future::pending().boxed(),
        }),
    )
    .await;
    let quay = server.quay();
    let tags = quay.repository("acme/web")?.tags().list();
    let mut stream = tags.concurrency(usize::MAX).stream();
    for _ in 0..100 {
        assert!(stream.try_next().await?.is_some());
    }
    // The second page, and a later one, which is read before the pages between.
    tokio::select! {
        _ = stream.try_next() => panic!("no page after the first one is answered"),
        () = server.wait_until(|counts| counts.received() == 3) => {}
    }
    assert_eq!(server.counts.in_flight(), 2);
    drop(stream);
    server.wait_until(|counts| counts.in_flight() == 0).await;
    // Nothing more is sent.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(server.counts.received(), 3);
    Ok(())
}

/// Adds rows at the front of a listing after some of its requests.
async fn read_while_added(
    page_size: u32,
    added: usize,
    times: usize,
    concurrency: usize,
) -> Result<(Vec<String>, usize)> {
    let sandbox = Sandbox::start().await?;
    let count = 12 * page_size as usize + 7;
    let rows = Names::many(count);
    let (respond, growing) = (tags(&rows), rows.clone());
    let requests = AtomicUsize::new(0);
    sandbox.respond_with("listRepoTags", move |received| {
        let nth = requests.fetch_add(1, Ordering::SeqCst);
        if (5..5 + times).contains(&nth) {
            let new = (0..added).map(|n| format!("new{nth}-{n}"));
            growing.lock().splice(0..0, new);
        }
        respond(received)
    });
    let tags = sandbox.quay().repository("acme/web")?.tags().list();
    let read = tags.page_size(page_size).concurrency(concurrency).await?;
    Ok((read.into_iter().map(|tag| tag.name).collect(), count))
}

#[tokio::test]
async fn repeats_no_row_however_many_are_added() -> Result<()> {
    for concurrency in [1, 2, 8] {
        for (page_size, added, times) in [
            (100, 150, 1),
            (2, 3, 1),
            (1, 1, 3),
            (1, 5, 2),
            (10, 500, 1),
            // Exactly one page before each of several requests: as if the server stood still.
            (100, 100, 4),
            (10, 10, 20),
        ] {
            let (read, count) = read_while_added(page_size, added, times, concurrency).await?;
            let context = format!("{added} at {page_size} a page, {concurrency} at once");
            check(&read, count, &context);
        }
    }
    Ok(())
}

#[tokio::test]
async fn listing_continues_while_150_tags_are_pushed() -> Result<()> {
    use quay_api::testing::seed::{OrganizationSeed, RepositorySeed, Seed, TagSeed};
    let sandbox = Sandbox::start().await?;
    let repository = (0..250).fold(RepositorySeed::new("acme/web"), |repository, number| {
        repository.tag(TagSeed::new(name(number), 1024))
    });
    let seed = Seed::new().organization(OrganizationSeed::new("acme"));
    sandbox.seed(&seed.repository(repository))?;
    for (round, concurrency) in [1, 8].into_iter().enumerate() {
        let tags = sandbox.quay().repository("acme/web")?.tags().list();
        let expected = tags.clone().await?;
        let mut stream = tags.concurrency(concurrency).no_prefetch().stream();
        let mut read = Vec::new();
        while let Some(tag) = stream.try_next().await? {
            read.push(tag.name);
            if read.len() == 100 {
                for number in 0..150 {
                    let number = 1_000 * (round + 1) + number;
                    sandbox.push("acme/web", &TagSeed::new(name(number), 1024))?;
                }
            }
        }
        let distinct: HashSet<_> = read.iter().collect();
        assert_eq!(distinct.len(), read.len());
        for tag in &expected {
            assert!(distinct.contains(&tag.name), "{} is missing", tag.name);
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_tag_that_is_moved_during_the_listing_is_yielded_once() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let rows = Names::many(250);
    let (served, moved) = (rows.clone(), Arc::new(AtomicBool::new(false)));
    let has_moved = Arc::clone(&moved);
    sandbox.respond_with("listRepoTags", move |received| {
        let page = number(received, "page", 1);
        let (names, has_additional) = served.slice((page - 1) * 100, 100);
        let tag_of = |row: &String| {
            let mut tag = tag(row);
            // The last tag of the first page has ended, and is on the second page now.
            if *row == name(99) && has_moved.load(Ordering::SeqCst) {
                tag["end_ts"] = json!(1_700_000_900);
            }
            tag
        };
        let tags: Vec<Value> = names.iter().map(tag_of).collect();
        let body = json!({"tags": tags, "page": page, "has_additional": has_additional});
        Response::json(200, &body)
    });
    let tags = sandbox.quay().repository("acme/web")?.tags().list();
    let mut stream = tags.no_prefetch().stream();
    let mut read = Vec::new();
    while let Some(tag) = stream.try_next().await? {
        read.push(tag.name);
        if read.len() == 100 {
            rows.lock().insert(0, "new".to_owned());
            moved.store(true, Ordering::SeqCst);
        }
    }
    check(&read, 250, "one tag was moved");
    assert_eq!(requested(&sandbox), 3);
    Ok(())
}
