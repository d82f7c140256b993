//! The values of pruning policies.

use super::{AutoPruneMethod, AutoPruneValue, InvalidValue, SetAutoPrunePolicy};
use std::time::Duration;

impl From<Duration> for AutoPruneValue {
    /// Returns an age in whole seconds; a fraction counts as a second.
    fn from(age: Duration) -> Self {
        let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
        Self::Age(format!("{seconds}s"))
    }
}

/// Rejects a value that does not fit its method, and an age of zero or less: the server accepts
/// `0d` and `-1d`, by which every tag is old enough to be deleted.
pub(crate) fn check_auto_prune(policy: &SetAutoPrunePolicy) -> Result<(), InvalidValue> {
    let invalid = |value: &str, reason| Err(InvalidValue::new("value of a policy", value, reason));
    match (&policy.method, &policy.value) {
        (AutoPruneMethod::NumberOfTags, AutoPruneValue::Count(count)) if *count < 1 => {
            invalid(&count.to_string(), "at least one tag is kept")
        }
        (AutoPruneMethod::NumberOfTags, AutoPruneValue::Age(age)) => {
            invalid(age, "the method `number_of_tags` takes a number of tags")
        }
        (AutoPruneMethod::CreationDate, AutoPruneValue::Count(count)) => invalid(
            &count.to_string(),
            "the method `creation_date` takes an age, such as `5d`",
        ),
        (AutoPruneMethod::CreationDate, AutoPruneValue::Age(age)) if !is_age(age) => invalid(
            age,
            "an age is a whole number above 0 and its unit: `s`, `m` (minutes), `h`, `d`, `w`, or \
             `y` on newer servers",
        ),
        _ => Ok(()),
    }
}

fn is_age(age: &str) -> bool {
    let Some(number) = age.strip_suffix(['s', 'm', 'h', 'd', 'w', 'y']) else {
        return false;
    };
    number.bytes().all(|b| b.is_ascii_digit()) && number.bytes().any(|b| b != b'0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_values_that_would_delete_every_tag_or_do_not_fit() {
        let check = |method, value: AutoPruneValue| {
            check_auto_prune(&SetAutoPrunePolicy::new(method, value)).is_ok()
        };
        let age = |text: &str| check(AutoPruneMethod::CreationDate, text.to_owned().into());
        for text in ["1s", "30d", "2w", "1y", "010h"] {
            assert!(age(text), "{text}");
        }
        for text in [
            "0d", "-1d", "00s", "d", "", "5", "1.5d", "1mo", "1 d", "+1d",
        ] {
            assert!(!age(text), "{text}");
        }
        assert!(!check(AutoPruneMethod::CreationDate, 5.into()));
        assert!(!check(AutoPruneMethod::NumberOfTags, 0.into()));
        assert!(!check(
            AutoPruneMethod::NumberOfTags,
            "5d".to_owned().into()
        ));
        assert!(check(AutoPruneMethod::NumberOfTags, 1.into()));
        assert!(!check(AutoPruneMethod::CreationDate, Duration::ZERO.into()));
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
