//! The state of a sandbox, in plain maps, and its rules.
//!
//! Each area has a file with its types and what can be done with them. Nothing here knows HTTP: a
//! function takes a [`Caller`](access::Caller) and values, and returns a value or a
//! [`StateError`](error::StateError). [`http`](crate::testing::http) parses requests into calls of
//! these functions and writes the responses.

pub mod access;
pub mod applications;
pub mod builds;
pub mod default_permissions;
pub mod deliveries;
pub mod error;
pub mod event_filters;
pub mod event_samples;
pub mod events;
pub mod federation;
pub mod like;
pub mod logs;
pub mod manifests;
pub mod mirrors;
pub mod namespaces;
pub mod notifications;
pub mod organization_mirrors;
pub mod organizations;
pub mod owned;
pub mod pages;
pub mod policies;
pub mod progress;
pub mod quotas;
pub mod random;
pub mod release;
pub mod repositories;
pub mod robots;
pub mod search;
pub mod server;
pub mod tags;
pub mod teams;
pub mod template;
pub mod tokens;
pub mod users;

use crate::testing::Clock;
use crate::testing::state::owned::OwnedList;
use crate::types::Timestamp;
use std::collections::BTreeMap;

/// All data of a sandbox.
///
/// Names are the keys. Identifiers are in the order of creation, which is the order of Quay's
/// listings.
#[derive(Debug, Default)]
pub struct State {
    pub clock: Clock,
    /// Host and port of the server, as events name it.
    pub host: String,
    pub edition: release::Edition,
    /// True in the read-only mode of the registry.
    pub is_read_only: bool,
    pub users: BTreeMap<String, users::User>,
    /// The names of deleted namespaces, and when each was deleted.
    pub deleted_names: BTreeMap<String, Timestamp>,
    pub organizations: BTreeMap<String, organizations::Organization>,
    /// By full names: `acme+ci`.
    pub robots: BTreeMap<String, robots::Robot>,
    /// By namespace and name.
    pub repositories: BTreeMap<(String, String), repositories::Repository>,
    /// By their secrets.
    pub tokens: BTreeMap<String, tokens::OAuthToken>,
    pub logs: Vec<logs::LogEntry>,
    pub notifications: OwnedList<notifications::Notification>,
    /// Events that are to be sent, oldest first.
    pub deliveries: Vec<deliveries::PendingDelivery>,
    pub pending_scans: Vec<events::PendingScan>,
    /// The time of the last event of a limit of a quota, by namespace and percentage.
    pub quota_events: BTreeMap<(String, u64), i64>,
    pub notices: OwnedList<notifications::Notice>,
    pub autoprune_policies: OwnedList<policies::AutoPrunePolicy>,
    pub immutability_policies: OwnedList<policies::ImmutabilityPolicy>,
    pub mirrors: OwnedList<mirrors::RepositoryMirror>,
    pub organization_mirrors: OwnedList<organization_mirrors::OrganizationMirror>,
    pub builds: OwnedList<builds::Build>,
    pub triggers: OwnedList<builds::Trigger>,
    /// By namespace: no namespace has two.
    pub quotas: BTreeMap<String, quotas::Quota>,
    /// The size of the registry when it was last counted, and when, in milliseconds.
    pub registry_size: Option<(u64, i64)>,
    pub app_tokens: Vec<tokens::AppToken>,
    pub messages: Vec<server::Message>,
    pub service_keys: Vec<server::ServiceKey>,
    last_id: u64,
    random: u64,
}

impl State {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
