//! What is known of a manifest beside what it says: labels, and what a scan found.

use super::progress::Progress;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Label {
    pub uuid: String,
    pub key: String,
    pub value: String,
    /// `manifest` for those of the image itself, `api` for others.
    pub source: &'static str,
    pub media_type: String,
}

/// What a scan of an image found.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The word for a scan that will never have a report.
    pub dead_end: Option<String>,
    /// For one that is not done yet.
    pub queued: Option<Progress>,
    pub packages: Vec<Package>,
}

#[derive(Debug, Clone)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub vulnerabilities: Vec<Vulnerability>,
}

#[derive(Debug, Clone)]
pub struct Vulnerability {
    pub name: String,
    pub severity: String,
    pub fixed_by: String,
    pub description: String,
}

impl Scan {
    /// Where it stands when somebody looks. It is done at the third look, or two minutes later.
    pub fn look(&mut self, now: i64) -> &str {
        let is_queued = self
            .queued
            .as_mut()
            .is_some_and(|progress| progress.look(now) < 2);
        if is_queued {
            "queued"
        } else {
            self.dead_end.as_deref().unwrap_or("scanned")
        }
    }

    /// The report of a manifest, with or without what is wrong with the packages.
    pub fn report(&self, digest: &str, with_vulnerabilities: bool) -> Value {
        let vulnerability = |v: &Vulnerability| {
            json!({
                "Severity": v.severity, "NamespaceName": "osv", "Link": format!("https://cve.example.test/{}", v.name), "FixedBy": v.fixed_by,
                "Description": v.description, "Name": v.name,
                "Metadata": {
                    "UpdatedBy": "osv", "RepoName": null, "RepoLink": null, "DistroName": "Debian GNU/Linux", "DistroVersion": "12",
                    "NVD": {"CVSSv3": {"Vectors": "", "Score": ""}},
                },
            })
        };
        let feature = |package: &Package| {
            let found = if with_vulnerabilities {
                package.vulnerabilities.as_slice()
            } else {
                &[]
            };
            json!({
                "Name": package.name, "VersionFormat": "", "NamespaceName": "", "AddedBy": digest, "Version": package.version, "BaseScores": [],
                "CVEIds": found.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(),
                "Vulnerabilities": found.iter().map(vulnerability).collect::<Vec<_>>(),
            })
        };
        let features: Vec<Value> = self.packages.iter().map(feature).collect();
        json!({"Layer": {"Name": digest, "ParentName": "", "NamespaceName": "", "IndexedByVersion": 4, "Features": features}})
    }
}
