//! The events of notifications: their causes and their data.

use crate::testing::state::State;
use crate::testing::state::event_samples::{in_words, joined, sample};
use crate::testing::state::manifests::Manifest;
use crate::testing::state::notifications::Notification;
use crate::testing::state::owned::{Owned, Owner};
use crate::types::SyncStatus;
use serde_json::{Value, json};

/// The number of tags of an image in an event of a vulnerability.
const MAX_TAGS: usize = 100;

/// The time without a second event of the same limit of a quota, in milliseconds: a day.
const QUOTA_COOLDOWN: i64 = 24 * 60 * 60 * 1000;

/// The severities from which a scan that is done makes an event.
const REPORTED: [&str; 2] = ["High", "Critical"];

/// A manifest that was pushed, and whose scan makes events once it is done.
#[derive(Debug, Clone)]
pub struct PendingScan {
    path: (String, String),
    digest: String,
}

impl State {
    /// Returns the data that every event of a repository has, and more.
    fn repository_data(&self, path: (&str, &str), more: Value, page: Option<&str>) -> Value {
        let (repository, host) = (format!("{}/{}", path.0, path.1), &self.host);
        let page = page.map(|page| format!("/{page}")).unwrap_or_default();
        let data = json!({
            "repository": repository, "namespace": path.0, "name": path.1,
            "docker_url": format!("{host}/{repository}"),
            "homepage": format!("http://{host}/repository/{repository}{page}"),
        });
        joined(data, more)
    }

    fn namespace_data(&self, namespace: &str, more: Value) -> Value {
        let homepage = format!("http://{}/organization/{namespace}", self.host);
        joined(json!({"namespace": namespace, "homepage": homepage}), more)
    }

    /// Queues an event of a repository for each of its notifications of that event.
    pub fn repository_event(
        &mut self,
        path: (&str, &str),
        event: &str,
        more: Value,
        page: Option<&str>,
    ) {
        let owner = Owner::repository(path);
        let data = self.repository_data(path, more, page);
        self.queue_event(&owner, event, &data);
    }

    /// Queues an event for each notification of an owner; returns their number.
    fn queue_event(&mut self, owner: &Owner, event: &str, data: &Value) -> usize {
        let rows = self.notifications.of(owner);
        let rows: Vec<String> = rows
            .filter(|row| row.data.event == event)
            .map(|row| row.uuid.clone())
            .collect();
        for uuid in &rows {
            self.queue_delivery(uuid, data.clone());
        }
        rows.len()
    }

    /// Queues a test of a notification: an event of made-up data.
    pub fn queue_test(&mut self, row: &Owned<Notification>) {
        let owner = &row.owner;
        let (event, config) = (row.data.event.as_str(), &row.data.event_config);
        let now = self.now().unix_seconds();
        let (sample, page) = sample(event, config, now);
        let data = match owner.name() {
            Some(name) if !event.starts_with("quota_") => {
                self.repository_data((owner.namespace(), name), sample, page)
            }
            _ => self.namespace_data(owner.namespace(), sample),
        };
        self.queue_delivery(&row.uuid, data);
    }

    /// Adds events of work that proceeds by itself: builds, mirrors and scans.
    pub fn announce_progress(&mut self) {
        self.announce_builds();
        self.announce_mirrors();
        self.announce_scans();
    }

    fn announce_builds(&mut self) {
        let now = self.now_ms();
        let rows = self.builds.all().filter_map(|row| {
            let events = build_events(row.data.announced, row.data.phase(now));
            (!events.is_empty()).then(|| (row.clone(), events))
        });
        let rows: Vec<_> = rows.collect();
        for (row, events) in rows {
            let path = (row.owner.namespace(), row.owner.name().unwrap_or_default());
            if let Some(build) = self.builds.get_mut(&row.owner, &row.uuid) {
                build.announced = build.phase(now);
            }
            let trigger = row.data.trigger.as_ref();
            let service = trigger.and_then(|uuid| self.triggers.get(&row.owner, uuid));
            let data = json!({
                "build_id": row.uuid, "build_name": row.data.display_name,
                "docker_tags": row.data.tags, "trigger_id": trigger,
                "trigger_kind": service.map(|row| row.data.service.clone()),
                "trigger_metadata": row.data.metadata,
            });
            let page = format!("build/{}", row.uuid);
            for event in events {
                self.repository_event(path, event, data.clone(), Some(&page));
            }
        }
    }

