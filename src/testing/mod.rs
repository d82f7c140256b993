//! A Quay server in the process, for tests and for trying things out (feature `testing`).
//!
//! [`Sandbox`] speaks real HTTP on a free port of the loopback interface. It answers from exchanges that were recorded with a real Quay server, so statuses, bodies and
//! their quirks are Quay's own. It keeps no state: what is created is answered as it was when it was recorded, and can't be listed afterwards.
//!
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use quay_api::testing::Sandbox;
//!
//! let sandbox = Sandbox::start().await?;
//! let repository = sandbox.quay().repository("acme/app00")?.get().await?;
//! assert_eq!(repository.name, "app00");
//! # Ok(())
//! # }
//! ```

mod recordings;
mod server;

use crate::{Error, ErrorKind, Quay, Result};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
#[cfg(test)]
pub(crate) use recordings::Exchange;
use recordings::Recordings;
pub use server::Server;
use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// The token that [`Sandbox::quay`] sends. Any other is taken as well.
const TOKEN: &str = "sandbox-token";

/// A server that runs until it is dropped.
#[derive(Debug)]
pub struct Sandbox {
    quay: Quay,
    state: Arc<State>,
    server: AbortHandle,
}

struct State {
    recordings: Recordings,
    scripted: Mutex<VecDeque<Answer>>,
    responders: Mutex<BTreeMap<String, Responder>>,
    received: Mutex<Vec<Received>>,
}

type Responder = Arc<dyn Fn(&Received) -> Answer + Send + Sync>;

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

/// A request that the server received.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Received {
    /// The HTTP method.
    pub method: String,
    /// Path and query as they were on the wire.
    pub path: String,
    /// The headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, if it is JSON.
    pub body: Option<serde_json::Value>,
}

impl Received {
    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter of the query, decoded.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        url::form_urlencoded::parse(query.as_bytes()).find(|(n, _)| n == name).map(|(_, value)| value.into_owned())
    }

    /// The operation that was called, if it is one of [`OPERATIONS`](crate::OPERATIONS).
    pub fn operation(&self) -> Option<&'static crate::Operation> {
        recordings::operation_of(&self.method, &self.path)
    }
}

/// An answer that a test wants to see.
#[derive(Debug, Clone)]
#[must_use]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

impl Answer {
    /// An answer with a status and a body of JSON.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::text(status, "application/json", body.to_string())
    }

    /// An answer with a status, a content type and a body.
    pub fn text(status: u16, content_type: &str, body: impl Into<String>) -> Self {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Self { status, headers, body: Bytes::from(body.into()) }
    }

    /// Adds a header.
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }
}

impl Sandbox {
    /// Starts a server on a free port of the loopback interface. It runs in the current tokio runtime.
    ///
    /// # Errors
    /// No port can be opened.
    pub async fn start() -> Result<Self> {
        let no_port = |e: std::io::Error| Error::new(ErrorKind::Connection, "no port can be opened for the sandbox").with_source(e);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(no_port)?;
        let address = listener.local_addr().map_err(no_port)?;
        let quay = Quay::builder().base_url(format!("http://{address}")).token(TOKEN).build()?;
        let state = Arc::new(State {
            recordings: Recordings::load(),
            scripted: Mutex::default(),
            responders: Mutex::default(),
            received: Mutex::default(),
        });
        let server = tokio::spawn(accept(listener, Arc::clone(&state))).abort_handle();
        Ok(Self { quay, state, server })
    }

    /// A client of this server.
    pub fn quay(&self) -> &Quay {
        &self.quay
    }

    /// Answers the next request with this instead of a recording; several are used in turn.
    pub fn answer_next(&self, answer: Answer) {
        lock(&self.state.scripted).push_back(answer);
    }

    /// Answers every call of an operation, such as `listRepoTags`, with what a function makes of the request.
    pub fn answer_with(&self, operation: &str, responder: impl Fn(&Received) -> Answer + Send + Sync + 'static) {
        lock(&self.state.responders).insert(operation.to_owned(), Arc::new(responder));
    }

    /// The requests that were received so far.
    pub fn requests(&self) -> Vec<Received> {
        lock(&self.state.received).clone()
    }
}

#[cfg(test)]
impl Sandbox {
    /// The requests so far, which are forgotten together with the answers that were not given.
    pub(crate) fn forget(&self) -> Vec<Received> {
        lock(&self.state.scripted).clear();
        std::mem::take(&mut lock(&self.state.received))
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Serves each connection in a task of its own; dropping the set ends them all.
async fn accept(listener: TcpListener, state: Arc<State>) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, Arc::clone(&state)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, state: Arc<State>) {
    let service = service_fn(|request| answer(request, Arc::clone(&state)));
    // A client that hangs up is no concern of the server.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

async fn answer(request: http::Request<Incoming>, state: Arc<State>) -> std::result::Result<http::Response<Full<Bytes>>, Infallible> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map(|b| b.to_bytes()).unwrap_or_default();
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let received = Received {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map_or_else(String::new, ToString::to_string),
        headers: parts.headers.iter().map(|(n, v)| (n.to_string(), text(v))).collect(),
        body: serde_json::from_slice(&body).ok(),
    };
    let scripted = lock(&state.scripted).pop_front();
    let answer = scripted.unwrap_or_else(|| {
        let responder = received.operation().and_then(|operation| lock(&state.responders).get(operation.id()).cloned());
        responder.map_or_else(|| state.recordings.answer(&received), |respond| respond(&received))
    });
    lock(&state.received).push(received);
    let mut response = http::Response::builder().status(answer.status);
    for (name, value) in answer.headers {
        response = response.header(name, value);
    }
    let unusable = |_| {
        let mut response = http::Response::new(Full::from("the answer that the test wants can't be sent"));
        *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        response
    };
    Ok(response.body(Full::new(answer.body)).unwrap_or_else(unusable))
}
