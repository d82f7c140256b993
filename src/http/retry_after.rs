//! The `Retry-After` header.

use crate::Error;
use crate::types::Timestamp;
use std::time::Duration;

/// Returns the wait that the `Retry-After` header requests, in seconds or as a date.
///
/// The result is `None` if the header is absent, malformed or zero. Quay sometimes sends a zero.
pub(super) fn retry_after(error: &Error) -> Option<Duration> {
    let value = error.header("retry-after")?.trim();
    let wait = if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) {
        // On overflow, the maximum is used, which is longer than any caller waits.
        Duration::from_secs(value.parse().unwrap_or(u64::MAX))
    } else {
        let until = Timestamp::from_rfc2822(value)?;
        // The server's clock is used if it sends its time: the clock of this machine may be wrong.
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
    use crate::http::Response;
    use bytes::Bytes;
    use http::{HeaderMap, HeaderValue, StatusCode};
    use std::time::SystemTime;

    #[test]
    fn parses_seconds_and_dates_only() {
        let now = "Wed, 21 Oct 2015 07:28:00 GMT";
        for (value, seconds) in [
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
            headers.insert("retry-after", HeaderValue::from_static(value));
            let error = Error::from_response(Response {
                status: StatusCode::TOO_MANY_REQUESTS,
                headers,
                body: Bytes::new(),
            });
            assert_eq!(
                retry_after(&error),
                seconds.map(Duration::from_secs),
                "{value}"
            );
        }
    }

    #[test]
    fn compares_a_date_to_the_local_clock_if_the_server_sends_none() {
        let until = (chrono::DateTime::<chrono::Utc>::from(SystemTime::now())
            + Duration::from_secs(3600))
        .to_rfc2822();
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", HeaderValue::try_from(until).unwrap());
        let error = Error::from_response(Response {
            status: StatusCode::TOO_MANY_REQUESTS,
            headers,
            body: Bytes::new(),
        });
        assert!(retry_after(&error).is_some_and(|wait| (3590..=3600).contains(&wait.as_secs())));
    }
}
