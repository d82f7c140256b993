//! HTTP/2 servers that a test controls frame by frame.

use super::tls::Identity;
use std::future::Future;
use std::io::Result;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

// The types of frames, and the flags, of RFC 9113.
pub const DATA: u8 = 0;
pub const HEADERS: u8 = 1;
pub const RST_STREAM: u8 = 3;
pub const SETTINGS: u8 = 4;
pub const PUSH_PROMISE: u8 = 5;
pub const PING: u8 = 6;
pub const GOAWAY: u8 = 7;
pub const WINDOW_UPDATE: u8 = 8;
pub const CONTINUATION: u8 = 9;
pub const ACK: u8 = 1;
pub const END_STREAM: u8 = 1;
pub const END_HEADERS: u8 = 4;

// Settings.
pub const MAX_CONCURRENT_STREAMS: u16 = 3;
pub const INITIAL_WINDOW_SIZE: u16 = 4;

// The reasons of RST_STREAM and GOAWAY.
pub const NO_ERROR: u32 = 0;
pub const PROTOCOL_ERROR: u32 = 1;
pub const INTERNAL_ERROR: u32 = 2;
pub const FRAME_SIZE_ERROR: u32 = 6;
pub const REFUSED_STREAM: u32 = 7;
pub const CANCEL: u32 = 8;
pub const ENHANCE_YOUR_CALM: u32 = 11;
pub const HTTP_1_1_REQUIRED: u32 = 13;

/// The highest stream number: the first GOAWAY of a server that closes a connection in order.
pub const MAX_STREAM: u32 = u32::MAX >> 1;

