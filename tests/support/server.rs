//! The scripted HTTP/1.1 server of the tests.

use super::tls;
use std::collections::VecDeque;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// A time-out of clients that expires only when a server lets it pass, on a slow machine as well.
pub const TIME_OUT: Duration = Duration::from_secs(20);

/// Waits until the other tasks of this thread have read what was sent to them.
///
/// In each turn, the runtime looks at its sockets before it looks at its timers. So a turn is
/// enough for a task that waits for bytes, also if other programs use the processor.
pub async fn let_others_read() {
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Advances tokio's clock by [`TIME_OUT`] after the other tasks have read what was sent to them.
pub async fn pass_time_out() {
    let_others_read().await;
    // In a task, so that the clock runs again also if the caller is dropped.
    let passing = tokio::spawn(async {
        tokio::time::pause();
        tokio::time::advance(TIME_OUT).await;
        tokio::time::resume();
    });
    passing.await.expect("one time-out at a time");
}

/// The reaction of a server to one request.
#[derive(Debug, Clone)]
pub enum ServerAction {
    /// Sends these bytes and keeps the connection open for the next request.
    Send(Vec<u8>),
    /// Sends these bytes and closes the connection in order.
    Close(Vec<u8>),
    /// Sends these bytes and resets the connection: bytes that the client has not read are lost.
    Reset(Vec<u8>),
    /// Sends these bytes, then nothing until the client closes the connection.
    Stall(Vec<u8>),
    /// The same, and [`TIME_OUT`] passes on tokio's clock as soon as the client has read the bytes.
    /// Only for tests in one thread.
    TimeOut(Vec<u8>),
    /// Sends the first bytes, then repeats the second ones until the client closes the connection.
    Endless(Vec<u8>, Vec<u8>),
}

/// A request as it was on the wire.
#[derive(Debug, Clone, Default)]
pub struct Request {
    pub method: String,
    /// The target of the request line, not decoded.
    pub target: String,
    /// Names in lower case, values without leading and trailing whitespace.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    /// The index of its connection, from 0.
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

/// Returns an HTTP/1.1 response with a body.
pub fn response(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    response_with_headers(status, &[("content-type", content_type)], body)
}

/// Returns an HTTP/1.1 response with headers and a body.
pub fn response_with_headers(
    status: u16,
    headers: &[(&str, &str)],
    body: impl AsRef<[u8]>,
) -> Vec<u8> {
    let mut bytes = head(status, headers, body.as_ref().len());
    bytes.extend_from_slice(body.as_ref());
    bytes
}

/// Returns the part before the body; `length` may announce more than is sent.
pub fn head(status: u16, headers: &[(&str, &str)], length: usize) -> Vec<u8> {
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    format!("HTTP/1.1 {status} -\r\n{headers}content-length: {length}\r\n\r\n").into_bytes()
}

/// A server that follows a script and records the requests. It stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    scheme: &'static str,
    state: Arc<State>,
    task: AbortHandle,
    _port: TcpSocket,
}

#[derive(Default)]
struct State {
    actions: Mutex<VecDeque<ServerAction>>,
    requests: Mutex<Vec<Request>>,
    connections: AtomicUsize,
    /// Bytes of endless bodies that were written.
    endless_bytes: AtomicUsize,
}

/// Listens at an address, and returns also a socket that reserves the port: when the listener is
/// dropped, connections are refused, and no other program gets the port.
pub fn listen(address: SocketAddr) -> std::io::Result<(TcpListener, TcpSocket)> {
    let bound = |address| {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        #[cfg(unix)]
        socket.set_reuseport(true)?;
        socket.bind(address)?;
        std::io::Result::Ok(socket)
    };
    let port = bound(address)?;
    Ok((bound(port.local_addr()?)?.listen(1024)?, port))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Starts a server of plain HTTP. Each request takes the next action; the last action is
    /// repeated.
    pub async fn start(actions: impl IntoIterator<Item = ServerAction>) -> Self {
        Self::run("http", actions, None).await
    }

    /// Starts a server behind TLS.
    pub async fn start_tls(
        actions: impl IntoIterator<Item = ServerAction>,
        identity: &tls::Identity,
    ) -> Self {
        Self::run("https", actions, Some(identity.acceptor(&[b"http/1.1"]))).await
    }

    /// Starts a server behind TLS of the test's own.
    pub async fn start_with_acceptor(
        actions: impl IntoIterator<Item = ServerAction>,
        acceptor: tokio_rustls::TlsAcceptor,
    ) -> Self {
        Self::run("https", actions, Some(acceptor)).await
    }

    async fn run(
        scheme: &'static str,
        actions: impl IntoIterator<Item = ServerAction>,
        tls: Option<tokio_rustls::TlsAcceptor>,
    ) -> Self {
        let (listener, port) = listen((Ipv4Addr::LOCALHOST, 0).into()).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let state = Arc::new(State {
            actions: Mutex::new(actions.into_iter().collect()),
            ..State::default()
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&state), tls)).abort_handle();
        Self {
            address,
            scheme,
            state,
            task,
            _port: port,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    /// Replaces the rest of the script.
    pub fn set_actions(&self, actions: impl IntoIterator<Item = ServerAction>) {
        *lock(&self.state.actions) = actions.into_iter().collect();
    }

    /// Returns the requests that were received completely.
    pub fn requests(&self) -> Vec<Request> {
        lock(&self.state.requests).clone()
    }

    /// Returns the requests so far and forgets them.
    pub fn take_requests(&self) -> Vec<Request> {
        std::mem::take(&mut lock(&self.state.requests))
    }

    /// Returns the number of connections, with a request or without.
    pub fn connections(&self) -> usize {
        self.state.connections.load(Ordering::SeqCst)
    }

    /// Closes the port, to which no other program can listen before the server is dropped. The
    /// requests so far stay readable.
    pub async fn stop(&self) {
        self.task.abort();
        while TcpStream::connect(self.address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    }

    /// Returns the number of bytes of endless bodies that the client took.
    pub fn endless_bytes(&self) -> usize {
        self.state.endless_bytes.load(Ordering::SeqCst)
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
                    // Fails for a client that does not trust the certificate.
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
        let action = {
            let mut actions = lock(&state.actions);
            match actions.len() {
                0 => return Ok(()),
                1 => actions.front().cloned(),
                _ => actions.pop_front(),
            }
        };
        match action {
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
                    let_others_read().await;
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
            Some(ServerAction::TimeOut(bytes)) => {
                stream.write_all(&bytes).await?;
                stream.flush().await?;
                // Ends when the client closes.
                let mut rest = [0; 1];
                tokio::select! {
                    () = pass_time_out() => { let _ = stream.read(&mut rest).await; }
                    _ = stream.read(&mut rest) => {}
                }
                return Ok(());
            }
            Some(ServerAction::Endless(first, again)) => {
                stream.write_all(&first).await?;
                loop {
                    stream.write_all(&again).await?;
                    state.endless_bytes.fetch_add(again.len(), Ordering::SeqCst);
                }
            }
            None => return Ok(()),
        }
        stream.flush().await?;
    }
    Ok(())
}

/// Reads a request with a body of known length; returns `None` at the end of the connection.
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
