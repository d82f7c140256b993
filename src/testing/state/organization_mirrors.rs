//! Mirrors of organizations.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::mirrors::Synchronization;
use crate::testing::state::owned::Owner;
use crate::types::{SyncStatus, Timestamp};
use serde_json::{Value, json};

/// The mirror that fills an organization, and the repositories that it discovered.
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
    pub sync: Synchronization,
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

impl OrganizationMirror {
    /// Returns the namespace that is mirrored, with its registry.
    pub fn reference(&self) -> String {
        format!("{}/{}", self.url, self.namespace)
    }

    /// Returns the number of discovered repositories that have a status.
    pub fn count(&self, status: &SyncStatus) -> usize {
        self.found.iter().filter(|f| f.status == *status).count()
    }
}

impl State {
    /// Returns the mirror of an organization, brought up to date.
    pub fn organization_mirror(
        &mut self,
        owner: &Owner,
        looked: bool,
    ) -> Result<&mut OrganizationMirror, StateError> {
        let now = (self.now_ms(), self.now());
        let mirror = self
            .organization_mirrors
            .first_mut(owner)
            .ok_or(StateError::NotFound)?;
        let before = mirror.sync.status.clone();
        mirror.sync.advance(now, looked);
        if before != mirror.sync.status && mirror.sync.status == SyncStatus::Success {
            for found in mirror
                .found
                .iter_mut()
                .filter(|f| f.status == SyncStatus::NeverRun)
            {
                (found.status, found.synced) = (SyncStatus::Success, Some(now.1));
            }
        }
        Ok(mirror)
    }

    /// Checks the robot account of an organization's mirror.
    pub fn check_organization_mirror_robot(
        &self,
        owner: &Owner,
        robot: &str,
    ) -> Result<(), StateError> {
        let account = self
            .robots
            .get(robot)
            .ok_or_else(|| StateError::UnknownMirrorRobot(robot.to_owned()))?;
        if account.namespace() == owner.namespace() {
            Ok(())
        } else {
            Err(StateError::ForeignMirrorRobot)
        }
    }

    /// Checks that an organization is empty and has nothing that contradicts a mirror.
    pub fn check_new_organization_mirror(&self, owner: &Owner) -> Result<(), StateError> {
        if !self.repositories_of(owner.namespace()).is_empty() {
            return Err(StateError::MirrorNeedsEmptyOrganization);
        }
        if self.immutability_policies.first(owner).is_some() {
            return Err(StateError::MirrorWithPolicies);
        }
        if self.organization_mirrors.first(owner).is_some() {
            return Err(StateError::OrganizationMirrorExists);
        }
        Ok(())
    }

    /// Sets up the mirror of an organization.
    pub fn add_organization_mirror(
        &mut self,
        caller: &Caller,
        owner: &Owner,
        mirror: OrganizationMirror,
    ) {
        let metadata = json!({
            "external_registry_type": mirror.registry, "external_registry_url": mirror.url,
            "external_namespace": mirror.namespace, "sync_interval": mirror.interval,
            "robot_username": mirror.robot,
        });
        let namespace = owner.namespace();
        self.log(caller, "org_mirror_enabled", namespace, None, metadata);
        let uuid = self.random_uuid();
        self.organization_mirrors.add(owner.clone(), uuid, mirror);
    }

    pub fn delete_organization_mirror(
        &mut self,
        caller: &Caller,
        owner: &Owner,
    ) -> Result<(), StateError> {
        let reference = self.organization_mirror(owner, false)?.reference();
        self.organization_mirrors.remove_of(owner);
        self.log_organization_mirror(caller, "org_mirror_disabled", owner, reference);
        Ok(())
    }

    /// Requests a synchronization, unless one is running.
    pub fn request_organization_sync(
        &mut self,
        caller: &Caller,
        owner: &Owner,
    ) -> Result<(), StateError> {
        let (now, start) = (self.now_ms(), self.now().to_string());
        let mirror = self.organization_mirror(owner, false)?;
        if mirror.sync.status == SyncStatus::Syncing {
            return Err(StateError::DiscoveryRunning);
        }
        if mirror.count(&SyncStatus::Syncing) + mirror.count(&SyncStatus::SyncNow) > 0 {
            return Err(StateError::RepositoriesSyncing);
        }
        mirror.sync.request(now);
        mirror.start = start;
        let reference = mirror.reference();
        self.log_organization_mirror(caller, "org_mirror_sync_now_requested", owner, reference);
        Ok(())
    }

    pub fn cancel_organization_sync(
        &mut self,
        caller: &Caller,
        owner: &Owner,
    ) -> Result<(), StateError> {
        let mirror = self.organization_mirror(owner, false)?;
        if mirror.sync.status == SyncStatus::Cancel {
            return Err(StateError::AlreadyCancelled);
        }
        mirror.sync.cancel();
        let reference = mirror.reference();
        self.log_organization_mirror(caller, "org_mirror_sync_cancelled", owner, reference);
        Ok(())
    }

    fn log_organization_mirror(
        &mut self,
        caller: &Caller,
        kind: &str,
        owner: &Owner,
        reference: String,
    ) {
        let metadata = json!({"external_reference": reference});
        self.log(caller, kind, owner.namespace(), None, metadata);
    }
}
