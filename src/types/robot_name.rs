//! Names of robot accounts.

use super::InvalidValue;
use super::path_segment::check_segment;
use super::text_value::text_value;
use crate::json::decode::{Decode, JsonError, JsonEvent};
use std::fmt;
use std::str::FromStr;

/// The name of a robot account: the full name `acme+ci`, or the short name `ci` where its owner is
/// known.
///
/// A string is validated when it is parsed, and when a name is deserialized on its own. A name in a
/// row of a response is kept as the server sent it, so that an unusual name does not fail a call.
/// It is validated when it is passed to a method, and by [`validate`](Self::validate).
///
/// # Examples
///
/// ```
/// use quay_api::types::RobotName;
///
/// let robot: RobotName = "acme+ci".parse()?;
/// assert_eq!((robot.owner(), robot.short(), robot.as_str()), ("acme", "ci", "acme+ci"));
///
/// // Either form is taken where the owner is known.
/// assert_eq!(RobotName::within("acme", "ci")?, robot);
/// assert_eq!(RobotName::within("acme", "acme+ci")?, robot);
/// assert!(RobotName::within("globex", "acme+ci").is_err());
/// # Ok::<(), quay_api::types::InvalidValue>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RobotName(String);

/// The maximum number of characters of the full name, which is the limit of the server's database.
const MAX_CHARS: usize = 255;

impl RobotName {
    /// Creates the name of an owner's robot account from its short name.
    ///
    /// # Errors
    ///
    /// Returns an error if a part is empty or contains a character that a name can't contain.
    pub fn new(owner: &str, short: &str) -> Result<Self, InvalidValue> {
        format!("{owner}+{short}").parse()
    }

    /// Creates the name of an owner's robot account from its short or full name.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`new`](Self::new), and an error if the full name contains another
    /// owner.
    pub fn within(owner: &str, name: &str) -> Result<Self, InvalidValue> {
        if !name.contains('+') {
            return Self::new(owner, name);
        }
        let robot: Self = name.parse()?;
        match robot.owner() == owner {
            true => Ok(robot),
            false => Err(InvalidValue::new(
                "robot name",
                name,
                format!("it does not belong to {owner:?}"),
            )),
        }
    }

    /// Returns the organization or user that the robot account belongs to.
    pub fn owner(&self) -> &str {
        self.0.split_once('+').map_or("", |(owner, _)| owner)
    }

    /// Returns the name without the owner.
    pub fn short(&self) -> &str {
        self.0.split_once('+').map_or(&self.0, |(_, short)| short)
    }
}

impl FromStr for RobotName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: &str| InvalidValue::new("robot name", text, reason);
        let Some((owner, short)) = text.split_once('+') else {
            return Err(invalid("it has no owner: it must be `owner+robot`"));
        };
        // The short name is a separate segment in some routes.
        check_segment("owner of the robot", owner)?;
        check_segment("robot name", short)?;
        if short.contains('+') {
            return Err(invalid("it contains more than one `+`"));
        }
        if text.chars().count() > MAX_CHARS {
            return Err(invalid("it has more than 255 characters with its owner"));
        }
        Ok(Self(text.to_owned()))
    }
}

text_value!(RobotName);

/// Rejects the short name of a new robot account that no server accepts. Names of existing ones are
/// not checked, since an older server may have accepted them.
pub(crate) fn check_short_robot_name(short: &str) -> Result<(), InvalidValue> {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_part = |part: &str| !part.is_empty() && part.chars().all(is_inner);
    match short.len() >= 2 && short.split(['.', '_', '-']).all(is_part) {
        true => Ok(()),
        false => Err(InvalidValue::new(
            "robot name",
            short,
            "it must have at least two lower case letters and digits, with single `.`, `_` or `-` \
             between them",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_invalid_names() {
        for name in [
            "",
            "ci",
            "+ci",
            "acme+",
            "acme+a+b",
            "acme+..",
            "..+ci",
            "acme/x+ci",
            "acme+c\\i",
            "acme+ci\n",
            " acme+ci",
            "acme+ ci",
            "acme +ci",
        ] {
            assert!(name.parse::<RobotName>().is_err(), "{name:?}");
        }
        let short = "a".repeat(250);
        assert!(RobotName::new("acme", &short).is_ok());
        assert!(RobotName::new("acme2", &short).is_err());
        assert!(RobotName::within("acme", "..").is_err() && RobotName::within("acme", "").is_err());
    }

    #[test]
    fn checks_names_of_new_robots_as_every_server_does() {
        for short in ["ci", "c1", "01", "a.b", "a_b-c.d", &"a".repeat(250)] {
            assert_eq!(check_short_robot_name(short), Ok(()), "{short}");
        }
        for short in [
            "", "a", "Bad", "bad Name", "a__b", "a.-b", ".ab", "ab-", "_ab", "ä1", "a+b", "a@b",
        ] {
            assert!(check_short_robot_name(short).is_err(), "{short:?}");
        }
    }
}
