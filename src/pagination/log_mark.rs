//! The mark of a usage log, which can be stored as a string.

use super::row_key::{Fnv1a, ListingId};
use crate::types::{InvalidValue, LogEntry};
use crate::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use std::collections::HashMap;
use std::fmt::{self, Write};
use std::str::FromStr;
use url::form_urlencoded;

/// The name and value of the first field: the version of the format.
const VERSION: (&str, &str) = ("quay-log", "1");

/// The maximum number of entries in a mark, without those of the server's current second.
const MAX_REMEMBERED: usize = 10_000;

/// The progress of following a usage log.
///
/// It can be stored as a string, in a file or a database, and passed to
/// [`LogsHandle::follow`](crate::api::LogsHandle::follow) in this process or another one. It
/// contains no secret. It identifies its log by the server, the operation, the owner and the
/// performer, and other logs reject it. The exception is the caller's own log, because its requests
/// do not contain the name of the caller.
///
/// A mark consists of a second, before which all entries were yielded, and of eight bytes for each
/// entry that was yielded since then. Its length depends on the log: about 20 characters for each
/// entry within the [overlap](crate::api::FollowLogs::overlap), for at most 10,000 entries. If the
/// overlap has more entries, it is shortened.
///
/// # Examples
///
/// ```
/// use quay_api::LogMark;
///
/// let broken = "entry 17".parse::<LogMark>();
/// assert!(broken.is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct LogMark {
    operation: String,
    log: u64,
    /// The second before which no entry is new.
    since: i64,
    /// The yielded entries of this second and later, sorted. An entry that was yielded several
    /// times is contained several times.
    seen: Vec<LogEntryKey>,
}

/// The identity of an entry of a log: its second, and a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct LogEntryKey {
    pub second: i64,
    /// The hash. Its upper half is of data that does not change. Its lower half is of the names,
    /// which change when an account is renamed or deleted.
    hash: u64,
}

impl LogEntryKey {
    pub fn of(entry: &LogEntry) -> Self {
        let metadata = serde_json::to_value(&entry.metadata).unwrap_or_default();
        let mut what = Fnv1a::default();
        write_part(&mut what, entry.kind.as_str());
        write_part(&mut what, entry.ip.as_deref().unwrap_or_default());
        what.write(&hash_of(&metadata).to_le_bytes());
        let mut who = Fnv1a::default();
        let performer = entry.performer.as_ref().map(|who| who.name.as_str());
        let namespace = entry.namespace.as_ref().map(|whose| whose.name.as_str());
        write_part(&mut who, performer.unwrap_or_default());
        write_part(&mut who, namespace.unwrap_or_default());
        Self {
            second: entry.datetime.unix_seconds(),
            hash: (fold(what.0) << 32) | fold(who.0),
        }
    }

    /// Returns the key without the part that may change.
    fn of_what(self) -> Self {
        Self {
            hash: self.hash >> 32,
            ..self
        }
    }
}

fn fold(hash: u64) -> u64 {
    (hash ^ (hash >> 32)) & 0xffff_ffff
}

fn write_part(hasher: &mut Fnv1a, part: &str) {
    hasher.write(part.as_bytes());
    // No string contains this byte, so "a", "bc" differs from "ab", "c".
    hasher.write(&[0xff]);
}

/// Returns a hash of a JSON value that does not depend on the order of the fields.
///
/// A feature of serde_json, which any crate may turn on, changes that order.
fn hash_of(value: &Value) -> u64 {
    let mut hasher = Fnv1a::default();
    match value {
        Value::Object(fields) => {
            let mut sum = 0_u64;
            for (name, value) in fields {
                let mut field = Fnv1a::default();
                write_part(&mut field, name);
                field.write(&hash_of(value).to_le_bytes());
                sum = sum.wrapping_add(field.0);
            }
            hasher.write(b"{");
            hasher.write(&sum.to_le_bytes());
        }
        Value::Array(items) => {
            hasher.write(b"[");
            for item in items {
                hasher.write(&hash_of(item).to_le_bytes());
            }
        }
        other => {
            // Writing to a hash can't fail.
            let _ = write!(hasher, "{other}");
        }
    }
    hasher.0
}

