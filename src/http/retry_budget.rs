//! How many retries all calls of a client may make together.

use std::sync::atomic::{AtomicU32, Ordering};

/// What one retry takes out, in parts of which a success brings back one: ten successes pay for a
/// retry.
const RETRY: u32 = 10;

/// A purse that retries empty and successes fill.
///
/// When a server is down, retries only add to what it can't bear. With the purse empty, every call
/// is sent once, until calls succeed again.
#[derive(Debug)]
pub(super) struct RetryBudget {
    parts: AtomicU32,
    most: u32,
}

impl RetryBudget {
    /// A full purse for that many retries.
    pub fn new(retries: u32) -> Self {
        let most = retries.saturating_mul(RETRY);
        Self {
            parts: AtomicU32::new(most),
            most,
        }
    }

    /// Pays for a retry, if it can be paid.
    pub fn withdraw(&self) -> bool {
        self.parts
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |parts| {
                parts.checked_sub(RETRY)
            })
            .is_ok()
    }

    /// A call has succeeded.
    pub fn deposit(&self) {
        // Full is how it nearly always is: then nothing is written to what all threads share.
        if self.parts.load(Ordering::Relaxed) < self.most {
            let _ = self
                .parts
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |parts| {
                    (parts < self.most).then_some(parts + 1)
                });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_successes_pay_for_a_retry_and_no_more_is_kept_than_fits() {
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
