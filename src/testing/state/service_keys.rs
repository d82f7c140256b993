//! Keys with which services of the registry prove who they are.

use crate::types::Timestamp;
use serde_json::{Map, Value};

#[derive(Debug, Clone)]
pub struct ServiceKey {
    pub kid: String,
    pub name: String,
    pub service: String,
    /// The number that is the public key.
    pub modulus: String,
    pub metadata: Map<String, Value>,
    pub created: Timestamp,
    pub expires: Option<Timestamp>,
    /// Who approved it, when, and what was noted.
    pub approver: String,
    pub approved: Timestamp,
    pub notes: String,
}
