//! A receiver of webhooks: it keeps every request, and responds with a status.

use http_body_util::{BodyExt, Empty};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// A request that arrived.
#[allow(dead_code, reason = "each harness uses a part")]
#[derive(Debug, Clone)]
pub struct Received {
    pub method: String,
    pub path_and_query: String,
    pub headers: hyper::HeaderMap,
    pub body: Vec<u8>,
}

pub struct WebhookReceiver {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    location: Arc<Mutex<Option<String>>>,
    requests: mpsc::UnboundedReceiver<Received>,
    task: JoinHandle<()>,
}

#[allow(dead_code, reason = "each harness uses a part")]
impl WebhookReceiver {
    /// Listens at a free port of an address.
    pub async fn start(address: impl Into<IpAddr>) -> std::io::Result<Self> {
        let listener = TcpListener::bind((address.into(), 0)).await?;
        let address = listener.local_addr()?;
        let status = Arc::new(AtomicU16::new(200));
        let location = Arc::new(Mutex::new(None));
        let (sender, requests) = mpsc::unbounded_channel();
        let task = tokio::spawn(serve(
            listener,
            sender,
            Arc::clone(&status),
            Arc::clone(&location),
        ));
        Ok(Self {
            address,
            status,
            location,
            requests,
            task,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Responds with a status from now on.
    pub fn respond(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// Responds with a redirect, and to requests of other paths as before.
    pub fn redirect(&self, location: &str) {
        *self.location.lock().expect("nobody panics") = Some(location.to_owned());
    }

    /// Returns the requests that have arrived since the last call.
    pub fn received(&mut self) -> Vec<Received> {
        std::iter::from_fn(|| self.requests.try_recv().ok()).collect()
    }

    /// Waits for a request, and panics if none comes within a span.
    pub async fn next_within(&mut self, span: Duration) -> Received {
        let next = tokio::time::timeout(span, self.requests.recv()).await;
        next.ok().flatten().expect("a webhook in time")
    }

    /// Waits for a request.
    pub async fn next(&mut self) -> Option<Received> {
        self.requests.recv().await
    }
}

impl Drop for WebhookReceiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(
    listener: TcpListener,
    sender: mpsc::UnboundedSender<Received>,
    status: Arc<AtomicU16>,
    location: Arc<Mutex<Option<String>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (sender, status) = (sender.clone(), Arc::clone(&status));
        let location = Arc::clone(&location);
        let service = service_fn(move |request: Request<Incoming>| {
            let (sender, status) = (sender.clone(), status.load(Ordering::SeqCst));
            let location = location.lock().expect("nobody panics").take();
            async move {
                let (parts, body) = request.into_parts();
                let body = body.collect().await.map(|body| body.to_bytes());
                let received = Received {
                    method: parts.method.to_string(),
                    path_and_query: parts.uri.to_string(),
                    headers: parts.headers,
                    body: body.unwrap_or_default().to_vec(),
                };
                let _ = sender.send(received);
                let response = Response::builder();
                let response = match location {
                    Some(location) => response.status(302).header("location", location),
                    None => response.status(status),
                };
                let response = response.body(Empty::<Bytes>::new());
                Ok::<_, Infallible>(response.expect("a valid response"))
            }
        });
        let connection = hyper::server::conn::http1::Builder::new();
        tokio::spawn(connection.serve_connection(TokioIo::new(stream), service));
    }
}
