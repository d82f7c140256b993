//! The HTTP server: receives, lets go wrong what a test wants to, and answers.

use crate::testing::faults::{FaultKind, Faults};
use crate::testing::http::call::Call;
use crate::testing::http::response::Payload;
use crate::testing::recordings::Recordings;
use crate::testing::state::State;
use crate::testing::{ErrorResponse, RecordedRequest, Response, lock};
use bytes::Bytes;
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// What the proxy in front of a server takes: 1 MiB.
const MAX_BODY: usize = 1024 * 1024;

pub type Responder = Arc<dyn Fn(&RecordedRequest) -> Response + Send + Sync>;

/// What a sandbox and its connections share.
pub struct Shared {
    /// Nothing if it only replays recordings.
    pub world: Option<Mutex<State>>,
    pub recordings: Recordings,
    pub scripted: Mutex<VecDeque<Response>>,
    pub responders: Mutex<BTreeMap<String, Responder>>,
    pub faults: Faults,
    pub received: Mutex<Vec<RecordedRequest>>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

impl Shared {
    pub fn new(world: Option<State>) -> Self {
        Self {
            world: world.map(Mutex::new),
            recordings: Recordings::load(),
            scripted: Mutex::default(),
            responders: Mutex::default(),
            faults: Faults::default(),
            received: Mutex::default(),
        }
    }

    /// The answer to a request, faults aside: what the test wants, else what the state or the
    /// recordings say.
    fn answer(&self, received: &RecordedRequest) -> Response {
        if let Some(answer) = lock(&self.scripted).pop_front() {
            return answer;
        }
        let responder = received
            .operation()
            .and_then(|operation| lock(&self.responders).get(operation.id()).cloned());
        if let Some(respond) = responder {
            return respond(received);
        }
        let Some(world) = &self.world else {
            return self.recordings.answer(received);
        };
        let Some((operation, parameters)) =
            crate::testing::http::router::match_request(&received.method, &received.path)
        else {
            return elsewhere(received);
        };
        let mut world = lock(world);
        let token = world.accept(received.header("authorization"));
        crate::testing::http::routes::answer(
            &mut world,
            &Call {
                operation,
                parameters,
                token,
                received,
            },
            &self.recordings,
        )
    }
}

/// An answer to what is no operation. A slash that is missing at the end is pointed out.
fn elsewhere(received: &RecordedRequest) -> Response {
    let (path, query) = received
        .path
        .split_once('?')
        .map_or((received.path.as_str(), String::new()), |(p, q)| {
            (p, format!("?{q}"))
        });
    if crate::testing::http::router::match_request(&received.method, &format!("{path}/")).is_none()
    {
        return ErrorResponse::NoSuchRoute.into();
    }
    let page = "<!DOCTYPE html>\n<html>\n<head><title>Redirecting...</title></head>\n<body></body>\n</html>\n";
    let host = received.header("host").unwrap_or("localhost");
    Response::text(308, "text/html; charset=utf-8", page)
        .header("location", &format!("http://{host}{path}/{query}"))
}

/// Serves each connection in a task of its own; dropping the set ends them all.
pub async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, Arc::clone(&shared)));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let service = service_fn(|request| respond(request, Arc::clone(&shared)));
    // A client that hangs up is no concern of the server; an answer that is an error closes the
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
    let limit = if shared.world.is_some() {
        MAX_BODY
    } else {
        usize::MAX
    };
    let Ok(body) = Limited::new(body, limit).collect().await else {
        lock(&shared.received).push(RecordedRequest::new(&parts, Bytes::new()));
        return Ok(Response::from(ErrorResponse::TooLarge).into_response(false));
    };
    let received = RecordedRequest::new(&parts, body.to_bytes());
    let fault = received
        .operation()
        .and_then(|operation| shared.faults.next(operation.id()));
    let effect = fault.as_ref().map_or(&FaultKind::Late, |f| &f.effect);
    let answer = match effect {
        FaultKind::Response(answer) => answer.clone(),
        FaultKind::Late | FaultKind::Reset | FaultKind::Truncated => shared.answer(&received),
    };
    lock(&shared.received).push(received);
    if let Some(delay) = fault
        .as_ref()
        .map(|f| f.delay)
        .filter(|delay| !delay.is_zero())
    {
        tokio::time::sleep(delay).await;
    }
    match effect {
        FaultKind::Reset => Err(io::Error::from(io::ErrorKind::ConnectionReset)),
        FaultKind::Truncated => Ok(answer.into_response(true)),
        FaultKind::Response(_) | FaultKind::Late => Ok(answer.into_response(false)),
    }
}
