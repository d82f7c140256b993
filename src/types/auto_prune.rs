//! The values of pruning policies.

use super::AutoPruneValue;
use std::time::Duration;

impl From<Duration> for AutoPruneValue {
    /// Returns an age in whole seconds; a fraction counts as a second.
    fn from(age: Duration) -> Self {
        let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
        Self::Age(format!("{seconds}s"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_duration_as_an_age() {
        for (duration, age) in [
            (Duration::from_secs(7 * 86_400), "604800s"),
            (Duration::from_millis(1), "1s"),
        ] {
            assert_eq!(
                AutoPruneValue::from(duration),
                AutoPruneValue::Age(age.to_owned())
            );
        }
    }
}
