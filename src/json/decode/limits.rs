//! Limits of decoding one response.
//!
//! A few bytes of JSON can become a value of some hundred bytes, and decoding does not await
//! anything, so no time-out could stop it.

use std::cell::Cell;
use tokio::time::Instant;

/// The number of values between two checks of the clock. Decoding them takes well below a
/// millisecond.
const VALUES_PER_CHECK: usize = 1024;

/// The limits of decoding one response, and which of them was exceeded.
#[derive(Debug)]
pub(crate) struct DecodeLimits {
    deadline: Option<Instant>,
    max_values: usize,
    values: Cell<usize>,
    exceeded: Cell<Option<Exceeded>>,
}

/// The limit that a response exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exceeded {
    Deadline,
    MaxValues,
}

impl DecodeLimits {
    /// Creates limits: a deadline, and a maximum number of list elements and map entries.
    pub fn new(deadline: Option<Instant>, max_values: usize) -> Self {
        Self {
            deadline,
            max_values,
            values: Cell::new(0),
            exceeded: Cell::new(None),
        }
    }

    /// Creates limits that are never exceeded.
    pub fn none() -> Self {
        Self::new(None, usize::MAX)
    }

    /// Returns the limit that was exceeded, if any.
    pub fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded.get()
    }

    /// Counts a value, and returns false if decoding has to stop.
    #[inline]
    pub(super) fn count(&self) -> bool {
        let values = self.values.get() + 1;
        self.values.set(values);
        !values.is_multiple_of(VALUES_PER_CHECK) && values <= self.max_values || self.check(values)
    }

    #[cold]
    fn check(&self, values: usize) -> bool {
        if values > self.max_values {
            self.exceeded.set(Some(Exceeded::MaxValues));
        } else if self.deadline.is_some_and(|end| Instant::now() >= end) {
            self.exceeded.set(Some(Exceeded::Deadline));
        }
        self.exceeded.get().is_none()
    }
}
