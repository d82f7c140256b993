//! Work that proceeds by itself: builds, scans, synchronizations.

use std::time::Duration;

/// The duration of a step while its status is not read.
const STEP: Duration = Duration::from_secs(60);

/// The progress of some work, for tests that do not wait.
///
/// It advances by a step each minute of the clock, or each time that its status is read.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The time at which it began, in milliseconds since 1970.
    pub since: i64,
    looks: u64,
}

impl Progress {
    pub fn new(since: i64) -> Self {
        Self { since, looks: 0 }
    }

    /// Returns the step that the work has reached.
    ///
    /// The first call returns the first step.
    pub fn step(&self, now: i64) -> u64 {
        let minutes = u64::try_from(now - self.since).unwrap_or_default() / (STEP.as_secs() * 1000);
        minutes.max(self.looks.saturating_sub(1))
    }

    /// Reads the step, which advances the work.
    pub fn look(&mut self, now: i64) -> u64 {
        self.looks += 1;
        self.step(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_goes_on_with_each_look_and_with_the_clock() {
        let mut work = Progress::new(1000);
        assert_eq!(
            (
                work.step(1000),
                work.look(1000),
                work.look(1000),
                work.look(1000)
            ),
            (0, 0, 1, 2)
        );
        assert_eq!(Progress::new(1000).step(1000 + 3 * 60_000), 3);
        assert_eq!(Progress::new(1000).step(0), 0);
    }
}
