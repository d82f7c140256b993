//! Conversions of timestamps to and from the types of other crates, each with its own feature.

#[cfg(feature = "chrono")]
#[cfg_attr(docsrs, doc(cfg(feature = "chrono")))]
mod chrono {
    use crate::types::{InvalidValue, Timestamp};
    use ::chrono::{DateTime, TimeZone, Utc};

    /// Converts any timestamp, since chrono covers all its years.
    impl From<Timestamp> for DateTime<Utc> {
        fn from(moment: Timestamp) -> Self {
            let (seconds, nanos) = (moment.unix_seconds(), moment.subsec_nanos());
            // chrono covers the years from -262,143 to 262,142.
            Self::from_timestamp(seconds, nanos).unwrap_or_default()
        }
    }

    /// Converts a date. A leap second becomes the beginning of the next second.
    impl<Z: TimeZone> TryFrom<DateTime<Z>> for Timestamp {
        type Error = InvalidValue;

        /// Returns an error if the year does not have four digits.
        fn try_from(date: DateTime<Z>) -> Result<Self, InvalidValue> {
            // chrono represents a leap second as 1,000,000,000 nanoseconds or more.
            let nanos = date.timestamp_subsec_nanos();
            let (seconds, nanos) = match nanos.checked_sub(1_000_000_000) {
                Some(nanos) => (date.timestamp() + 1, nanos),
                None => (date.timestamp(), nanos),
            };
            Self::new(seconds, nanos).ok_or_else(|| {
                InvalidValue::new("date", &date.naive_utc().to_string(), super::RANGE)
            })
        }
    }
}

#[cfg(feature = "jiff")]
#[cfg_attr(docsrs, doc(cfg(feature = "jiff")))]
mod jiff {
    use crate::types::{InvalidValue, Timestamp};

    impl TryFrom<Timestamp> for ::jiff::Timestamp {
        type Error = InvalidValue;

        /// Returns an error for the last hours of the year 9999, which jiff does not support.
        fn try_from(moment: Timestamp) -> Result<Self, InvalidValue> {
            // The number of nanoseconds is less than one second, so it fits.
            let nanos = moment.subsec_nanos() as i32;
            Self::new(moment.unix_seconds(), nanos).map_err(|_| {
                InvalidValue::new("date", &moment.to_string(), "it is too late for jiff")
            })
        }
    }

    impl TryFrom<::jiff::Timestamp> for Timestamp {
        type Error = InvalidValue;

        /// Returns an error for a year before the year 0.
        fn try_from(moment: ::jiff::Timestamp) -> Result<Self, InvalidValue> {
            // Before 1970, the nanoseconds of jiff are negative.
            let nanos = i128::from(moment.subsec_nanosecond());
            let (seconds, nanos) = match nanos < 0 {
                true => (moment.as_second() - 1, nanos + 1_000_000_000),
                false => (moment.as_second(), nanos),
            };
            Self::new(seconds, nanos as u32)
                .ok_or_else(|| InvalidValue::new("date", &moment.to_string(), super::RANGE))
        }
    }

    impl TryFrom<&::jiff::Zoned> for Timestamp {
        type Error = InvalidValue;

        /// Returns an error for a year before the year 0.
        fn try_from(date: &::jiff::Zoned) -> Result<Self, InvalidValue> {
            date.timestamp().try_into()
        }
    }
}

/// The rule for the years of a timestamp.
#[cfg(any(feature = "chrono", feature = "jiff"))]
const RANGE: &str = "its year must be between 0 and 9999";
