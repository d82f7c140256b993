//! The dates of mirror synchronization.

use super::Timestamp;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::{Serialize, Serializer};
use std::fmt;

/// A time in whole seconds, in the only format that mirrors accept: `YYYY-MM-DDTHH:MM:SSZ`.
///
/// It is converted from a [`Timestamp`].
///
/// # Examples
///
/// ```
/// use quay_api::types::{SyncDate, Timestamp};
///
/// let moment: Timestamp = "2026-11-24T01:24:03.5+01:00".parse()?;
/// assert_eq!(SyncDate::from(moment).to_string(), "2026-11-24T00:24:03Z");
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SyncDate(Timestamp);

impl SyncDate {
    /// Returns the time.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }
}

impl From<Timestamp> for SyncDate {
    fn from(moment: Timestamp) -> Self {
        Self(moment)
    }
}

impl fmt::Display for SyncDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0.to_mirror_format())
    }
}

impl Serialize for SyncDate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl Decode for SyncDate {
    const EXPECTED: &'static str = Timestamp::EXPECTED;

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        Timestamp::decode(event).map(Self)
    }
}

deserialize_by_decode!(SyncDate);
