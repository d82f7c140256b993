//! The values of autoprune policies.

use super::{AutoPruneValue, InvalidValue, SetAutoPrunePolicy};
use std::time::Duration;

impl From<Duration> for AutoPruneValue {
    /// Returns an age in whole seconds. A fraction is rounded up.
    fn from(age: Duration) -> Self {
        let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
        Self::Age(format!("{seconds}s"))
    }
}

/// Rejects an age of zero or less. The server accepts `0d` and `-1d`, and would delete every tag.
/// The server itself rejects all other invalid values.
pub(crate) fn check_auto_prune(policy: &SetAutoPrunePolicy) -> Result<(), InvalidValue> {
    match &policy.value {
        AutoPruneValue::Age(age) if is_zero_or_less(age) => Err(InvalidValue::new(
            "age of an autoprune policy",
            age,
            "it must be positive, or every tag would be deleted",
        )),
        _ => Ok(()),
    }
}

fn is_zero_or_less(age: &str) -> bool {
    let number = age
        .trim()
        .trim_end_matches(|c: char| c.is_ascii_alphabetic());
    number
        .trim()
        .parse::<i128>()
        .is_ok_and(|number| number <= 0)
}

#[cfg(test)]
mod tests {
    use super::super::AutoPruneMethod;
    use super::*;

    #[test]
    fn refuses_ages_that_delete_every_tag() {
        let check = |value: AutoPruneValue| {
            check_auto_prune(&SetAutoPrunePolicy::new(
                AutoPruneMethod::CreationDate,
                value,
            ))
        };
        for age in ["1s", "30d", "2w", "1y", "010h", "soon", ""] {
            assert_eq!(check(age.to_owned().into()), Ok(()), "{age}");
        }
        for age in ["0d", "-1d", "00s", "-0w", " 0d", "-7m", "0 d"] {
            assert!(check(age.to_owned().into()).is_err(), "{age}");
        }
        assert!(check(Duration::ZERO.into()).is_err());
        assert_eq!(check(1.into()), Ok(()));
    }

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
