//! The rows of a listing that were read, in a limited memory.

/// The minimum number of the last rows that are remembered exactly. Up to twice as many are.
///
/// It is smaller in unit tests, so that the model of a listing reaches it.
pub(super) const EXACT_ROWS: usize = if cfg!(test) { 400 } else { 1 << 18 };

/// The number of first rows that are always remembered: a listing that starts over begins with
/// them.
const FIRST_ROWS: usize = if cfg!(test) { 16 } else { 1 << 12 };

/// The maximum size of the sample of older rows.
const MAX_SAMPLE: usize = 2 * EXACT_ROWS;

/// The rows of a listing that were read, each as a hash of 64 bits.
///
/// If rows are added before others, the repeated rows are the last ones that were read, and these
/// are remembered exactly. Of the earlier rows, a sample is remembered, which depends on their
/// hashes. A few hundred old rows contain at least one row of the sample, so a listing that goes
/// back by any distance is detected. The memory is limited.
///
/// The hashes must be spread evenly.
#[derive(Default)]
pub(super) struct SeenRows {
    first: HashSet64,
    recent: HashSet64,
    /// The rows before the recent ones.
    previous: HashSet64,
    /// A sample of the rows before those: the ones whose hash has no bit of `sample_mask`.
    sample: HashSet64,
    sample_mask: u64,
}

/// The result of searching for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Seen {
    /// The row is not remembered from before. It is remembered now.
    New,
    /// The row was read before.
    Known,
    /// The row was read so long ago that most rows of that time are forgotten.
    LongAgo,
}

impl SeenRows {
    /// Returns the number of remembered rows.
    pub fn len(&self) -> usize {
        [&self.first, &self.recent, &self.previous, &self.sample]
            .map(HashSet64::len)
            .iter()
            .sum()
    }

    /// Returns true if a row would be remembered however long ago it was read.
    pub fn is_sampled(&self, row: u64) -> bool {
        row & self.sample_mask == 0
    }

    /// Returns true if a row was read so long ago that most rows of that time are forgotten.
    pub fn is_old(&self, row: u64) -> bool {
        self.sample.contains(row)
    }

    /// Remembers a row, and returns whether it was read before.
    pub fn insert(&mut self, row: u64) -> Seen {
        if self.first.contains(row) || self.recent.contains(row) || self.previous.contains(row) {
            return Seen::Known;
        }
        if self.sample.contains(row) {
            return Seen::LongAgo;
        }
        if self.first.len() < FIRST_ROWS {
            self.first.insert(row);
            return Seen::New;
        }
        if self.recent.len() >= EXACT_ROWS {
            self.forget_some();
        }
        self.recent.insert(row);
        Seen::New
    }

    /// Reduces the older rows to a sample, so that recent rows can be added.
    fn forget_some(&mut self) {
        let recent = std::mem::take(&mut self.recent);
        let mut old = std::mem::replace(&mut self.previous, recent);
        for row in old.iter().filter(|row| row & self.sample_mask == 0) {
            self.sample.insert(row);
        }
        while self.sample.len() > MAX_SAMPLE {
            self.sample_mask = self.sample_mask << 1 | 1;
            let mask = self.sample_mask;
            self.sample.retain(|row| row & mask == 0);
        }
        // The memory is reused.
        old.retain(|_| false);
        self.recent = old;
    }
}

/// The average number of hashes of a bucket before all buckets are split.
const HASHES_PER_BUCKET: usize = 256;

/// A set of hashes.
///
/// It takes little more than the eight bytes of each hash, while a hash table that grows takes up
/// to
/// 27. The hashes are sorted. A bucket contains those of one range, and the ranges are halved when
///     they contain many hashes.
#[derive(Default)]
struct HashSet64 {
    buckets: Vec<Vec<u64>>,
    len: usize,
}

impl HashSet64 {
    fn len(&self) -> usize {
        self.len
    }

    fn contains(&self, hash: u64) -> bool {
        self.buckets
            .get(bucket_of(hash, self.buckets.len()))
            .is_some_and(|bucket| bucket.binary_search(&hash).is_ok())
    }

    fn iter(&self) -> impl Iterator<Item = u64> {
        self.buckets.iter().flatten().copied()
    }

