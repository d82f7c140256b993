//! The server's descriptions of its kinds of errors.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::types::ErrorDescription;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the server's description of one kind of error: [`Quay::error_description`].
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

    /// Returns the name of the kind of error.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the description of the kind of error.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/error/{error_type}`.
    /// Operation: `getErrorDescription`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// server has no such kind of error.
    ///
    /// # Examples
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

    /// Reads the description, or returns `None` if the server has no such kind of error.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) other than "not found".
    ///
    /// # Examples
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
