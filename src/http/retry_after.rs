//! How long a server asks to be left alone.

use crate::Error;
use crate::types::Timestamp;
use std::time::Duration;

/// What `Retry-After` says: seconds, or a date. `None` if it is not there or can't be read; of
/// Quay's own it is zero at times, which says nothing.
pub(super) fn of(error: &Error) -> Option<Duration> {
    let text = error.header("retry-after")?.trim();
    let wait = if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        // More digits than fit are more seconds than anybody waits.
        Duration::from_secs(text.parse().unwrap_or(u64::MAX))
    } else {
        let until = Timestamp::from_rfc2822(text)?;
        // By the server's own clock, if it shows it: the one of this machine may be wrong.
        let now = error
            .header("date")
            .and_then(Timestamp::from_rfc2822)
            .unwrap_or_else(Timestamp::now);
        until.since(now)
    };
    (!wait.is_zero()).then_some(wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Response;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use std::time::SystemTime;

    #[test]
    fn seconds_and_dates_are_read_and_nonsense_is_not() {
        let now = "Wed, 21 Oct 2015 07:28:00 GMT";
        for (text, seconds) in [
            ("7", Some(7)),
            (" 7 ", Some(7)),
            ("0", None),
            ("-7", None),
            ("+7", None),
            ("7.5", None),
            ("", None),
            ("soon", None),
            ("99999999999999999999", Some(u64::MAX)),
            ("Wed, 21 Oct 2015 07:28:30 GMT", Some(30)),
            ("Wed, 21 Oct 2015 07:28:30 -0000", Some(30)),
            ("Wed, 21 Oct 2015 07:27:00 GMT", None),
            ("Wed, 21 Oct 99999 07:27:00 GMT", None),
            ("2015-10-21T07:28:30Z", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert("date", HeaderValue::from_static(now));
            headers.insert("retry-after", HeaderValue::from_static(text));
            let error = Error::refused(Response {
                status: StatusCode::TOO_MANY_REQUESTS,
                headers,
                body: Bytes::new(),
            });
            assert_eq!(of(&error), seconds.map(Duration::from_secs), "{text}");
        }
    }

    #[test]
    fn a_date_is_measured_by_this_machine_if_the_server_shows_no_clock() {
        let until = (chrono::DateTime::<chrono::Utc>::from(SystemTime::now())
            + Duration::from_secs(3600))
        .to_rfc2822();
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::try_from(until).unwrap());
        let error = Error::refused(Response {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers,
            body: Bytes::new(),
        });
        assert!(of(&error).is_some_and(|wait| (3590..=3600).contains(&wait.as_secs())));
    }
}
