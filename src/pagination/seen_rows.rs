//! The rows of a listing that came already.

/// The average number of rows of a bucket before all buckets are split.
const ROWS_PER_BUCKET: usize = 256;

/// The rows of a listing that came already, each as a hash of 64 bits.
///
/// It takes little more than the eight bytes of each hash, where a hash table with room to grow
/// takes up to 27. The hashes are sorted: a bucket has those of one range, and the ranges are
/// halved when there are many. The hashes are expected to be spread evenly.
#[derive(Default)]
pub(super) struct SeenRows {
    buckets: Vec<Vec<u64>>,
    rows: usize,
}

impl SeenRows {
    /// Returns the number of rows.
    pub fn len(&self) -> usize {
        self.rows
    }

    /// Adds a row; returns false if it was there.
    pub fn insert(&mut self, row: u64) -> bool {
        if self.rows >= self.buckets.len() * ROWS_PER_BUCKET {
            self.split();
        }
        let index = bucket_of(row, self.buckets.len());
        let Some(bucket) = self.buckets.get_mut(index) else {
            return false;
        };
        let Err(place) = bucket.binary_search(&row) else {
            return false;
        };
        if bucket.len() == bucket.capacity() {
            // A vector doubles by itself, which would leave a quarter of the memory unused.
            bucket.reserve_exact(bucket.len() / 32 + 8);
        }
        bucket.insert(place, row);
        self.rows += 1;
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
                let middle = lower.partition_point(|row| bucket_of(*row, count).is_multiple_of(2));
                let upper = lower.split_off(middle);
                lower.shrink_to_fit();
                [lower, upper]
            })
            .collect();
    }
}

/// Returns the bucket of a row if the range of the hashes is divided by the number of buckets.
fn bucket_of(row: u64, buckets: usize) -> usize {
    ((u128::from(row) * buckets as u128) >> 64) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::hash::{BuildHasher, RandomState};

    #[test]
    fn knows_exactly_the_rows_that_were_inserted() {
        let random = RandomState::new();
        let (mut rows, mut expected) = (SeenRows::default(), HashSet::new());
        let edges = [0, 1, u64::MAX, u64::MAX - 1, 1 << 63, (1 << 63) - 1];
        for row in edges
            .into_iter()
            .chain((0..20_000_u64).map(|n| random.hash_one(n % 15_000)))
        {
            assert_eq!(rows.insert(row), expected.insert(row), "{row:x}");
            assert_eq!(rows.len(), expected.len());
        }
        // Hashes that are not spread evenly are slow, but right.
        for row in 0..2_000 {
            assert_eq!(rows.insert(row), expected.insert(row));
        }
        assert!(expected.iter().all(|row| !rows.insert(*row)));
    }

    #[test]
    fn takes_little_more_than_eight_bytes_a_row() {
        let random = RandomState::new();
        let mut rows = SeenRows::default();
        for count in 1..=200_000_u64 {
            rows.insert(random.hash_one(count));
            if count.is_multiple_of(50_000) {
                let reserved: usize = rows.buckets.iter().map(Vec::capacity).sum();
                let bytes =
                    reserved * size_of::<u64>() + rows.buckets.len() * size_of::<Vec<u64>>();
                assert!(bytes as u64 <= 10 * count, "{bytes} bytes for {count} rows");
            }
        }
    }
}
