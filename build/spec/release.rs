//! A release of Quay, as the overlay names it.

use std::fmt;
use std::str::FromStr;

/// The oldest release that the crate supports: what it has needs no `since`.
pub const OLDEST: Release = Release { minor: 8, patch: 0 };

/// `3.11`, or `3.17.2` for what came with a patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release {
    pub minor: u16,
    pub patch: u16,
}

impl Release {
    /// Returns the release without its patch.
    pub fn without_patch(self) -> Self {
        Self { patch: 0, ..self }
    }
}

impl FromStr for Release {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Option<Vec<u16>> = text.split('.').map(|part| part.parse().ok()).collect();
        let release = match parts.as_deref() {
            Some(&[3, minor]) => Some(Self { minor, patch: 0 }),
            Some(&[3, minor, patch]) if patch > 0 => Some(Self { minor, patch }),
            _ => None,
        };
        release.ok_or_else(|| format!("`{text}` is not a release such as `3.11` or `3.17.2`"))
    }
}

impl fmt::Display for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.patch {
            0 => write!(f, "3.{}", self.minor),
            patch => write!(f, "3.{}.{patch}", self.minor),
        }
    }
}
