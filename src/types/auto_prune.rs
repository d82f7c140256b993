//! The values of autoprune policies.

use super::{AutoPruneMethod, AutoPruneValue, InvalidValue, SetAutoPrunePolicy};
use std::time::Duration;

impl From<Duration> for AutoPruneValue {
    /// Returns an age in whole seconds. A fraction is rounded up.
    fn from(age: Duration) -> Self {
        let seconds = age.as_secs() + u64::from(age.subsec_nanos() > 0);
        Self::Age(format!("{seconds}s"))
    }
}

/// Rejects an age of zero or less, and a value of the wrong type. The server accepts `0d` and
/// `-1d`, and would delete every tag. It rejects all other invalid values itself, without saying
/// which type the method takes.
pub(crate) fn check_auto_prune(policy: &SetAutoPrunePolicy) -> Result<(), InvalidValue> {
    let kind = "value of an autoprune policy";
    match (&policy.method, &policy.value) {
        (_, AutoPruneValue::Age(age)) if is_zero_or_less(age) => Err(InvalidValue::new(
            "age of an autoprune policy",
            age,
            "it must be positive, or every tag would be deleted",
        )),
        (AutoPruneMethod::NumberOfTags, AutoPruneValue::Age(age)) => Err(InvalidValue::new(
            kind,
            age,
            "the method `number_of_tags` takes a number of tags",
        )),
        (AutoPruneMethod::CreationDate, AutoPruneValue::Count(count)) => Err(InvalidValue::new(
            kind,
            &count.to_string(),
            "the method `creation_date` takes an age, such as `30d`",
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
    }

    #[test]
    fn refuses_values_of_the_wrong_type() {
        let check = |method: AutoPruneMethod, value: AutoPruneValue| {
            let checked = check_auto_prune(&SetAutoPrunePolicy::new(method, value));
            checked.map_err(|error| error.to_string())
        };
        assert_eq!(
            check(AutoPruneMethod::CreationDate, 20.into()),
            Err(
                "value of an autoprune policy \"20\" is not valid: the method `creation_date` \
                 takes an age, such as `30d`"
                    .to_owned()
            )
        );
        assert_eq!(
            check(AutoPruneMethod::NumberOfTags, "30d".into()),
            Err(
                "value of an autoprune policy \"30d\" is not valid: the method `number_of_tags` \
                 takes a number of tags"
                    .to_owned()
            )
        );
        assert_eq!(check(AutoPruneMethod::NumberOfTags, 20.into()), Ok(()));
        // A method that a newer server may have takes what the caller says.
        let newer = AutoPruneMethod::from("newest".to_owned());
        assert_eq!(check(newer.clone(), 20.into()), Ok(()));
        assert_eq!(check(newer, "30d".into()), Ok(()));
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
