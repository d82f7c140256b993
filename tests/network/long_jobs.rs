//! Listings that take an hour: the server restarts, its address changes, the token is replaced, and
//! no row is lost.

use crate::support::leaky_bucket::simulate_in_steps;
use crate::support::server::{listen, response};
use futures::StreamExt;
use quay_api::types::Secret;
use quay_api::{Quay, QuayBuilder, Result};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::json;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::{Instant, sleep};

const PAGES: usize = 60;
const ROWS_A_PAGE: usize = 5;
/// The time in which the caller processes a page.
const WORK: Duration = Duration::from_secs(60);
/// The step of the simulated clock.
const STEP: Duration = Duration::from_millis(250);

/// A request that arrived: its page, and its token.
type Requests = Arc<Mutex<Vec<(usize, String)>>>;

/// A server of tags. Dropping it closes its port and all connections.
struct TagServer {
    address: SocketAddr,
    task: AbortHandle,
    port: Arc<TcpSocket>,
}

impl TagServer {
    async fn start(address: SocketAddr, requests: &Requests) -> Self {
        let (listener, port) = listen(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::clone(requests);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                connections.spawn(serve(stream, Arc::clone(&requests)));
            }
        });
        Self {
            address,
            task: task.abort_handle(),
            port: Arc::new(port),
        }
    }

    async fn on_any_port(requests: &Requests) -> Self {
        Self::start((Ipv4Addr::LOCALHOST, 0).into(), requests).await
    }

    /// Closes the port, and returns its address and what reserves it.
    async fn stop(self) -> (SocketAddr, Arc<TcpSocket>) {
        self.task.abort();
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
        (self.address, Arc::clone(&self.port))
    }
}

impl Drop for TagServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream, requests: Requests) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head);
        let page = head
            .split([' ', '?', '&'])
            .find_map(|part| part.strip_prefix("page="));
        let page = page.and_then(|page| page.parse().ok()).expect("a page");
        let token = head
            .lines()
            .find_map(|line| line.strip_prefix("authorization: Bearer "));
        let token = token.unwrap_or_default().to_owned();
        requests.lock().expect("no panic").push((page, token));
        let tags: Vec<_> = names(page)
            .map(|name| {
                json!({
                    "name": name,
                    "manifest_digest": "sha256:1",
                    "reversion": false,
                    "start_ts": 1_700_000_000,
                    "is_manifest_list": false,
                })
            })
            .collect();
        let body = json!({"tags": tags, "page": page, "has_additional": page < PAGES});
        let body = response(200, "application/json", body.to_string());
        stream.write_all(&body).await?;
    }
}

fn names(page: usize) -> impl Iterator<Item = String> {
    ((page - 1) * ROWS_A_PAGE..page * ROWS_A_PAGE).map(|row| format!("v{row}"))
}

fn client(address: SocketAddr) -> QuayBuilder {
    Quay::builder()
        .base_url(format!("http://{address}"))
        .token("first")
}

/// Reads all tags, a page a minute, and returns how often the listing had to be resumed. `after` is
/// called after each page, with its number.
async fn read_slowly(quay: &Quay, mut after: impl AsyncFnMut(usize)) -> Result<usize> {
    let start = Instant::now();
    let mut tags = quay.repository("acme/web")?.tags().list().stream();
    let (mut read, mut resumed) = (Vec::new(), 0);
    while let Some(tag) = tags.next().await {
        match tag {
            Ok(tag) => {
                read.push(tag.name);
                if read.len() % ROWS_A_PAGE == 0 {
                    sleep(WORK).await;
                    after(read.len() / ROWS_A_PAGE).await;
                }
            }
            Err(error) => {
                assert!(error.is_temporary(), "{error:?}");
                resumed += 1;
                sleep(WORK).await;
                tags.resume();
            }
        }
    }
    let expected: Vec<String> = (1..=PAGES).flat_map(names).collect();
    assert_eq!(read, expected, "every tag was yielded once and in order");
    assert!(start.elapsed() >= WORK * PAGES as u32, "an hour");
    Ok(resumed)
}

#[test]
fn a_listing_continues_while_the_server_restarts() -> Result<()> {
    simulate_in_steps(STEP, async {
        let requests = Requests::default();
        let mut server = Some(TagServer::on_any_port(&requests).await);
        let address = server
            .as_ref()
            .map(|server| server.address)
            .expect("it runs");
        let quay = client(address).build()?;
        let resumed = read_slowly(&quay, async |page| {
            if page % 10 == 0
                && let Some(running) = server.take()
            {
                // Connections are closed, and the next request opens one.
                let (address, _port) = running.stop().await;
                server = Some(TagServer::start(address, &requests).await);
            }
        });
        assert_eq!(resumed.await?, 0);
        Ok(())
    })
}

#[test]
fn a_listing_is_resumed_after_a_long_outage() -> Result<()> {
    simulate_in_steps(STEP, async {
        let requests = Requests::default();
        let server = Arc::new(Mutex::new(Some(TagServer::on_any_port(&requests).await)));
        let running = server.lock().expect("no panic").as_ref().map(|s| s.address);
        let quay = client(running.expect("it runs")).build()?;
        let resumed = read_slowly(&quay, async |page| {
            if page != 30 {
                return;
            }
            let running = server.lock().expect("no panic").take();
            let (address, port) = running.expect("it runs").stop().await;
            let (server, requests) = (Arc::clone(&server), Arc::clone(&requests));
            tokio::spawn(async move {
                sleep(Duration::from_secs(600)).await;
                let started = TagServer::start(address, &requests).await;
                drop(port);
                *server.lock().expect("no panic") = Some(started);
            });
        });
        assert!(
            resumed.await? > 0,
            "it was down for longer than a call is retried"
        );
        Ok(())
    })
}