    fn announce_mirrors(&mut self) {
        self.advance_mirrors();
        let mut found = Vec::new();
        for row in self.mirrors.all_rows_mut() {
            let sync = &mut row.data.sync;
            let events = sync_events(&sync.announced, &sync.status);
            if sync.announced != sync.status {
                sync.announced = sync.status.clone();
            }
            let message = format!(
                "'{}' with tag pattern '{}'",
                row.data.reference,
                row.data.rule.join(",")
            );
            found.extend(
                events
                    .iter()
                    .map(|event| (row.owner.clone(), *event, message.clone())),
            );
        }
        for (owner, event, message) in found {
            let path = (owner.namespace(), owner.name().unwrap_or_default());
            self.repository_event(path, event, json!({"message": message}), None);
        }
    }

    /// Notes that the scans of a manifest that was pushed, and of those that it lists, make events.
    pub fn expect_scan(&mut self, path: (&str, &str), digest: &str) {
        let manifest = self
            .repository(path.0, path.1)
            .and_then(|r| r.manifests.get(digest));
        let children = manifest.map(|m| m.children.as_slice()).unwrap_or_default();
        let digests = children.iter().map(String::as_str).chain([digest]);
        let scans: Vec<PendingScan> = digests
            .map(|digest| PendingScan {
                path: (path.0.to_owned(), path.1.to_owned()),
                digest: digest.to_owned(),
            })
            .collect();
        self.pending_scans.extend(scans);
    }

    fn announce_scans(&mut self) {
        let now = self.now_ms();
        for scan in std::mem::take(&mut self.pending_scans) {
            let path = (scan.path.0.as_str(), scan.path.1.as_str());
            let Some(repository) = self.repository(path.0, path.1) else {
                continue;
            };
            let Some(manifest) = repository.manifests.get(&scan.digest) else {
                continue;
            };
            if manifest.scan.is_queued(now) {
                self.pending_scans.push(scan);
                continue;
            }
            let live = repository.tags.iter().filter(|tag| tag.is_alive(now));
            let mut tags: Vec<String> = live
                .filter(|tag| tag.digest == scan.digest)
                .map(|tag| tag.name.clone())
                .take(MAX_TAGS)
                .collect();
            if tags.is_empty() {
                tags.push(scan.digest.clone());
            }
            for vulnerability in found_by(manifest) {
                let data = json!({
                    "tags": tags, "vulnerable_index_report_created": "true",
                    "vulnerability": vulnerability,
                });
                self.repository_event(path, "vulnerability_found", data, None);
            }
        }
    }

    /// Adds events of the tags that expire within the days of a notification, each once.
    pub fn announce_expiries(&mut self) {
        let now = self.now_ms();
        let rows = self.notifications.all();
        let rows: Vec<Owned<Notification>> = rows
            .filter(|row| row.data.event == "repo_image_expiry" && row.data.is_enabled())
            .cloned()
            .collect();
        for row in rows {
            // The server fails at a number that is a string.
            let days = row.data.event_config.get("days").and_then(Value::as_number);
            let (Some(name), Some(days)) = (row.owner.name(), days) else {
                continue;
            };
            let path = (row.owner.namespace(), name);
            let span = days.as_f64().unwrap_or_default() * 24.0 * 60.0 * 60.0 * 1000.0;
            let until = now.saturating_add(span as i64);
            let Some(repository) = self.repository(path.0, path.1) else {
                continue;
            };
            let expires = |end: i64| end > now && end <= until;
            let tags = repository
                .tags
                .iter()
                .filter(|tag| tag.end.is_some_and(expires));
            let new = tags.filter(|tag| !row.data.told_tags.contains(&tag.id));
            let (ids, names): (Vec<u64>, Vec<String>) =
                new.map(|tag| (tag.id, tag.name.clone())).unzip();
            if ids.is_empty() {
                continue;
            }
            if let Some(notification) = self.notifications.get_mut(&row.owner, &row.uuid) {
                notification.told_tags.extend(ids);
            }
            let data = json!({
                "notification_uuid": row.uuid, "tags": names,
                "expiring_in": format!("{days} days"),
            });
            let data = self.repository_data(path, data, None);
            self.queue_delivery(&row.uuid, data);
        }
    }