impl LogMark {
    /// Returns the first mark of a log. Entries of this second and later are new.
    pub(crate) fn new(log: ListingId, since: i64) -> Self {
        Self {
            operation: log.operation.to_owned(),
            log: log.listing,
            since,
            seen: Vec::new(),
        }
    }

    /// Returns the second before which no entry is new.
    pub(crate) fn since(&self) -> i64 {
        self.since
    }

    /// Checks that the mark belongs to a log.
    ///
    /// # Errors
    ///
    /// Returns an error if the mark belongs to another log.
    pub(crate) fn check(&self, log: ListingId) -> Result<()> {
        let (own, operation) = (&self.operation, log.operation);
        if own != operation {
            return Err(Error::invalid_input(format!(
                "the mark belongs to a log of {own}, and can't be used for {operation}"
            )));
        }
        if self.log != log.listing {
            return Err(Error::invalid_input(format!(
                "the mark belongs to another log of {operation}: the server, the owner or the \
                 performer differs"
            )));
        }
        Ok(())
    }

    /// Returns for each entry whether it is new.
    ///
    /// The argument contains all entries of the log since [`since`](Self::since), newest first, and
    /// possibly earlier ones.
    pub(crate) fn new_entries(&self, entries: &[LogEntryKey]) -> Vec<bool> {
        let mut seen: HashMap<LogEntryKey, usize> = HashMap::new();
        for key in &self.seen {
            *seen.entry(*key).or_default() += 1;
        }
        let mut is_new: Vec<bool> = entries.iter().map(|key| key.second >= self.since).collect();
        let mut take = |seen: &mut HashMap<LogEntryKey, usize>, key_of: fn(LogEntryKey) -> _| {
            // The oldest entries come first: of equal entries, the newest are new.
            for (key, is_new) in entries.iter().zip(&mut is_new).rev() {
                if let Some(count) = seen.get_mut(&key_of(*key)).filter(|_| *is_new)
                    && *count > 0
                {
                    *count -= 1;
                    *is_new = false;
                }
            }
        };
        take(&mut seen, |key| key);
        // The names differ if an account was renamed or deleted in the meantime.
        let mut renamed = HashMap::new();
        for (key, count) in seen {
            *renamed.entry(key.of_what()).or_default() += count;
        }
        take(&mut renamed, LogEntryKey::of_what);
        is_new
    }

    /// Remembers an entry as yielded.
    pub(crate) fn remember(&mut self, entry: LogEntryKey) {
        if entry.second >= self.since {
            let place = self.seen.partition_point(|key| *key <= entry);
            self.seen.insert(place, entry);
        }
    }

    /// Forgets the entries before a second, all of which were yielded.
    pub(crate) fn advance(&mut self, second: i64) {
        if second > self.since {
            self.since = second;
            let forgotten = self.seen.partition_point(|key| key.second < second);
            self.seen.drain(..forgotten);
        }
    }

    /// Forgets the oldest entries if too many are remembered.
    ///
    /// Entries of the server's current second are kept, because more of them may be logged.
    pub(crate) fn limit(&mut self, current_second: i64) {
        if let Some(excess) = self.seen.len().checked_sub(MAX_REMEMBERED + 1) {
            let second = self.seen[excess].second.saturating_add(1);
            self.advance(second.min(current_second));
        }
    }
}

impl fmt::Display for LogMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut seen = String::new();
        let mut second = None;
        for key in &self.seen {
            if second != Some(key.second) {
                second = Some(key.second);
                write!(seen, "-{}", key.second.abs_diff(self.since))?;
            }
            write!(seen, ".{:x}", key.hash)?;
        }
        let fields = form_urlencoded::Serializer::new(String::new())
            .append_pair(VERSION.0, VERSION.1)
            .append_pair("operation", &self.operation)
            .append_pair("log", &format!("{:x}", self.log))
            .append_pair("since", &self.since.to_string())
            .append_pair("seen", seen.strip_prefix('-').unwrap_or_default())
            .finish();
        f.write_str(&fields)
    }
}

impl fmt::Debug for LogMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogMark")
            .field("operation", &self.operation)
            .field("since", &self.since)
            .field("seen", &self.seen.len())
            .finish_non_exhaustive()
    }
}

impl FromStr for LogMark {
    type Err = InvalidValue;