/// A name server with one name, whose address may change.
struct Names(Arc<Mutex<IpAddr>>);

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        assert_eq!(name.as_str(), "quay.example.com");
        let address = *self.0.lock().expect("no panic");
        let addresses: Addrs = Box::new([SocketAddr::new(address, 0)].into_iter());
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

#[test]
fn a_listing_follows_a_name_to_another_address() -> Result<()> {
    let new_address = IpAddr::from([127, 0, 0, 2]);
    if std::net::TcpListener::bind((new_address, 0)).is_err() {
        // Not on Linux: the loopback interface has only one address.
        return Ok(());
    }
    simulate_in_steps(STEP, async {
        let (before, after) = (Requests::default(), Requests::default());
        let old = TagServer::on_any_port(&before).await;
        let port = old.address.port();
        let _new = TagServer::start(SocketAddr::new(new_address, port), &after).await;
        let name = Arc::new(Mutex::new(old.address.ip()));
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Arc::new(Names(Arc::clone(&name))));
        let quay = Quay::builder()
            .base_url(format!("http://quay.example.com:{port}"))
            .allow_http(true)
            .token("first")
            .http_client(http.build().expect("a client"))
            .build()?;
        let mut old = Some(old);
        let resumed = read_slowly(&quay, async |page| {
            if page == 30
                && let Some(server) = old.take()
            {
                *name.lock().expect("no panic") = new_address;
                server.stop().await;
            }
        });
        assert_eq!(resumed.await?, 0);
        let pages = |requests: &Requests| requests.lock().expect("no panic").len();
        assert!(pages(&before) >= 30 && pages(&after) >= 29);
        assert_eq!(
            pages(&before) + pages(&after),
            PAGES,
            "each page was requested once"
        );
        Ok(())
    })
}

/// Reads a listing, replaces the token after two pages, and checks that all later requests have the
/// new one.
async fn replace_token(quay: &Quay, requests: &Requests, replace: impl FnOnce()) -> Result<()> {
    let mut tags = quay
        .repository("acme/web")?
        .tags()
        .list()
        .no_prefetch()
        .stream();
    let mut replace = Some(replace);
    let mut read = 0;
    while let Some(tag) = tags.next().await {
        tag?;
        read += 1;
        if read == 2 * ROWS_A_PAGE
            && let Some(replace) = replace.take()
        {
            replace();
        }
    }
    let expected: Vec<_> = (1..=PAGES)
        .map(|page| (page, if page <= 2 { "first" } else { "second" }.to_owned()))
        .collect();
    assert_eq!(*requests.lock().expect("no panic"), expected);
    Ok(())
}

#[tokio::test]
async fn a_listing_uses_a_replaced_token_from_the_next_request() -> Result<()> {
    let requests = Requests::default();
    let server = TagServer::on_any_port(&requests).await;
    let token = Arc::new(Mutex::new("first"));
    let source = Arc::clone(&token);
    let quay = client(server.address)
        .token_from(move || {
            let token = *source.lock().expect("no panic");
            async move { Ok(Secret::from(token)) }
        })
        .build()?;
    replace_token(&quay, &requests, || {
        *token.lock().expect("no panic") = "second"
    })
    .await
}

#[tokio::test]
async fn a_listing_uses_the_token_of_a_replaced_file() -> Result<()> {
    let requests = Requests::default();
    let server = TagServer::on_any_port(&requests).await;
    let folder = std::env::temp_dir().join(format!("quay-api-long-job-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder");
    let file = |name: &str| -> PathBuf { folder.join(name) };
    std::fs::write(file("token"), "first\n").expect("a file");
    let quay = client(server.address).token_file(file("token")).build()?;
    let result = replace_token(&quay, &requests, || {
        std::fs::write(file("new"), "second\n").expect("a file");
        std::fs::rename(file("new"), file("token")).expect("one file system");
    });
    let result = result.await;
    std::fs::remove_dir_all(&folder).expect("the folder");
    result
}

#[test]
fn a_waiting_request_uses_a_token_that_was_replaced_in_the_meantime() -> Result<()> {
    simulate_in_steps(STEP, async {
        let requests = Requests::default();
        let server = TagServer::on_any_port(&requests).await;
        let token = Arc::new(Mutex::new("first"));
        let source = Arc::clone(&token);
        let quay = client(server.address)
            .requests_per_second(0.1)
            .token_from(move || {
                let token = *source.lock().expect("no panic");
                async move { Ok(Secret::from(token)) }
            })
            .build()?;
        let tags = quay.repository("acme/web")?.tags().list().max_pages(1);
        let replace = async {
            sleep(Duration::from_secs(5)).await;
            *token.lock().expect("no panic") = "second";
            Ok::<(), quay_api::Error>(())
        };
        futures::try_join!(tags.clone().all(), tags.all(), replace)?;
        let tokens = requests.lock().expect("no panic").clone();
        assert_eq!(tokens, [(1, "first".to_owned()), (1, "second".to_owned())]);
        Ok(())
    })
}
