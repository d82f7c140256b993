//! The retries that all calls of a client share.

use crate::client::defaults;
use std::sync::atomic::{AtomicU32, Ordering};

/// The tokens that a retry withdraws. A success deposits one.
const RETRY_COST: u32 = defaults::SUCCESSES_PER_RETRY;

/// A token bucket that limits retries: a retry withdraws, a success deposits.
///
/// If a server is down, retries only add to its load. While the bucket is empty, calls are not
/// retried.
#[derive(Debug)]
pub(super) struct RetryBudget {
    tokens: AtomicU32,
    capacity: u32,
}

impl RetryBudget {
    /// Returns a full bucket for a number of retries.
    pub fn new(retries: u32) -> Self {
        let capacity = retries.saturating_mul(RETRY_COST);
        Self {
            tokens: AtomicU32::new(capacity),
            capacity,
        }
    }

    /// Withdraws a retry; returns false if there are too few tokens.
    pub fn withdraw(&self) -> bool {
        self.tokens
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                tokens.checked_sub(RETRY_COST)
            })
            .is_ok()
    }

    /// Deposits the token of a success.
    pub fn deposit(&self) {
        // The bucket is usually full. Shared memory is not written then.
        if self.tokens.load(Ordering::Relaxed) < self.capacity {
            let _ = self
                .tokens
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| {
                    (tokens < self.capacity).then_some(tokens + 1)
                });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_successes_pay_for_a_retry_up_to_the_capacity() {
        let budget = RetryBudget::new(2);
        (0..100).for_each(|_| budget.deposit());
        assert_eq!(
            [budget.withdraw(), budget.withdraw(), budget.withdraw()],
            [true, true, false]
        );
        (0..9).for_each(|_| budget.deposit());
        assert!(!budget.withdraw());
        budget.deposit();
        assert!(budget.withdraw() && !budget.withdraw());
        assert!(!RetryBudget::new(0).withdraw());
    }
}
