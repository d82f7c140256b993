//! A server of tags on a socket whose responses a test can hold back.

use super::pages::{Names, tag};
use futures::future::BoxFuture;
use quay_api::Quay;
use serde_json::json;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A future that runs between the request for a page and its response.
pub type Hold = Arc<dyn Fn(usize) -> BoxFuture<'static, ()> + Send + Sync>;

/// A server of tags. It stops when it is dropped.
pub struct RawServer {
    address: SocketAddr,
    pub counts: Arc<Counts>,
    task: tokio::task::AbortHandle,
}

/// The numbers of requests.
#[derive(Default)]
pub struct Counts {
    received: AtomicUsize,
    in_flight: AtomicUsize,
}

impl Counts {
    pub fn received(&self) -> usize {
        self.received.load(Ordering::SeqCst)
    }

    /// Returns the number of requests that have no response yet and were not cancelled.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }
}

impl RawServer {
    /// Starts a server that reads the rows after it held back the response.
    pub async fn start(names: &Names, hold: Hold) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let counts = Arc::<Counts>::default();
        let (names, shared) = (names.clone(), Arc::clone(&counts));
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (names, hold, counts) = (names.clone(), Arc::clone(&hold), shared.clone());
                tokio::spawn(serve(stream, names, hold, counts));
            }
        })
        .abort_handle();
        Self {
            address,
            counts,
            task,
        }
    }

    /// Waits until the numbers are as expected.
    ///
    /// # Panics
    ///
    /// Panics if that takes minutes.
    pub async fn wait_until(&self, is_reached: impl Fn(&Counts) -> bool) {
        let reached = async {
            while !is_reached(&self.counts) {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        let reached = tokio::time::timeout(Duration::from_secs(120), reached).await;
        let (received, in_flight) = (self.counts.received(), self.counts.in_flight());
        reached.unwrap_or_else(|_| panic!("{received} requests, {in_flight} in flight"));
    }

    pub fn quay(&self) -> Quay {
        Quay::builder()
            .base_url(format!("http://{}", self.address))
            .token("token")
            .max_in_flight(200)
            .build()
            .unwrap()
    }
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Responds to the requests of a connection.
async fn serve(
    mut stream: TcpStream,
    names: Names,
    hold: Hold,
    counts: Arc<Counts>,
) -> std::io::Result<()> {
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..length]);
        if !request.ends_with(b"\r\n\r\n") {
            continue;
        }
        let head = String::from_utf8_lossy(&request).into_owned();
        request.clear();
        let number = |name: &str| {
            let target = head.split(' ').nth(1).unwrap_or_default();
            let value = target
                .split(['?', '&'])
                .find_map(|pair| pair.strip_prefix(name));
            value.and_then(|value| value.parse::<usize>().ok())
        };
        let (page, limit) = (number("page=").unwrap_or(1), number("limit=").unwrap_or(50));
        counts.received.fetch_add(1, Ordering::SeqCst);
        counts.in_flight.fetch_add(1, Ordering::SeqCst);
        // A client that cancels a request closes its connection.
        let is_cancelled = tokio::select! {
            () = hold(page) => false,
            _ = stream.read(&mut part) => true,
        };
        counts.in_flight.fetch_sub(1, Ordering::SeqCst);
        if is_cancelled {
            return Ok(());
        }
        let (rows, has_additional) = names.slice((page - 1) * limit, limit);
        let tags: Vec<_> = rows.iter().map(|name| tag(name)).collect();
        let body = json!({"tags": tags, "page": page, "has_additional": has_additional});
        let body = body.to_string();
        let response = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(response.as_bytes()).await?;
    }
}
