//! Tokens of other services' identities.

use super::Sandbox;
use crate::testing::state::federation::unsigned;
use crate::types::Secret;
use serde_json::json;
use std::time::Duration;

impl Sandbox {
    /// Issues an identity token, as the OpenID Connect issuer of another service does.
    ///
    /// The token is valid from now on, by the [clock](Self::clock). It has no signature, and the
    /// sandbox does not verify signatures: it accepts any JWT that has not expired and whose issuer
    /// and subject may act as the robot account. A real server verifies the signature with the keys
    /// that it fetches from the issuer.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example() -> quay_api::Result<()> {
    /// use quay_api::testing::Sandbox;
    /// use quay_api::types::RobotFederation;
    /// use std::time::Duration;
    ///
    /// let sandbox = Sandbox::demo().await?;
    /// let robot = sandbox.quay().organization("acme")?.robot("ci")?;
    /// robot.federation().set([RobotFederation::new("https://issuer.example.com", "job")]).await?;
    ///
    /// let lifetime = Duration::from_secs(600);
    /// let identity = sandbox.identity_token("https://issuer.example.com", "job", lifetime);
    /// let token = sandbox.anonymous()?.exchange_robot_token("acme+ci", identity).await?;
    /// assert!(token.expires_at().is_some());
    /// # Ok(())
    /// # }
    /// # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
    /// ```
    pub fn identity_token(&self, issuer: &str, subject: &str, lifetime: Duration) -> Secret {
        let now = self.clock().now();
        let expires = now.saturating_add(lifetime).unix_seconds();
        unsigned(&json!({
            "iss": issuer, "sub": subject, "aud": "quay",
            "iat": now.unix_seconds(), "nbf": now.unix_seconds(), "exp": expires,
        }))
        .into()
    }
}
