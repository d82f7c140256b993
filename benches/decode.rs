//! What decoding costs: the crate's types beside `serde_json::Value` and a struct written by hand.
//!
//! Prints `ratio NAME VALUE`: the median over the pairs of (time with the crate's type) / (time with the other).

use quay_api::types::{Tag, TagPage};
use serde::Deserialize;
use std::hint::black_box;
use std::time::Instant;

const PAIRS: usize = 31;
const ROUNDS: usize = 200;

/// A page of tags, as somebody would write it by hand.
#[derive(Deserialize)]
#[allow(dead_code)]
struct HandwrittenPage {
    tags: Vec<HandwrittenTag>,
    page: i64,
    has_additional: bool,
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct HandwrittenTag {
    name: String,
    reversion: bool,
    immutable: bool,
    start_ts: i64,
    manifest_digest: String,
    is_manifest_list: bool,
    size: Option<i64>,
    last_modified: String,
}

fn main() {
    let tag = |i: i64| {
        serde_json::json!({
            "name": format!("v1.{i}"), "reversion": false, "immutable": false, "start_ts": 1_795_476_701 + i, "size": 114 + i,
            "manifest_digest": format!("sha256:{i:064x}"), "is_manifest_list": false, "last_modified": "Mon, 23 Nov 2026 23:31:41 -0000",
        })
    };
    let page = serde_json::json!({"tags": (0..100).map(tag).collect::<Vec<_>>(), "page": 1, "has_additional": true}).to_string();
    let rows: Vec<Tag> = serde_json::from_str::<TagPage>(&page).expect("a page").tags;
    assert_eq!(rows.len(), 100);
    println!("ratio decode.tags.handwritten {:.3}", ratio(&page, decode::<TagPage>, decode::<HandwrittenPage>));
    println!("ratio decode.tags.value {:.3}", ratio(&page, decode::<TagPage>, decode::<serde_json::Value>));
}

fn decode<T: for<'de> Deserialize<'de>>(text: &str) {
    black_box(serde_json::from_str::<T>(black_box(text)).expect("a page"));
}

fn ratio(text: &str, ours: fn(&str), other: fn(&str)) -> f64 {
    let time = |run: fn(&str)| {
        let start = Instant::now();
        (0..ROUNDS).for_each(|_| run(text));
        start.elapsed().as_secs_f64()
    };
    let mut ratios: Vec<f64> = (0..PAIRS).map(|_| time(ours) / time(other)).collect();
    ratios.sort_by(f64::total_cmp);
    ratios[PAIRS / 2]
}
