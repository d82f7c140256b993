//! The exchange of an external identity for a token of a robot account.

use crate::api::shared::checked;
use crate::types::{InvalidValue, RobotName, RobotToken, Secret};
use crate::{Error, ErrorKind, Quay, Result};
use serde::Deserialize;

/// The path of the exchange, which is outside of `/api/v1`.
const PATH: &str = "/oauth2/federation/robot/token";

impl Quay {
    /// Exchanges an external identity token for a short-lived token of a robot account.
    ///
    /// [`RobotFederationHandle::set`](crate::api::RobotFederationHandle::set) sets which identities
    /// may act as the robot account.
    ///
    /// The identity token is a JWT of an OpenID Connect issuer, such as GitHub Actions or a
    /// Kubernetes cluster (for its service accounts). The server verifies it with the issuer's
    /// keys, which it fetches over HTTPS. The client needs no token: the request sends the identity
    /// token with HTTP Basic instead. Servers support the exchange since release 3.13.
    ///
    /// Scope: none. Endpoint: `GET /oauth2/federation/robot/token`, which is not in the discovery
    /// document.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if the identity may not act as the robot account (another issuer or subject), if the
    /// identity token has expired, or if its signature is wrong. Returns an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the robot account does not exist or
    /// the server is too old. The server responds with status 500 if the token is not a JWT or its
    /// issuer is not an HTTPS URL. The message is the server's and never contains the identity
    /// token.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(identity: quay_api::types::Secret) -> quay_api::Result<()> {
    /// use quay_api::Quay;
    ///
    /// let quay = Quay::anonymous("https://quay.example.com")?;
    /// let token = quay.exchange_robot_token("acme+ci", identity).await?;
    /// let config = token.docker_config(quay.registry_host())?;
    /// println!("until {:?}", token.expires_at());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exchange_robot_token(
        &self,
        robot: impl TryInto<RobotName, Error: Into<InvalidValue>>,
        identity_token: impl Into<Secret>,
    ) -> Result<RobotToken> {
        let robot: RobotName = checked(robot)?;
        robot.validate()?;
        exchange(self, robot, identity_token.into()).await
    }
}

async fn exchange(quay: &Quay, robot: RobotName, identity_token: Secret) -> Result<RobotToken> {
    #[derive(Deserialize)]
    struct Exchanged {
        token: Secret,
    }
    let request = quay.request("GET", PATH)?;
    let request = request.basic_auth(robot.as_str(), identity_token);
    let Exchanged { token } = request.send().await?;
    if token.expose().is_empty() {
        return Err(Error::new(
            ErrorKind::InvalidResponse,
            "the server's response contains an empty token",
        ));
    }
    Ok(RobotToken::new(robot, token))
}
