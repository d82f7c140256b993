//! Names of robot accounts.

use super::InvalidValue;
use super::path_segment::check_segment;
use crate::json::decode::{Decode, JsonError, JsonEvent, deserialize_by_decode};
use serde::Serialize;
use std::fmt;
use std::str::FromStr;

/// The name of a robot account: in full `acme+ci`, or in short `ci` where its owner is known.
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(into = "String")]
pub struct RobotName(String);

/// The maximum number of characters of the full name: that of the server's database.
const MAX_CHARS: usize = 255;

impl RobotName {
    /// The robot account of an owner, by its short name.
    ///
    /// # Errors
    /// A part is empty, or holds what a name can't.
    pub fn new(owner: &str, short: &str) -> Result<Self, InvalidValue> {
        format!("{owner}+{short}").parse()
    }

    /// The robot account of an owner, by its short or full name.
    ///
    /// # Errors
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

    /// The organization or user that it belongs to.
    pub fn owner(&self) -> &str {
        self.0.split_once('+').map_or("", |(owner, _)| owner)
    }

    /// Its name without the owner.
    pub fn short(&self) -> &str {
        self.0.split_once('+').map_or("", |(_, short)| short)
    }

    /// The full name.
    pub fn as_str(&self) -> &str {
        &self.0
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

impl TryFrom<String> for RobotName {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl TryFrom<&str> for RobotName {
    type Error = InvalidValue;

    fn try_from(text: &str) -> Result<Self, InvalidValue> {
        text.parse()
    }
}

impl From<RobotName> for String {
    fn from(name: RobotName) -> Self {
        name.0
    }
}

impl AsRef<str> for RobotName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RobotName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Decode for RobotName {
    const EXPECTED: &'static str = "a string";

    fn decode(event: JsonEvent<'_>) -> Result<Self, JsonError> {
        event.string()?.parse().map_err(JsonError::custom)
    }
}

deserialize_by_decode!(RobotName);

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
