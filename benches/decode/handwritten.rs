//! Types written by hand with serde's derive for the responses of the bench.
//!
//! They hold what the crate's types hold: all fields, dates as `chrono::DateTime`, short closed
//! sets as enums with a variant for the rest, and long ones (the kinds of logs) as strings. In one
//! thing they do less: a value that is not known is not kept.

use super::log_metadata::LogMetadata;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// A date of RFC 2822.
pub fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    struct Date;
    impl serde::de::Visitor<'_> for Date {
        type Value = DateTime<Utc>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a date")
        }
        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<DateTime<Utc>, E> {
            DateTime::parse_from_rfc2822(text)
                .map(|date| date.to_utc())
                .map_err(E::custom)
        }
    }
    deserializer.deserialize_str(Date).map(Some)
}

fn required_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    Ok(date(deserializer)?.unwrap_or_default())
}

/// Seconds since 1970.
fn seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Ok(DateTime::from_timestamp(i64::deserialize(deserializer)?, 0))
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct TagPage {
    tags: Vec<Tag>,
    page: i64,
    has_additional: bool,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Tag {
    name: String,
    manifest_digest: Option<String>,
    size: Option<i64>,
    #[serde(default, deserialize_with = "date")]
    last_modified: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "seconds")]
    start_ts: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "seconds")]
    end_ts: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "date")]
    expiration: Option<DateTime<Utc>>,
    reversion: Option<bool>,
    is_manifest_list: Option<bool>,
    immutable: Option<bool>,
    is_sparse: Option<bool>,
    child_manifest_count: Option<i64>,
    present_child_count: Option<i64>,
    child_manifests_presence: Option<BTreeMap<String, bool>>,
    docker_image_id: Option<String>,
    image_id: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct LogPage {
    #[serde(default, deserialize_with = "date")]
    start_time: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "date")]
    end_time: Option<DateTime<Utc>>,
    logs: Vec<LogEntry>,
    next_page: Option<String>,
    search_unavailable: Option<bool>,
    message: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct LogEntry {
    kind: String,
    #[serde(deserialize_with = "required_date")]
    datetime: DateTime<Utc>,
    metadata: LogMetadata,
    ip: Option<String>,
    performer: Option<Principal>,
    namespace: Option<LogNamespace>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct ResolvedIp {
    provider: Option<String>,
    service: Option<String>,
    sync_token: Option<String>,
    country_iso_code: Option<String>,
    aws_region: Option<String>,
    continent: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrincipalKind {
    User,
    Robot,
    Team,
    Org,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Principal {
    name: String,
    kind: Option<PrincipalKind>,
    is_robot: Option<bool>,
    is_org_member: Option<bool>,
    avatar: Option<Avatar>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct LogNamespace {
    name: String,
    kind: Option<PrincipalKind>,
    avatar: Option<Avatar>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Avatar {
    name: String,
    hash: String,
    color: String,
    kind: PrincipalKind,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct SecurityReport {
    status: ScanStatus,
    data: Option<SecurityData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScanStatus {
    Queued,
    Scanned,
    Failed,
    Unsupported,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityData {
    layer: Option<SecurityLayer>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct SecurityLayer {
    name: Option<String>,
    parent_name: Option<String>,
    namespace_name: Option<String>,
    indexed_by_version: Option<i64>,
    features: Option<Vec<Feature>>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct Feature {
    name: String,
    version: Option<String>,
    version_format: Option<String>,
    namespace_name: Option<String>,
    added_by: Option<String>,
    base_scores: Option<Vec<f64>>,
    #[serde(rename = "CVEIds")]
    cve_ids: Option<Vec<String>>,
    vulnerabilities: Option<Vec<Vulnerability>>,
}

#[derive(Deserialize)]
pub enum Severity {
    Unknown,
    Negligible,
    Low,
    Medium,
    High,
    Critical,
    Defcon1,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct Vulnerability {
    name: String,
    severity: Option<Severity>,
    namespace_name: Option<String>,
    description: Option<String>,
    link: Option<String>,
    fixed_by: Option<String>,
    metadata: Option<VulnerabilityMetadata>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct VulnerabilityMetadata {
    updated_by: Option<String>,
    repo_name: Option<String>,
    repo_link: Option<String>,
    distro_name: Option<String>,
    distro_version: Option<String>,
    #[serde(rename = "NVD")]
    nvd: Option<Nvd>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Nvd {
    #[serde(rename = "CVSSv3")]
    cvss_v3: Option<Cvss>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(rename_all = "PascalCase")]
pub struct Cvss {
    vectors: Option<String>,
    score: Option<Score>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
#[serde(untagged)]
pub enum Score {
    Number(f64),
    Text(String),
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct RepositoryPage {
    repositories: Vec<Repository>,
    next_page: Option<String>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct Repository {
    namespace: String,
    name: String,
    description: Option<String>,
    is_public: bool,
    kind: Option<Kind>,
    state: Option<State>,
    is_starred: Option<bool>,
    #[serde(default, deserialize_with = "seconds")]
    last_modified: Option<DateTime<Utc>>,
    popularity: Option<f64>,
    quota_report: Option<QuotaReport>,
}

#[derive(Deserialize)]
#[allow(dead_code)]
pub struct QuotaReport {
    quota_bytes: Option<i64>,
    configured_quota: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Image,
    Application,
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    Normal,
    ReadOnly,
    Mirror,
    OrgMirror,
    MarkedForDeletion,
    #[serde(other)]
    Other,
}
