//! Points in time, in all formats that Quay uses.

use super::InvalidValue;
use super::date_formats::{self, Date};
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::{Serialize, Serializer};
use std::fmt;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A point in time between the years 0 and 9999, which is the range of RFC 3339.
///
/// Quay uses a dozen formats: RFC 2822, ISO 8601 with or without an offset, a date alone, and
/// seconds or milliseconds since 1970. All of them are decoded; a date without an offset is in UTC.
/// The output is always RFC 3339 in UTC. A number in a string (`"1795479843"`) is rejected, because
/// it is ambiguous: `20261124` could be a date or a number of seconds.
///
/// `+` adds a duration and `-` subtracts one. They saturate at [`MIN`](Self::MIN) and
/// [`MAX`](Self::MAX), where [`checked_add`](Self::checked_add) and
/// [`checked_sub`](Self::checked_sub) return `None`. The difference of two timestamps is a
/// duration, which is zero if the second one is later, as for [`Instant`](std::time::Instant). The
/// features `chrono` and `jiff` add conversions to and from the types of these crates.
///
/// # Examples
///
/// ```
/// use quay_api::types::Timestamp;
///
/// let moment: Timestamp = "Tue, 24 Nov 2026 00:24:03 -0000".parse()?;
/// assert_eq!(moment.to_string(), "2026-11-24T00:24:03Z");
/// assert_eq!(moment, "2026-11-24T01:24:03+01:00".parse()?);
/// assert_eq!(moment.unix_seconds(), 1795479843);
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// The seconds since the beginning of 1970 in UTC.
    seconds: i64,
    /// The nanoseconds after that second: less than one second.
    nanos: u32,
}

/// A larger number is in milliseconds: in seconds, it would be after the year 5000.
const MAX_UNIX_SECONDS: f64 = 1e11;

const NANOS_IN_SECOND: u32 = 1_000_000_000;

/// The first and the last second of the years with four digits.
const MIN_SECOND: i64 = datealgo::datetime_to_secs((0, 1, 1, 0, 0, 0));
const MAX_SECOND: i64 = datealgo::datetime_to_secs((9999, 12, 31, 23, 59, 59));

impl Timestamp {
    /// The earliest timestamp: the beginning of the year 0.
    pub const MIN: Self = Self {
        seconds: MIN_SECOND,
        nanos: 0,
    };

    /// The latest timestamp: the end of the year 9999.
    pub const MAX: Self = Self {
        seconds: MAX_SECOND,
        nanos: NANOS_IN_SECOND - 1,
    };

    /// Creates every timestamp, so that each one can be written and read in every format.
    pub(super) fn new(seconds: i64, nanos: u32) -> Option<Self> {
        ((MIN_SECOND..=MAX_SECOND).contains(&seconds) && nanos < NANOS_IN_SECOND)
            .then_some(Self { seconds, nanos })
    }

    /// Returns the current time of the system's clock.
    pub fn now() -> Self {
        // A clock with a year of five digits is broken.
        Self::try_from(SystemTime::now()).unwrap_or(Self {
            seconds: 0,
            nanos: 0,
        })
    }

