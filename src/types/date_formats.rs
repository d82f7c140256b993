//! The formats in which Quay writes dates.
//!
//! The formats are parsed by hand. Each row of a listing has two dates, and a parser that
//! interprets a format string takes longer for one date than the rest of the row takes. The
//! calendar is that of the crate datealgo.

use super::Timestamp;

const HOUR: i64 = 3600;

/// The names of months in RFC 2822.
const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

/// The names of weekdays in RFC 2822.
const WEEKDAYS: [&[u8; 3]; 7] = [b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat", b"Sun"];

/// Parses any of the formats.
pub(super) fn parse(text: &str) -> Option<Timestamp> {
    let text = text.as_bytes();
    match text {
        [_, _, _, _, b'-', ..] => parse_iso8601(text),
        [_, _, b'/', ..] => parse_american(text),
        _ => parse_rfc2822(text),
    }
}

/// Parses `Tue, 24 Nov 2026 00:24:03 -0000`: with an offset or a name of UTC, with or without the
/// weekday, with a day of one or two digits.
pub(super) fn parse_rfc2822(text: &[u8]) -> Option<Timestamp> {
    let (weekday, rest) = match text {
        [w0, w1, w2, b',', b' ', rest @ ..] => (Some(weekday([*w0, *w1, *w2])?), rest),
        _ => (None, text),
    };
    let (day, rest) = match rest {
        [d0, d1, b' ', rest @ ..] => ([*d0, *d1], rest),
        [d1, b' ', rest @ ..] => ([b'0', *d1], rest),
        _ => return None,
    };
    let (date, rest) = rest.split_at_checked(9)?;
    let [m0, m1, m2, b' ', y0, y1, y2, y3, b' '] = *date else {
        return None;
    };
    let (time, zone) = rest.split_at_checked(8)?;
    let date = Date::new(
        number([y0, y1, y2, y3])?,
        month([m0, m1, m2])?,
        number(day)?,
    )?;
    // A date with the wrong weekday is invalid.
    if weekday.is_some_and(|weekday| weekday != datealgo::date_to_weekday(date.0)) {
        return None;
    }
    let offset = match zone {
        b" GMT" | b" UTC" | b" UT" | b" Z" => 0,
        [b' ', sign, h0, h1, m0, m1] => offset(*sign, [*h0, *h1], [*m0, *m1])?,
        _ => return None,
    };
    Timestamp::new(date.midnight() + time_of_day(time)? - offset, 0)
}

fn month(name: [u8; 3]) -> Option<u32> {
    (1..)
        .zip(MONTHS)
        .find_map(|(number, month)| (*month == name).then_some(number))
}

fn weekday(name: [u8; 3]) -> Option<u8> {
    (datealgo::consts::MONDAY..)
        .zip(WEEKDAYS)
        .find_map(|(number, weekday)| (*weekday == name).then_some(number))
}

/// Formats a Unix time as `Tue, 24 Nov 2026 00:24:03 -0000`, as Quay does in most responses. The
/// year may be outside of the range of a [`Timestamp`].
#[cfg(any(test, feature = "testing"))]
pub(crate) fn format_rfc2822(unix_seconds: i64) -> String {
    let unix_seconds = unix_seconds.clamp(datealgo::RD_SECONDS_MIN, datealgo::RD_SECONDS_MAX);
    let (year, month, day, hours, minutes, seconds) = datealgo::secs_to_datetime(unix_seconds);
    let weekday = datealgo::date_to_weekday((year, month, day));
    let name = |names: &[&'static [u8; 3]], number: u8| {
        let name = usize::from(number)
            .checked_sub(1)
            .and_then(|i| names.get(i));
        name.map_or("", |name| std::str::from_utf8(*name).unwrap_or_default())
    };
    let (weekday, month) = (name(&WEEKDAYS, weekday), name(&MONTHS, month));
    format!("{weekday}, {day:02} {month} {year:04} {hours:02}:{minutes:02}:{seconds:02} -0000")
}

/// Parses `2026-11-24`, alone or with a time after `T` or a space: `00:24:03`, with or without a
/// fraction, with or without an offset.
fn parse_iso8601(text: &[u8]) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = *date else {
        return None;
    };
    let midnight = Date::new(
        number([y0, y1, y2, y3])?,
        number([m0, m1])?,
        number([d0, d1])?,
    )?
    .midnight();
    let [b'T' | b't' | b' ', rest @ ..] = rest else {
        return if rest.is_empty() {
            Timestamp::new(midnight, 0)
        } else {
            None
        };
    };
    let (time, rest) = rest.split_at_checked(8)?;
    let (nanos, zone) = match rest {
        [b'.', rest @ ..] => {
            let length = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (fraction, zone) = rest.split_at_checked(length)?;
            (nanos(fraction)?, zone)
        }
        _ => (0, rest),
    };
    let offset = match zone {
        [] | b"Z" | b"z" => 0,
        [sign, h0, h1, b':', m0, m1] | [sign, h0, h1, m0, m1] => {
            offset(*sign, [*h0, *h1], [*m0, *m1])?
        }
        _ => return None,
    };
    Timestamp::new(midnight + time_of_day(time)? - offset, nanos)
}

