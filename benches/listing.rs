//! Measures the time that prefetching saves: 50,000 tags, 100 per page, from a server that takes
//! 20 ms for a page.
//!
//! Prints `ratio NAME VALUE`: the time with the crate / the time of a plain loop over the pages
//! with `reqwest`. In `listing.prefetch`, both take 20 ms to process a page, and the crate has its
//! default settings. In `listing.concurrency8`, neither processes anything, and the crate fetches
//! eight pages concurrently.

use futures::TryStreamExt;
use quay_api::types::Tag;
use quay_api::{Listing, Quay, api::ListTags};
use serde::Deserialize;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TAGS: usize = 50_000;
const PAGE: usize = 100;
const LATENCY: Duration = Duration::from_millis(20);
const WORK: Duration = Duration::from_millis(20);

#[derive(Deserialize)]
struct TagPage {
    tags: Vec<Tag>,
    has_additional: bool,
}

fn main() {
    let server = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let address = server.block_on(serve()).expect("a port");
    let client = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    client.block_on(async {
        let url = format!("http://{address}");
        let quay = Quay::builder()
            .base_url(&url)
            .token("bench")
            .build()
            .expect("a client");
        let tags = || quay.repository("acme/web").expect("a name").tags().list();
        // One page of each, so that no connection is opened during the measurement.
        tags().max_pages(1).await.expect("a page");
        let slow_loop = plain_loop(&url, WORK).await;
        let prefetched = with_crate(tags(), WORK).await;
        println!(
            "ratio listing.prefetch {:.3}",
            prefetched.as_secs_f64() / slow_loop.as_secs_f64()
        );
        let fast_loop = plain_loop(&url, Duration::ZERO).await;
        let concurrent = with_crate(tags().concurrency(8), Duration::ZERO).await;
        println!(
            "ratio listing.concurrency8 {:.3}",
            concurrent.as_secs_f64() / fast_loop.as_secs_f64()
        );
    });
}

async fn plain_loop(url: &str, work: Duration) -> Duration {
    let http = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    let start = Instant::now();
    let (mut page, mut read) = (1, 0);
    loop {
        let url = format!("{url}/api/v1/repository/acme/web/tag/?limit={PAGE}&page={page}");
        let page_of_tags: TagPage = http
            .get(url)
            .bearer_auth("bench")
            .send()
            .await
            .expect("a response")
            .json()
            .await
            .expect("tags");
        read += page_of_tags.tags.len();
        pause(work).await;
        if !page_of_tags.has_additional {
            break;
        }
        page += 1;
    }
    assert_eq!(read, TAGS);
    start.elapsed()
}

async fn with_crate(listing: Listing<ListTags>, work: Duration) -> Duration {
    let start = Instant::now();
    let mut pages = listing.pages();
    let mut read = 0;
    while let Some(page) = pages.try_next().await.expect("a page") {
        read += page.rows().len();
        pause(work).await;
    }
    assert_eq!(read, TAGS);
    start.elapsed()
}

async fn pause(work: Duration) {
    if !work.is_zero() {
        tokio::time::sleep(work).await;
    }
}

/// Starts a server that keeps connections open and waits before each response, without holding up
/// the others.
async fn serve() -> std::io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let pages: Arc<Vec<String>> = Arc::new((0..TAGS / PAGE).map(response).collect());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve_connection(stream, Arc::clone(&pages)));
        }
    });
    Ok(address)
}

async fn serve_connection(mut stream: TcpStream, pages: Arc<Vec<String>>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..length]);
        if request.ends_with(b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&request);
            let target = head.split(' ').nth(1).unwrap_or_default();
            let page = target
                .split(['?', '&'])
                .find_map(|part| part.strip_prefix("page="))
                .and_then(|page| page.parse().ok())
                .unwrap_or(1_usize);
            tokio::time::sleep(LATENCY).await;
            let response = pages
                .get(page - 1)
                .cloned()
                .unwrap_or_else(|| response(page - 1));
            stream.write_all(response.as_bytes()).await?;
            request.clear();
        }
    }
}

/// Returns a page as Quay writes it, counted from 0; without tags after the last one.
fn response(page: usize) -> String {
    let tags: Vec<_> = (page * PAGE..TAGS.min((page + 1) * PAGE))
        .map(|n| {
            serde_json::json!({
                "name": format!("v1.{n}"),
                "reversion": false,
                "start_ts": 1_795_479_843 - n,
                "manifest_digest": format!("sha256:{n:064x}"),
                "is_manifest_list": false,
                "size": 12_345_678 + n,
                "last_modified": "Tue, 24 Nov 2026 00:24:03 -0000",
                "immutable": false,
            })
        })
        .collect();
    let body = serde_json::json!({
        "tags": tags,
        "page": page + 1,
        "has_additional": (page + 1) * PAGE < TAGS,
    })
    .to_string();
    format!(
        "HTTP/1.1 200 OK\r\n\
         content-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}
