//! The identities of rows and listings, which are hashes that are equal in all processes.

use crate::http::OperationRequest;
use crate::types::Timestamp;
use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{BuildHasher, RandomState};
use std::sync::LazyLock;

/// The keys of the hash that identifies rows within this process.
static IDENTITY: LazyLock<RandomState> = LazyLock::new(RandomState::new);

/// A hash that identifies a row among the others of its listing.
///
/// Two keys that are equal in one process are equal in all processes.
#[derive(Debug, Clone, Copy)]
pub struct RowKey {
    pub hash: u64,
    /// The second in which a row of a log was logged. Several such rows may have the same key. It
    /// is `None` if the key is unique.
    pub second: Option<i64>,
    /// A hash that differs between processes, so that no one can choose names with equal hashes to
    /// hide a row.
    identity: u64,
}

impl PartialEq for RowKey {
    fn eq(&self, other: &Self) -> bool {
        (self.hash, self.second) == (other.hash, other.second)
    }
}

impl Eq for RowKey {}

impl RowKey {
    /// Returns the unique key of a row.
    pub fn unique(parts: &[&str]) -> Self {
        Self {
            hash: hash(parts),
            second: None,
            identity: IDENTITY.hash_one(parts),
        }
    }

    /// Returns a key from a listing position.
    pub(super) fn from_position(hash: u64, second: Option<i64>) -> Self {
        Self {
            hash,
            second,
            identity: hash,
        }
    }

    /// Returns the identity of the row within this process.
    pub(super) fn identity(self) -> u64 {
        self.identity
    }

    /// Returns the key of a row of a log, which is sorted by time, newest first.
    pub fn logged(time: Timestamp, parts: &[&str]) -> Self {
        let second = time.unix_seconds();
        let mut hasher = Fnv1a(hash(parts));
        hasher.write(&second.to_le_bytes());
        Self::from_position(hasher.0, Some(second))
    }
}

/// A row, identified by its key and its number among the rows with that key, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub key: RowKey,
    pub nth: u64,
}

/// A counter of the rows of a log that have the same key.
///
/// It only remembers the rows of the current second.
#[derive(Default)]
pub(super) struct OccurrenceCounter {
    second: i64,
    counts: HashMap<u64, u64>,
}

impl OccurrenceCounter {
    /// Counts a row, and returns it with its number.
    pub fn count(&mut self, key: RowKey) -> Occurrence {
        let nth = match key.second {
            Some(second) => {
                let count = self.counts_of(second).entry(key.hash).or_default();
                *count = count.saturating_add(1);
                *count
            }
            None => 1,
        };
        Occurrence { key, nth }
    }

    /// Continues to count after a row whose number is known.
    pub fn continue_after(&mut self, row: Occurrence) {
        if let Some(second) = row.key.second {
            self.counts_of(second).insert(row.key.hash, row.nth);
        }
    }

    fn counts_of(&mut self, second: i64) -> &mut HashMap<u64, u64> {
        if self.second != second {
            self.second = second;
            self.counts = HashMap::new();
        }
        &mut self.counts
    }
}

/// The identity of a listing: its operation, and a hash of the request of its first page.
///
/// The request contains the server, the resource, the filters and the page size.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListingId {
    pub operation: &'static str,
    pub listing: u64,
}

impl ListingId {
    /// Returns the identity of a listing, from the request of its first page.
    pub(crate) fn of<T>(first: &OperationRequest<T>) -> Self {
        let (operation, request) = (first.operation(), first.request());
        let mut hasher = Fnv1a::default();
        // Writing to a hash can't fail.
        let _ = write!(hasher, "{} {}", operation.id(), request.url);
        if let Some(body) = &request.body {
            // No URL contains this byte.
            hasher.write(b" ");
            hasher.write(body);
        }
        Self {
            operation: operation.id(),
            listing: hasher.0,
        }
    }

    /// Adds a filter that is applied to the response, so that the request does not contain it.
    pub(super) fn with_filter(self, filter: &str) -> Self {
        let mut hasher = Fnv1a(self.listing);
        // No URL contains this byte.
        hasher.write(b" ");
        hasher.write(filter.as_bytes());
        Self {
            listing: hasher.0,
            ..self
        }
    }
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = Fnv1a::default();
    for part in parts {
        hasher.write(part.as_bytes());
        // No string contains this byte, so "a", "bc" differs from "ab", "c".
        hasher.write(&[0xff]);
    }
    hasher.0
}

/// The hash FNV-1a.
///
/// Listing positions are stored for a long time, and the standard library may change its hash in
/// any release.
pub(super) struct Fnv1a(pub u64);

impl Default for Fnv1a {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv1a {
    pub fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Write for Fnv1a {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.write(text.as_bytes());
        Ok(())
    }
}
