//! Exposes the calls of a client as metrics for Prometheus, in its text format.
//!
//! Without `QUAY_URL` it starts a server in this process. It counts tags again and again, and serves
//! the metrics at `--listen`; with `--once` it does both a single time, over HTTP as Prometheus
//! would, and prints them.
//!
//! ```sh
//! cargo run --example prometheus_metrics -- --once
//! cargo run --example prometheus_metrics -- acme --listen 127.0.0.1:9464 --every 30s
//! ```

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

/// What is known of the calls of one operation that ended in the same way.
#[derive(Default)]
struct Calls {
    count: u64,
    seconds: f64,
    waited_seconds: f64,
    refusals: u64,
    bytes: u64,
}

/// The calls so far, by their labels: operation, outcome, kind of the error, status.
#[derive(Clone, Default)]
struct Metrics(Arc<Mutex<BTreeMap<[String; 4], Calls>>>);

impl Metrics {
    fn add(&self, call: &CallReport) {
        let labels = [
            call.operation.map_or("other", |o| o.id()).to_owned(),
            call.outcome.to_string(),
            call.kind
                .map_or_else(String::new, |kind| format!("{kind:?}")),
            call.status
                .map_or_else(String::new, |status| status.to_string()),
        ];
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let calls = calls.entry(labels).or_default();
        calls.count += 1;
        calls.seconds += call.elapsed.as_secs_f64();
        calls.waited_seconds += call.waited.as_secs_f64();
        calls.refusals += u64::from(call.refusals);
        calls.bytes += call.bytes;
    }

    /// Returns the text format. No label needs escaping: all are identifiers and numbers.
    fn text(&self) -> String {
        type Value = fn(&Calls) -> f64;
        let metrics: [(&str, Value); 5] = [
            ("quay_calls_total", |calls| calls.count as f64),
            ("quay_call_seconds_total", |calls| calls.seconds),
            ("quay_rate_limit_wait_seconds_total", |calls| {
                calls.waited_seconds
            }),
            ("quay_refused_requests_total", |calls| calls.refusals as f64),
            ("quay_received_bytes_total", |calls| calls.bytes as f64),
        ];
        let mut text = String::new();
        for (name, value) in metrics {
            let _ = writeln!(text, "# TYPE {name} counter");
            let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            for ([operation, outcome, kind, status], calls) in &*calls {
                let value = value(calls);
                let _ = writeln!(
                    text,
                    "{name}{{operation=\"{operation}\",outcome=\"{outcome}\",\
                     error=\"{kind}\",status=\"{status}\"}} {value}"
                );
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
