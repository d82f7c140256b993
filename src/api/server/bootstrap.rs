//! The first user of a fresh server.

use crate::types::{BootstrapRenewal, InitializeUser, InitializedUser};
use crate::{Quay, Result};

/// Setting a fresh server up: [`Quay::bootstrap`].
#[derive(Debug, Clone)]
pub struct BootstrapHandle {
    pub(crate) quay: Quay,
}

impl BootstrapHandle {
    /// Creates the first user. Works once, on a server without users whose settings allow it; a
    /// token that is asked for is answered once and is valid for 9000 seconds.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/user/initialize`.
    /// Operation: `initializeUser`. Feature: `FEATURE_USER_INITIALIZE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the values of the request.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::InitializeUser;
    ///
    /// let user = InitializeUser::new("admin", "a password")
    ///     .email("admin@example.com")
    ///     .access_token(true);
    /// let token = quay.bootstrap().initialize(user).await?.access_token;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "initializeUser")]
    pub async fn initialize(&self, user: InitializeUser) -> Result<InitializedUser> {
        self.quay.send(self.quay.api().initialize_user(&user)).await
    }

    /// Renews the bootstrap token that the client was made with. The new one is written to where
    /// the server keeps it.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/bootstrap/renew`.
    /// Operation: `renewBootstrapToken`. Since: 3.18. Feature: `FEATURE_PROGRAMMATIC_BOOTSTRAP`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_unauthenticated`](crate::Error::is_unauthenticated) is true
    /// for any other token.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.bootstrap().renew().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "renewBootstrapToken")]
    pub async fn renew(&self) -> Result<BootstrapRenewal> {
        self.quay
            .send(self.quay.api().renew_bootstrap_token())
            .await
    }
}
