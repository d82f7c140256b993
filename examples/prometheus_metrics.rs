//! Serves the calls of a client as metrics for Prometheus, in its text format.
//!
//! It reads an organization at an interval. A call that fails is counted, and does not end the
//! program. With `--once`, it makes one call, and prints the metrics that it serves.
//!
//! - Requires: no token, and no scope for the token.
//! - Prints: the address of the metrics and the result of each call, on standard error.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example prometheus_metrics -- acme --once
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example prometheus_metrics -- acme --listen 0.0.0.0:9100
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::service::service_fn;
use hyper::{Response, server::conn::http1};
use hyper_util::rt::TokioTimer;
use quay_api::testing::{Sandbox, Server};
use quay_api::{CallReport, Quay, QuayBuilder};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Serves the calls of a client as metrics for Prometheus
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization to read
    #[arg(default_value = "acme")]
    organization: String,
    /// Address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Time between two calls (30s, 5m)
    #[arg(long, value_name = "SPAN", default_value = "30s", value_parser = support::interval)]
    every: Duration,
    /// Make one call, print the metrics, and exit
    #[arg(long)]
    once: bool,
}

/// The metrics, each a sum over the calls with the same labels.
const METRICS: [(&str, &str); 5] = [
    ("quay_calls_total", "Calls."),
    ("quay_call_seconds_total", "Duration of the calls."),
    (
        "quay_rate_limit_wait_seconds_total",
        "Time that calls waited for the rate limit.",
    ),
    (
        "quay_refused_requests_total",
        "Requests that the server rejected with status 429.",
    ),
    (
        "quay_received_bytes_total",
        "Bytes of the bodies of responses.",
    ),
];

/// The sums of the calls, by their labels.
#[derive(Clone, Default)]
struct Metrics(Arc<Mutex<BTreeMap<String, [f64; METRICS.len()]>>>);

impl Metrics {
    fn add(&self, call: &CallReport) {
        // No value needs escaping: they are identifiers and numbers.
        let labels = format!(
            "operation=\"{}\",outcome=\"{}\",error=\"{}\",status=\"{}\"",
            call.operation.map_or("other", |operation| operation.id()),
            call.outcome,
            call.kind.map_or(String::new(), |kind| format!("{kind:?}")),
            call.status
                .map_or(String::new(), |status| status.to_string()),
        );
        let values = [
            1.0,
            call.elapsed.as_secs_f64(),
            call.waited.as_secs_f64(),
            f64::from(call.refusals),
            call.bytes as f64,
        ];
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let sums = calls.entry(labels).or_default();
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (index, (name, help)) in METRICS.iter().enumerate() {
            let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} counter");
            for (labels, sums) in &*calls {
                let _ = writeln!(text, "{name}{{{labels}}} {}", sums[index]);
            }
        }
        text
    }

    /// Responds to every request with the metrics.
    async fn serve(self, listener: TcpListener) {
        loop {
            let stream = support::accept(&listener).await;
            let metrics = self.clone();
            let service = service_fn(move |_| {
                let response = Response::builder()
                    .header(CONTENT_TYPE, "text/plain; version=0.0.4")
                    .body(Full::<Bytes>::from(metrics.text()));
                std::future::ready(response)
            });
            let mut http = http1::Builder::new();
            // With a timer, a client that sends nothing is disconnected.
            let connection = http.timer(TokioTimer::new());
            tokio::spawn(connection.serve_connection(stream, service));
        }
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let builder = match server.sandbox() {
        None => QuayBuilder::from_env()?,
        Some(sandbox) => Quay::builder()
            .base_url(sandbox.quay().base_url())
            .token(sandbox.token(Sandbox::ADMIN).secret()?),
    };
    let metrics = Metrics::default();
    let observed = metrics.clone();
    let quay = builder.on_call(move |call| observed.add(call)).build()?;
    let name = &options.organization;
    let organization = quay.organization(name)?;
    let listener = TcpListener::bind(options.listen).await?;
    let address = listener.local_addr()?;
    eprintln!("metrics: http://{address}/metrics");
    tokio::spawn(metrics.serve(listener));
    loop {
        let result = organization.get_opt().await;
        match &result {
            Ok(found) => eprintln!(
                "{name} {}",
                found.as_ref().map_or("does not exist", |_| "exists")
            ),
            Err(error) => eprintln!("{name} can't be read: {error}"),
        }
        if options.once {
            println!("{}", scrape(address).await?);
            result?;
            return Ok(ExitCode::SUCCESS);
        }
        tokio::time::sleep(options.every).await;
    }
}

/// Reads the metrics as Prometheus does.
async fn scrape(address: SocketAddr) -> Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = "GET /metrics HTTP/1.1\r\nhost: metrics\r\nconnection: close\r\n\r\n";
    stream.write_all(request.as_bytes()).await?;
    let mut response = String::new();
    stream.read_to_string(&mut response).await?;
    let (_, text) = response
        .split_once("\r\n\r\n")
        .context("no HTTP response")?;
    Ok(text.trim_end().to_owned())
}
