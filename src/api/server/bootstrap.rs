//! The first user of a new server.

use crate::types::{BootstrapRenewal, InitializeUser, InitializedUser};
use crate::{Quay, Result};

/// The handle that sets up a new server: [`Quay::bootstrap`].
#[derive(Debug, Clone)]
pub struct BootstrapHandle {
    pub(crate) quay: Quay,
}

impl BootstrapHandle {
    /// Creates the first user of a new server.
    ///
    /// This works once, on a server that has no users and whose settings allow it. If the request
    /// asks for a token, the response contains it. The server returns it only once, and it is valid
    /// for 9000 seconds.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/user/initialize`.
    /// Operation: `initializeUser`. Feature: `FEATURE_USER_INITIALIZE`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the server rejects the values of the request.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::InitializeUser;
    ///
    /// let user = InitializeUser::new("admin", "a password".into())
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

    /// Renews the bootstrap token that the client uses.
    ///
    /// The server writes the new token to the place where it stores bootstrap tokens.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/bootstrap/renew`.
    /// Operation: `renewBootstrapToken`. Since: 3.18. Feature: `FEATURE_PROGRAMMATIC_BOOTSTRAP`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_unauthenticated`](crate::Error::is_unauthenticated) is true
    /// if the client's token is not a bootstrap token.
    ///
    /// # Examples
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