    /// Returns the time this number of seconds after the beginning of 1970 in UTC.
    ///
    /// The result is `None` if its year is not between 0 and 9999.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Self::new(seconds, 0)
    }

    /// Returns midnight in UTC of a date, or `None` if the date does not exist or its year is not
    /// between 0 and 9999.
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_date(2026, 11, 24).unwrap().to_string(), "2026-11-24T00:00:00Z");
    /// assert!(Timestamp::from_date(2026, 2, 29).is_none());
    /// ```
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        Self::new(
            Date::new(u32::try_from(year).ok()?, month, day)?.midnight(),
            0,
        )
    }

    /// Returns the seconds since the beginning of 1970 in UTC, without the fraction.
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Returns the fraction of the second in nanoseconds.
    pub fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Returns year, month and day in UTC.
    ///
    /// Month and day begin with 1.
    pub fn date(self) -> (i32, u32, u32) {
        let (year, month, day, ..) = self.to_calendar();
        (year, month.into(), day.into())
    }

    /// Returns year, month, day, hour, minute and second in UTC.
    fn to_calendar(self) -> (i32, u8, u8, u8, u8, u8) {
        datealgo::secs_to_datetime(self.seconds)
    }

    /// Adds a duration; returns `None` on overflow.
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let nanos = self.nanos + duration.subsec_nanos();
        let seconds = self.seconds.checked_add_unsigned(duration.as_secs())?;
        match nanos.checked_sub(NANOS_IN_SECOND) {
            Some(nanos) => Self::new(seconds.checked_add(1)?, nanos),
            None => Self::new(seconds, nanos),
        }
    }

    /// Subtracts a duration; returns `None` on overflow.
    pub fn checked_sub(self, duration: Duration) -> Option<Self> {
        let seconds = self.seconds.checked_sub_unsigned(duration.as_secs())?;
        match self.nanos.checked_sub(duration.subsec_nanos()) {
            Some(nanos) => Self::new(seconds, nanos),
            None => Self::new(
                seconds.checked_sub(1)?,
                self.nanos + NANOS_IN_SECOND - duration.subsec_nanos(),
            ),
        }
    }

    /// Adds a duration, and saturates at [`MAX`](Self::MAX).
    pub fn saturating_add(self, duration: Duration) -> Self {
        self.checked_add(duration).unwrap_or(Self::MAX)
    }

    /// Subtracts a duration, and saturates at [`MIN`](Self::MIN).
    pub fn saturating_sub(self, duration: Duration) -> Self {
        self.checked_sub(duration).unwrap_or(Self::MIN)
    }

    /// Returns the duration since an earlier time, or zero if that time is later.
    ///
    /// `self - earlier` is the same.
    pub fn since(self, earlier: Self) -> Duration {
        let after_first =
            |moment: Self| Duration::new(moment.seconds.abs_diff(MIN_SECOND), moment.nanos);
        after_first(self).saturating_sub(after_first(earlier))
    }

    /// Parses a date of an HTTP header, which has the format of RFC 2822.
    pub(crate) fn from_rfc2822(text: &str) -> Option<Self> {
        date_formats::parse_rfc2822(text.as_bytes())
    }

    /// Formats the time as `YYYY-MM-DDTHH:MM:SSZ`, the only format that mirrors accept.
    pub(crate) fn to_mirror_format(self) -> String {
        Self { nanos: 0, ..self }.to_string()
    }

    /// Formats the day as `MM/DD/YYYY`, the only format that usage logs accept.
    ///
    /// A server can't read the year 0: it would ignore the date, and respond with the entries of
    /// the last day only.
    pub(crate) fn to_log_date(self) -> String {
        let (year, month, day) = self.date().max((1, 1, 1));
        format!("{month:02}/{day:02}/{year:04}")
    }

    fn from_number(number: f64) -> Option<Self> {
        let seconds = if number.abs() > MAX_UNIX_SECONDS {
            number / 1e3
        } else {
            number
        };
        // A float represents microseconds exactly until the year 2255. The comparison is false for
        // NaN.
        let micros = (seconds * 1e6).round();
        let micros = (micros.abs() < 9e18).then_some(micros as i64)?;
        Self::new(
            micros.div_euclid(1_000_000),
            1000 * u32::try_from(micros.rem_euclid(1_000_000)).ok()?,
        )
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    /// Adds a duration; saturates at [`Timestamp::MAX`].
    fn add(self, duration: Duration) -> Self {
        self.saturating_add(duration)
    }
}

impl AddAssign<Duration> for Timestamp {
    fn add_assign(&mut self, duration: Duration) {
        *self = *self + duration;
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;

    /// Subtracts a duration; saturates at [`Timestamp::MIN`].
    fn sub(self, duration: Duration) -> Self {
        self.saturating_sub(duration)
    }
}

impl SubAssign<Duration> for Timestamp {
    fn sub_assign(&mut self, duration: Duration) {
        *self = *self - duration;
    }
}

impl Sub for Timestamp {
    type Output = Duration;

