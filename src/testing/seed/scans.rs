//! Results of scans of images.

use crate::types::{ScanStatus, Severity};
use serde::Deserialize;

/// The result of a scan of an image of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct ScanSeed {
    /// The status; done by default. A queued scan is done after its report was requested twice, or
    /// after two minutes.
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
#[must_use]
pub struct PackageSeed {
    /// The name.
    pub name: String,
    /// The version.
    pub version: String,
    /// Its vulnerabilities.
    #[serde(default)]
    pub vulnerabilities: Vec<VulnerabilitySeed>,
}

/// A vulnerability of a package.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct VulnerabilitySeed {
    /// Its identifier, such as a CVE.
    pub name: String,
    /// The severity.
    pub severity: Severity,
    /// The version that fixes it; none by default.
    #[serde(default)]
    pub fixed_by: Option<String>,
    /// The description.
    #[serde(default)]
    pub description: String,
}

fn scanned() -> ScanStatus {
    ScanStatus::Scanned
}

impl ScanSeed {
    /// Creates a scan that is done.
    pub fn done() -> Self {
        Self {
            status: scanned(),
            packages: Vec::new(),
        }
    }

    /// Creates a scan that is not done yet.
    pub fn queued() -> Self {
        Self {
            status: ScanStatus::Queued,
            packages: Vec::new(),
        }
    }

    /// Sets the status, such as that of a scan that failed.
    pub fn status(mut self, status: ScanStatus) -> Self {
        self.status = status;
        self
    }

    /// Adds a package.
    pub fn package(mut self, package: PackageSeed) -> Self {
        self.packages.push(package);
        self
    }
}

impl PackageSeed {
    /// Creates a package without vulnerabilities.
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            vulnerabilities: Vec::new(),
        }
    }

    /// Adds a vulnerability.
    pub fn vulnerability(mut self, vulnerability: VulnerabilitySeed) -> Self {
        self.vulnerabilities.push(vulnerability);
        self
    }
}

impl VulnerabilitySeed {
    /// Creates a vulnerability that no version fixes.
    pub fn new(name: impl Into<String>, severity: Severity) -> Self {
        Self {
            name: name.into(),
            severity,
            fixed_by: None,
            description: String::new(),
        }
    }

    /// Sets the version that fixes it.
    pub fn fixed_by(mut self, version: impl Into<String>) -> Self {
        self.fixed_by = Some(version.into());
        self
    }

    /// Sets the description.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = text.into();
        self
    }
}
