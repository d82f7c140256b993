//! The public information about users.

use crate::api::shared::{none_if_not_found, path_segment};
use crate::types::CurrentUser;
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of the public information about a user: [`Quay::user`].
#[derive(Debug, Clone)]
pub struct UserHandle {
    quay: Quay,
    name: Arc<str>,
}

impl UserHandle {
    pub(crate) fn new(quay: Quay, name: &str) -> Result<Self> {
        Ok(Self {
            quay,
            name: path_segment("user name", name)?,
        })
    }

    /// Returns the name of the user.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the public information about the user.
    ///
    /// Scope: none. Endpoint: `GET /api/v1/users/{username}`.
    /// Operation: `getUserInformation`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the user
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let found = quay.user("alice")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get user")]
    #[doc(alias = "getUserInformation")]
    pub async fn get(&self) -> Result<CurrentUser> {
        self.quay
            .send(self.quay.api().get_user_information(&self.name))
            .await
    }

    /// Reads the user, or returns `None` if it does not exist.
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
    /// let found = quay.user("alice")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<CurrentUser>> {
        none_if_not_found(self.get()).await
    }
}
