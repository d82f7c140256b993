//! The server's descriptions of its kinds of errors.

use crate::api::shared::path_segment;
use crate::types::ErrorDescription;
use crate::{Quay, Result};

/// The server's descriptions of its kinds of errors: [`Quay::errors`].
#[derive(Debug, Clone)]
pub struct ErrorsHandle {
    pub(crate) quay: Quay,
}

impl ErrorsHandle {
    /// Reads what a kind of error means, by the name that
    /// [`Error::server_kind`](crate::Error::server_kind) gives.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/error/{error_type}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.errors().get("not_found").await?.description);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, kind: impl AsRef<str>) -> Result<ErrorDescription> {
        let kind = path_segment("kind of error", kind.as_ref())?;
        self.quay
            .send(self.quay.api().get_error_description(&kind))
            .await
    }
}
