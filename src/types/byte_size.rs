//! Numbers of bytes.

use super::InvalidValue;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;

/// A number of bytes.
///
/// A size is decoded from a whole number, also in the form `10737418240.0`, in which the server
/// sends some sizes. A size is parsed from a string such as `10 GiB`. Sums and differences saturate
/// at `i64::MIN` and `i64::MAX`. A `u64` may be too large, so it is converted with `try_from`.
///
/// # Examples
///
/// ```
/// use quay_api::types::ByteSize;
///
/// let quota = ByteSize::new(10 << 30);
/// assert_eq!((quota.bytes(), quota.to_string().as_str()), (10737418240, "10 GiB"));
/// assert_eq!("10 GiB".parse(), Ok(quota));
/// assert_eq!(ByteSize::try_from(10737418240_u64), Ok(quota));
/// assert_eq!([quota, quota].into_iter().sum::<ByteSize>().to_string(), "20 GiB");
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct ByteSize(i64);

const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

/// The maximum number of digits after the decimal point, so that no calculation overflows.
const MAX_DECIMALS: usize = 15;

impl ByteSize {
    /// Returns a size of this number of bytes.
    pub fn new(bytes: i64) -> Self {
        Self(bytes)
    }

    /// Returns the number of bytes.
    ///
    /// It may be negative if the server sends a negative number.
    pub fn bytes(self) -> i64 {
        self.0
    }
}

impl From<i64> for ByteSize {
    fn from(bytes: i64) -> Self {
        Self(bytes)
    }
}

impl From<ByteSize> for i64 {
    fn from(size: ByteSize) -> Self {
        size.0
    }
}

impl TryFrom<u64> for ByteSize {
    type Error = InvalidValue;

    fn try_from(bytes: u64) -> Result<Self, InvalidValue> {
        let too_large =
            |_| InvalidValue::new("size", &bytes.to_string(), "it must be less than 8 EiB");
        i64::try_from(bytes).map(Self).map_err(too_large)
    }
}

impl Add for ByteSize {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for ByteSize {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for ByteSize {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for ByteSize {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Sum for ByteSize {
    fn sum<I: Iterator<Item = Self>>(sizes: I) -> Self {
        sizes.fold(Self(0), Add::add)
    }
}

impl<'a> Sum<&'a ByteSize> for ByteSize {
    fn sum<I: Iterator<Item = &'a ByteSize>>(sizes: I) -> Self {
        sizes.copied().sum()
    }
}

impl FromStr for ByteSize {
    type Err = InvalidValue;

    /// Parses a number with an optional unit.
    ///
    /// `10 GiB`, `1.5MiB` and `10Gi` are in powers of 1024, `10 GB` and `10G` in powers of 1000,
    /// `512 B` and `512` in bytes. Case is ignored. A fraction of a byte is rounded to the nearest
    /// byte.
    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: &str| InvalidValue::new("size", text, reason);
        let form = "it must be a number with a unit, such as `10 GiB` or `10 GB`";
        let trimmed = text.trim();
        let (sign, number) = match trimmed.strip_prefix('-') {
            Some(number) => (-1, number),
            None => (1, trimmed),
        };
        let end = number
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(number.len());
        let (number, unit) = number.split_at(end);
        let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
        if decimals.len() > MAX_DECIMALS {
            return Err(invalid(
                "it has more than 15 digits after the decimal point",
            ));
        }
        let digits = |digits: &str| digits.parse::<u64>().map_err(|_| invalid(form));
        let unit = unit_bytes(unit.trim()).ok_or_else(|| invalid(form))?;
        let scale = 10_i128.pow(decimals.len() as u32);
        let scaled = i128::from(digits(whole)?) * scale + i128::from(digits(decimals)?);
        let bytes = scaled
            .checked_mul(unit)
            .and_then(|bytes| bytes.checked_add(scale / 2))
            .and_then(|bytes| i64::try_from(sign * (bytes / scale)).ok());
        bytes
            .map(Self)
            .ok_or_else(|| invalid("it must be less than 8 EiB"))
    }
}

/// Returns the number of bytes of a unit.
fn unit_bytes(unit: &str) -> Option<i128> {
    let unit = unit.to_ascii_uppercase();
    let (base, prefix) = match unit.strip_suffix('B').unwrap_or(&unit).as_bytes() {
        [] => return Some(1),
        [prefix, b'I'] => (1024_i128, prefix),
        [prefix] => (1000, prefix),
        _ => return None,
    };
    let power = b"KMGTPE".iter().position(|known| known == prefix)? as u32 + 1;
    Some(base.pow(power))
}

impl fmt::Display for ByteSize {
    /// Formats the size in the largest binary unit in which it is at least one, with at most one
    /// decimal: `1.5 MiB`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let round = |size: f64| (size * 10.0).round() / 10.0;
        let mut size = self.0 as f64;
        let mut unit = None;
        for name in UNITS {
            // The rounded number decides: 1048575 bytes are "1 MiB" and not "1024 KiB".
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
                "{bytes} is out of range for a number of bytes"
            ))),
            // Beyond this the conversion would saturate. The fraction of NaN and of infinity is not
            // zero.
            JsonEvent::Float(bytes) if bytes.fract() == 0.0 && bytes.abs() < 9e18 => {
                Ok(Self(bytes as i64))
            }
            JsonEvent::Float(bytes) => Err(JsonError::custom(format!(
                "{bytes} is not a whole number of bytes"
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
    fn decodes_whole_numbers_in_either_form() {
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
    fn parses_sizes_with_units() {
        for (text, bytes) in [
            ("0", 0),
            ("512", 512),
            ("512 B", 512),
            ("1 KiB", 1024),
            ("1kib", 1024),
            ("1 kB", 1000),
            ("1k", 1000),
            ("3Gi", 3 << 30),
            ("10 GiB", 10 << 30),
            ("10.0 GiB", 10 << 30),
            (" 10GB ", 10_000_000_000),
            ("1.5 MiB", 1_572_864),
            ("0.1 KiB", 102),
            ("-2 KiB", -2048),
            ("7 EiB", 7 << 60),
            ("9223372036854775807", i64::MAX),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize::new(bytes)), "{text}");
        }
        for text in [
            "",
            "GiB",
            "ten GiB",
            "10 GiBi",
            "10 I",
            "10 BB",
            "10 gigs",
            "1.2.3 B",
            ".5 KiB",
            "1. KiB",
            "8 EiB",
            "9223372036854775808",
            "18446744073709551615 EiB",
            "1e3",
            "--1",
            "+1",
            "1 0 B",
            "0.1234567890123456 B",
            "99999999999999999999 B",
            "1 КiB",
        ] {
            assert!(text.parse::<ByteSize>().is_err(), "{text}");
        }
    }

    #[test]
    fn sums_saturate() {
        let (most, one) = (ByteSize::new(i64::MAX), ByteSize::new(1));
        assert_eq!((most + one, most - one + one), (most, most));
        assert_eq!(ByteSize::new(i64::MIN) - one, ByteSize::new(i64::MIN));
        assert_eq!([one, one].iter().sum::<ByteSize>(), ByteSize::new(2));
        assert!(ByteSize::try_from(u64::MAX).is_err());
        assert_eq!(ByteSize::try_from(7_u64), Ok(ByteSize::new(7)));
    }

    #[test]
    fn formats_sizes_with_units() {
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