    /// Removes hashes, and keeps the memory for others.
    fn retain(&mut self, is_kept: impl Fn(u64) -> bool) {
        for bucket in &mut self.buckets {
            bucket.retain(|hash| is_kept(*hash));
        }
        self.len = self.buckets.iter().map(Vec::len).sum();
    }

    /// Adds a hash; returns false if the set contained it already.
    fn insert(&mut self, hash: u64) -> bool {
        if self.len >= self.buckets.len() * HASHES_PER_BUCKET {
            self.split();
        }
        let index = bucket_of(hash, self.buckets.len());
        let Some(bucket) = self.buckets.get_mut(index) else {
            return false;
        };
        let Err(place) = bucket.binary_search(&hash) else {
            return false;
        };
        if bucket.len() == bucket.capacity() {
            // By default, a vector doubles its capacity, and a quarter of the memory would be
            // unused.
            bucket.reserve_exact(bucket.len() / 32 + 8);
        }
        bucket.insert(place, hash);
        self.len += 1;
        true
    }

    /// Halves the range of each bucket.
    fn split(&mut self) {
        if self.buckets.is_empty() {
            self.buckets.push(Vec::new());
            return;
        }
        let count = self.buckets.len() * 2;
        self.buckets = std::mem::take(&mut self.buckets)
            .into_iter()
            .flat_map(|mut lower| {
                let middle =
                    lower.partition_point(|hash| bucket_of(*hash, count).is_multiple_of(2));
                let upper = lower.split_off(middle);
                lower.shrink_to_fit();
                [lower, upper]
            })
            .collect();
    }
}

/// Returns the bucket of a hash. The buckets divide the range of the hashes evenly.
fn bucket_of(hash: u64, buckets: usize) -> usize {
    ((u128::from(hash) * buckets as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::hash::{BuildHasher, RandomState};

    #[test]
    fn knows_exactly_the_hashes_that_were_inserted() {
        let random = RandomState::new();
        let (mut hashes, mut expected) = (HashSet64::default(), HashSet::new());
        let edges = [0, 1, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1];
        for hash in edges
            .into_iter()
            .chain((0..20_000_u64).map(|n| random.hash_one(n % 15_000)))
        {
            assert_eq!(hashes.contains(hash), expected.contains(&hash), "{hash:x}");
            assert_eq!(hashes.insert(hash), expected.insert(hash), "{hash:x}");
            assert_eq!(hashes.len(), expected.len());
        }
        // Hashes that are not spread evenly are slow, but the results are correct.
        for hash in 0..2_000 {
            assert_eq!(hashes.insert(hash), expected.insert(hash));
        }
        assert!(expected.iter().all(|hash| !hashes.insert(*hash)));
        assert_eq!(hashes.iter().collect::<HashSet<_>>(), expected);
    }

    #[test]
    fn takes_little_more_than_eight_bytes_a_hash() {
        let random = RandomState::new();
        let mut hashes = HashSet64::default();
        for count in 1..=200_000_u64 {
            hashes.insert(random.hash_one(count));
            if count.is_multiple_of(50_000) {
                let reserved: usize = hashes.buckets.iter().map(Vec::capacity).sum();
                let bytes =
                    reserved * size_of::<u64>() + hashes.buckets.len() * size_of::<Vec<u64>>();
                assert!(
                    bytes as u64 <= 10 * count,
                    "{bytes} bytes for {count} hashes"
                );
            }
        }
    }

    #[test]
    fn the_memory_has_a_limit_and_old_rows_are_detected() {
        let random = RandomState::new();
        let row = |number: usize| random.hash_one(number);
        let mut rows = SeenRows::default();
        let count = 1000 * EXACT_ROWS;
        for number in 0..count {
            assert_eq!(rows.insert(row(number)), Seen::New);
            assert!(rows.len() <= FIRST_ROWS + 2 * EXACT_ROWS + MAX_SAMPLE);
        }
        for number in (0..FIRST_ROWS).chain(count - EXACT_ROWS..count) {
            assert_eq!(rows.insert(row(number)), Seen::Known, "{number}");
        }
        let old = (count / 4..count / 2).map(row);
        let sampled: Vec<u64> = old.filter(|row| rows.is_sampled(*row)).collect();
        assert!(!sampled.is_empty());
        for row in sampled {
            assert_eq!(rows.insert(row), Seen::LongAgo);
        }
    }
}
