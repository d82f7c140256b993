//! HTTP/2 servers that refuse requests, and close their connections with GOAWAY.

use super::tls::Identity;
use bytes::Bytes;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
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

/// The response of a [`FrameServer`] to a complete request.
#[derive(Debug, Clone, Copy)]
pub enum FrameAction {
    /// Responds with status 200 and the body of the server.
    Respond,
    /// Refuses the request alone.
    Refuse,
    /// Sends GOAWAY with the number of the last stream that it processed, and closes the connection.
    GoAway { last_stream: u32 },
}

/// A server of single HTTP/2 frames, over plain http.
pub struct FrameServer {
    address: SocketAddr,
    requests: Arc<AtomicUsize>,
    task: AbortHandle,
}

impl FrameServer {
    /// Starts a server that performs one action for each request, and the last one again for all
    /// others.
    pub async fn start(actions: &'static [FrameAction], body: &'static str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&requests);
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                // A client that closed the connection has seen enough.
                let _ = serve_frames(&mut stream, &count, actions, body).await;
            }
        })
        .abort_handle();
        Self {
            address,
            requests,
            task,
        }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Drop for FrameServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

// The types of frames, and the flags, of RFC 9113.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const ACK: u8 = 1;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const REFUSED_STREAM: u32 = 7;

async fn serve_frames(
    stream: &mut TcpStream,
    count: &AtomicUsize,
    actions: &[FrameAction],
    body: &str,
) -> std::io::Result<()> {
    stream
        .read_exact(&mut [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()])
        .await?;
    stream.write_all(&frame(SETTINGS, 0, 0, &[])).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [l0, l1, l2, kind, flags, s0, s1, s2, s3] = head;
        let length = usize::from(l0) << 16 | usize::from(l1) << 8 | usize::from(l2);
        stream.read_exact(&mut vec![0; length]).await?;
        let id = u32::from_be_bytes([s0, s1, s2, s3]);
        match kind {
            SETTINGS if flags & ACK == 0 => {
                stream.write_all(&frame(SETTINGS, ACK, 0, &[])).await?;
            }
            HEADERS | DATA if flags & END_STREAM != 0 => {
                let number = count.fetch_add(1, Ordering::SeqCst);
                match actions[number.min(actions.len() - 1)] {
                    FrameAction::Respond => {
                        // `:status: 200` of the static table, and a header that is not indexed.
                        let headers = [&[0x88, 0x0f, 0x10, 16][..], b"application/json"].concat();
                        let headers = frame(HEADERS, END_HEADERS, id, &headers);
                        stream.write_all(&headers).await?;
                        let data = frame(DATA, END_STREAM, id, body.as_bytes());
                        stream.write_all(&data).await?;
                    }
                    FrameAction::Refuse => {
                        let reason = REFUSED_STREAM.to_be_bytes();
                        stream.write_all(&frame(RST_STREAM, 0, id, &reason)).await?;
                    }
                    FrameAction::GoAway { last_stream } => {
                        let payload = [last_stream.to_be_bytes(), [0; 4]].concat();
                        stream.write_all(&frame(GOAWAY, 0, 0, &payload)).await?;
                        return stream.shutdown().await;
                    }
                }
            }
            _ => {}
        }
    }
}

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload");
    let mut bytes = length.to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}