/// Parses `11/24/2026`.
fn parse_american(text: &[u8]) -> Option<Timestamp> {
    let [m0, m1, b'/', d0, d1, b'/', y0, y1, y2, y3] = *text else {
        return None;
    };
    Timestamp::new(
        Date::new(
            number([y0, y1, y2, y3])?,
            number([m0, m1])?,
            number([d0, d1])?,
        )?
        .midnight(),
        0,
    )
}

/// A valid day, from the year 0 to 9999.
pub(super) struct Date((i32, u8, u8));

impl Date {
    pub(super) fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let year = i32::try_from(year).ok().filter(|year| *year <= 9999)?;
        let month = u8::try_from(month)
            .ok()
            .filter(|month| (1..=12).contains(month))?;
        let day = u8::try_from(day)
            .ok()
            .filter(|day| (1..=datealgo::days_in_month(year, month)).contains(day))?;
        Some(Self((year, month, day)))
    }

    /// Returns the Unix time of its start.
    pub(super) fn midnight(&self) -> i64 {
        24 * HOUR * i64::from(datealgo::date_to_rd(self.0))
    }
}

/// Parses `00:24:03` into seconds. A leap second becomes the next second, as in Unix time.
fn time_of_day(time: &[u8]) -> Option<i64> {
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *time else {
        return None;
    };
    let (hours, minutes, seconds) = (number([h0, h1])?, number([m0, m1])?, number([s0, s1])?);
    (hours < 24 && minutes < 60 && seconds <= 60)
        .then(|| HOUR * i64::from(hours) + i64::from(60 * minutes + seconds))
}

/// Returns the offset from UTC in seconds.
fn offset(sign: u8, hours: [u8; 2], minutes: [u8; 2]) -> Option<i64> {
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let offset =
        (hours < 24 && minutes < 60).then(|| HOUR * i64::from(hours) + 60 * i64::from(minutes))?;
    match sign {
        b'+' => Some(offset),
        b'-' => Some(-offset),
        _ => None,
    }
}

/// Parses the digits after the decimal point into nanoseconds. Further digits are dropped.
fn nanos(fraction: &[u8]) -> Option<u32> {
    let mut digits = [b'0'; 9];
    let length = fraction.len().min(9);
    digits
        .get_mut(..length)?
        .copy_from_slice(fraction.get(..length)?);
    if fraction.is_empty() {
        None
    } else {
        number(digits)
    }
}