    /// Returns the duration since an earlier time, or zero if that time is later.
    fn sub(self, earlier: Self) -> Duration {
        self.since(earlier)
    }
}

impl FromStr for Timestamp {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        date_formats::parse(text.trim())
            .ok_or_else(|| InvalidValue::new("date", text, "it is not in a format that Quay uses"))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day, hours, minutes, seconds) = self.to_calendar();
        let fraction = match self.nanos {
            0 => String::new(),
            nanos if nanos % 1000 == 0 => format!(".{:06}", nanos / 1000),
            nanos => format!(".{nanos:09}"),
        };
        f.pad(&format!(
            "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}{fraction}Z"
        ))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// Converts to the beginning of 1970 if the system's clock can't represent the time (on Windows,
/// before 1601).
impl From<Timestamp> for SystemTime {
    fn from(moment: Timestamp) -> Self {
        datealgo::secs_to_systemtime((moment.seconds, moment.nanos)).unwrap_or(Self::UNIX_EPOCH)
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidValue;

    fn try_from(time: SystemTime) -> Result<Self, InvalidValue> {
        let moment = datealgo::systemtime_to_secs(time)
            .and_then(|(seconds, nanos)| Self::new(seconds, nanos));
        moment.ok_or_else(|| {
            InvalidValue::new(
                "time",
                "of the system",
                "its year must be between 0 and 9999",
            )
        })
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Decode for Timestamp {
    const EXPECTED: &'static str = "a date, as a string or as a number";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        let number = match event {
            JsonEvent::String(text) => return text.parse().map_err(JsonError::custom),
            JsonEvent::Integer(number) => number as f64,
            JsonEvent::Unsigned(number) => number as f64,
            JsonEvent::Float(number) => number,
            _ => return Err(JsonError::InvalidType),
        };
        Self::from_number(number)
            .ok_or_else(|| JsonError::custom(format!("{number} is out of range for a date")))
    }
}

deserialize_by_decode!(Timestamp);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn decodes_every_format_of_the_server() -> Result<(), serde_json::Error> {
        for (written, moment) in [
            (
                json!("Tue, 24 Nov 2026 00:24:03 -0000"),
                "2026-11-24T00:24:03Z",
            ),
            (
                json!("Tue, 24 Nov 2026 00:24:03 +0000"),
                "2026-11-24T00:24:03Z",
            ),
            (
                json!("Tue, 24 Nov 2026 00:24:03 GMT"),
                "2026-11-24T00:24:03Z",
            ),
            (json!("2026-11-24T00:24:03Z"), "2026-11-24T00:24:03Z"),
            (
                json!("2026-11-24T00:24:03.123456Z"),
                "2026-11-24T00:24:03.123456Z",
            ),
            (
                json!("2020-05-22T10:26:01.953414888-04:00"),
                "2020-05-22T14:26:01.953414888Z",
            ),
            (
                json!("2026-11-24T02:24:03.5+02:00"),
                "2026-11-24T00:24:03.500000Z",
            ),
            (json!("2026-11-24T02:24:03+0200"), "2026-11-24T00:24:03Z"),
            (
                json!("2026-11-24T00:24:03.123456"),
                "2026-11-24T00:24:03.123456Z",
            ),
            (json!("2026-11-24T00:24:03"), "2026-11-24T00:24:03Z"),
            (
                json!("2026-11-24 00:24:03.123456"),
                "2026-11-24T00:24:03.123456Z",
            ),
            (json!("2026-11-24 00:24:03"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24"), "2026-11-24T00:00:00Z"),
            (json!("11/24/2026"), "2026-11-24T00:00:00Z"),
            (json!(1_795_479_843), "2026-11-24T00:24:03Z"),
            (json!(1_795_479_843.25), "2026-11-24T00:24:03.250000Z"),
            (json!(1_795_479_843_000_i64), "2026-11-24T00:24:03Z"),
            (json!(0), "1970-01-01T00:00:00Z"),
            (json!(-86400), "1969-12-31T00:00:00Z"),
            // From response-fields.json: one value of each format, unchanged.
            (
                json!("Mon, 06 May 2024 07:08:09 -0000"),
                "2024-05-06T07:08:09Z",
            ),
            (
                json!("Mon, 23 Nov 2026 23:45:46 GMT"),
                "2026-11-23T23:45:46Z",
            ),
            (json!("2025-01-01T00:00:00Z"), "2025-01-01T00:00:00Z"),
            (
                json!("2036-11-23T11:37:01.561947Z"),
                "2036-11-23T11:37:01.561947Z",
            ),
            (
                json!("2020-05-22T10:26:46.618176424-04:00"),
                "2020-05-22T14:26:46.618176424Z",
            ),
            (json!("2020-01-02T03:04:05"), "2020-01-02T03:04:05Z"),
            (
                json!("2026-11-24 00:23:32.161655"),
                "2026-11-24T00:23:32.161655Z",
            ),
            (
                json!("2026-11-24 02:23:32.161655+02:00"),
                "2026-11-24T00:23:32.161655Z",
            ),
            (json!("2026-11-22"), "2026-11-22T00:00:00Z"),
            (json!(1_700_086_400), "2023-11-15T22:13:20Z"),
            (json!(1_714_979_289_123_i64), "2024-05-06T07:08:09.123000Z"),
            (json!(3_813_177_600_000_i64), "2090-11-01T00:00:00Z"),
            // The ends of the range, and the limit between seconds and milliseconds.
            (json!(100_000_000_000_i64), "5138-11-16T09:46:40Z"),
            (json!(100_000_000_001_i64), "1973-03-03T09:46:40.001000Z"),
            (
                json!("9999-12-31T23:59:59.999999Z"),
                "9999-12-31T23:59:59.999999Z",
            ),
            (json!("0000-01-01"), "0000-01-01T00:00:00Z"),
            (json!("2016-12-31T23:59:60Z"), "2017-01-01T00:00:00Z"),
        ] {
            let read: Timestamp = serde_json::from_value(written.clone())?;
            assert_eq!(read.to_string(), moment, "{written}");
            assert_eq!(serde_json::to_value(read)?, json!(moment));
            assert_eq!(serde_json::from_value::<Timestamp>(json!(moment))?, read);
        }
        Ok(())
    }

    #[test]
    fn rejects_other_values() {
        for written in [
            json!(""),
            json!("tomorrow"),
            json!("2026-13-01"),
            json!("26-11-24"),
            json!("26-11-24T00:24:03"),
            json!("01/02/26"),
            json!("2026-1-2"),
            json!("+12026-01-01"),
            json!("-0001-01-01"),
            json!("9999-12-31T23:59:60Z"),
            json!("1795479843"),
            json!("20261124"),
            json!("2026-11-24T00:24:03Z and more"),
            json!("\u{1d7d8}"),
            json!(253_402_300_800_000_i64),
            json!(1e300),
            json!(i64::MAX),
            json!(i64::MIN),
            json!(u64::MAX),
            json!(true),
            json!([]),
        ] {
            assert!(
                serde_json::from_value::<Timestamp>(written.clone()).is_err(),
                "{written}"
            );
        }
        assert!(Timestamp::from_unix_seconds(i64::MAX).is_none());
        assert!(
            Timestamp::from_number(f64::NAN).is_none()
                && Timestamp::from_number(f64::INFINITY).is_none()
        );
        assert!(
            Timestamp::now().checked_add(Duration::MAX).is_none()
                && Timestamp::now().checked_sub(Duration::MAX).is_none()
        );
        assert!(
            Timestamp::from_date(10_000, 1, 1).is_none()
                && Timestamp::from_date(-1, 1, 1).is_none()
        );
    }

    #[test]
    fn writes_the_formats_of_requests() -> Result<(), InvalidValue> {
        let moment: Timestamp = "2026-01-02T03:04:05.678Z".parse()?;
        assert_eq!(
            (
                moment.to_mirror_format().as_str(),
                moment.to_log_date().as_str()
            ),
            ("2026-01-02T03:04:05Z", "01/02/2026")
        );
        assert_eq!(moment.date(), (2026, 1, 2));
        assert_eq!(Timestamp::try_from(SystemTime::from(moment))?, moment);
        assert_eq!(moment.since(moment), Duration::ZERO);
        Ok(())
    }
}
