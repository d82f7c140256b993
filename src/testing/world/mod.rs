//! What a sandbox knows, in plain maps. Each area has a file with its types and what can be done with them; who may do it, and how it is answered, is in
//! [`routes`](super::routes).

pub mod access;
pub mod accounts;
pub mod logs;
pub mod pages;
pub mod random;
pub mod repositories;
pub mod tags;
pub mod tokens;

use super::Clock;
use crate::types::Timestamp;
use std::collections::BTreeMap;

/// Everything. Names are the keys; `id` says what came first, which is the order of Quay's listings.
#[derive(Debug, Default)]
pub struct World {
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
    pages: BTreeMap<String, pages::PageToken>,
    last_id: u64,
    random: u64,
}

impl World {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
