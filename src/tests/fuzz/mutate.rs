//! Changes to a document: in the tree of its values, and in its text.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// Texts that are read as something, or nearly. The last is a secret, and so odd that no few flips
/// make a plain name of it.
const TEXTS: &[&str] = &[
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

/// Names of members that somebody reads.
const NAMES: &[&str] = &[
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

pub fn text(rng: &mut Rng) -> String {
    match rng.u8(..10) {
        0..6 => TEXTS[rng.usize(..TEXTS.len())].to_owned(),
        6..9 => (0..rng.usize(..20)).map(|_| rng.char(..)).collect(),
        _ => TEXTS[rng.usize(..TEXTS.len())].repeat(rng.usize(1..200)),
    }
}

fn number(rng: &mut Rng) -> Value {
    match rng.u8(..12) {
        0 => json!(i64::MIN),
        1 => json!(i64::MAX),
        2 => json!(u64::MAX),
        3 => json!(f64::MAX),
        4 => json!(f64::MIN_POSITIVE),
        5 => json!(-0.0),
        6 => json!(10_737_418_240.0),
        7 => json!(1_795_479_843_000_i64),
        8 => json!(9_007_199_254_740_993_i64),
        9 => json!(rng.f64()),
        10 => json!(rng.i64(..)),
        _ => json!(rng.i64(-2..3)),
    }
}

fn nested(rng: &mut Rng, depth: usize) -> Value {
    (0..depth).fold(Value::Null, |inner, _| {
        if rng.bool() {
            json!([inner])
        } else {
            json!({ "a": inner })
        }
    })
}

fn value(rng: &mut Rng) -> Value {
    match rng.u8(..12) {
        0..2 => Value::Null,
        2 => json!(rng.bool()),
        3..6 => number(rng),
        6..9 => json!(text(rng)),
        9 => json!([]),
        10 => json!({}),
        _ => {
            let depth = rng.usize(1..100);
            nested(rng, depth)
        }
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(rows) => rows.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum(),
        _ => 0,
    }
}

/// The node with a number, counted from the root.
fn node<'a>(value: &'a mut Value, number: &mut usize) -> Option<&'a mut Value> {
    if *number == 0 {
        return Some(value);
    }
    *number -= 1;
    match value {
        Value::Array(rows) => rows.iter_mut().find_map(|row| node(row, number)),
        Value::Object(members) => members.values_mut().find_map(|member| node(member, number)),
        _ => None,
    }
}

/// One change somewhere in the tree.
fn change(rng: &mut Rng, root: &mut Value) {
    let mut number = rng.usize(..count(root));
    let replacement = value(rng);
    let Some(node) = node(root, &mut number) else {
        return;
    };
    match node {
        Value::Object(members) if rng.u8(..4) > 0 => change_members(rng, members, replacement),
        Value::Array(rows) if rng.u8(..4) > 0 => match rng.u8(..4) {
            0 if !rows.is_empty() => drop(rows.remove(rng.usize(..rows.len()))),
            1 if !rows.is_empty() && rows.len() < 50 => {
                let row = rows[rng.usize(..rows.len())].clone();
                rows.extend(std::iter::repeat_n(row, rng.usize(1..10)));
            }
            2 => rows.push(replacement),
            _ => rng.shuffle(rows),
        },
        _ => *node = replacement,
    }
}

fn change_members(rng: &mut Rng, members: &mut Map<String, Value>, replacement: Value) {
    let chosen = (!members.is_empty())
        .then(|| rng.usize(..members.len()))
        .and_then(|n| members.keys().nth(n).cloned());
    match (rng.u8(..5), chosen) {
        (0, Some(name)) => drop(members.remove(&name)),
        (1, Some(name)) => {
            let member = members.remove(&name).unwrap_or_default();
            members.insert(NAMES[rng.usize(..NAMES.len())].to_owned(), member);
        }
        (2, Some(name)) => {
            let member = members.get(&name).cloned().unwrap_or_default();
            members.insert(text(rng), member);
        }
        (3, Some(name)) => drop(members.insert(name, replacement)),
        _ => drop(members.insert(NAMES[rng.usize(..NAMES.len())].to_owned(), replacement)),
    }
}

/// One change in the text, which may leave it no document at all.
fn garble(rng: &mut Rng, bytes: &mut Vec<u8>) {
    let at = rng.usize(..=bytes.len());
    match rng.u8(..12) {
        0 => bytes.truncate(at),
        1..4 => {
            for _ in 0..rng.usize(1..8) {
                let Some(last) = bytes.len().checked_sub(1) else {
                    return;
                };
                bytes[rng.usize(..=last)] ^= 1 << rng.u8(..8);
            }
        }
        4 => drop(bytes.splice(at..at, [0xff, 0xc0, 0x80])),
        5 => drop(bytes.splice(at..at, text(rng).into_bytes())),
        // Deeper than any reader goes.
        6 => {
            let (open, depth) = (
                if rng.bool() { "[" } else { "{\"a\":" },
                rng.usize(100..20_000),
            );
            drop(bytes.splice(at..at, open.repeat(depth).into_bytes()));
        }
        // Longer than what is sensible, and a token every other byte.
        7 if rng.u8(..8) == 0 => drop(
            bytes.splice(
                at..at,
                ["1,", "[],", "\"\",", " \n"][rng.usize(..4)]
                    .repeat(rng.usize(1..200_000))
                    .into_bytes(),
            ),
        ),
        // A number that no type has room for.
        7 => {
            let digits = [
                "9".repeat(rng.usize(15..400)),
                format!("1e{}", rng.u32(..)),
                format!("-{}.{}", rng.u64(..), rng.u64(..)),
            ];
            let found = bytes.iter().position(u8::is_ascii_digit);
            let at = found.unwrap_or(at);
            drop(bytes.splice(
                at..(at + 1).min(bytes.len()),
                digits[rng.usize(..digits.len())].bytes(),
            ));
        }
        // A member that is there twice.
        8..10 => {
            let names: Vec<usize> = bytes
                .windows(2)
                .enumerate()
                .filter(|(_, w)| w == b"\":")
                .map(|(i, _)| i)
                .collect();
            let Some(end) = names.get(rng.usize(..names.len().max(1))).copied() else {
                return;
            };
            let start = bytes[..end].iter().rposition(|b| *b == b'"').unwrap_or(end);
            let mut twice = bytes[start..=end].to_vec();
            twice.push(b':');
            twice.extend(value(rng).to_string().bytes());
            twice.push(b',');
            drop(bytes.splice(start..start, twice));
        }
        10 => bytes
            .extend_from_slice([&b"\n"[..], b"\0", b"}", b"null", b"\xef\xbb\xbf"][rng.usize(..5)]),
        _ => drop(
            bytes.splice(
                ..0,
                [&b"\xef\xbb\xbf"[..], b" \n", b"\0", b"\xff\xfe"][rng.usize(..4)]
                    .iter()
                    .copied(),
            ),
        ),
    }
}

/// A document with a few changes.
pub fn document(rng: &mut Rng, document: &Value) -> Vec<u8> {
    let mut tree = document.clone();
    let garbled = rng.u8(..4) == 0;
    for _ in 0..rng.usize(usize::from(!garbled)..3) {
        change(rng, &mut tree);
    }
    let mut bytes = tree.to_string().into_bytes();
    if garbled {
        garble(rng, &mut bytes);
    }
    bytes
}
