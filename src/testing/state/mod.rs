//! What a sandbox knows, in plain maps. Each area has a file with its types and what can be done
//! with them; who may do it, and how it is answered, is in [`routes`](super::routes).

pub mod access;
pub mod accounts;
pub mod app_tokens;
pub mod applications;
pub mod builds;
pub mod default_permissions;
pub mod logs;
pub mod manifests;
pub mod messages;
pub mod mirrors;
pub mod notifications;
pub mod pages;
pub mod places;
pub mod policies;
pub mod progress;
pub mod quotas;
pub mod random;
pub mod repositories;
pub mod service_keys;
pub mod tags;
pub mod tokens;

use crate::testing::Clock;
use crate::types::Timestamp;
use places::Rows;
use std::collections::BTreeMap;

/// Everything. Names are the keys; `id` says what came first, which is the order of Quay's
/// listings.
#[derive(Debug, Default)]
pub struct State {
    pub clock: Clock,
    pub users: BTreeMap<String, accounts::User>,
    pub organizations: BTreeMap<String, accounts::Organization>,
    /// By whole names: `acme+ci`.
    pub robots: BTreeMap<String, accounts::Robot>,
    /// By namespace and name.
    pub repositories: BTreeMap<(String, String), repositories::Repository>,
    /// By what is sent.
    pub tokens: BTreeMap<String, tokens::Token>,
    pub logs: Vec<logs::LogEntry>,
    pub notifications: Rows<notifications::Notification>,
    pub notices: Rows<notifications::Notice>,
    pub autoprune_policies: Rows<policies::AutoPrunePolicy>,
    pub immutability_policies: Rows<policies::ImmutabilityPolicy>,
    pub mirrors: Rows<mirrors::RepositoryMirror>,
    pub organization_mirrors: Rows<mirrors::OrganizationMirror>,
    pub builds: Rows<builds::Build>,
    pub triggers: Rows<builds::Trigger>,
    /// By namespace: no namespace has two.
    pub quotas: BTreeMap<String, quotas::Quota>,
    /// How much the registry held when that was last counted, and when, in milliseconds.
    pub registry_size: Option<(u64, i64)>,
    pub app_tokens: Vec<app_tokens::AppToken>,
    pub messages: Vec<messages::Message>,
    pub service_keys: Vec<service_keys::ServiceKey>,
    pages: BTreeMap<String, pages::PageToken>,
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
