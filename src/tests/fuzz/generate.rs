//! Strategies for strings and JSON values.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

/// Strings that the crate parses, or that look like them. The last is a secret, and so long that a
/// few flipped bits do not turn it into a plain name.
const STRINGS: &[&str] = &[
    "",
    " ",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "NaN",
    "\0",
    "\u{202e}x",
    "𝄞",
    "\u{feff}",
    "é\u{301}",
    "\"",
    "\\",
    "../..",
    "%2e%2e%2f",
    "<html>",
    "2026-11-24T00:24:03Z",
    "2026-11-24T00:24:60.999999999Z",
    "Tue, 24 Nov 2026 00:24:03 -0000",
    "24 Nov 26 00:24 GMT",
    "11/24/2026",
    "2026-11-24",
    "0000-00-00",
    "99999-01-01",
    "1795479843",
    "acme/web",
    "acme+ci",
    "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "sha256:",
    "10 GiB",
    "public",
    "hunter2 / hunter2 / hunter2",
];

/// Names of fields that the crate reads.
const FIELDS: &[&str] = &[
    "name",
    "message",
    "error",
    "detail",
    "title",
    "status",
    "error_message",
    "error_type",
    "next_page",
    "page",
    "has_additional",
    "tags",
    "token",
    "",
    "__proto__",
];

pub fn string() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        6 => select(STRINGS).prop_map(str::to_owned),
        3 => vec(any::<char>(), 0..20).prop_map(String::from_iter),
        1 => (select(STRINGS), 1..200_usize).prop_map(|(text, times)| text.repeat(times)),
    ]
}

pub fn field() -> impl Strategy<Value = String> + Clone {
    prop_oneof![
        2 => select(FIELDS).prop_map(str::to_owned),
        1 => string(),
    ]
}

fn number() -> impl Strategy<Value = Value> + Clone {
    let edges = vec![
        json!(i64::MIN),
        json!(i64::MAX),
        json!(u64::MAX),
        json!(f64::MAX),
        json!(f64::MIN_POSITIVE),
        json!(-0.0),
        json!(10_737_418_240.0),
        json!(1_795_479_843_000_i64),
        json!(9_007_199_254_740_993_i64),
    ];
    prop_oneof![
        9 => select(edges),
        1 => proptest::num::f64::ANY.prop_map(Value::from),
        1 => any::<i64>().prop_map(Value::from),
        1 => (-2..3_i64).prop_map(Value::from),
    ]
}

/// Generates a JSON value: flat or slightly nested, or deeply nested with nothing else in it.
pub fn json_value() -> impl Strategy<Value = Value> + Clone {
    let leaf = prop_oneof![
        2 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        3 => number(),
        3 => string().prop_map(Value::from),
    ];
    let tree = leaf.prop_recursive(3, 8, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((field(), inner), 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    });
    let chain = vec(any::<bool>(), 1..100).prop_map(|levels| {
        levels
            .into_iter()
            .fold(Value::Null, |inner, is_list| match is_list {
                true => json!([inner]),
                false => json!({ "a": inner }),
            })
    });
    prop_oneof![11 => tree, 1 => chain]
}
