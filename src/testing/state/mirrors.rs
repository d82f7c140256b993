//! Mirrors of repositories and of organizations.

use super::State;
use super::places::{Place, Row};
use super::progress::Progress;
use crate::types::{RepositoryState, SyncStatus, Timestamp};
use serde_json::Value;

/// How often a synchronization is tried again.
pub const RETRIES: u64 = 3;

/// How the synchronizing goes. Asked for, it begins and succeeds by itself.
#[derive(Debug, Clone)]
pub struct Sync {
    pub status: SyncStatus,
    pub retries: u64,
    pub last: Option<Timestamp>,
    asked: Progress,
}

impl Sync {
    pub fn new(status: SyncStatus, retries: u64, last: Option<Timestamp>) -> Self {
        Self {
            status,
            retries,
            last,
            asked: Progress::default(),
        }
    }

    /// Asks for a synchronization.
    pub fn ask(&mut self, now: i64) {
        *self = Self {
            status: SyncStatus::SyncNow,
            retries: self.retries.max(1),
            last: self.last,
            asked: Progress::new(now),
        };
    }

    pub fn cancel(&mut self) {
        (self.status, self.retries) = (SyncStatus::Cancel, 0);
    }

    /// Brings the status up to date; `looked` if somebody wants to know it.
    pub fn advance(&mut self, now: (i64, Timestamp), looked: bool) {
        if !matches!(self.status, SyncStatus::SyncNow | SyncStatus::Syncing) {
            return;
        }
        match if looked {
            self.asked.look(now.0)
        } else {
            self.asked.step(now.0)
        } {
            0 => {}
            1 => self.status = SyncStatus::Syncing,
            _ => {
                (self.status, self.retries, self.last) = (SyncStatus::Success, RETRIES, Some(now.1))
            }
        }
    }
}

/// What a repository copies from.
#[derive(Debug, Clone)]
pub struct RepositoryMirror {
    pub is_enabled: bool,
    pub reference: String,
    pub username: Option<String>,
    pub config: Value,
    pub interval: u64,
    pub start: String,
    pub rule: Vec<String>,
    pub robot: String,
    pub timeout: u64,
    pub sync: Sync,
}

/// What an organization copies from, and the repositories that were found there.
#[derive(Debug, Clone)]
pub struct OrganizationMirror {
    pub is_enabled: bool,
    pub registry: String,
    pub url: String,
    pub namespace: String,
    pub username: Option<String>,
    pub has_password: bool,
    pub config: Value,
    pub filters: Vec<String>,
    pub robot: String,
    pub visibility: String,
    pub interval: u64,
    pub start: String,
    pub timeout: u64,
    pub created: Timestamp,
    pub sync: Sync,
    pub found: Vec<FoundRepository>,
}

#[derive(Debug, Clone)]
pub struct FoundRepository {
    pub name: String,
    pub status: SyncStatus,
    pub discovered: Timestamp,
    pub synced: Option<Timestamp>,
    pub message: Option<String>,
}

impl State {
    /// The mirrors that are at work, of all namespaces or of one, with their place.
    pub fn working_mirrors(&self, namespace: Option<&str>) -> Vec<&Row<RepositoryMirror>> {
        let is_mirror = |place: &Place| {
            let repository = place
                .name()
                .and_then(|name| self.repository(place.namespace(), name));
            repository.is_some_and(|r| r.state == RepositoryState::Mirror)
        };
        let is_shown = |row: &&Row<RepositoryMirror>| {
            row.data.is_enabled
                && namespace.is_none_or(|n| row.place.is_in(n))
                && is_mirror(&row.place)
        };
        let mut rows: Vec<&Row<RepositoryMirror>> = self.mirrors.all().filter(is_shown).collect();
        rows.sort_by_key(|row| {
            (
                row.place.namespace().to_owned(),
                row.place.name().map(str::to_owned),
            )
        });
        rows
    }

    /// Brings every mirror up to date.
    pub fn advance_mirrors(&mut self) {
        let now = (self.now_ms(), self.now());
        self.mirrors
            .all_mut()
            .for_each(|mirror| mirror.sync.advance(now, false));
    }
}
