//! Servers that do what no well-behaved server does, on real sockets. They share no code with the
//! crate, nor with its own sandbox.

// Each test file that has this module uses a part of it.
#![allow(dead_code)]

pub mod calls;
pub mod http2;
pub mod proxy;
pub mod tls;

use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// What a server does with one request.
#[derive(Debug, Clone)]
pub enum ServerAction {
    /// These bytes; the connection stays open for the next request.
    Send(Vec<u8>),
    /// These bytes, then an orderly end of the connection.
    Close(Vec<u8>),
    /// These bytes, then a reset: what the client has not read by then is lost.
    Reset(Vec<u8>),
    /// These bytes, then silence until the client leaves.
    Stall(Vec<u8>),
    /// The first bytes, then the others over and over, until the client leaves.
    Endless(Vec<u8>, Vec<u8>),
}

/// A request as it was on the wire.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: String,
    /// The target of the request line, nothing decoded.
    pub target: String,
    /// Names in lower case, values as they were, without the blanks around them.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    /// The how manieth connection it came on, from 0.
    pub connection: usize,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.as_slice())
    }
}

/// An HTTP/1.1 answer with a body.
pub fn answer(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    answer_with(status, &[("content-type", content_type)], body)
}

/// An HTTP/1.1 answer with headers and a body.
pub fn answer_with(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut bytes = head(status, headers, body.as_ref().len());
    bytes.extend_from_slice(body.as_ref());
    bytes
}

/// The part before the body, which may promise more than will come.
pub fn head(status: u16, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\n\r\n").into_bytes()
}

/// A server that follows a script, and keeps what it received. It ends when it is dropped.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
    task: AbortHandle,
}

#[derive(Default)]
struct State {
    acts: Mutex<VecDeque<ServerAction>>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    /// Bytes that were written in endless bodies.
    poured: AtomicUsize,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Plain HTTP. One act a request, in the order in which requests come; the last one for all
    /// that follow.
    pub async fn start(acts: impl IntoIterator<Item = ServerAction>) -> Self {
        Self::run("http", acts, None).await
    }

    /// The same behind TLS.
    pub async fn start_tls(
        acts: impl IntoIterator<Item = ServerAction>,
        identity: &tls::Identity,
    ) -> Self {
        Self::run("https", acts, Some(identity.acceptor(&[b"http/1.1"]))).await
    }

    async fn run(
        scheme: &'static str,
        acts: impl IntoIterator<Item = ServerAction>,
        tls: Option<tokio_rustls::TlsAcceptor>,
    ) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .await
            .expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            acts: Mutex::new(acts.into_iter().collect()),
            ..State::default()
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&state), tls)).abort_handle();
        Self {
            address,
            scheme,
            state,
            task,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Puts another script in the place of the rest of this one.
    pub fn then(&self, acts: impl IntoIterator<Item = ServerAction>) {
        *lock(&self.state.acts) = acts.into_iter().collect();
    }

    /// The requests whose head and body came whole.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// The requests so far, which are forgotten.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut lock(&self.state.requests))
    }

    /// How many connections were opened, with a request or without.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// How many bytes of endless bodies the client took.
    pub fn poured(&self) -> usize {
        self.state.poured.load(Ordering::SeqCst)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>, tls: Option<tokio_rustls::TlsAcceptor>) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            let number = state.connections.fetch_add(1, Ordering::SeqCst);
            let (state, tls) = (Arc::clone(&state), tls.clone());
            connections.spawn(async move {
                let _ = stream.set_nodelay(true);
                match tls {
                    // A client that does not trust the certificate leaves here.
                    Some(tls) => {
                        if let Ok(stream) = tls.accept(stream).await {
                            let _ = serve(stream, &state, number).await;
                        }
                    }
                    None => {
                        let _ = serve(stream, &state, number).await;
                    }
                }
            });
        }
        while connections.try_join_next().is_some() {}
    }
}

/// A stream that can be reset.
trait Resettable {
    fn reset_when_dropped(&self);
}

impl Resettable for TcpStream {
    fn reset_when_dropped(&self) {
        let _ = self.set_zero_linger();
    }
}

impl Resettable for tokio_rustls::server::TlsStream<TcpStream> {
    fn reset_when_dropped(&self) {
        self.get_ref().0.reset_when_dropped();
    }
}

async fn serve<S: AsyncRead + AsyncWrite + Resettable + Unpin>(
    mut stream: S,
    state: &State,
    number: usize,
) -> std::io::Result<()> {
    let mut unread = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut unread, number).await? {
        lock(&state.requests).push(request);
        let act = {
            let mut acts = lock(&state.acts);
            match acts.len() {
                0 => return Ok(()),
                1 => acts.front().cloned(),
                _ => acts.pop_front(),
            }
        };
        match act {
            Some(ServerAction::Send(bytes)) => stream.write_all(&bytes).await?,
            Some(ServerAction::Close(bytes)) => {
                stream.write_all(&bytes).await?;
                return stream.shutdown().await;
            }
            Some(ServerAction::Reset(bytes)) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                // A reset overtakes what was sent, unless the client has had time to read it.
                if !bytes.is_empty() {
                    tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                }
                stream.reset_when_dropped();
                return Ok(());
            }
            Some(ServerAction::Stall(bytes)) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                // Ends when the client closes.
                let _ = stream.read(&mut [0; 1]).await;
                return Ok(());
            }
            Some(ServerAction::Endless(first, again)) => {
                stream.write_all(&first).await?;
                loop {
                    stream.write_all(&again).await?;
                    state.poured.fetch_add(again.len(), Ordering::SeqCst);
                }
            }
            None => return Ok(()),
        }
        stream.flush().await?;
    }
    Ok(())
}

/// One request with a body of known length; `None` at the end of the connection.
async fn read_request<S: AsyncRead + Unpin>(
    stream: &mut S,
    unread: &mut Vec<u8>,
    connection: usize,
) -> std::io::Result<Option<Request>> {
    let mut chunk = [0; 16 * 1024];
    let end = loop {
        if let Some(end) = unread.windows(4).position(|w| w == b"\r\n\r\n") {
            break end + 4;
        }
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            n => unread.extend_from_slice(&chunk[..n]),
        }
    };
    let head: Vec<u8> = unread.drain(..end).collect();
    let mut lines = head
        .split(|b| *b == b'\n')
        .map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut words = first.splitn(3, ' ').map(str::to_owned);
    let mut request = Request {
        method: words.next().unwrap_or_default(),
        target: words.next().unwrap_or_default(),
        connection,
        ..Request::default()
    };
    for line in lines.filter(|line| !line.is_empty()) {
        let colon = line.iter().position(|b| *b == b':').unwrap_or(line.len());
        let value = line
            .get(colon + 1..)
            .unwrap_or_default()
            .trim_ascii()
            .to_vec();
        request.headers.push((
            String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase(),
            value,
        ));
    }
    let length = request
        .header("content-length")
        .and_then(|v| std::str::from_utf8(v).ok()?.parse().ok())
        .unwrap_or(0);
    while unread.len() < length {
        match stream.read(&mut chunk).await? {
            0 => return Ok(None),
            n => unread.extend_from_slice(&chunk[..n]),
        }
    }
    request.body = unread.drain(..length).collect();
    Ok(Some(request))
}
