//! Moments, in any of the formats in which Quay writes them.

use super::InvalidValue;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, SecondsFormat, TimeDelta, Timelike, Utc};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime};

/// A moment.
///
/// Quay writes them in a dozen formats: RFC 2822, ISO 8601 with an offset or none, a date alone, seconds or milliseconds since 1970. All of them are
/// read, with UTC where no offset is given; written is always RFC 3339 in UTC.
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

/// Numbers from here on are milliseconds: as seconds they would lie beyond the year 5000.
const FIRST_MILLISECONDS: f64 = 1e11;

/// Formats that name no offset, and mean UTC.
const WITHOUT_OFFSET: [&str; 2] = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
const DATES: [&str; 2] = ["%Y-%m-%d", "%m/%d/%Y"];

impl Timestamp {
    /// This very moment, by the system's clock.
    pub fn now() -> Self {
        // A clock before 1970 or beyond chrono's quarter of a million years is broken.
        Self::try_from(SystemTime::now()).unwrap_or(Self(DateTime::UNIX_EPOCH))
    }

    /// So many seconds after the beginning of 1970 in UTC; `None` if that is hundreds of thousands of years away.
    pub fn from_unix_seconds(seconds: i64) -> Option<Self> {
        DateTime::from_timestamp(seconds, 0).map(Self)
    }

    /// Midnight in UTC of a date; `None` if there is no such day.
    ///
    /// ```
    /// use quay_api::types::Timestamp;
    ///
    /// assert_eq!(Timestamp::from_date(2026, 11, 24).unwrap().to_string(), "2026-11-24T00:00:00Z");
    /// assert!(Timestamp::from_date(2026, 2, 29).is_none());
    /// ```
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        Some(Self(NaiveDate::from_ymd_opt(year, month, day)?.and_hms_opt(0, 0, 0)?.and_utc()))
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
        self.0.checked_add_signed(TimeDelta::from_std(span).ok()?).map(Self)
    }

    /// Earlier by a span; `None` beyond what can be said.
    pub fn checked_sub(self, span: Duration) -> Option<Self> {
        self.0.checked_sub_signed(TimeDelta::from_std(span).ok()?).map(Self)
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
        let seconds = if number.abs() >= FIRST_MILLISECONDS { number / 1e3 } else { number };
        // Microseconds are exact in a float until the year 2255; the comparison is false for what is no number.
        let micros = (seconds * 1e6).round();
        (micros.abs() < 9e18).then(|| DateTime::from_timestamp_micros(micros as i64).map(Self)).flatten()
    }
}

impl FromStr for Timestamp {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let trimmed = text.trim();
        let with_offset = DateTime::parse_from_rfc3339(trimmed)
            .or_else(|_| DateTime::parse_from_rfc2822(trimmed))
            .or_else(|_| DateTime::parse_from_str(trimmed, "%Y-%m-%dT%H:%M:%S%.f%#z"));
        if let Ok(moment) = with_offset {
            return Ok(Self(moment.to_utc()));
        }
        let without = WITHOUT_OFFSET.iter().find_map(|format| NaiveDateTime::parse_from_str(trimmed, format).ok());
        let date = || DATES.iter().find_map(|format| NaiveDate::parse_from_str(trimmed, format).ok());
        match without.or_else(|| date()?.and_hms_opt(0, 0, 0)) {
            Some(moment) => Ok(Self(moment.and_utc())),
            None => Err(InvalidValue::new("date", text, "it is in no format that Quay uses")),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let format = match self.0.nanosecond() {
            0 => SecondsFormat::Secs,
            nanos if nanos % 1000 == 0 => SecondsFormat::Micros,
            _ => SecondsFormat::Nanos,
        };
        f.write_str(&self.0.to_rfc3339_opts(format, true))
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

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyFormat)
    }
}

struct AnyFormat;

impl AnyFormat {
    fn number<E: de::Error>(number: f64) -> Result<Timestamp, E> {
        Timestamp::from_number(number).ok_or_else(|| E::custom(format!("{number} is too far away to be a date")))
    }
}

impl Visitor<'_> for AnyFormat {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date, as a text or as a number")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        text.parse().map_err(E::custom)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Timestamp, E> {
        Self::number(number as f64)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Timestamp, E> {
        Self::number(number as f64)
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Timestamp, E> {
        Self::number(number)
    }
}

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
        assert!(Timestamp::now().checked_add(Duration::MAX).is_none());
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
