//! The formats that nearly all dates come in, read from their bytes. A listing has two of them a row, and chrono's own parsers take longer for one
//! than the rest of the row takes. Whatever is not exactly of such a format, or is wrong, is left to [`Timestamp`](super::Timestamp)'s other ways.

use chrono::{DateTime, Datelike, NaiveDate, Utc, Weekday};

/// A moment in one of the usual formats.
pub(super) fn read(text: &str) -> Option<DateTime<Utc>> {
    let text = text.as_bytes();
    if text.get(3) == Some(&b',') { rfc2822(text) } else { iso8601(text) }
}

/// `Tue, 24 Nov 2026 00:24:03 -0000`, in UTC.
fn rfc2822(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, rest) = text.split_at_checked(17)?;
    let [w0, w1, w2, b',', b' ', d0, d1, b' ', m0, m1, m2, b' ', y0, y1, y2, y3, b' '] = *date else { return None };
    let (time, zone) = rest.split_at_checked(8)?;
    if !matches!(zone, b" -0000" | b" +0000" | b" GMT") {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(number([y0, y1, y2, y3])? as i32, month([m0, m1, m2])?, number([d0, d1])?)?;
    // A date that contradicts itself is wrong.
    if date.weekday() != weekday([w0, w1, w2])? {
        return None;
    }
    moment(date, time, 0)
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

fn weekday(name: [u8; 3]) -> Option<Weekday> {
    Some(match &name {
        b"Mon" => Weekday::Mon,
        b"Tue" => Weekday::Tue,
        b"Wed" => Weekday::Wed,
        b"Thu" => Weekday::Thu,
        b"Fri" => Weekday::Fri,
        b"Sat" => Weekday::Sat,
        b"Sun" => Weekday::Sun,
        _ => return None,
    })
}

/// `2026-11-24T00:24:03`, with a blank instead of the `T` or not, with a fraction or none, in UTC: with a `Z` or without an offset.
fn iso8601(text: &[u8]) -> Option<DateTime<Utc>> {
    let (date, rest) = text.split_at_checked(11)?;
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T' | b' '] = *date else { return None };
    let (time, rest) = rest.split_at_checked(8)?;
    let nanos = match rest.strip_suffix(b"Z").unwrap_or(rest) {
        [] => 0,
        [b'.', fraction @ ..] if (1..=9).contains(&fraction.len()) => {
            let mut digits = [b'0'; 9];
            digits.get_mut(..fraction.len())?.copy_from_slice(fraction);
            number(digits)?
        }
        _ => return None,
    };
    let date = NaiveDate::from_ymd_opt(number([y0, y1, y2, y3])? as i32, number([m0, m1])?, number([d0, d1])?)?;
    moment(date, time, nanos)
}

/// A date with a time of day, `00:24:03`. A leap second is refused.
fn moment(date: NaiveDate, time: &[u8], nanos: u32) -> Option<DateTime<Utc>> {
    let [h0, h1, b':', m0, m1, b':', s0, s1] = *time else { return None };
    Some(date.and_hms_nano_opt(number([h0, h1])?, number([m0, m1])?, number([s0, s1])?, nanos)?.and_utc())
}

/// The number that some digits make: nine at most.
fn number<const N: usize>(digits: [u8; N]) -> Option<u32> {
    digits.iter().try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read here is what chrono reads.
    #[test]
    fn usual_dates_are_those_of_chrono() {
        for seconds in (-62_135_596_800_i64..253_402_300_799).step_by(86_400 * 997 + 3_671) {
            let Some(moment) = DateTime::from_timestamp(seconds, 0) else { continue };
            let rfc2822 = moment.format("%a, %d %b %Y %H:%M:%S -0000").to_string();
            let iso8601 = moment.format("%Y-%m-%d %H:%M:%S").to_string();
            assert_eq!((read(&rfc2822), read(&iso8601)), (Some(moment), Some(moment)), "{rfc2822}");
            assert_eq!(DateTime::parse_from_rfc2822(&rfc2822).ok().map(|m| m.to_utc()), Some(moment));
            assert_eq!(read(&moment.to_rfc3339_opts(chrono::SecondsFormat::Micros, true)), Some(moment));
        }
        let fraction = read("2026-11-24T00:24:03.25").map(|m| m.timestamp_subsec_nanos());
        assert_eq!(fraction, Some(250_000_000));
    }

    #[test]
    fn the_rest_is_left_to_others() {
        for text in [
            "",
            "Tue,",
            "Wed, 24 Nov 2026 00:24:03 -0000",
            "Tue, 24 Nov 2026 00:24:03 -0500",
            "Tue, 24 Nov 2026 24:24:03 -0000",
            "Tue, 24 Nov 2026 00:24:60 -0000",
            "Tue, 24 Növ 2026 00:24:03 -0000",
            "2026-11-24",
            "2026-11-31T00:24:03",
            "2026-11-24T00:24:03+00:00",
            "2026-11-24T00:24:03.",
            "2026-11-24T00:24:03.1234567890Z",
            "2026-11-24T00:24:03.12a",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
