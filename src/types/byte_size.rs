//! Numbers of bytes.

use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;

/// A number of bytes. The server sends some as `10737418240.0`; that is read as well.
///
/// ```
/// use quay_api::types::ByteSize;
///
/// let quota = ByteSize::new(10 << 30);
/// assert_eq!((quota.bytes(), quota.to_string().as_str()), (10737418240, "10 GiB"));
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ByteSize(i64);

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

impl ByteSize {
    /// So many bytes.
    pub fn new(bytes: i64) -> Self {
        Self(bytes)
    }

    /// How many bytes. The server does not say what a negative number would mean, but may send one.
    pub fn bytes(self) -> i64 {
        self.0
    }
}

impl From<i64> for ByteSize {
    fn from(bytes: i64) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for ByteSize {
    /// In the largest binary unit that gives one or more, with one decimal if there is one:
    /// `1.5 MiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let round = |size: f64| (size * 10.0).round() / 10.0;
        let mut size = self.0 as f64;
        let mut unit = None;
        for name in UNITS {
            // What is shown counts: 1048575 bytes are not "1024 KiB".
            if round(size).abs() < 1024.0 {
                break;
            }
            size /= 1024.0;
            unit = Some(name);
        }
        let rounded = round(size);
        match unit {
            None => f.pad(&format!("{} B", self.0)),
            Some(unit) => f.pad(&format!("{rounded} {unit}")),
        }
    }
}

impl Decode for ByteSize {
    const EXPECTED: &'static str = "a whole number of bytes";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        match event {
            JsonEvent::Integer(bytes) => Ok(Self(bytes)),
            JsonEvent::Unsigned(bytes) => Err(JsonError::custom(format!(
                "{bytes} is more bytes than there can be"
            ))),
            // Beyond this the conversion would clip; no number and infinity have no fraction of
            // zero.
            JsonEvent::Float(bytes) if bytes.fract() == 0.0 && bytes.abs() < 9e18 => {
                Ok(Self(bytes as i64))
            }
            JsonEvent::Float(bytes) => Err(JsonError::custom(format!(
                "{bytes} is no whole number of bytes"
            ))),
            _ => Err(JsonError::InvalidType),
        }
    }
}

deserialize_by_decode!(ByteSize);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_are_read_in_either_form() {
        for (text, bytes) in [
            ("10737418240", 10_737_418_240),
            ("10737418240.0", 10_737_418_240),
            ("-1", -1),
            ("0", 0),
            ("1e3", 1000),
        ] {
            assert_eq!(
                serde_json::from_str::<ByteSize>(text)
                    .map(ByteSize::bytes)
                    .ok(),
                Some(bytes),
                "{text}"
            );
        }
        for text in ["1.5", "1e30", "18446744073709551615", "\"1\"", "null"] {
            assert!(serde_json::from_str::<ByteSize>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_are_shown_for_people() {
        for (bytes, shown) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1 KiB"),
            (1536, "1.5 KiB"),
            (-2048, "-2 KiB"),
            (1_048_575, "1 MiB"),
            (i64::MAX, "8 EiB"),
        ] {
            assert_eq!(ByteSize::new(bytes).to_string(), shown);
        }
    }
}
