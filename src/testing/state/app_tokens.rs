//! Tokens that stand for a user's password, for programs that pull and push.

use crate::types::Timestamp;

#[derive(Debug, Clone)]
pub struct AppToken {
    pub uuid: String,
    pub user: String,
    pub title: String,
    /// The secret.
    pub code: String,
    pub created: Timestamp,
}
