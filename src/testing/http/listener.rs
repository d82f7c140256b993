//! The HTTP server: receives requests, applies the faults that a test planned, and responds.

use crate::Operation;
use crate::http::route;
use crate::testing::faults::{FaultKind, Faults};
use crate::testing::http::access;
use crate::testing::http::api_request::ApiRequest;
use crate::testing::http::federation;
use crate::testing::http::go_registry;
use crate::testing::http::missing_route;
use crate::testing::http::request_log::RequestLog;
use crate::testing::http::response::Payload;
use crate::testing::http::routes;
use crate::testing::recordings::Recordings;
use crate::testing::state::State;
use crate::testing::webhooks::Webhooks;
use crate::testing::{ErrorResponse, RecordedRequest, Response, lock};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// The largest body that the proxy in front of a server accepts: 1 MiB.
const MAX_BODY: usize = 1024 * 1024;

pub type Responder = Arc<dyn Fn(&RecordedRequest) -> Response + Send + Sync>;

/// The data that a sandbox and its connections share.
pub struct Shared {
    /// `None` if the sandbox replays recordings.
    pub state: Option<Mutex<State>>,
    pub recordings: Recordings,
    pub scripted: Mutex<VecDeque<Response>>,
    pub responders: Mutex<BTreeMap<&'static str, Responder>>,
    pub faults: Faults,
    pub requests: Mutex<RequestLog>,
    pub webhooks: Webhooks,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub fn new(state: Option<State>) -> Self {
        Self {
            state: state.map(Mutex::new),
            recordings: Recordings::load(),
            scripted: Mutex::default(),
            responders: Mutex::default(),
            faults: Faults::default(),
            requests: Mutex::default(),
            webhooks: Webhooks::default(),
        }
    }

    /// Returns the response to a request, without faults: the one that a test scripted, else that
    /// of the state or of the recordings.
    fn response_to(&self, request: &RecordedRequest) -> Response {
        let operation = request.operation();
        // A client reads the document whenever it needs to.
        if operation.is_none_or(|operation| operation.id() != "discovery")
            && let Some(response) = lock(&self.scripted).pop_front()
        {
            return response;
        }
        let responder =
            operation.and_then(|operation| lock(&self.responders).get(operation.id()).cloned());
        if let Some(respond) = responder {
            return respond(request);
        }
        let Some(state) = &self.state else {
            return self.recordings.response_to(request);
        };
        let mut state = lock(state);
        if state.edition.is_go_registry {
            return go_registry::respond(&mut state, request);
        }
        if let Some(response) = federation::respond(&mut state, request) {
            return response;
        }
        let has = |operation: &Operation| state.edition.has(operation);
        let found = route::match_among(&request.method, &request.path, has);
        let (operation, parameters) = match found {
            None => return missing_route::respond(&state.edition, request),
            Some(found) if found.lacks_slash => return redirect_to_slash(request),
            Some(found) => (found.operation, found.parameters),
        };
        let request = ApiRequest {
            operation,
            parameters,
            caller: access::caller(&state, operation, request),
            recorded: request,
        };
        let response = routes::handle(&mut state, &request, &self.recordings);
        state.announce_progress();
        if state.has_due_delivery() {
            self.webhooks.wake();
        }
        response
    }
}

/// Returns the response to a request whose path lacks the slash at the end of its route.
fn redirect_to_slash(request: &RecordedRequest) -> Response {
    let (path, query) = request
        .path
        .split_once('?')
        .map_or((request.path.as_str(), String::new()), |(p, q)| {
            (p, format!("?{q}"))
        });
    let page = "<!DOCTYPE html>\n<html>\n<head><title>Redirecting...</title></head>\n\
                <body></body>\n</html>\n";
    let host = request.header("host").unwrap_or("localhost");
    Response::text(308, "text/html; charset=utf-8", page)
        .header("location", &format!("http://{host}{path}/{query}"))
}

/// The pause after a connection could not be accepted, for example without a free file descriptor.
/// Without a pause, the next attempt would fail too.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves each connection in a separate task.
///
/// Dropping the set aborts the tasks.
pub async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                connections.spawn(serve(stream, Arc::clone(&shared)));
            }
            // The client has hung up: the next one may be there already.
            Err(error) if is_of_connection(&error) => {}
            Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
        }
        while connections.try_join_next().is_some() {}
    }
}

/// Returns true for an error of one connection, as opposed to one of the listener.
fn is_of_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::Interrupted
    )
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| respond(request, Arc::clone(&shared)));
    // A client that hangs up is no concern of the server; a fault that is an error closes the
    // connection.
    let _ = hyper::server::conn::http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn respond(
    request: http::Request<Incoming>,
    shared: Arc<Shared>,
) -> io::Result<http::Response<Payload>> {
    let (parts, body) = request.into_parts();
    // A sandbox of recordings has no limit, so that the body of a recorded 413 arrives.
    let limit = if shared.state.is_some() {
        MAX_BODY
    } else {
        usize::MAX
    };
    let Ok(body) = Limited::new(body, limit).collect().await else {
        lock(&shared.requests).push(RecordedRequest::new(&parts, Bytes::new()));
        return Ok(Response::from(ErrorResponse::TooLarge).into_response(false));
    };
    let request = RecordedRequest::new(&parts, body.to_bytes());
    let fault = shared.faults.next(&request);
    let response = || shared.response_to(&request);
    let result = match fault.as_ref().map(|fault| &fault.kind) {
        None | Some(FaultKind::Late) => Ok(response().into_response(false)),
        Some(FaultKind::Response(instead)) => Ok(instead.clone().into_response(false)),
        Some(FaultKind::Truncated) => Ok(response().into_response(true)),
        Some(FaultKind::Reset) => {
            drop(response());
            Err(io::Error::from(io::ErrorKind::ConnectionReset))
        }
    };
    lock(&shared.requests).push(request);
    if let Some(delay) = fault
        .map(|fault| fault.delay)
        .filter(|delay| !delay.is_zero())
    {
        tokio::time::sleep(delay).await;
    }
    result
}