    fn from_str(mark: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: &'static str| InvalidValue::new("mark of a log", mark, reason);
        let fields: HashMap<_, _> = form_urlencoded::parse(mark.as_bytes()).collect();
        match fields.get(VERSION.0).map(AsRef::as_ref) {
            Some(version) if version == VERSION.1 => {}
            Some(_) => return Err(invalid("it has a format of another version of this crate")),
            None => return Err(invalid("it is not the mark of a log")),
        }
        let read = || {
            let since = fields.get("since")?.parse().ok()?;
            let mut seen = read_seen(fields.get("seen")?, since)?;
            seen.sort_unstable();
            Some(Self {
                operation: fields.get("operation")?.clone().into_owned(),
                log: u64::from_str_radix(fields.get("log")?, 16).ok()?,
                since,
                seen,
            })
        };
        read().ok_or_else(|| invalid("one of its fields is missing, invalid or out of range"))
    }
}

/// Reads `SECONDS.HASH.HASH-SECONDS.HASH`, with the seconds after `since`.
fn read_seen(seen: &str, since: i64) -> Option<Vec<LogEntryKey>> {
    let mut keys = Vec::new();
    for group in seen.split('-').filter(|group| !group.is_empty()) {
        let (seconds, hashes) = group.split_once('.')?;
        let second = since.checked_add_unsigned(seconds.parse().ok()?)?;
        for hash in hashes.split('.') {
            let hash = u64::from_str_radix(hash, 16).ok()?;
            keys.push(LogEntryKey { second, hash });
        }
    }
    Some(keys)
}

impl Serialize for LogMark {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LogMark {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn log() -> ListingId {
        ListingId {
            operation: "listOrgLogs",
            listing: 7,
        }
    }

    fn key(second: i64, what: u64, who: u64) -> LogEntryKey {
        let hash = (what << 32) | who;
        LogEntryKey { second, hash }
    }

    #[test]
    fn counts_equal_entries() {
        let mut mark = LogMark::new(log(), 100);
        mark.remember(key(100, 1, 1));
        let entries = [
            key(101, 1, 1),
            key(100, 1, 1),
            key(100, 1, 1),
            key(99, 1, 1),
        ];
        assert_eq!(mark.new_entries(&entries), [true, true, false, false]);
    }

    #[test]
    fn knows_entries_whose_performer_changed() {
        let mut mark = LogMark::new(log(), 100);
        mark.remember(key(100, 1, 1));
        mark.remember(key(100, 1, 2));
        let renamed = [key(100, 1, 3), key(100, 1, 2)];
        assert_eq!(mark.new_entries(&renamed), [false, false]);
        let added = [key(100, 1, 3), key(100, 1, 1), key(100, 1, 2)];
        assert_eq!(mark.new_entries(&added), [true, false, false]);
    }

    #[test]
    fn remembers_no_more_than_it_may() {
        let mut mark = LogMark::new(log(), 0);
        for second in 0..30 {
            for what in 0..1000 {
                mark.remember(key(second, what, 0));
            }
        }
        mark.limit(29);
        assert_eq!((mark.seen.len(), mark.since), (10_000, 20));
        // A burst within the current second: more may follow.
        for what in 0..50_000 {
            mark.remember(key(40, what, 0));
        }
        mark.limit(40);
        assert_eq!((mark.seen.len(), mark.since), (50_000, 40));
        let text = mark.to_string();
        assert_eq!(text.parse::<LogMark>().as_ref(), Ok(&mark));
    }

    #[test]
    fn hashes_objects_whatever_the_order_of_their_fields() {
        let hash = |text: &str| hash_of(&serde_json::from_str(text).unwrap_or_default());
        assert_eq!(
            hash(r#"{"a": 1, "b": [2, {"c": 3, "d": 4}]}"#),
            hash(r#"{"b": [2, {"d": 4, "c": 3}], "a": 1}"#)
        );
        assert_ne!(hash(r#"{"a": "1"}"#), hash(r#"{"a": 1}"#));
        assert_ne!(hash(r#"{"a": [1, 2]}"#), hash(r#"{"a": [2, 1]}"#));
        assert_ne!(hash(r#"{"a": {"b": 1}}"#), hash(r#"{"a": 1, "b": 1}"#));
    }
}
