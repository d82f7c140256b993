//! The public information about OAuth applications.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::types::ApplicationInformation;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the public information about an OAuth application: [`Quay::application`].
#[derive(Debug, Clone)]
pub struct PublicApplicationHandle {
    quay: Quay,
    client_id: Arc<str>,
}

impl PublicApplicationHandle {
    pub(crate) fn new(quay: Quay, client_id: &str) -> Result<Self> {
        Ok(Self {
            quay,
            client_id: path_segment("client identifier", client_id)?,
        })
    }

    /// Returns the client identifier of the application.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Reads the public information about the application.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/app/{client_id}`.
    /// Operation: `getApplicationInformation`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// application does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let found = quay.application("MSTR7XIVYZYRPJ97A1GR")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get public application")]
    #[doc(alias = "getApplicationInformation")]
    pub async fn get(&self) -> Result<ApplicationInformation> {
        self.quay
            .send(self.quay.api().get_application_information(&self.client_id))
            .await
    }

    /// Reads the application, or returns `None` if it does not exist.
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
    /// let found = quay.application("MSTR7XIVYZYRPJ97A1GR")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<ApplicationInformation>> {
        none_if_not_found(self.get()).await
    }
}
