//! Requests that no client sends: each gets a response, whatever is in it.

use quay_api::testing::Sandbox;
use quay_api::{OPERATIONS, Operation, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// The requests of the recorded exchanges, whose bodies are changed here and there.
const EXCHANGES: &str = include_str!("../../src/testing/recordings/exchanges.jsonl");

const TOKEN: &str = "sandbox-token";

/// Values of path parameters: names of the examples' data, and strange ones.
const SEGMENTS: &[&str] = &[
    "acme",
    "acme/web",
    "web",
    "v1",
    "devs",
    "owners",
    "alice",
    "quayadmin",
    "acme+ci",
    "acme%2Bci",
    "ci",
    "1",
    "0",
    "-1",
    "18446744073709551616",
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    "%2F",
    "%2e%2e",
    "..",
    "a//b",
    "sha256:0000000000000000000000000000000000000000000000000000000000000000",
    "sha256:",
    "%F0%9F%90%B3",
    "+",
    "[]",
    "{repository}",
];

/// Values of query parameters, encoded.
const VALUES: &[&str] = &[
    "",
    "0",
    "-1",
    "1.5",
    "1e999",
    "NaN",
    "true",
    "9223372036854775807",
    "-9223372036854775808",
    "9223372036854775808",
    "99999999999999999999999999",
    "%00",
    "%ff%fe",
    "%",
    "acme",
    "acme%2Fweb",
    "like:%25_%5C",
    "eq:",
    ":::",
    "01/01/0001",
    "12/31/9999",
    "02/30/2026",
    "4294967296/4294967296/4294967296",
    "gAAAAAB",
    "gAAAAABffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "%F0%9F%90%B3",
];

const PARAMETERS: &[&str] = &[
    "limit",
    "page",
    "offset",
    "start",
    "next_page",
    "starttime",
    "endtime",
    "performer",
    "filter_tag_name",
    "specificTag",
    "onlyActiveTags",
    "query",
    "filter",
    "namespace",
    "public",
    "starred",
    "repo_kind",
    "detailed",
    "expiring",
    "includeTags",
    "includeStats",
    "includeTeams",
    "includeOrgs",
    "includeUsage",
    "popularity",
    "last_modified",
    "permissions",
    "token",
    "disabled",
    "status",
    "vulnerabilities",
    "force",
];

/// SplitMix64: the same requests in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }

    fn path(&mut self, operation: &Operation) -> String {
        let mut path = operation
            .path()
            .split('/')
            .map(|segment| match segment {
                "{repository}" if self.below(2) == 0 => "acme/web".to_owned(),
                "{orgname}" if self.below(2) == 0 => "acme".to_owned(),
                parameter if parameter.starts_with('{') => self.pick(SEGMENTS).to_owned(),
                literal => literal.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/");
        for number in 0..self.below(4) {
            let sign = if number == 0 { '?' } else { '&' };
            let (name, value) = (self.pick(PARAMETERS), self.pick(VALUES));
            let _ = write!(path, "{sign}{name}={value}");
        }
        path
    }

    fn value(&mut self) -> Value {
        match self.below(16) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(i64::MIN),
            3 => json!(u64::MAX),
            4 => json!(1e308),
            5 => json!(-0.5),
            6 => json!(""),
            7 => json!("\u{0}ä🐳"),
            8 => json!("x".repeat(3000)),
            9 => json!([]),
            10 => json!({}),
            11 => json!([null, [], {"name": 1}]),
            12 => json!({"name": null, "kind": [], "target": "x"}),
            13 => json!(0),
            14 => json!("9999999999999999999999 PiB"),
            _ => json!("acme"),
        }
    }

    /// Replaces a part of a recorded body.
    fn change(&mut self, body: &mut Value) {
        match body {
            Value::Object(fields) if !fields.is_empty() && self.below(8) != 0 => {
                let index = self.below(fields.len());
                if let Some(field) = fields.values_mut().nth(index) {
                    self.change(field);
                }
            }
            Value::Array(rows) if !rows.is_empty() && self.below(8) != 0 => {
                let index = self.below(rows.len());
                self.change(&mut rows[index]);
            }
            other => *other = self.value(),
        }
    }
}

/// Sends a request over a new connection, and returns the status.
async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &str) -> std::io::Result<u16> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {TOKEN}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    let response = exchange(sandbox, request.as_bytes()).await?;
    let status = response.strip_prefix("HTTP/1.1 ").and_then(|r| r.get(..3));
    Ok(status.and_then(|s| s.parse().ok()).unwrap_or_default())
}

async fn exchange(sandbox: &Sandbox, request: &[u8]) -> std::io::Result<String> {
    let address = sandbox.quay().base_url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address.trim_end_matches('/')).await?;
    stream.write_all(request).await?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).await?;
    Ok(String::from_utf8_lossy(&response).into_owned())
}

/// A recorded body of each operation that has one.
fn bodies() -> BTreeMap<String, Value> {
    EXCHANGES
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|exchange| !exchange["request_body"].is_null())
        .filter_map(|exchange| {
            let id = exchange["operation_id"].as_str()?.to_owned();
            Some((id, exchange["request_body"].clone()))
        })
        .collect()
}

#[tokio::test]
async fn every_request_gets_a_response() -> Result<()> {
    let bodies = bodies();
    let mut random = Random(7);
    let mut sandbox = Sandbox::demo().await?;
    for operation in OPERATIONS {
        let is_write = operation.method() != "GET";
        for _ in 0..if is_write { 24 } else { 12 } {
            let path = random.path(operation);
            let mut body = bodies.get(operation.id()).cloned().unwrap_or_default();
            random.change(&mut body);
            let body = if is_write {
                body.to_string()
            } else {
                String::new()
            };
            let status = send(&sandbox, operation.method(), &path, &body).await;
            assert!(
                status.as_ref().is_ok_and(|status| *status >= 200),
                "{} {path} {body}: {status:?}",
                operation.method()
            );
        }
        // A request may have deleted what the others are about.
        if is_write
            && send(&sandbox, "GET", "/api/v1/repository/acme/web", "")
                .await
                .ok()
                != Some(200)
        {
            sandbox = Sandbox::demo().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn garbage_ends_its_own_connection_only() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let long = format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(100_000));
    for garbage in [
        &b"\0\0\0\0\r\n\r\n"[..],
        b"GET\r\n\r\n",
        b"GET http:// HTTP/1.1\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n",
        b"GET /api/v1/user/ HTTP/1.1\r\nauthorization: Bearer \xff\xfe\r\nconnection: close\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"POST /api/v1/repository HTTP/1.1\r\ncontent-length: 99999999999999999999\r\n\r\n",
        long.as_bytes(),
    ] {
        // An error response, or none: the connection may be closed before all was sent.
        if let Ok(response) = exchange(&sandbox, garbage).await {
            assert!(response.is_empty() || response.starts_with("HTTP/1.1 4"), "{response}");
        }
    }
    assert_eq!(sandbox.quay().me().get().await?.username, Sandbox::ADMIN);
    Ok(())
}
