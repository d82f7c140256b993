//! Notices a listing that starts over.

use super::{Page, Position, fingerprint, restarted};
use crate::Result;
use serde::Serialize;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Remembers where a listing has been: a hash for each position and each page, so that millions of rows stay cheap.
#[derive(Default)]
pub(super) struct Guard {
    positions: HashSet<u64>,
    pages: HashSet<u64>,
}

impl Guard {
    /// An error if the page was there before, or leads to where the listing has been.
    pub fn check<T: Serialize>(&mut self, page: &Page<T>) -> Result<()> {
        if let (Some(first), Some(last)) = (page.rows.first(), page.rows.last()) {
            // Both ends and the length are enough: a whole page would cost as much as reading it did.
            let ends = (fingerprint(first), fingerprint(last), page.rows.len());
            // Equal rows in a row are no sign: a hundred pulls of one robot in one second look alike in the logs.
            let is_distinct = ends.0 != ends.1;
            if is_distinct && !self.pages.insert(hash(&ends)) {
                return Err(restarted("a page came a second time"));
            }
        }
        match &page.next {
            Some(next @ Position::Token(_)) if !self.positions.insert(hash(next)) => {
                Err(restarted("the page leads back to one that was read"))
            }
            _ => Ok(()),
        }
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
