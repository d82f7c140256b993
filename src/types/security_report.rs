//! Access to the packages, vulnerabilities and severities of a security report.

use super::{SecurityFeature, SecurityReport, Severity, Vulnerability};
use std::collections::BTreeMap;

/// A vulnerability of a package: [`SecurityReport::vulnerabilities`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PackageVulnerability<'a> {
    /// The package.
    pub package: &'a SecurityFeature,
    /// The vulnerability.
    pub vulnerability: &'a Vulnerability,
}

impl<'a> PackageVulnerability<'a> {
    /// Returns the identifier of the vulnerability, such as a CVE.
    pub fn name(&self) -> &'a str {
        &self.vulnerability.name
    }

    /// Returns the severity, which is [`Unknown`](Severity::Unknown) if the scanner reports none.
    pub fn severity(&self) -> Severity {
        let severity = self.vulnerability.severity.clone();
        severity.unwrap_or(Severity::Unknown)
    }

    /// Returns the version of the package that fixes the vulnerability, or `None`.
    pub fn fixed_version(&self) -> Option<&'a str> {
        self.vulnerability.fixed_version()
    }
}

impl Vulnerability {
    /// Returns the version of the package that fixes the vulnerability, or `None`.
    ///
    /// The result is `None` if no version fixes it, for which the server sends an empty string.
    pub fn fixed_version(&self) -> Option<&str> {
        self.fixed_by
            .as_deref()
            .map(str::trim)
            .filter(|version| !version.is_empty())
    }
}

impl SecurityReport {
    /// Returns the packages of the image.
    ///
    /// The result is empty until the image is scanned.
    pub fn packages(&self) -> impl Iterator<Item = &SecurityFeature> {
        let layer = self.data.as_ref().and_then(|data| data.layer.as_ref());
        layer
            .into_iter()
            .flat_map(|layer| layer.features.iter().flatten())
    }

    /// Drops the vulnerabilities of the packages, which servers send although not requested.
    pub(crate) fn remove_vulnerabilities(&mut self) {
        let layer = self.data.as_mut().and_then(|data| data.layer.as_mut());
        let features = layer.and_then(|layer| layer.features.as_mut());
        for package in features.into_iter().flatten() {
            package.vulnerabilities = None;
        }
    }

    /// Returns the vulnerabilities with their packages, in the scanner's order.
    ///
    /// A vulnerability of several packages is returned once for each of them. An empty result does
    /// not mean that the image has no vulnerabilities: check [`status`](Self::status).
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(report: quay_api::types::SecurityReport) {
    /// for found in report.vulnerabilities() {
    ///     let version = found.package.version.as_deref().unwrap_or("?");
    ///     println!("{} {version}: {} ({})", found.package.name, found.name(), found.severity());
    ///     match found.fixed_version() {
    ///         Some(fixed) => println!("  fixed in {fixed}"),
    ///         None => println!("  no fix"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn vulnerabilities(&self) -> impl Iterator<Item = PackageVulnerability<'_>> {
        self.packages().flat_map(|package| {
            let all = package.vulnerabilities.iter().flatten();
            all.map(move |vulnerability| PackageVulnerability {
                package,
                vulnerability,
            })
        })
    }

    /// Counts the vulnerabilities of each package by severity.
    ///
    /// Severities without vulnerabilities are not in the map. The last entry is the most severe.
    ///
    /// # Examples
    ///
    /// ```
    /// # fn example(report: quay_api::types::SecurityReport) {
    /// for (severity, count) in report.severity_counts().iter().rev() {
    ///     println!("{count} {severity}");
    /// }
    /// # }
    /// ```
    pub fn severity_counts(&self) -> BTreeMap<Severity, usize> {
        let mut counts = BTreeMap::new();
        for found in self.vulnerabilities() {
            *counts.entry(found.severity()).or_default() += 1;
        }
        counts
    }
}
