//! Receives the webhooks of a repository, and reacts to pushes and vulnerabilities.
//!
//! It creates the notifications that are missing, each with a URL that carries its event and a
//! secret, and serves HTTP/1.1 behind them: put a proxy with TLS in front of it. On the embedded
//! server, something is pushed, so that there is something to see.
//!
//! The token needs the scope `repo:admin`.
//!
//! ```sh
//! cargo run --example webhook_receiver
//! WEBHOOK_SECRET=… QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example webhook_receiver -- acme/web --listen 0.0.0.0:8080 \
//!         --url https://hooks.example.com/quay
//! ```

use anyhow::{Context, Result};
use clap::Parser;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use quay_api::Quay;
use quay_api::testing::seed::{Package, Scan, Tag, Vulnerability};
use quay_api::testing::{Sandbox, Server};
use quay_api::types::{NotificationEvent, RepositoryName, Severity};
use quay_api::webhook::{Event, MAX_BODY_BYTES, Receiver};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

/// Receives the webhooks of a repository
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set. Secret of the URLs: WEBHOOK_SECRET, at least 16 bytes."
)]
struct Options {
    /// The repository
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// The address to listen at
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// The URL at which the server reaches this program
    #[arg(long, default_value = "http://hooks.example.test/quay")]
    url: String,
}

/// The events that are received.
const EVENTS: [NotificationEvent; 2] = [
    NotificationEvent::RepoPush,
    NotificationEvent::VulnerabilityFound,
];

/// The secret on the embedded server.
const DEMO_SECRET: &str = "0123456789abcdef";

/// Who does not send a body within this time is not a Quay server.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let secret = match server.sandbox() {
        Some(_) => DEMO_SECRET.to_owned(),
        None => std::env::var("WEBHOOK_SECRET").context("WEBHOOK_SECRET")?,
    };
    let receiver = Arc::new(Receiver::new(&options.url, secret)?);
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    println!("listening at {address}");

    // What takes time is not done while the server waits for a response.
    let (sender, mut events) = mpsc::channel(100);
    let serving = tokio::spawn(serve(listener, Arc::clone(&receiver), sender));
    set_up(server.quay(), &options.repository, &receiver).await?;
    if let Some(sandbox) = server.sandbox() {
        make_events(sandbox, address, &options.repository).await?;
        // The channel ends with its senders, once everything has arrived.
        serving.abort();
    }
    loop {
        let event = tokio::select! {
            event = events.recv() => event,
            _ = tokio::signal::ctrl_c() => None,
        };
        let Some(event) = event else { break };
        if let Err(error) = react(server.quay(), &event).await {
            eprintln!("{}: {error}", event.kind());
        }
    }
    println!("stopped");
    Ok(())
}

/// Creates the notifications that are missing, known by their titles.
async fn set_up(quay: &Quay, repository: &RepositoryName, receiver: &Receiver) -> Result<()> {
    let notifications = quay.repository(repository)?.notifications();
    let present = notifications.list().await?;
    for event in EVENTS {
        let title = format!("webhook_receiver {event}");
        if present.iter().any(|n| n.title.as_ref() == Some(&title)) {
            println!("{event}: a notification is there");
            continue;
        }
        let notification = receiver.notification(event.clone()).title(title);
        notifications.create(notification).await?;
        println!("{event}: created a notification");
    }
    Ok(())
}

async fn serve(listener: TcpListener, receiver: Arc<Receiver>, sender: mpsc::Sender<Event>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (receiver, sender) = (Arc::clone(&receiver), sender.clone());
        let service = service_fn(move |request| {
            let (receiver, sender) = (Arc::clone(&receiver), sender.clone());
            async move {
                let mut response = Response::new(Empty::<Bytes>::new());
                *response.status_mut() = respond(request, &receiver, &sender).await;
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(async move {
            let http = hyper::server::conn::http1::Builder::new();
            let _ = http.serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

/// Checks a request and queues its event; returns the status of the response.
async fn respond(
    request: Request<Incoming>,
    receiver: &Receiver,
    sender: &mpsc::Sender<Event>,
) -> StatusCode {
    let (parts, body) = request.into_parts();
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    // The secret first: nothing is read from anybody else.
    if let Err(error) = receiver.event_of(target) {
        eprintln!("{error}");
        return match error.is_unauthenticated() {
            true => StatusCode::UNAUTHORIZED,
            false => StatusCode::BAD_REQUEST,
        };
    }
    let body = Limited::new(body, MAX_BODY_BYTES).collect();
    let Ok(Ok(body)) = tokio::time::timeout(BODY_TIMEOUT, body).await else {
        return StatusCode::BAD_REQUEST;
    };
    match receiver.receive(target, &body.to_bytes()) {
        // If too many wait, the server will post it again.
        Ok(event) => match sender.try_send(event) {
            Ok(()) => StatusCode::NO_CONTENT,
            Err(_) => StatusCode::SERVICE_UNAVAILABLE,
        },
        Err(error) => {
            eprintln!("{error}");
            StatusCode::BAD_REQUEST
        }
    }
}

/// Looks at what an event is about, since it may be old when it arrives.
async fn react(quay: &Quay, event: &Event) -> quay_api::Result<()> {
    match event {
        Event::RepoPush(push) => {
            let repository = quay.repository(push.repository.as_str())?;
            for name in &push.updated_tags {
                match repository.tag(name.as_str())?.get_opt().await? {
                    Some(tag) => {
                        let size = tag.size.unwrap_or_default();
                        println!("pushed: {}:{name}, {size} bytes", push.repository);
                    }
                    None => println!("pushed: {}:{name}, gone since", push.repository),
                }
            }
        }
        Event::VulnerabilityFound(found) => {
            let tags = found.tags.as_deref().unwrap_or_default().join(", ");
            let vulnerability = &found.vulnerability;
            let severity = vulnerability
                .priority
                .as_ref()
                .map_or("unknown", |p| p.as_str());
            let advice = match vulnerability.has_fix {
                Some(true) => "rebuild it",
                _ => "there is no fix",
            };
            let (image, id) = (&found.repository, &vulnerability.id);
            println!("vulnerable: {image} ({tags}) has {id}, {severity}: {advice}");
        }
        other => println!("{}: {:?}", other.kind(), other.repository()),
    }
    Ok(())
}

/// Lets the embedded server post its webhooks here, and pushes something.
async fn make_events(sandbox: &Sandbox, at: SocketAddr, name: &RepositoryName) -> Result<()> {
    sandbox.resolve("hooks.example.test", at);
    let flaw = Vulnerability::new("CVE-2024-3094", Severity::Critical).fixed_by("5.4.5");
    let scan = Scan::done().package(Package::new("xz-utils", "5.6.0").vulnerability(flaw));
    sandbox.push(name.as_str(), &Tag::new("v4.0.0", 64 << 20).scan(scan))?;
    let attempts = sandbox.webhooks().await?;
    let delivered = attempts.iter().filter(|attempt| attempt.is_delivered());
    println!(
        "{} of {} webhooks delivered",
        delivered.count(),
        attempts.len()
    );
    Ok(())
}
