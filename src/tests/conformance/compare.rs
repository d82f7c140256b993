//! Comparison of recorded JSON with the JSON that the crate writes.

use super::case::Failure;
use crate::types::{Exposed, Timestamp};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;

/// Returns the JSON of a value, and fails if decoding it again loses anything.
pub fn round_trip<T: Serialize + DeserializeOwned>(value: &T) -> Result<Value, Failure> {
    let first = serde_json::to_value(Exposed(value))
        .map_err(|e| Failure::Wrong(format!("cannot be encoded: {e}")))?;
    let again: T = serde_path_to_error::deserialize(&first).map_err(|e| {
        Failure::Wrong(format!(
            "what was encoded cannot be decoded again: at {}: {}",
            e.path(),
            e.inner()
        ))
    })?;
    let second = serde_json::to_value(Exposed(again))
        .map_err(|e| Failure::Wrong(format!("cannot be encoded again: {e}")))?;
    match lost(&first, &second, "$") {
        None => Ok(first),
        Some(difference) => Err(Failure::Wrong(format!(
            "encoded, decoded and encoded again: {difference}"
        ))),
    }
}

/// Returns a body with content: an empty object is the same as no body.
pub fn stated(body: Option<&Value>) -> Option<&Value> {
    body.filter(|b| !b.is_null() && b.as_object().is_none_or(|o| !o.is_empty()))
}

/// Returns the first difference of two bodies.
pub fn difference(recorded: &Value, sent: &Value, path: &str) -> Option<String> {
    match (recorded, sent) {
        (Value::Object(a), Value::Object(b)) => {
            let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
            names
                .into_iter()
                .find_map(|name| match (a.get(name), b.get(name)) {
                    (Some(x), Some(y)) => difference(x, y, &format!("{path}.{name}")),
                    (x, y) => Some(format!(
                        "{path}.{name}: recorded {}, sent {}",
                        shown(x),
                        shown(y)
                    )),
                })
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(i, (x, y))| difference(x, y, &format!("{path}[{i}]"))),
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) if a == b => None,
        (a, b) => Some(format!(
            "{path}: recorded {}, sent {}",
            shortened(a),
            shortened(b)
        )),
    }
}

/// Returns the first leaf of a recording that the crate loses or changes.
///
/// Null and missing are the same. Dates are compared as instants, numbers as numbers.
pub fn lost(recorded: &Value, ours: &Value, path: &str) -> Option<String> {
    match (recorded, ours) {
        (Value::Null, Value::Null) => None,
        (Value::Object(a), Value::Object(b)) => a.iter().find_map(|(name, x)| {
            lost(
                x,
                b.get(name).unwrap_or(&Value::Null),
                &format!("{path}.{name}"),
            )
        }),
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => a
            .iter()
            .zip(b)
            .enumerate()
            .find_map(|(i, (x, y))| lost(x, y, &format!("{path}[{i}]"))),
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => None,
        (a, b) if a == b => None,
        (a, Value::String(_)) if instant(a).is_some() && instant(a) == instant(ours) => None,
        (a, b) => Some(format!(
            "{path}: recorded {}, kept {}",
            shortened(a),
            shortened(b)
        )),
    }
}

fn instant(value: &Value) -> Option<Timestamp> {
    serde_json::from_value(value.clone()).ok()
}

pub fn shortened(value: &Value) -> String {
    let text = value.to_string();
    text.chars().take(200).collect()
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), shortened)
}
