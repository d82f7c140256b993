//! An HTTP/2 server that closes its connections with GOAWAY.

use super::tls::Identity;
use bytes::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

/// A server that responds to a number of requests on each connection and sends GOAWAY with the
/// last response, as a server does that is being replaced.
pub struct GoAwayServer {
    address: SocketAddr,
    counts: Arc<Counts>,
    task: AbortHandle,
}

#[derive(Default)]
struct Counts {
    reads: AtomicUsize,
    writes: AtomicUsize,
    connections: AtomicUsize,
}

impl GoAwayServer {
    /// Starts a server that responds to `served` requests on each connection with status 200 and
    /// `body` as JSON.
    pub async fn start(identity: &Identity, body: &'static str, served: usize) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (acceptor, counts) = (identity.acceptor(&[b"h2"]), Arc::new(Counts::default()));
        let shared = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counts) = (acceptor.clone(), Arc::clone(&shared));
                connections.spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else {
                        return;
                    };
                    let Ok(mut connection) = h2::server::handshake(stream).await else {
                        return;
                    };
                    counts.connections.fetch_add(1, Ordering::SeqCst);
                    let mut left = served;
                    while let Some(Ok((request, mut respond))) = connection.accept().await {
                        let count = match request.method().is_safe() {
                            true => &counts.reads,
                            false => &counts.writes,
                        };
                        count.fetch_add(1, Ordering::SeqCst);
                        let response = http::Response::builder()
                            .header("content-type", "application/json")
                            .body(());
                        let Ok(mut sent) =
                            respond.send_response(response.expect("a response"), false)
                        else {
                            return;
                        };
                        let _ = sent.send_data(Bytes::from_static(body.as_bytes()), true);
                        // Requests that were sent before GOAWAY arrived still get a response.
                        if left == 1 {
                            connection.graceful_shutdown();
                        }
                        left = left.saturating_sub(1);
                    }
                });
            }
        })
        .abort_handle();
        Self {
            address,
            counts,
            task,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the number of requests that change nothing.
    pub fn reads(&self) -> usize {
        self.counts.reads.load(Ordering::SeqCst)
    }

    /// Returns the number of the other requests.
    pub fn writes(&self) -> usize {
        self.counts.writes.load(Ordering::SeqCst)
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }
}

impl Drop for GoAwayServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
