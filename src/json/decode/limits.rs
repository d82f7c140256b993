//! Limits of decoding one response. A few bytes of JSON may be a value of some hundred bytes, and
//! decoding runs to its end without waiting for anything, so that no time-out could stop it.

use std::cell::Cell;
use tokio::time::Instant;

/// The number of values between two looks at the clock. They take well below a millisecond.
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
    /// Returns limits: a time, and a number of elements of lists and of entries of maps.
    pub fn new(deadline: Option<Instant>, max_values: usize) -> Self {
        Self {
            deadline,
            max_values,
            values: Cell::new(0),
            exceeded: Cell::new(None),
        }
    }

    /// Returns limits that are never exceeded.
    pub fn none() -> Self {
        Self::new(None, usize::MAX)
    }

    /// Returns the limit that was exceeded.
    pub fn exceeded(&self) -> Option<Exceeded> {
        self.exceeded.get()
    }

    /// Counts a value; returns false if decoding has to stop.
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
