//! The server's descriptions of its kinds of errors.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::types::ErrorDescription;
use crate::{Quay, Result};
use std::sync::Arc;

/// The server's description of one of its kinds of errors: [`Quay::error_description`].
#[derive(Debug, Clone)]
pub struct ErrorDescriptionHandle {
    quay: Quay,
    name: Arc<str>,
}

impl ErrorDescriptionHandle {
    pub(crate) fn new(quay: Quay, name: &str) -> Result<Self> {
        Ok(Self {
            quay,
            name: path_segment("kind of error", name)?,
        })
    }

    /// The name of the kind of error.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads what the kind of error means.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/error/{error_type}`.
    /// Operation: `getErrorDescription`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such kind.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.error_description("not_found")?.get().await?.description);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get error description")]
    #[doc(alias = "getErrorDescription")]
    pub async fn get(&self) -> Result<ErrorDescription> {
        self.quay
            .send(self.quay.api().get_error_description(&self.name))
            .await
    }

    /// Reads it; `None` if there is no such kind.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let found = quay.error_description("not_found")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ErrorDescription>> {
        none_if_not_found(self.get()).await
    }
}
