//! The formats in which Quay writes dates, read from their bytes: a listing has two of them a row,
//! and a parser that is told the format at run time takes longer for one than the rest of the row
//! takes. The calendar itself is datealgo's.

use super::Timestamp;

const HOUR: i64 = 3600;

/// A moment in any of the formats.
pub(super) fn read(text: &str) -> Option<Timestamp> {
    let text = text.as_bytes();
    match text {
        [_, _, _, _, b'-', ..] => iso8601(text),
        [_, _, b'/', ..] => american(text),
        _ => rfc2822(text),
    }
}

/// `Tue, 24 Nov 2026 00:24:03 -0000`: the zone an offset or a name of UTC, the weekday there or
/// not, the day of one digit or two.
pub(super) fn rfc2822(text: &[u8]) -> Option<Timestamp> {
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
    // A date that contradicts itself is wrong.
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
    Some(match &name {
        b"Jan" => 1,
        b"Feb" => 2,
        b"Mar" => 3,
        b"Apr" => 4,
        b"May" => 5,
        b"Jun" => 6,
        b"Jul" => 7,
        b"Aug" => 8,
        b"Sep" => 9,
        b"Oct" => 10,
        b"Nov" => 11,
        b"Dec" => 12,
        _ => return None,
    })
}

fn weekday(name: [u8; 3]) -> Option<u8> {
    use datealgo::consts::*;
    Some(match &name {
        b"Mon" => MONDAY,
        b"Tue" => TUESDAY,
        b"Wed" => WEDNESDAY,
        b"Thu" => THURSDAY,
        b"Fri" => FRIDAY,
        b"Sat" => SATURDAY,
        b"Sun" => SUNDAY,
        _ => return None,
    })
}

/// `2026-11-24`, alone or with a time behind a `T` or a blank: `00:24:03`, with a fraction or none,
/// with an offset or, in UTC, without.
fn iso8601(text: &[u8]) -> Option<Timestamp> {
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

/// `11/24/2026`.
fn american(text: &[u8]) -> Option<Timestamp> {
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

/// A day that there is, from the year 0 to 9999.
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

    /// Its beginning, in seconds since that of 1970.
    pub(super) fn midnight(&self) -> i64 {
        24 * HOUR * i64::from(datealgo::date_to_rd(self.0))
    }
}

/// `00:24:03`, in seconds. A leap second is the next second, as in Unix time.
fn time_of_day(time: &[u8]) -> Option<i64> {
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *time else {
        return None;
    };
    let (hours, minutes, seconds) = (number([h0, h1])?, number([m0, m1])?, number([s0, s1])?);
    (hours < 24 && minutes < 60 && seconds <= 60)
        .then(|| HOUR * i64::from(hours) + i64::from(60 * minutes + seconds))
}

/// How much later than in UTC it is, in seconds.
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

/// The digits behind the point; what is finer than a nanosecond is cut.
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

/// The number that some digits make: nine at most.
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

    fn is(text: &str, moment: DateTime<Utc>) {
        let meant = Timestamp::new(moment.timestamp(), moment.timestamp_subsec_nanos()).unwrap();
        assert_eq!(read(text), Some(meant), "{text}");
    }

    /// What chrono writes is read as chrono means it.
    #[test]
    fn dates_are_those_of_chrono() {
        let zone = chrono::FixedOffset::west_opt(4 * 3600 + 1800).unwrap();
        // From the second day of the year 0 to the last but one of 9999.
        for seconds in (-62_167_132_800_i64..253_402_214_400).step_by(86_400 * 97 + 3_671) {
            let moment = DateTime::from_timestamp(seconds, 123_456_000).unwrap();
            let whole = DateTime::from_timestamp(seconds, 0).unwrap();
            let there = moment.with_timezone(&zone);
            is(
                &moment.format("%a, %d %b %Y %H:%M:%S -0000").to_string(),
                whole,
            );
            is(
                &there.format("%a, %-d %b %Y %H:%M:%S %z").to_string(),
                whole,
            );
            is(&moment.format("%Y-%m-%d %H:%M:%S").to_string(), whole);
            is(&moment.to_rfc3339_opts(SecondsFormat::Micros, true), moment);
            is(&there.to_rfc3339(), moment);
            is(&there.format("%Y-%m-%d %H:%M:%S%.f%z").to_string(), moment);
            let midnight = moment.date_naive().and_hms_opt(0, 0, 0).unwrap().and_utc();
            is(&moment.format("%Y-%m-%d").to_string(), midnight);
            is(&moment.format("%m/%d/%Y").to_string(), midnight);
        }
    }

    #[test]
    fn what_is_optional_may_be_there_or_not() {
        let moment = DateTime::from_timestamp(1_795_479_843, 0).unwrap();
        let nanos = |nanos| DateTime::from_timestamp(1_795_479_843, nanos).unwrap();
        is("24 Nov 2026 00:24:03 GMT", moment);
        is("Tue, 24 Nov 2026 00:24:03 UTC", moment);
        is("2026-11-24t00:24:03z", moment);
        is("2026-11-24T00:24:03.25", nanos(250_000_000));
        is("2026-11-24T00:24:03.123456789Z", nanos(123_456_789));
        is("2026-11-24T00:24:03.1234567899+00:00", nanos(123_456_789));
        is(
            "Sat, 31 Dec 2016 23:59:60 -0000",
            DateTime::from_timestamp(1_483_228_800, 0).unwrap(),
        );
    }

    #[test]
    fn the_rest_is_refused() {
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
            assert_eq!(read(text), None, "{text}");
        }
    }
}
