//! A server that limits requests as nginx does (`limit_req` with `rate`, `burst` and `nodelay`),
//! and a simulated clock for it.
//!
//! Shared with `benches/rate.rs`.

use std::future::Future;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;

/// The limit of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// Requests per second.
    pub rate: f64,
    pub burst: f64,
    /// The value of `Retry-After` in a 429 response. nginx sends none.
    pub retry_after: Option<&'static str>,
}

impl Limit {
    pub const fn new(rate: f64, burst: f64) -> Self {
        Self {
            rate,
            burst,
            retry_after: None,
        }
    }

    /// Returns the shortest time in which the server accepts a number of requests.
    pub fn ideal_time(&self, requests: usize) -> Duration {
        Duration::from_secs_f64((requests as f64 - self.burst).max(0.0) / self.rate)
    }
}

/// nginx's bucket: each request that is taken adds one, and it leaks at the rate.
struct Bucket {
    excess: f64,
    last: Option<Instant>,
}

/// The server. It stops with its runtime.
pub struct LimitedServer {
    address: SocketAddr,
    state: Arc<State>,
}

struct State {
    limit: Limit,
    /// The time that a request takes that is let through.
    latency: Duration,
    bucket: Mutex<Bucket>,
    taken: AtomicUsize,
    refused: AtomicUsize,
    /// The paths of the requests that were taken, in their order.
    targets: Mutex<Vec<String>>,
}

impl LimitedServer {
    pub async fn start(limit: Limit, latency: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            limit,
            latency,
            bucket: Mutex::new(Bucket {
                excess: 0.0,
                last: None,
            }),
            taken: AtomicUsize::new(0),
            refused: AtomicUsize::new(0),
            targets: Mutex::default(),
        });
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&shared)));
            }
        });
        Self { address, state }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn taken(&self) -> usize {
        self.state.taken.load(Ordering::SeqCst)
    }

    pub fn refused(&self) -> usize {
        self.state.refused.load(Ordering::SeqCst)
    }

    /// Returns the targets of the requests that were taken, in their order.
    pub fn targets(&self) -> Vec<String> {
        self.state.targets.lock().expect("no panic").clone()
    }
}

impl State {
    fn takes(&self, target: &str) -> bool {
        let now = Instant::now();
        let mut bucket = self.bucket.lock().expect("no panic");
        let excess = match bucket.last {
            None => 0.0,
            Some(last) => {
                let leaked = self.limit.rate * now.duration_since(last).as_secs_f64();
                (bucket.excess - leaked + 1.0).max(0.0)
            }
        };
        if excess > self.limit.burst {
            self.refused.fetch_add(1, Ordering::SeqCst);
            return false;
        }
        *bucket = Bucket {
            excess,
            last: Some(now),
        };
        self.taken.fetch_add(1, Ordering::SeqCst);
        self.targets
            .lock()
            .expect("no panic")
            .push(target.to_owned());
        true
    }
}

async fn serve(mut stream: TcpStream, state: Arc<State>) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = Vec::new();
    loop {
        let mut part = [0; 4096];
        let length = stream.read(&mut part).await?;
        if length == 0 {
            return Ok(());
        }
        request.extend_from_slice(&part[..length]);
        let text = String::from_utf8_lossy(&request);
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let announced = head
            .lines()
            .find_map(|line| {
                line.to_ascii_lowercase()
                    .strip_prefix("content-length:")?
                    .trim()
                    .parse()
                    .ok()
            })
            .unwrap_or(0);
        if body.len() < announced {
            continue;
        }
        let target = head.split(' ').nth(1).unwrap_or_default();
        let response = match state.takes(target) {
            true => {
                if !state.latency.is_zero() {
                    tokio::time::sleep(state.latency).await;
                }
                respond("200 OK", "application/json", "", ROBOT)
            }
            false => {
                let header = state
                    .limit
                    .retry_after
                    .map_or_else(String::new, |value| format!("retry-after: {value}\r\n"));
                respond("429 Too Many Requests", "text/html", &header, REFUSAL)
            }
        };
        stream.write_all(response.as_bytes()).await?;
        request.clear();
    }
}

/// The response of `getOrgRobot` and `regenerateOrgRobotToken`.
const ROBOT: &str = r#"{"name": "acme+ci", "token": "a-token", "description": ""}"#;
const REFUSAL: &str =
    "<html><head><title>429 Too Many Requests</title></head><body>nginx</body></html>";

fn respond(status: &str, content_type: &str, header: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\n{header}content-length: {}\r\n\r\n\
         {body}",
        body.len()
    )
}

/// Runs a future on a simulated clock, with real sockets: a request takes some ten milliseconds of
/// that clock.
pub fn simulate<T>(future: impl Future<Output = T>) -> T {
    simulate_in_steps(Duration::from_millis(4), future)
}

/// Runs a future on a simulated clock that moves on in steps.
///
/// A paused clock moves on to the next timer whenever the runtime has nothing to do, also while
/// bytes are on their way. So there is a timer for each step, before which the runtime looks at the
/// sockets.
pub fn simulate_in_steps<T>(step: Duration, future: impl Future<Output = T>) -> T {
    /// The runtime looks at its sockets after each 61 tasks.
    const YIELDS: usize = 64;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let clock = tokio::spawn(async move {
            loop {
                for _ in 0..YIELDS {
                    tokio::task::yield_now().await;
                }
                tokio::time::sleep(step).await;
            }
        });
        let result = future.await;
        clock.abort();
        result
    })
}
