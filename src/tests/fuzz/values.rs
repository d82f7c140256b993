//! Strings and numbers, parsed into the value types: each value is written and parsed again to the
//! same value.

use super::Finding;
use super::generate::string;
use crate::types::{
    ByteSize, Digest, Exposed, RepositoryName, RobotName, Secret, SyncDate, Timestamp,
    check_segment,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::fmt::{Debug, Display};
use std::str::FromStr;
use std::time::Duration;

/// Pieces of dates, names and digests.
const PIECES: &[&str] = &[
    "2026",
    "-",
    "11",
    "24",
    "T",
    " ",
    ":",
    "00",
    "59",
    "60",
    ".",
    "123456",
    "999999999",
    "Z",
    "+02:00",
    "-0000",
    "GMT",
    "Tue, ",
    "Nov",
    "/",
    "acme",
    "web",
    "+",
    "ci",
    "sha256:",
    "0123456789abcdef",
    "e",
    "%2e",
    "..",
    "é",
    "𝄞",
    "\u{2028}",
    "_",
    "9999",
    "0000",
    "12",
    "31",
    "-00:00",
    "(comment)",
    "\t",
];

#[derive(Debug, Clone)]
pub enum Input {
    Timestamp(Value, Duration),
    RepositoryName(String),
    RobotName(String),
    Digest(String),
    Segment(String),
    Secret(String),
    /// JSON of a size.
    ByteSize(String),
}

pub fn input() -> impl Strategy<Value = Input> {
    let text = || {
        prop_oneof![
            1 => string(),
            3 => vec(select(PIECES), 0..14).prop_map(|pieces| pieces.concat()),
        ]
    };
    let scaled = |(number, exponent)| json!(number * 10_f64.powi(exponent));
    let written = prop_oneof![
        1 => any::<i64>().prop_map(Value::from),
        1 => (0.0..1.0, -3..20).prop_map(scaled),
        1 => (-100_000_000_000..300_000_000_000_000_i64).prop_map(Value::from),
        2 => text().prop_map(Value::from),
    ];
    // Spans of every magnitude.
    let span = (any::<u64>(), 0..64_u32, 0..1_000_000_000_u32)
        .prop_map(|(seconds, shift, nanos)| Duration::new(seconds >> shift, nanos));
    let size = prop_oneof![
        any::<i64>().prop_map(|number| number.to_string()),
        (any::<i32>(), -400..400).prop_map(|(number, exponent)| format!("{number}e{exponent}")),
        any::<i64>().prop_map(|number| format!("{number}.0")),
        text().prop_map(|text| json!(text).to_string()),
    ];
    prop_oneof![
        6 => (written, span).prop_map(|(written, span)| Input::Timestamp(written, span)),
        2 => text().prop_map(Input::RepositoryName),
        2 => text().prop_map(Input::RobotName),
        2 => text().prop_map(Input::Digest),
        2 => text().prop_map(Input::Segment),
        1 => text().prop_map(Input::Secret),
        2 => size.prop_map(Input::ByteSize),
    ]
}

pub fn check(input: Input) -> Finding {
    match input {
        Input::Timestamp(written, span) => timestamp(&written, span),
        Input::RepositoryName(text) => round_trip::<RepositoryName>(&text),
        Input::RobotName(text) => round_trip::<RobotName>(&text),
        Input::Digest(text) => round_trip::<Digest>(&text),
        Input::Segment(text) => match check_segment("name", &text) {
            Ok(_) => Ok("value"),
            Err(_) => Ok("no value"),
        },
        Input::Secret(text) => {
            let secret = Secret::from(text.as_str());
            let json = serde_json::to_string(&secret).unwrap_or_else(|e| e.to_string());
            let exposed = serde_json::to_value(Exposed(&secret)).ok();
            if exposed.and_then(|value| serde_json::from_value(value).ok()) != Some(secret.clone())
            {
                return Err(format!("a secret is lost: {text:?}"));
            }
            match text.len() > 8 && format!("{secret:?} {secret:#?} {json}").contains(&text) {
                true => Err(format!("a secret is shown: {text:?}")),
                false => Ok("value"),
            }
        }
        Input::ByteSize(written) => byte_size(&written),
    }
}

fn round_trip<T>(text: &str) -> Finding
where
    T: FromStr + Display + Debug + PartialEq + Serialize + DeserializeOwned,
    T::Err: Display,
{
    let value: T = match text.parse() {
        Ok(value) => value,
        Err(error) => {
            // An escaped character takes six.
            let message = error.to_string();
            let is_fit = message.chars().count() < 1_200 && !message.chars().any(char::is_control);
            return if is_fit {
                Ok("no value")
            } else {
                Err(format!(
                    "an error message that no log can take: {message:?}"
                ))
            };
        }
    };
    let again = value.to_string().parse::<T>();
    if again.as_ref().ok() != Some(&value) {
        return Err(format!(
            "{text:?} is {value:?}, written and read again {:?}",
            again.ok()
        ));
    }
    let through = serde_json::to_value(&value).and_then(serde_json::from_value::<T>);
    match through {
        Ok(through) if through == value => Ok("value"),
        other => Err(format!("{text:?} is {value:?}, through JSON {other:?}")),
    }
}

fn timestamp(written: &Value, span: Duration) -> Finding {
    if let Value::String(text) = written {
        round_trip::<Timestamp>(text)?;
    }
    let _ = serde_json::from_value::<SyncDate>(written.clone())
        .map(|date| (format!("{date:?}"), serde_json::to_string(&date)));
    let Ok(moment) = serde_json::from_value::<Timestamp>(written.clone()) else {
        return Ok("no value");
    };
    for other in [moment.checked_add(span), moment.checked_sub(span)]
        .into_iter()
        .flatten()
    {
        round_trip::<Timestamp>(&other.to_string())?;
        let _ = (
            other.since(moment),
            moment.since(other),
            other.date(),
            other.unix_seconds(),
        );
    }
    let formats = [moment.to_mirror_format(), moment.to_log_date()];
    match formats.iter().all(|format| {
        format
            .parse::<Timestamp>()
            .is_ok_and(|read| read.date() == moment.date())
    }) {
        true => round_trip::<Timestamp>(&moment.to_string()),
        false => Err(format!("{written} is {moment}, in requests {formats:?}")),
    }
}

fn byte_size(written: &str) -> Finding {
    let Ok(size) = serde_json::from_str::<ByteSize>(written) else {
        return Ok("no value");
    };
    let again =
        serde_json::to_string(&size).and_then(|text| serde_json::from_str::<ByteSize>(&text));
    match again {
        Ok(again) if again == size && !size.to_string().is_empty() => Ok("value"),
        other => Err(format!("{written} is {size:?}, through JSON {other:?}")),
    }
}
