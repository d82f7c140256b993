//! What can be known of the server: its operations, its features and its release.

use crate::client::ServerInfo;
use crate::{Quay, Result};

/// The server itself: [`Quay::server`].
#[derive(Debug, Clone)]
pub struct ServerHandle {
    pub(crate) quay: Quay,
}

impl ServerHandle {
    /// Reads which operations the server has, and with them what is known of its features and its
    /// release. The client and its clones keep the result for what
    /// [`consult_discovery`](crate::QuayBuilder::consult_discovery) describes.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery?internal=true`.
    /// Operation: `discovery`.
    ///
    /// A server without that document, such as the registry that Quay has in Go, is no error:
    /// nothing is known of it then.
    ///
    /// # Errors
    ///
    /// Returns an error if the server can't be reached.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let server = quay.server().get().await?;
    /// println!("release {} or newer", server.min_release().unwrap_or("3.8"));
    /// if server.has_feature("FEATURE_SECURITY_SCANNER") == Some(false) {
    ///     println!("its scanner is off");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get server")]
    #[doc(alias = "discovery")]
    pub async fn get(&self) -> Result<ServerInfo> {
        self.quay.read_server_info().await
    }

    /// Returns whether the server has an operation, such as `listRepoTags`; `None` if the server
    /// has no discovery document, or does not list the operation in any release.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), and an error with
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if this crate has no such
    /// operation; [`OPERATIONS`](crate::OPERATIONS) has all.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// if quay.server().supports("createRepositoryAutoPrunePolicy").await? == Some(false) {
    ///     println!("it is older than 3.11, or autopruning is off");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn supports(&self, operation_id: &str) -> Result<Option<bool>> {
        self.get().await?.supports(operation_id)
    }
}
