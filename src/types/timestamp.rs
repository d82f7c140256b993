//! Moments, in any of the formats in which Quay writes them.

use super::InvalidValue;
use super::decode::{Decode, Given, Refused, deserialize_by_decode};
use super::usual_dates;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A moment, from the year 0 to 9999: what RFC 3339 can write.
///
/// Quay writes them in a dozen formats: RFC 2822, ISO 8601 with an offset or none, a date alone, seconds or milliseconds since 1970. All of them are
/// read, with UTC where no offset is given; written is always RFC 3339 in UTC. A number in a text (`"1795479843"`) is refused: `20261124` could be either.
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
pub struct Timestamp(DateTime<Utc>);

/// Numbers above this are milliseconds: as seconds they would lie beyond the year 5000.
const LAST_SECONDS: f64 = 1e11;

/// Formats that name no offset, and mean UTC.
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
const DATES: [&str; 2] = ["%Y-%m-%d", "%m/%d/%Y"];

impl Timestamp {
    /// The one way to make one: whatever is made can be written in every format, and read again.
    fn new(moment: DateTime<Utc>) -> Option<Self> {
        // A leap second, which chrono keeps as a second of more than a thousand million nanoseconds, is the next second, as in Unix time.
        let nanos = moment.timestamp_subsec_nanos();
        let moment = match nanos.checked_sub(1_000_000_000) {
            Some(nanos) => DateTime::from_timestamp(moment.timestamp() + 1, nanos)?,
            None => moment,
        };
        (0..=9999).contains(&moment.year()).then_some(Self(moment))
    }

    /// This very moment, by the system's clock.
    pub fn now() -> Self {
        // A clock that shows a year of five digits is broken.
        Self::try_from(SystemTime::now()).unwrap_or(Self(DateTime::UNIX_EPOCH))
    }

    /// So many seconds after the beginning of 1970 in UTC; `None` if the year would not have four digits.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        Self::new(DateTime::from_timestamp(seconds, 0)?)
    }

    /// Midnight in UTC of a date; `None` if there is no such day, or the year has not four digits.
    ///
    /// ```
    /// use quay_api::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_date(2026, 11, 24).unwrap().to_string(), "2026-11-24T00:00:00Z");
    /// assert!(Timestamp::from_date(2026, 2, 29).is_none());
    /// ```
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        Self::new(NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)?.and_utc())
    }

    /// Seconds since the beginning of 1970 in UTC, without the fraction.
    pub fn unix_seconds(self) -> i64 {
        self.0.timestamp()
    }

    /// Year, month and day in UTC.
    pub fn date(self) -> (i32, u32, u32) {
        (self.0.year(), self.0.month(), self.0.day())
    }

    /// Later by a span; `None` beyond what can be said.
    pub fn checked_add(self, span: Duration) -> Option<Self> {
        self.0.checked_add_signed(TimeDelta::from_std(span).ok()?).and_then(Self::new)
    }

    /// Earlier by a span; `None` beyond what can be said.
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        self.0.checked_sub_signed(TimeDelta::from_std(span).ok()?).and_then(Self::new)
    }

    /// How long after an earlier moment this is; zero if that is later.
    pub fn since(self, earlier: Self) -> Duration {
        (self.0 - earlier.0).to_std().unwrap_or_default()
    }

    /// `YYYY-MM-DDTHH:MM:SSZ`: the only format that a mirror's start is taken in.
    pub(crate) fn to_mirror_format(self) -> String {
        self.0.format("%Y-%m-%dT%H:%M:%SZ").to_string()
    }

    /// `MM/DD/YYYY`: the only format that usage logs are asked for in.
    pub(crate) fn to_log_date(self) -> String {
        self.0.format("%m/%d/%Y").to_string()
    }

    fn from_number(number: f64) -> Option<Self> {
        let seconds = if number.abs() > LAST_SECONDS { number / 1e3 } else { number };
        // Microseconds are exact in a float until the year 2255; the comparison is false for what is no number.
        let micros = (seconds * 1e6).round();
        (micros.abs() < 9e18).then(|| DateTime::from_timestamp_micros(micros as i64).and_then(Self::new)).flatten()
    }
}

impl FromStr for Timestamp {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        if let Some(moment) = usual_dates::read(text).and_then(Self::new) {
            return Ok(moment);
        }
        let trimmed = text.trim();
        let with_offset =
            DateTime::parse_from_rfc3339(trimmed).or_else(|_| DateTime::parse_from_rfc2822(trimmed)).map(|moment| moment.to_utc()).ok();
        let moment = with_offset.or_else(|| read_loosely(trimmed)).and_then(Self::new);
        moment.ok_or_else(|| InvalidValue::new("date", text, "it is in no format that Quay uses"))
    }
}

/// The formats that no standard has.
fn read_loosely(text: &str) -> Option<DateTime<Utc>> {
    // chrono's own formats would read `26-11-24` as a day of the year 26.
    let date = text.split(['T', ' ']).next()?;
    if date.len() != 10 || date.bytes().filter(u8::is_ascii_digit).count() != 8 {
        return None;
    }
    if let Ok(moment) = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z") {
        return Some(moment.to_utc());
    }
    let moment = WITHOUT_OFFSET.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    let midnight = || DATES.iter().find_map(|format| NaiveDate::parse_from_str(text, format).ok())?.and_hms_opt(0, 0, 0);
    Some(moment.or_else(midnight)?.and_utc())
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.0.nanosecond() {
            0 => SecondsFormat::Secs,
            nanos if nanos % 1000 == 0 => SecondsFormat::Micros,
            _ => SecondsFormat::Nanos,
        };
        f.pad(&self.0.to_rfc3339_opts(format, true))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