/// Returns a frame.
pub fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).expect("a short payload");
    let mut bytes = length.to_be_bytes()[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

pub fn reset(stream: u32, reason: u32) -> Vec<u8> {
    frame(RST_STREAM, 0, stream, &reason.to_be_bytes())
}

pub fn go_away(last_stream: u32, reason: u32) -> Vec<u8> {
    let payload = [last_stream.to_be_bytes(), reason.to_be_bytes()].concat();
    frame(GOAWAY, 0, 0, &payload)
}

pub fn settings(values: &[(u16, u32)]) -> Vec<u8> {
    let payload: Vec<u8> = values
        .iter()
        .flat_map(|(name, value)| [&name.to_be_bytes()[..], &value.to_be_bytes()[..]].concat())
        .collect();
    frame(SETTINGS, 0, 0, &payload)
}

pub fn window_update(stream: u32, bytes: u32) -> Vec<u8> {
    frame(WINDOW_UPDATE, 0, stream, &bytes.to_be_bytes())
}

/// Returns a header field that is neither indexed nor compressed.
pub fn field(name: &str, value: &str) -> Vec<u8> {
    let mut bytes = vec![0];
    for text in [name, value] {
        let mut length = text.len();
        if length < 127 {
            bytes.push(length as u8);
        } else {
            bytes.push(127);
            length -= 127;
            while length >= 128 {
                bytes.push((length % 128) as u8 | 128);
                length /= 128;
            }
            bytes.push(length as u8);
        }
        bytes.extend(text.as_bytes());
    }
    bytes
}

/// Returns the head of a response with JSON, without the flag that ends the stream.
pub fn head(stream: u32, status: &str) -> Vec<u8> {
    let fields = [
        field(":status", status),
        field("content-type", "application/json"),
    ];
    frame(HEADERS, END_HEADERS, stream, &fields.concat())
}

/// Returns a part of a body.
pub fn data(stream: u32, body: impl AsRef<[u8]>) -> Vec<u8> {
    frame(DATA, 0, stream, body.as_ref())
}

/// Returns the last part of a body.
pub fn last_data(stream: u32, body: impl AsRef<[u8]>) -> Vec<u8> {
    frame(DATA, END_STREAM, stream, body.as_ref())
}

/// Returns a response with JSON.
pub fn response(stream: u32, status: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    [head(stream, status), last_data(stream, body)].concat()
}

/// A frame that was received.
#[derive(Debug, Clone)]
pub struct Frame {
    pub kind: u8,
    pub flags: u8,
    pub stream: u32,
    pub payload: Vec<u8>,
}

impl Frame {
    /// Returns true for the last frame of a request.
    pub fn ends_request(&self) -> bool {
        matches!(self.kind, HEADERS | DATA) && self.flags & END_STREAM != 0
    }
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, from the side of the server.
pub struct Connection {
    /// The number of earlier connections.
    pub number: usize,
    stream: Box<dyn Stream>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    connections: AtomicUsize,
    opened: AtomicUsize,
    requests: AtomicUsize,
    resets: AtomicUsize,
}

impl Connection {
    /// Receives the preface of the client, and sends settings.
    pub async fn begin(&mut self, values: &[(u16, u32)]) -> Result<()> {
        let mut preface = [0; b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".len()];
        self.stream.read_exact(&mut preface).await?;
        self.send(settings(values)).await
    }

    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.stream.flush().await
    }

    /// Receives a frame, and sends nothing.
    pub async fn receive(&mut self) -> Result<Frame> {
        let mut head = [0; 9];
        self.stream.read_exact(&mut head).await?;
        let [l0, l1, l2, kind, flags, s0, s1, s2, s3] = head;
        let mut payload = vec![0; usize::from(l0) << 16 | usize::from(l1) << 8 | usize::from(l2)];
        self.stream.read_exact(&mut payload).await?;
        let frame = Frame {
            kind,
            flags,
            stream: u32::from_be_bytes([s0, s1, s2, s3]),
            payload,
        };
        let counters = [
            (&self.counts.opened, kind == HEADERS),
            (&self.counts.requests, frame.ends_request()),
            (&self.counts.resets, kind == RST_STREAM),
        ];
        for (counter, counts) in counters {
            counter.fetch_add(usize::from(counts), Ordering::SeqCst);
        }
        Ok(frame)
    }

    /// Receives a frame, acknowledges settings and pings, and keeps the window of the connection
    /// open.
    pub async fn frame(&mut self) -> Result<Frame> {
        let frame = self.receive().await?;
        if matches!(frame.kind, SETTINGS | PING) && frame.flags & ACK == 0 {
            let payload = match frame.kind {
                PING => &frame.payload[..],
                _ => &[],
            };
            self.send(self::frame(frame.kind, ACK, 0, payload)).await?;
        }
        if frame.kind == DATA && !frame.payload.is_empty() {
            let length = u32::try_from(frame.payload.len()).expect("a short payload");
            self.send(window_update(0, length)).await?;
        }
        Ok(frame)
    }

    /// Receives frames up to the end of a request, and returns its stream.
    pub async fn request(&mut self) -> Result<u32> {
        loop {
            let frame = self.frame().await?;
            if frame.ends_request() {
                return Ok(frame.stream);
            }
        }
    }

    /// Receives frames until the client opens a stream, and returns it.
    pub async fn open(&mut self) -> Result<u32> {
        loop {
            let frame = self.frame().await?;
            if frame.kind == HEADERS {
                return Ok(frame.stream);
            }
        }
    }

    /// Receives frames until the client closes the connection.
    pub async fn until_closed(&mut self) -> Result<()> {
        loop {
            self.frame().await?;
        }
    }

    /// Ends the connection in order.
    pub async fn close(&mut self) -> Result<()> {
        self.stream.shutdown().await
    }
}

/// A server whose connections a test serves itself.
pub struct FrameServer {
    address: SocketAddr,
    scheme: &'static str,
    counts: Arc<Counts>,
    task: AbortHandle,
}

impl FrameServer {
    /// Starts a server of plain http.
    pub async fn start<F, S>(serve: F) -> Self
    where
        F: Fn(Connection) -> S + Send + 'static,
        S: Future<Output = Result<()>> + Send + 'static,
    {
        Self::run(None, serve).await
    }

    /// Starts a server behind TLS that offers HTTP/2 only.
    pub async fn start_tls<F, S>(identity: &Identity, serve: F) -> Self
    where
        F: Fn(Connection) -> S + Send + 'static,
        S: Future<Output = Result<()>> + Send + 'static,
    {
        Self::run(Some(identity.acceptor(&[b"h2"])), serve).await
    }

    async fn run<F, S>(tls: Option<tokio_rustls::TlsAcceptor>, serve: F) -> Self
    where
        F: Fn(Connection) -> S + Send + 'static,
        S: Future<Output = Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let counts = Arc::new(Counts::default());
        let scheme = if tls.is_some() { "https" } else { "http" };
        let shared = Arc::clone(&counts);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let stream: Box<dyn Stream> = match &tls {
                    None => Box::new(stream),
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => Box::new(stream),
                        Err(_) => continue,
                    },
                };
                // An error means that the client closed the connection.
                connections.spawn(serve(Connection {
                    number: shared.connections.fetch_add(1, Ordering::SeqCst),
                    stream,
                    counts: Arc::clone(&shared),
                }));
            }
        })
        .abort_handle();
        Self {
            address,
            scheme,
            counts,
            task,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    pub fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::SeqCst)
    }

    /// Returns the number of requests whose head was received.
    pub fn opened(&self) -> usize {
        self.counts.opened.load(Ordering::SeqCst)
    }

    /// Returns the number of requests that were received completely.
    pub fn requests(&self) -> usize {
        self.counts.requests.load(Ordering::SeqCst)
    }

    /// Returns the number of streams that the client reset.
    pub fn resets(&self) -> usize {
        self.counts.resets.load(Ordering::SeqCst)
    }
}

impl Drop for FrameServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}
