//! What scans of images found.

use crate::types::{ScanStatus, Severity};
use serde::Deserialize;

/// What a scan of an image found.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ScanSeed {
    /// How far it is; done unless given. A queued one is done when it was asked for twice, or two
    /// minutes later.
    #[serde(default = "scanned")]
    pub status: ScanStatus,
    /// The packages in the image.
    #[serde(default)]
    pub packages: Vec<PackageSeed>,
}

/// A package in an image.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PackageSeed {
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
    /// What is wrong with it.
    #[serde(default)]
    pub vulnerabilities: Vec<VulnerabilitySeed>,
}

/// Something that is wrong with a package.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct VulnerabilitySeed {
    /// Its identifier, such as a CVE.
    pub name: String,
    /// How bad it is.
    pub severity: Severity,
    /// The version that mends it; none unless given.
    #[serde(default)]
    pub fixed_by: Option<String>,
    /// What it is.
    #[serde(default)]
    pub description: String,
}

fn scanned() -> ScanStatus {
    ScanStatus::Scanned
}

impl ScanSeed {
    /// A scan that is done.
    pub fn done() -> Self {
        Self {
            status: scanned(),
            packages: Vec::new(),
        }
    }

    /// A scan that is not done yet.
    pub fn queued() -> Self {
        Self {
            status: ScanStatus::Queued,
            packages: Vec::new(),
        }
    }

    /// A scan that never will be done: it failed, or the image can't be scanned.
    pub fn status(mut self, status: ScanStatus) -> Self {
        self.status = status;
        self
    }

    /// With a package.
    pub fn package(mut self, package: PackageSeed) -> Self {
        self.packages.push(package);
        self
    }
}

impl PackageSeed {
    /// A package with nothing wrong.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            vulnerabilities: Vec::new(),
        }
    }

    /// With something that is wrong.
    pub fn vulnerability(mut self, vulnerability: VulnerabilitySeed) -> Self {
        self.vulnerabilities.push(vulnerability);
        self
    }
}

impl VulnerabilitySeed {
    /// A vulnerability that nothing mends.
    pub fn new(name: impl Into<String>, severity: Severity) -> Self {
        Self {
            name: name.into(),
            severity,
            fixed_by: None,
            description: String::new(),
        }
    }

    /// Which a version mends.
    pub fn fixed_by(mut self, version: impl Into<String>) -> Self {
        self.fixed_by = Some(version.into());
        self
    }

    /// With a description.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }
}
