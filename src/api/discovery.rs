//! What the server says of its own API.

use super::flag;
use crate::types::DiscoveryDocument;
use crate::{Quay, Result};

/// What the server says of its own API: [`Quay::discovery`].
#[derive(Debug, Clone)]
pub struct DiscoveryHandle {
    pub(super) quay: Quay,
}

impl DiscoveryHandle {
    /// Reads the document, in Swagger 2.0. It lists what the server's features allow, and little of it is typed: see the table
    /// [`OPERATIONS`](crate::OPERATIONS) for what this crate knows.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery`.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let document = quay.discovery().get().await?;
    /// println!("{} paths", document.paths.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<DiscoveryDocument> {
        self.read(false).await
    }

    /// Reads the document with the operations that are meant for the server's own web pages.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery?internal=true`.
    ///
    /// # Errors
    /// None of its own.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let document = quay.discovery().get_internal().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_internal(&self) -> Result<DiscoveryDocument> {
        self.read(true).await
    }

    async fn read(&self, internal: bool) -> Result<DiscoveryDocument> {
        self.quay.send(async |api| api.discovery(flag(internal)).await).await
    }
}