/// Parses a number of at most nine digits.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| {
        digit
            .is_ascii_digit()
            .then(|| sum * 10 + u32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, SecondsFormat, Utc};

    fn assert_parses(text: &str, time: DateTime<Utc>) {
        let expected = Timestamp::new(time.timestamp(), time.timestamp_subsec_nanos()).unwrap();
        assert_eq!(parse(text), Some(expected), "{text}");
    }

    #[test]
    fn reads_what_chrono_writes() {
        let zone = chrono::FixedOffset::west_opt(4 * 3600 + 1800).unwrap();
        // From the second day of the year 0 to the last but one of 9999.
        for seconds in (-62_167_132_800_i64..253_402_214_400).step_by(86_400 * 97 + 3_671) {
            let moment = DateTime::from_timestamp(seconds, 123_456_000).unwrap();
            let whole = DateTime::from_timestamp(seconds, 0).unwrap();
            let there = moment.with_timezone(&zone);
            let rfc2822 = moment.format("%a, %d %b %Y %H:%M:%S -0000").to_string();
            assert_parses(&rfc2822, whole);
            assert_eq!(format_rfc2822(seconds), rfc2822);
            assert_parses(
                &there.format("%a, %-d %b %Y %H:%M:%S %z").to_string(),
                whole,
            );
            assert_parses(&moment.format("%Y-%m-%d %H:%M:%S").to_string(), whole);
            assert_parses(&moment.to_rfc3339_opts(SecondsFormat::Micros, true), moment);
            assert_parses(&there.to_rfc3339(), moment);
            assert_parses(&there.format("%Y-%m-%d %H:%M:%S%.f%z").to_string(), moment);
            let midnight = moment.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
            assert_parses(&moment.format("%Y-%m-%d").to_string(), midnight);
            assert_parses(&moment.format("%m/%d/%Y").to_string(), midnight);
        }
    }

    #[test]
    fn accepts_optional_parts() {
        let moment = DateTime::from_timestamp(1_795_479_843, 0).unwrap();
        let nanos = |nanos| DateTime::from_timestamp(1_795_479_843, nanos).unwrap();
        assert_parses("24 Nov 2026 00:24:03 GMT", moment);
        assert_parses("Tue, 24 Nov 2026 00:24:03 UTC", moment);
        assert_parses("2026-11-24t00:24:03z", moment);
        assert_parses("2026-11-24T00:24:03.25", nanos(250_000_000));
        assert_parses("2026-11-24T00:24:03.123456789Z", nanos(123_456_789));
        assert_parses("2026-11-24T00:24:03.1234567899+00:00", nanos(123_456_789));
        assert_parses(
            "Sat, 31 Dec 2016 23:59:60 -0000",
            DateTime::from_timestamp(1_483_228_800, 0).unwrap(),
        );
    }

    #[test]
    fn rejects_everything_else() {
        for text in [
            "",
            "Tue,",
            "Wed, 24 Nov 2026 00:24:03 -0000",
            "Tue, 24 Nov 2026 00:24:03",
            "Tue, 24 Nov 2026 00:24:03 0000",
            "Tue, 24 Nov 2026 00:24:03 -2400",
            "Tue, 24 Nov 2026 00:24:03 +0060",
            "Tue, 24 Nov 2026 00:24:03 -0000 ",
            "Tue, 24 Nov 2026 24:24:03 -0000",
            "Tue, 24 Nov 2026 00:60:03 -0000",
            "Tue, 24 Nov 2026 00:24:61 -0000",
            "Tue, 24 Növ 2026 00:24:03 -0000",
            "Tue,  4 Nov 2026 00:24:03 -0000",
            "2026-11-31",
            "2026-00-01",
            "2026-13-01",
            "2026-01-00",
            "2025-02-29",
            "2026-11-24T",
            "2026-11-24T00:24",
            "2026-11-24T00:24:03.",
            "2026-11-24T00:24:03.Z",
            "2026-11-24T00:24:03.12a",
            "2026-11-24T00:24:03 +00:00",
            "2026-11-24T00:24:03+00",
            "2026-11-24T00:24:03+00:00:00",
            "2026-11-24x00:24:03",
            "0000-01-01T00:24:03+01:00",
            "13/01/2026",
            "11/24/2026 00:24:03",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
