//! Information about the server: its operations, features and release.

use crate::client::ServerInfo;
use crate::{Quay, Result};

/// The handle of information about the server: [`Quay::server`].
#[derive(Debug, Clone)]
pub struct ServerHandle {
    pub(crate) quay: Quay,
}

impl ServerHandle {
    /// Reads the operations of the server, from which its features and its release follow.
    ///
    /// The client and its clones cache the result as
    /// [`consult_discovery`](crate::QuayBuilder::consult_discovery) describes.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/discovery?internal=true`.
    /// Operation: `discovery`.
    ///
    /// A server without a discovery document, such as Quay's registry in Go, is not an error. The
    /// result is then empty.
    ///
    /// # Errors
    ///
    /// Returns an error if the server can't be reached.
    ///
    /// # Examples
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

    /// Returns true if the server has an operation, such as `listRepoTags`.
    ///
    /// The result is `None` if the server has no discovery document, or if no release lists the
    /// operation in it.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get). Returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if this crate has no operation
    /// with this identifier. [`OPERATIONS`](crate::OPERATIONS) contains all operations.
    ///
    /// # Examples
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