impl From<Timestamp> for SystemTime {
    fn from(moment: Timestamp) -> Self {
        moment.0.into()
    }
}

impl TryFrom<SystemTime> for Timestamp {
    type Error = InvalidValue;

    fn try_from(time: SystemTime) -> Result<Self, InvalidValue> {
        let out_of_range = || InvalidValue::new("time", "of the system", "it is too far away");
        let (span, later) = match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(span) => (span, true),
            Err(before) => (before.duration(), false),
        };
        let epoch = Self(DateTime::UNIX_EPOCH);
        if later { epoch.checked_add(span) } else { epoch.checked_sub(span) }.ok_or_else(out_of_range)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Decode for Timestamp {
    const EXPECTED: &'static str = "a date, as a text or as a number";

    fn decode(given: Given<'_>) -> Result<Self, Refused> {
        let number = match given {
            Given::Text(text) => return text.parse().map_err(Refused::because),
            Given::Integer(number) => number as f64,
            Given::Large(number) => number as f64,
            Given::Number(number) => number,
            _ => return Err(Refused::Sort),
        };
        Self::from_number(number).ok_or_else(|| Refused::because(format!("{number} is too far away to be a date")))
    }
}

deserialize_by_decode!(Timestamp);

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_format_of_the_server_is_read() -> Result<(), serde_json::Error> {
        for (written, moment) in [
            (json!("Tue, 24 Nov 2026 00:24:03 -0000"), "2026-11-24T00:24:03Z"),
            (json!("Tue, 24 Nov 2026 00:24:03 +0000"), "2026-11-24T00:24:03Z"),
            (json!("Tue, 24 Nov 2026 00:24:03 GMT"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24T00:24:03Z"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24T00:24:03.123456Z"), "2026-11-24T00:24:03.123456Z"),
            (json!("2020-05-22T10:26:01.953414888-04:00"), "2020-05-22T14:26:01.953414888Z"),
            (json!("2026-11-24T02:24:03.5+02:00"), "2026-11-24T00:24:03.500000Z"),
            (json!("2026-11-24T02:24:03+0200"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24T00:24:03.123456"), "2026-11-24T00:24:03.123456Z"),
            (json!("2026-11-24T00:24:03"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24 00:24:03.123456"), "2026-11-24T00:24:03.123456Z"),
            (json!("2026-11-24 00:24:03"), "2026-11-24T00:24:03Z"),
            (json!("2026-11-24"), "2026-11-24T00:00:00Z"),
            (json!("11/24/2026"), "2026-11-24T00:00:00Z"),
            (json!(1_795_479_843), "2026-11-24T00:24:03Z"),
            (json!(1_795_479_843.25), "2026-11-24T00:24:03.250000Z"),
            (json!(1_795_479_843_000_i64), "2026-11-24T00:24:03Z"),
            (json!(0), "1970-01-01T00:00:00Z"),
            (json!(-86400), "1969-12-31T00:00:00Z"),
            // From response-fields.json: one of each format, as it came.
            (json!("Mon, 06 May 2024 07:08:09 -0000"), "2024-05-06T07:08:09Z"),
            (json!("Mon, 23 Nov 2026 23:45:46 GMT"), "2026-11-23T23:45:46Z"),
            (json!("2025-01-01T00:00:00Z"), "2025-01-01T00:00:00Z"),
            (json!("2036-11-23T11:37:01.561947Z"), "2036-11-23T11:37:01.561947Z"),
            (json!("2020-05-22T10:26:46.618176424-04:00"), "2020-05-22T14:26:46.618176424Z"),
            (json!("2020-01-02T03:04:05"), "2020-01-02T03:04:05Z"),
            (json!("2026-11-24 00:23:32.161655"), "2026-11-24T00:23:32.161655Z"),
            (json!("2026-11-24 02:23:32.161655+02:00"), "2026-11-24T00:23:32.161655Z"),
            (json!("2026-11-22"), "2026-11-22T00:00:00Z"),
            (json!(1_700_086_400), "2023-11-15T22:13:20Z"),
            (json!(1_714_979_289_123_i64), "2024-05-06T07:08:09.123000Z"),
            (json!(3_813_177_600_000_i64), "2090-11-01T00:00:00Z"),
            // The ends of what can be said, and the second between two days.
            (json!(100_000_000_000_i64), "5138-11-16T09:46:40Z"),
            (json!(100_000_000_001_i64), "1973-03-03T09:46:40.001000Z"),
            (json!("9999-12-31T23:59:59.999999Z"), "9999-12-31T23:59:59.999999Z"),
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
    fn what_is_no_date_is_refused_without_a_panic() {
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
            assert!(serde_json::from_value::<Timestamp>(written.clone()).is_err(), "{written}");
        }
        assert!(Timestamp::from_unix_seconds(i64::MAX).is_none());
        assert!(Timestamp::from_number(f64::NAN).is_none() && Timestamp::from_number(f64::INFINITY).is_none());
        assert!(Timestamp::now().checked_add(Duration::MAX).is_none() && Timestamp::now().checked_sub(Duration::MAX).is_none());
        assert!(Timestamp::from_date(10_000, 1, 1).is_none() && Timestamp::from_date(-1, 1, 1).is_none());
    }

    #[test]
    fn requests_get_their_formats() -> Result<(), InvalidValue> {
        let moment: Timestamp = "2026-01-02T03:04:05.678Z".parse()?;
        assert_eq!((moment.to_mirror_format().as_str(), moment.to_log_date().as_str()), ("2026-01-02T03:04:05Z", "01/02/2026"));
        assert_eq!(moment.date(), (2026, 1, 2));
        assert_eq!(Timestamp::try_from(SystemTime::from(moment))?, moment);
        assert_eq!(moment.since(moment), Duration::ZERO);
        Ok(())
    }
}
