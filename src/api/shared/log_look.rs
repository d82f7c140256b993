//! One read of a followed log: the entries that it found, and how far it came.

use crate::Error;
use crate::api::shared::logs::{DAY, midnight};
use crate::pagination::{LogEntryKey, LogMark};
use crate::types::{LogEntry, Timestamp};
use std::collections::VecDeque;

/// The entries that one read found, and the mark before them.
pub(super) struct Look {
    pub entries: VecDeque<(LogEntryKey, LogEntry)>,
    /// The mark after the entries that were taken.
    pub mark: LogMark,
    /// The second to which the mark advances after all entries were taken.
    pub target: i64,
    pub server_time: Timestamp,
    /// Set if the next read already has more entries.
    pub behind: Option<Behind>,
}

/// The progress of reading past days.
#[derive(Debug, Clone, Copy)]
pub(super) struct Behind {
    /// The time of the server at the first of these reads.
    pub server_time: Timestamp,
    /// The number of days that the next read tries to cover.
    pub days: u32,
}

impl Look {
    /// Takes the next entry and advances the mark.
    pub fn next_entry(&mut self) -> Option<LogEntry> {
        let (key, entry) = self.entries.pop_front()?;
        self.mark.remember(key);
        self.advance_mark();
        Some(entry)
    }

    pub fn advance_mark(&mut self) {
        match self.entries.front() {
            Some((next, _)) => self.mark.advance(self.target.min(next.second)),
            None => {
                self.mark.advance(self.target);
                self.mark.limit(self.server_time.unix_seconds());
            }
        }
    }
}

/// Explains the error response to a day in the future.
pub(super) fn explain_future(error: Error, since: Option<i64>) -> Error {
    let since = since.and_then(Timestamp::from_unix_seconds);
    match since.filter(|since| error.is_invalid_request() && *since > Timestamp::now()) {
        Some(since) => Error::new(
            error.kind(),
            format!("a log can't be followed since a time in the future, got {since}"),
        )
        .with_subject_of(&error)
        .with_source(error),
        None => error,
    }
}

/// Returns true if the first two days to read after a mark are past.
pub(super) fn has_past_days(mark: &LogMark, now: Timestamp) -> bool {
    let first = midnight(second(mark.since()));
    first.saturating_add(DAY) < midnight(now)
}

/// Returns a second as a timestamp, or that of second 0 if it is out of range.
pub(super) fn second(second: i64) -> Timestamp {
    Timestamp::from_unix_seconds(second)
        .or_else(|| Timestamp::from_unix_seconds(0))
        .unwrap_or_else(Timestamp::now)
}
