//! What is sent when something happens, and what users are told.

use super::State;
use super::places::Place;
use crate::types::{TeamRole, Timestamp};
use serde_json::Value;

/// A notification of a repository or a namespace: what event is sent where.
#[derive(Debug, Clone)]
pub struct Notification {
    pub title: Option<String>,
    pub event: String,
    pub method: String,
    pub config: Value,
    pub event_config: Value,
    pub failures: u64,
}

/// What a user, or who administers an organization, is told.
#[derive(Debug, Clone)]
pub struct Notice {
    pub kind: String,
    pub created: Timestamp,
    pub metadata: Value,
    pub dismissed: bool,
}

impl State {
    /// Tells a user or an organization something.
    pub fn notify(&mut self, namespace: &str, kind: &str, created: Timestamp, metadata: Value) {
        let uuid = self.random_uuid();
        let notice = Notice {
            kind: kind.to_owned(),
            created,
            metadata,
            dismissed: false,
        };
        self.notices
            .add(Place::namespace_of(namespace), uuid, notice);
    }

    /// Whether a user is told what the namespace is told.
    pub fn is_told(&self, user: &str, namespace: &str) -> bool {
        user == namespace
            || self
                .teams_of(namespace, user)
                .any(|team| team.role == TeamRole::Admin)
    }
}
