//! Tokens with which applications of all users log in to the registry.

use crate::Quay;
use crate::api::ListAppTokens;
use crate::pagination::Listing;

/// The tokens with which applications of all users log in to the registry:
/// [`SuperuserHandle::app_tokens`](crate::api::SuperuserHandle::app_tokens).
#[derive(Debug, Clone)]
pub struct SuperuserAppTokensHandle {
    pub(crate) quay: Quay,
}

impl SuperuserAppTokensHandle {
    /// Lists the tokens, without the tokens themselves.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/apptokens`. All in one answer.
    /// Operation: `listAllAppTokens`. Since: 3.16. Feature: `FEATURE_APP_SPECIFIC_TOKENS` and
    /// `FEATURE_SUPER_USERS`.
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