    /// Adds an event if the size of a namespace has reached a limit of its quota.
    ///
    /// The event is that of the highest limit that was reached.
    pub fn announce_quota(&mut self, namespace: &str) {
        let usage = self.bytes_of(namespace);
        let Some(quota) = self.quotas.get(namespace) else {
            return;
        };
        let reached = quota
            .limits
            .iter()
            .filter(|limit| usage >= quota.allowed(limit.percent));
        if let Some(limit) = reached.max_by_key(|limit| limit.percent) {
            let (kind, percent) = (limit.kind, limit.percent);
            self.announce_limit(namespace, kind, percent);
        }
    }

    /// Adds events of the limits that a namespace exceeds after its quota was changed.
    ///
    /// The events are those of all limits, or of the limits at a percentage.
    pub fn announce_changed_quota(&mut self, namespace: &str, percent: Option<u64>) {
        let usage = self.bytes_of(namespace);
        let Some(quota) = self.quotas.get(namespace) else {
            return;
        };
        let limits = quota
            .limits
            .iter()
            .filter(|l| percent.is_none_or(|p| p == l.percent));
        let exceeded: Vec<(&str, u64)> = limits
            .filter(|limit| usage > quota.allowed(limit.percent))
            .map(|limit| (limit.kind, limit.percent))
            .collect();
        for (kind, percent) in exceeded {
            self.announce_limit(namespace, kind, percent);
        }
    }

    /// Makes an event of a limit, unless there was one within a day, or no notification is of it.
    fn announce_limit(&mut self, namespace: &str, kind: &str, percent: u64) {
        let (now, usage) = (self.now_ms(), self.bytes_of(namespace));
        let Some(limit) = self.quotas.get(namespace).map(|quota| quota.bytes) else {
            return;
        };
        let key = (namespace.to_owned(), percent);
        let last = self.quota_events.get(&key);
        if last.is_some_and(|last| now < last.saturating_add(QUOTA_COOLDOWN)) {
            return;
        }
        let event = match kind {
            "Warning" => "quota_warning",
            _ => "quota_error",
        };
        let used = u128::from(usage) * 100 / u128::from(limit.max(1));
        let data = json!({
            "threshold_percent": percent, "usage_bytes": usage, "limit_bytes": limit,
            "usage_percent": u64::try_from(used).unwrap_or(u64::MAX),
            "usage_bytes_formatted": in_words(usage), "limit_bytes_formatted": in_words(limit),
        });
        let data = self.namespace_data(namespace, data);
        if self.queue_event(&Owner::namespace_of(namespace), event, &data) > 0 {
            self.quota_events.insert(key, now);
        }
    }
}

/// Returns the events of a build that went from one phase to another.
fn build_events(before: &str, now: &str) -> &'static [&'static str] {
    match (before, now) {
        ("waiting", "building") => &["build_start"],
        ("waiting", "complete") => &["build_start", "build_success"],
        ("building", "complete") => &["build_success"],
        ("waiting" | "building", "cancelled") => &["build_cancelled"],
        _ => &[],
    }
}

/// Returns the events of a mirror whose synchronization went from one status to another. One that
/// is cancelled before it started has none.
fn sync_events(before: &SyncStatus, now: &SyncStatus) -> &'static [&'static str] {
    match (before, now) {
        (SyncStatus::SyncNow, SyncStatus::Syncing) => &["repo_mirror_sync_started"],
        (SyncStatus::SyncNow, SyncStatus::Success) => {
            &["repo_mirror_sync_started", "repo_mirror_sync_success"]
        }
        (SyncStatus::Syncing, SyncStatus::Success) => &["repo_mirror_sync_success"],
        (SyncStatus::Syncing, SyncStatus::Cancel) => &["repo_mirror_sync_failed"],
        _ => &[],
    }
}

/// Returns the vulnerabilities of a manifest that make events.
fn found_by(manifest: &Manifest) -> Vec<Value> {
    let packages = manifest.scan.packages.iter();
    let found = packages.flat_map(|package| &package.vulnerabilities);
    found
        .filter(|found| REPORTED.contains(&found.severity.as_str()))
        .map(|found| {
            json!({
                "id": found.name, "description": found.description,
                "link": format!("https://cve.example.test/{}", found.name),
                "priority": found.severity, "has_fix": !found.fixed_by.is_empty(),
            })
        })
        .collect()
}
