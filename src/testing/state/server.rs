//! Objects of the whole server: messages for all users, and the keys of services.

use crate::testing::state::State;
use crate::testing::state::error::StateError;
use crate::types::Timestamp;
use serde_json::{Map, Value};

/// A message that the web UI shows to all users.
#[derive(Debug, Clone)]
pub struct Message {
    pub uuid: String,
    pub content: String,
    pub severity: String,
    pub media_type: String,
}

/// A key with which a service of the registry authenticates.
#[derive(Debug, Clone)]
pub struct ServiceKey {
    pub kid: String,
    pub name: String,
    pub service: String,
    /// The modulus of the public key.
    pub modulus: String,
    pub metadata: Map<String, Value>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    /// The superuser who approved it.
    pub approver: String,
    pub approved: Timestamp,
    pub notes: String,
}

impl ServiceKey {
    /// Checks the name of a service.
    pub fn check_service(service: &str) -> Result<(), StateError> {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if !service.is_empty() && service.chars().all(is_word) {
            Ok(())
        } else {
            Err(StateError::InvalidService)
        }
    }
}

impl State {
    pub fn service_key(&mut self, kid: &str) -> Result<&mut ServiceKey, StateError> {
        self.service_keys
            .iter_mut()
            .find(|key| key.kid == kid)
            .ok_or(StateError::NotFound)
    }

    pub fn remove_service_key(&mut self, kid: &str) -> Result<ServiceKey, StateError> {
        let index = self.service_keys.iter().position(|key| key.kid == kid);
        Ok(self.service_keys.remove(index.ok_or(StateError::NotFound)?))
    }

    /// Checks the expiration of a service key, which has to be in the future.
    pub fn check_key_expiration(&self, moment: Timestamp) -> Result<Timestamp, StateError> {
        if moment > self.now() {
            Ok(moment)
        } else {
            Err(StateError::KeyExpirationInPast)
        }
    }

    /// Counts the size of the registry, which Quay does some time later.
    pub fn count_registry_size(&mut self) {
        let bytes = self.repositories.values().map(|r| r.bytes()).sum();
        self.registry_size = Some((bytes, self.now_ms()));
    }
}
