//! Mirrors of repositories.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::{MirrorAddress, ReferenceRule, StateError};
use crate::testing::state::owned::{Owned, Owner};
use crate::testing::state::progress::Progress;
use crate::types::{RepositoryRole, RepositoryState, SyncStatus, Timestamp};
use serde_json::{Value, json};
use std::net::IpAddr;

/// The number of retries of a failed synchronization.
pub const RETRIES: u64 = 3;

/// The status of a mirror's synchronization.
///
/// A requested synchronization starts and succeeds by itself.
#[derive(Debug, Clone)]
pub struct Synchronization {
    pub status: SyncStatus,
    pub retries: u64,
    pub last: Option<Timestamp>,
    /// The last status that was reported as an event.
    pub announced: SyncStatus,
    requested: Progress,
}

impl Synchronization {
    pub fn new(status: SyncStatus, retries: u64, last: Option<Timestamp>) -> Self {
        Self {
            announced: status.clone(),
            status,
            retries,
            last,
            requested: Progress::default(),
        }
    }

    /// Requests a synchronization.
    pub fn request(&mut self, now: i64) {
        *self = Self {
            status: SyncStatus::SyncNow,
            retries: self.retries.max(1),
            last: self.last,
            announced: SyncStatus::SyncNow,
            requested: Progress::new(now),
        };
    }

    pub fn cancel(&mut self) {
        (self.status, self.retries) = (SyncStatus::Cancel, 0);
    }

    /// Cancels it as servers before 3.15 do, which have no status for it.
    fn forget(&mut self) {
        self.status = SyncStatus::NeverRun;
    }

    /// Updates the status; `looked` is true if the status is about to be returned.
    pub fn advance(&mut self, now: (i64, Timestamp), looked: bool) {
        if !matches!(self.status, SyncStatus::SyncNow | SyncStatus::Syncing) {
            return;
        }
        match if looked {
            self.requested.look(now.0)
        } else {
            self.requested.step(now.0)
        } {
            0 => {}
            1 => self.status = SyncStatus::Syncing,
            _ => {
                (self.status, self.retries, self.last) = (SyncStatus::Success, RETRIES, Some(now.1))
            }
        }
    }
}

/// The mirror that fills a repository.
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
    pub sync: Synchronization,
}

/// Returns true for a date in the only format that mirrors accept.
pub fn is_mirror_date(text: &str) -> bool {
    text.parse::<Timestamp>()
        .is_ok_and(|moment| moment.to_mirror_format() == text)
}

/// Checks that a host is one that mirrors may copy from: no address of a local network.
fn check_host(host: &str, address: MirrorAddress) -> Result<(), StateError> {
    if host == "localhost" {
        return Err(StateError::MirrorOfLocalhost(address));
    }
    let is_local = |ip: IpAddr| match ip {
        IpAddr::V4(ip) => {
            ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
        }
        IpAddr::V6(ip) => ip.is_loopback() || ip.is_unspecified(),
    };
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    match name.parse::<IpAddr>() {
        Ok(ip) if is_local(ip) => Err(StateError::MirrorOfLocalAddress(address)),
        _ => Ok(()),
    }
}

/// Checks the reference of a repository of another registry, as in `quay.io/coreos/etcd`.
pub fn check_reference(reference: &str) -> Result<(), StateError> {
    let broken = |rule| Err(StateError::InvalidReference(rule));
    if reference.trim().is_empty() {
        return broken(ReferenceRule::Required);
    }
    if reference.contains(char::is_whitespace) {
        return broken(ReferenceRule::NoWhitespace);
    }
    if reference.contains("://") {
        return broken(ReferenceRule::NoScheme);
    }
    match reference.split_once('/') {
        None | Some((_, "")) => broken(ReferenceRule::Path),
        Some((host, _)) => check_host(host, MirrorAddress::Reference),
    }
}

/// Checks the URL of a registry that an organization mirrors.
pub fn check_registry_url(url: &str) -> Result<(), StateError> {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    if !matches!(scheme, "http" | "https") {
        return Err(StateError::InvalidUrlScheme(scheme.to_owned()));
    }
    check_host(
        rest.split('/').next().unwrap_or_default(),
        MirrorAddress::Url,
    )
}

impl State {
    /// Requires that no mirror of the organization manages the repositories of a namespace.
    pub fn require_no_organization_mirror(&self, namespace: &str) -> Result<(), StateError> {
        let owner = Owner::namespace_of(namespace);
        match self.organization_mirrors.first(&owner) {
            Some(_) => Err(StateError::ManagedByOrganizationMirror),
            None => Ok(()),
        }
    }

