//! Measures the cost of decoding: the crate's types compared with types written by hand
//! (`handwritten.rs`), and with `serde_json::Value`.
//!
//! The responses are recorded ones, with rows repeated up to a full page. Prints `ratio NAME
//! VALUE`: the median over the pairs of (time with the crate's type) / (time with the other). All
//! are decoded from a string, as in the crate, which checks UTF-8 first.

mod handwritten;
mod log_metadata;

use quay_api::types;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::hint::black_box;
use std::time::{Duration, Instant};

const PAIRS: usize = 41;
/// The time of one batch: long compared with the resolution of the clock.
const BATCH: Duration = Duration::from_millis(15);

fn main() {
    compare::<types::TagPage, handwritten::TagPage>("tags", &page("listRepoTags", "/tags", 100));
    compare::<types::LogPage, handwritten::LogPage>("logs", &page("listOrgLogs", "/logs", 20));
    compare::<types::SecurityReport, handwritten::SecurityReport>(
        "security",
        &page("getRepoManifestSecurity", "/data/Layer/Features", 5000),
    );
    compare::<types::RepositoryPage, handwritten::RepositoryPage>(
        "repositories",
        &page("listRepos", "/repositories", 100),
    );
}

#[derive(Deserialize)]
struct Recording {
    operation_id: Option<String>,
    status: u16,
    response_body: Option<Value>,
}

/// Returns the longest recorded success of an operation as JSON, with `count` of its rows.
fn page(operation: &str, rows: &str, count: usize) -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/src/testing/recordings/exchanges.jsonl"
    );
    let recordings = std::fs::read_to_string(file).expect("the recordings");
    let recordings = recordings
        .lines()
        .map(|line| serde_json::from_str::<Recording>(line).expect("a recording"));
    let bodies = recordings
        .filter(|r| r.operation_id.as_deref() == Some(operation) && r.status == 200)
        .filter_map(|r| r.response_body);
    let mut body = bodies
        .max_by_key(|body| body.to_string().len())
        .expect("a recorded success");
    let found = body
        .pointer_mut(rows)
        .and_then(Value::as_array_mut)
        .expect("rows");
    *found = found.iter().cloned().cycle().take(count).collect();
    body.to_string()
}

fn compare<Ours: DeserializeOwned, Handwritten: DeserializeOwned>(name: &str, text: &str) {
    println!("{name}: {} bytes", text.len());
    println!(
        "ratio decode.{name}.handwritten {:.3}",
        ratio::<Ours, Handwritten>(text)
    );
    println!(
        "ratio decode.{name}.value {:.3}",
        ratio::<Ours, Value>(text)
    );
}

fn ratio<Ours: DeserializeOwned, Other: DeserializeOwned>(text: &str) -> f64 {
    let once = batch::<Other>(text, 1).as_secs_f64();
    let rounds = (BATCH.as_secs_f64() / once).ceil() as u32;
    let mut ratios: Vec<f64> = (0..PAIRS)
        .map(|pair| {
            // The first of a pair fills the caches for the second, so they take turns.
            let (ours, other);
            if pair % 2 == 0 {
                ours = batch::<Ours>(text, rounds);
                other = batch::<Other>(text, rounds);
            } else {
                other = batch::<Other>(text, rounds);
                ours = batch::<Ours>(text, rounds);
            }
            ours.as_secs_f64() / other.as_secs_f64()
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[PAIRS / 2]
}

fn batch<T: DeserializeOwned>(text: &str, rounds: u32) -> Duration {
    let start = Instant::now();
    for _ in 0..rounds {
        black_box(serde_json::from_str::<T>(black_box(text)).expect("a response of this type"));
    }
    start.elapsed()
}
