//! Short-lived tokens of robot accounts.

use super::{DockerConfig, InvalidValue, RobotName, Secret, Timestamp};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};

/// A short-lived token of a robot account:
/// [`Quay::exchange_robot_token`](crate::Quay::exchange_robot_token).
///
/// It is a password for the registry. The user name is the full name of the robot account.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RobotToken {
    /// The robot account.
    pub robot: RobotName,
    /// The token.
    pub token: Secret,
}

impl RobotToken {
    pub(crate) fn new(robot: RobotName, token: Secret) -> Self {
        Self { robot, token }
    }

    /// Returns the time when the token expires, or `None` if the token does not contain it.
    ///
    /// On present servers, this is one hour after it was issued. The server's response does not
    /// contain the time, so it is read from the token. The signature of the token is not verified.
    pub fn expires_at(&self) -> Option<Timestamp> {
        let payload = self.token.expose().split('.').nth(1)?;
        let payload = BASE64_URL_SAFE_NO_PAD.decode(payload).ok()?;
        let claims: serde_json::Value = serde_json::from_slice(&payload).ok()?;
        let expires = claims.get("exp")?;
        let seconds = expires
            .as_i64()
            .or_else(|| Some(expires.as_f64()? as i64))?;
        Timestamp::from_unix_seconds(seconds)
    }

    /// Returns the credentials for the registry in the format of container tools and Kubernetes.
    ///
    /// [`RobotAccount::docker_config`](super::RobotAccount::docker_config) returns those of the
    /// account's own token.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`DockerConfig::new`].
    pub fn docker_config(&self, host: impl AsRef<str>) -> Result<DockerConfig, InvalidValue> {
        DockerConfig::new(host, self.robot.as_str(), self.token.clone())
    }
}
