//! App-specific tokens of all users, with which applications log in to the registry.

use crate::Quay;
use crate::api::ListAppTokens;
use crate::pagination::Listing;

/// The handle of the app-specific tokens of all users:
/// [`SuperuserHandle::app_tokens`](crate::api::SuperuserHandle::app_tokens).
#[derive(Debug, Clone)]
pub struct SuperuserAppTokensHandle {
    pub(crate) quay: Quay,
}

impl SuperuserAppTokensHandle {
    /// Lists the app-specific tokens of all users.
    ///
    /// The list does not contain their secrets.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/apptokens`. The response is not paged.
    /// Operation: `listAllAppTokens`. Since: 3.16. Feature: `FEATURE_APP_SPECIFIC_TOKENS` and
    /// `FEATURE_SUPER_USERS`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for token in quay.superuser().app_tokens().list().expiring().await? {
    ///     println!("{} {:?}", token.uuid, token.expiration);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list superuser app tokens")]
    #[doc(alias = "listAllAppTokens")]
    pub fn list(&self) -> Listing<ListAppTokens> {
        Listing::new(ListAppTokens {
            quay: self.quay.clone(),
            of_all_users: true,
            expiring: false,
        })
    }
}
