//! Receives the webhooks of a repository over HTTP/1.1. Put a proxy with TLS in front of it.
//!
//! It creates the notifications that are missing, and on the embedded server pushes an image.
//!
//! - Requires: a token with the scope `repo:admin`, and on a real server `WEBHOOK_SECRET`.
//! - Prints: a line for each event.
//! - Exit codes: 0 success or Ctrl-C, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example webhook_receiver
//! WEBHOOK_SECRET=… QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example webhook_receiver -- acme/web --listen 0.0.0.0:8080 \
//!         --url https://hooks.example.com/quay
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioTimer;
use quay_api::Quay;
use quay_api::testing::seed::{PackageSeed, ScanSeed, TagSeed, VulnerabilitySeed};
use quay_api::testing::{Sandbox, Server};
use quay_api::types::{NotificationEvent, RepositoryName, Severity};
use quay_api::webhook::{Event, MAX_BODY_BYTES, Receiver};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Receives the webhooks of a repository
///
/// WEBHOOK_SECRET is part of the URLs of the webhooks, and has 16 bytes or more.
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// The address to listen on
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The URL of this program for the server; required with QUAY_URL
    #[arg(long)]
    url: Option<String>,
}

const DEMO_URL: &str = "http://hooks.example.test/quay";

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let secret = || std::env::var("WEBHOOK_SECRET").context("WEBHOOK_SECRET can't be read");
    let (url, secret) = match (server.sandbox(), options.url) {
        (Some(_), _) => (DEMO_URL.into(), "0123456789abcdef".into()),
        (None, url) => (url.context("--url is required")?, secret()?),
    };
    let receiver = Arc::new(Receiver::new(&url, secret)?);
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    println!("listening on {address}");

    // The server waits for the response, so the events are processed after it.
    let (sender, mut events) = mpsc::channel(100);
    let serving = tokio::spawn(serve(listener, Arc::clone(&receiver), sender));
    set_up(server.quay(), &options.repository, &receiver).await?;
    if let Some(sandbox) = server.sandbox() {
        make_events(sandbox, address, &options.repository).await?;
        // All webhooks have arrived. Without its senders, the channel ends.
        serving.abort();
    }
    // Created once, before the loop, so that no Ctrl-C is missed.
    let mut stop = Box::pin(support::interrupted());
    while let Some(event) = tokio::select! {
        event = events.recv() => event,
        () = &mut stop => None,
    } {
        if let Err(error) = react(server.quay(), &event).await {
            eprintln!("{}: {error}", event.kind());
        }
    }
    println!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Creates the notifications that are missing.
async fn set_up(quay: &Quay, repository: &RepositoryName, receiver: &Receiver) -> Result<()> {
    let notifications = quay.repository(repository)?.notifications();
    for event in [
        NotificationEvent::RepoPush,
        NotificationEvent::VulnerabilityFound,
    ] {
        let notification = receiver.notification(event);
        let ensured = notifications
            .ensure(notification.title("webhook_receiver"))
            .await?;
        println!("notification of {}: {ensured}", ensured.get_ref().event);
    }
    Ok(())
}

async fn serve(listener: TcpListener, receiver: Arc<Receiver>, sender: mpsc::Sender<Event>) {
    loop {
        let stream = support::accept(&listener).await;
        let (receiver, sender) = (Arc::clone(&receiver), sender.clone());
        let service = service_fn(move |request| {
            let (receiver, sender) = (Arc::clone(&receiver), sender.clone());
            async move {
                let mut response = Response::new(Empty::<Bytes>::new());
                *response.status_mut() = respond(request, &receiver, &sender).await;
                Ok::<_, Infallible>(response)
            }
        });
        // With a timer, a client that sends nothing is disconnected.
        let http = http1::Builder::new().timer(TokioTimer::new()).clone();
        tokio::spawn(http.serve_connection(stream, service));
    }
}

/// Checks a request and queues its event; returns the status of the response.
async fn respond(
    request: Request<Incoming>,
    receiver: &Receiver,
    sender: &mpsc::Sender<Event>,
) -> StatusCode {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    let refuse = |error: quay_api::Error| {
        eprintln!("{error}");
        match error.is_unauthenticated() {
            true => StatusCode::UNAUTHORIZED,
            false => StatusCode::BAD_REQUEST,
        }
    };
    // The secret is checked before the body is read.
    if let Err(error) = receiver.event_of(target) {
        return refuse(error);
    }
    let body = Limited::new(body, MAX_BODY_BYTES).collect();
    let Ok(Ok(body)) = tokio::time::timeout(Duration::from_secs(10), body).await else {
        return StatusCode::BAD_REQUEST;
    };
    match receiver.receive(target, &body.to_bytes()) {
        Ok(event) => match sender.try_send(event) {
            Ok(()) => StatusCode::NO_CONTENT,
            // The queue is full; the server posts the event again.
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Err(error) => refuse(error),
    }
}

/// Reads the resources of an event, which may have changed since.
async fn react(quay: &Quay, event: &Event) -> quay_api::Result<()> {
    match event {
        Event::RepoPush(push) => {
            let repository = quay.repository(push.repository.as_str())?;
            for name in &push.updated_tags {
                let tag = repository.tag(name.as_str())?.get_opt().await?;
                let size = tag.and_then(|tag| tag.size).unwrap_or_default();
                println!("pushed: {}:{name}, {size}", push.repository);
            }
        }
        Event::VulnerabilityFound(found) => {
            let tags = found.tags.as_deref().unwrap_or_default().join(", ");
            let (image, flaw) = (&found.repository, &found.vulnerability);
            let severity = flaw.priority.as_ref().unwrap_or(&Severity::Unknown);
            let (id, fix) = (&flaw.id, flaw.has_fix.unwrap_or_default());
            println!("vulnerable: {image} ({tags}) has {id}, {severity}; a fix is known: {fix}");
        }
        other => println!("unexpected event: {}", other.kind()),
    }
    Ok(())
}

/// Pushes an image to the embedded server, which posts its webhooks to this program.
async fn make_events(sandbox: &Sandbox, at: SocketAddr, name: &RepositoryName) -> Result<()> {
    sandbox.resolve("hooks.example.test", at);
    let flaw = VulnerabilitySeed::new("CVE-2024-3094", Severity::Critical).fixed_by("5.4.5");
    let scan = ScanSeed::done().package(PackageSeed::new("xz-utils", "5.6.0").vulnerability(flaw));
    sandbox.push(name.as_str(), &TagSeed::new("v4.0.0", 64 << 20).scan(scan))?;
    let attempts = sandbox.webhooks().await?;
    let delivered = attempts.iter().filter(|a| a.is_delivered()).count();
    println!("{delivered} of {} webhooks delivered", attempts.len());
    Ok(())
}
