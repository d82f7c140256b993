//! Exposes the calls of a client as metrics for Prometheus, in its text format.
//!
//! Without `QUAY_URL` it starts a server in this process. It looks for an organization again and
//! again, and serves the metrics at `--listen`. With `--once` it does both a single time, over HTTP
//! as Prometheus would, and prints them:
//! `cargo run --example prometheus_metrics -- acme --once`

use anyhow::{Context, Result};
use clap::Parser;
use quay_api::testing::Sandbox;
use quay_api::{CallReport, Quay, QuayBuilder};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// Exposes the calls of a client as metrics for Prometheus.
///
/// Environment: QUAY_URL, QUAY_TOKEN and the other variables of Quay::from_env; without QUAY_URL a
/// server with data to look at is started.
#[derive(Parser)]
struct Options {
    /// Whose repositories are read
    #[arg(default_value = "acme")]
    organization: String,
    /// Where Prometheus finds the metrics, at any path; port 0 is a free one
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: String,
    /// The time between two rounds
    #[arg(long, default_value = "30s", value_parser = humantime::parse_duration)]
    every: Duration,
    /// Makes one round, prints the metrics, and ends
    #[arg(long)]
    once: bool,
}

/// What is added up of the calls with the same labels.
const METRICS: [&str; 5] = [
    "quay_calls_total",
    "quay_call_seconds_total",
    "quay_rate_limit_wait_seconds_total",
    "quay_refused_requests_total",
    "quay_received_bytes_total",
];

/// The calls so far, by their labels.
#[derive(Clone, Default)]
struct Metrics(Arc<Mutex<BTreeMap<String, [f64; METRICS.len()]>>>);

impl Metrics {
    fn add(&self, call: &CallReport) {
        // None of them needs escaping: they are identifiers and numbers.
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
        for (index, name) in METRICS.iter().enumerate() {
            let _ = writeln!(text, "# TYPE {name} counter");
            for (labels, sums) in &*calls {
                let _ = writeln!(text, "{name}{{{labels}}} {}", sums[index]);
            }
        }
        text
    }

    /// Responds to every request with the metrics.
    async fn serve(self, listener: TcpListener) -> std::io::Result<()> {
        loop {
            let mut stream = BufReader::new(listener.accept().await?.0);
            let mut line = String::new();
            while stream.read_line(&mut line).await? > 2 {
                line.clear();
            }
            let head =
                "HTTP/1.1 200 OK\r\ncontent-type: text/plain; version=0.0.4\r\nconnection: close";
            let response = format!("{head}\r\n\r\n{}", self.text());
            stream.get_mut().write_all(response.as_bytes()).await?;
        }
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse();
    let metrics = Metrics::default();
    // The server in this process lives as long as this variable.
    let mut sandbox = None;
    let builder = match std::env::var_os("QUAY_URL") {
        Some(_) => QuayBuilder::from_env()?,
        None => {
            let sandbox = sandbox.insert(Sandbox::demo().await?);
            let token = sandbox.token(Sandbox::ADMIN).secret()?;
            Quay::builder()
                .base_url(sandbox.quay().base_url())
                .token(token)
        }
    };
    let observed = metrics.clone();
    let quay = builder.on_call(move |call| observed.add(call)).build()?;
    let listener = TcpListener::bind(&options.listen).await?;
    let address = listener.local_addr()?;
    eprintln!("metrics: http://{address}/metrics");
    tokio::spawn(metrics.serve(listener));
    loop {
        let organization = quay.organization(&options.organization)?;
        let known = organization.get_opt().await?;
        println!(
            "{} is {}",
            options.organization,
            known.map_or("not there", |_| "there")
        );
        if options.once {
            let mut stream = TcpStream::connect(address).await?;
            stream
                .write_all(b"GET /metrics HTTP/1.1\r\nhost: metrics\r\n\r\n")
                .await?;
            let mut response = String::new();
            stream.read_to_string(&mut response).await?;
            let (_, text) = response.split_once("\r\n\r\n").context("no response")?;
            print!("{text}");
            return Ok(());
        }
        tokio::time::sleep(options.every).await;
    }
}
