//! Texts and numbers, into the value types: what can be made is written and read again to the same.

use super::{Finding, mutate};
use crate::types::{
    ByteSize, Digest, RepositoryName, RobotName, Secret, SyncDate, Timestamp, check_segment,
};
use fastrand::Rng;
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

pub fn try_one(rng: &mut Rng) -> Finding {
    let text = match rng.u8(..4) {
        0 => mutate::text(rng),
        _ => (0..rng.usize(..14))
            .map(|_| PIECES[rng.usize(..PIECES.len())])
            .collect::<String>(),
    };
    match rng.u8(..8) {
        0..3 => moment(rng, &text),
        3 => round_trip::<RepositoryName>(&text),
        4 => round_trip::<RobotName>(&text),
        5 => round_trip::<Digest>(&text),
        6 => {
            let checked = check_segment("name", &text);
            Ok(if checked.is_ok() { "value" } else { "no value" })
        }
        _ => number(rng, &text),
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
            // Six characters for one that is escaped, and what is said around it.
            let said = error.to_string();
            let is_fit = said.chars().count() < 1_200 && !said.chars().any(char::is_control);
            return if is_fit {
                Ok("no value")
            } else {
                Err(format!("an error that no log can take: {said:?}"))
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

fn moment(rng: &mut Rng, text: &str) -> Finding {
    let written = match rng.u8(..5) {
        0 => json!(rng.i64(..)),
        1 => json!(rng.f64() * 10_f64.powi(rng.i32(-3..20))),
        2 => json!(rng.i64(-100_000_000_000..300_000_000_000_000)),
        _ => json!(text),
    };
    if let Value::String(text) = &written {
        round_trip::<Timestamp>(text)?;
    }
    let _ = serde_json::from_value::<SyncDate>(written.clone())
        .map(|date| (format!("{date:?}"), serde_json::to_string(&date)));
    let Ok(moment) = serde_json::from_value::<Timestamp>(written.clone()) else {
        return Ok("no value");
    };
    let span = Duration::new(rng.u64(..) >> rng.u32(..64), rng.u32(..1_000_000_000));
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

fn number(rng: &mut Rng, text: &str) -> Finding {
    let written = match rng.u8(..4) {
        0 => rng.i64(..).to_string(),
        1 => format!("{}e{}", rng.i32(..), rng.i32(-400..400)),
        2 => format!("{}.0", rng.i64(..)),
        _ => json!(text).to_string(),
    };
    let secret = Secret::from(text);
    if text.len() > 8 && format!("{secret:?} {secret:#?}").contains(text) {
        return Err(format!("a secret is shown: {text:?}"));
    }
    let Ok(size) = serde_json::from_str::<ByteSize>(&written) else {
        return Ok("no value");
    };
    let again =
        serde_json::to_string(&size).and_then(|text| serde_json::from_str::<ByteSize>(&text));
    match again {
        Ok(again) if again == size && !size.to_string().is_empty() => Ok("value"),
        other => Err(format!("{written} is {size:?}, through JSON {other:?}")),
    }
}
