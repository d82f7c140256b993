//! What tells rows, and listings, from one another: in eight bytes, the same in every process.

use crate::http::OperationRequest;
use crate::types::Timestamp;
use std::fmt::Write;

/// The key that tells a row from the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowKey {
    pub hash: u64,
    /// The second of a row of a log, in which others may look the same; `None` if no other row
    /// looks like this one.
    pub second: Option<i64>,
}

impl RowKey {
    /// The key of a row of which there is only one.
    pub fn unique(parts: &[&str]) -> Self {
        Self {
            hash: hash(parts),
            second: None,
        }
    }

    /// The key of a row of a log, which is sorted by time, newest first.
    pub fn logged(moment: Timestamp, parts: &[&str]) -> Self {
        let second = moment.unix_seconds();
        let mut hasher = Fnv1a(hash(parts));
        hasher.write(&second.to_le_bytes());
        Self {
            hash: hasher.0,
            second: Some(second),
        }
    }
}

/// A mark, and which of the rows with it is meant, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    pub mark: RowKey,
    pub nth: u64,
}

/// The identity of a listing: its operation, and a hash of the request of its first page, which
/// holds the server, the subject, the filters and the size of the pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ListingId {
    pub operation: &'static str,
    pub listing: u64,
}

impl ListingId {
    /// Returns the identity of the listing whose first page is requested with this.
    pub(crate) fn of<T>(first: &OperationRequest<T>) -> Self {
        let (operation, request) = (first.operation(), first.request());
        let mut hasher = Fnv1a::default();
        // Writing into a hash can't fail.
        let _ = write!(hasher, "{} {}", operation.id(), request.url);
        if let Some(body) = &request.body {
            // No URL has this byte.
            hasher.write(b" ");
            hasher.write(body);
        }
        Self {
            operation: operation.id(),
            listing: hasher.0,
        }
    }
}

fn hash(parts: &[&str]) -> u64 {
    let mut hasher = Fnv1a::default();
    for part in parts {
        hasher.write(part.as_bytes());
        // No name has this byte, so that "a", "bc" is not "ab", "c".
        hasher.write(&[0xff]);
    }
    hasher.0
}

/// The hash FNV-1a. The standard library's may be another one in the next release, and positions
/// are kept for longer than that.
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
