//! The edition of Quay that the sandbox is: its release, and the settings that are off.

use crate::Operation;
use std::collections::BTreeSet;

/// A release as its numbers, with which it is compared.
pub type Release = [u32; 3];

/// The release and the settings of a server.
///
/// By default, it is newer than any release and has every setting on.
#[derive(Debug, Clone, Default)]
pub struct Edition {
    /// `None` for a server that is newer than any release.
    pub release: Option<Release>,
    /// The settings that are off.
    pub off: BTreeSet<String>,
    /// True for the registry in Go, which has neither releases nor settings.
    pub is_go_registry: bool,
}

/// A setting whose operation exists while it is off, and refuses every caller.
pub const CONFIG_DUMP: &str = "FEATURE_SUPERUSER_CONFIGDUMP";

impl Edition {
    /// Returns true for the default.
    pub fn has_everything(&self) -> bool {
        self.release.is_none() && self.off.is_empty()
    }

    /// Returns true if the server has the operation.
    pub fn has(&self, operation: &Operation) -> bool {
        self.is_since(operation.since())
            && !operation
                .features()
                .iter()
                .any(|setting| *setting != CONFIG_DUMP && self.off.contains(*setting))
    }

    /// Returns true if the server's discovery document lists an operation that it has.
    pub fn lists(&self, operation: &Operation) -> bool {
        self.is_since(operation.listed_since())
    }

    /// Returns true if the server supports immutable tags.
    ///
    /// Other servers ignore the request.
    pub fn has_immutable_tags(&self) -> bool {
        self.is_since(Some("3.17")) && !self.off.contains("FEATURE_IMMUTABLE_TAGS")
    }

    /// Returns true for a server of this release or a newer one.
    pub fn is_since(&self, release: Option<&str>) -> bool {
        match (self.release, release.and_then(|text| parse(text, 0))) {
            (Some(own), Some(first)) => own >= first,
            _ => true,
        }
    }
}

/// Parses `3.8` or `3.8.15`; `patch` is that of a release without one.
pub fn parse(text: &str, patch: u32) -> Option<Release> {
    let mut numbers = text.split('.').map(|number| number.parse().ok());
    let release = [
        numbers.next()??,
        numbers.next()??,
        numbers.next().unwrap_or(Some(patch))?,
    ];
    numbers.next().is_none().then_some(release)
}
