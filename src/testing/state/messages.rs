//! What the server tells everybody.

#[derive(Debug, Clone)]
pub struct Message {
    pub uuid: String,
    pub content: String,
    pub severity: String,
    pub media_type: String,
}
