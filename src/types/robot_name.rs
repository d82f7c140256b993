//! Names of robot accounts.

use super::InvalidValue;
use super::path_segment::check_segment;
use super::text_value::text_value;
use crate::json::decode::{Decode, JsonError, JsonEvent};
use std::fmt;
use std::str::FromStr;

/// The name of a robot account: in full `acme+ci`, or in short `ci` where its owner is known.
///
/// Text is validated when it is parsed, and when it is deserialized on its own. A name in a row of
/// a response is kept as the server sent it, so that an odd one fails no call; it is validated when
/// it is given to a method, and by [`validate`](Self::validate).
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

/// The maximum number of characters of the full name: that of the server's database.
const MAX_CHARS: usize = 255;

impl RobotName {
    /// The robot account of an owner, by its short name.
    ///
    /// # Errors
    ///
    /// A part is empty, or holds what a name can't.
    pub fn new(owner: &str, short: &str) -> Result<Self, InvalidValue> {
        format!("{owner}+{short}").parse()
    }

    /// The robot account of an owner, by its short or full name.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new); or the full name is of another owner.
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

    /// Returns the organization or user that it belongs to.
    pub fn owner(&self) -> &str {
        self.0.split_once('+').map_or("", |(owner, _)| owner)
    }

    /// Returns its name without the owner.
    pub fn short(&self) -> &str {
        self.0.split_once('+').map_or(&self.0, |(_, short)| short)
    }
}

impl FromStr for RobotName {
    type Err = InvalidValue;

    fn from_str(text: &str) -> Result<Self, InvalidValue> {
        let invalid = |reason: &str| InvalidValue::new("robot name", text, reason);
        let Some((owner, short)) = text.split_once('+') else {
            return Err(invalid("it has no owner: a full name is `owner+robot`"));
        };
        // The short form is a segment of its own in some routes.
        check_segment("owner of the robot", owner)?;
        check_segment("robot name", short)?;
        if short.contains('+') {
            return Err(invalid("it has more than one `+`"));
        }
        if text.chars().count() > MAX_CHARS {
            return Err(invalid("with its owner it has more than 255 characters"));
        }
        Ok(Self(text.to_owned()))
    }
}

text_value!(RobotName);

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
}