    /// Requires that a repository has no mirror yet.
    pub fn require_no_mirror(&self, owner: &Owner) -> Result<(), StateError> {
        let name = owner.name().unwrap_or_default();
        match self.mirrors.first(owner) {
            Some(_) => Err(StateError::MirrorExists(format!(
                "{}/{name}",
                owner.namespace()
            ))),
            None => Ok(()),
        }
    }

    /// Checks the robot account of a repository's mirror, and grants it write access if it has
    /// less.
    pub fn authorize_mirror_robot(&mut self, owner: &Owner, robot: &str) -> Result<(), StateError> {
        let account = self.robots.get(robot).ok_or(StateError::NoSuchRobot)?;
        if account.namespace() != owner.namespace() {
            return Err(StateError::InvalidMirrorRobot);
        }
        if let Some(repository) = self.owned_repository(owner) {
            let role = repository.users.entry(robot.to_owned());
            role.and_modify(|role| *role = RepositoryRole::Write.max(role.clone()))
                .or_insert(RepositoryRole::Write);
        }
        Ok(())
    }

    fn owned_repository(
        &mut self,
        owner: &Owner,
    ) -> Option<&mut crate::testing::state::repositories::Repository> {
        self.repository_mut(owner.namespace(), owner.name()?)
    }

    /// Sets up the mirror of a repository.
    pub fn add_mirror(&mut self, caller: &Caller, owner: &Owner, mirror: RepositoryMirror) {
        let reference = mirror.reference.clone();
        let uuid = self.random_uuid();
        self.mirrors.add(owner.clone(), uuid, mirror);
        if let Some(repository) = self.owned_repository(owner) {
            repository.state = RepositoryState::Mirror;
        }
        self.log_mirror(caller, owner, "external_reference", reference.into());
    }

    /// Logs a change of a mirror's settings.
    pub fn log_mirror(&mut self, caller: &Caller, owner: &Owner, changed: &str, to: Value) {
        let path = (owner.namespace(), owner.name().unwrap_or_default());
        let metadata = json!({"changed": changed, "to": to});
        self.log_repository(caller, "repo_mirror_config_changed", path, metadata);
    }

    /// Returns the mirror of a repository, brought up to date.
    pub fn mirror(
        &mut self,
        owner: &Owner,
        looked: bool,
    ) -> Result<&mut RepositoryMirror, StateError> {
        let now = (self.now_ms(), self.now());
        let mirror = self.mirrors.first_mut(owner).ok_or(StateError::NotFound)?;
        mirror.sync.advance(now, looked);
        Ok(mirror)
    }

    /// Requests a synchronization, unless one is running.
    pub fn request_sync(&mut self, caller: &Caller, owner: &Owner) -> Result<(), StateError> {
        let now = self.now_ms();
        let sync = &mut self.mirror(owner, false)?.sync;
        if sync.status == SyncStatus::Syncing {
            return Err(StateError::NotFound);
        }
        sync.request(now);
        self.log_mirror(caller, owner, "sync_status", "SYNC_NOW".into());
        Ok(())
    }

    /// Cancels a synchronization that was requested or is running.
    pub fn cancel_sync(&mut self, caller: &Caller, owner: &Owner) -> Result<(), StateError> {
        self.announce_progress();
        let has_status = self.edition.is_since(Some("3.15"));
        let sync = &mut self.mirror(owner, false)?.sync;
        if !matches!(sync.status, SyncStatus::Syncing | SyncStatus::SyncNow) {
            return Err(StateError::NotFound);
        }
        match has_status {
            true => sync.cancel(),
            false => sync.forget(),
        }
        self.log_mirror(caller, owner, "sync_status", "SYNC_CANCEL".into());
        Ok(())
    }

    /// Returns the mirrors that are enabled, of all namespaces or of one.
    pub fn working_mirrors(&self, namespace: Option<&str>) -> Vec<&Owned<RepositoryMirror>> {
        let is_mirror = |owner: &Owner| {
            let repository = owner
                .name()
                .and_then(|name| self.repository(owner.namespace(), name));
            repository.is_some_and(|r| r.state == RepositoryState::Mirror)
        };
        let is_shown = |row: &&Owned<RepositoryMirror>| {
            row.data.is_enabled
                && namespace.is_none_or(|n| row.owner.is_in(n))
                && is_mirror(&row.owner)
        };
        let mut rows: Vec<&Owned<RepositoryMirror>> = self.mirrors.all().filter(is_shown).collect();
        rows.sort_by_key(|row| {
            (
                row.owner.namespace().to_owned(),
                row.owner.name().map(str::to_owned),
            )
        });
        rows
    }

    /// Updates the status of every mirror.
    pub fn advance_mirrors(&mut self) {
        let now = (self.now_ms(), self.now());
        self.mirrors
            .all_mut()
            .for_each(|mirror| mirror.sync.advance(now, false));
    }
}
