//! The user that the token belongs to.

use super::Owner;
use super::logs::{LogsHandle, Subject};
use super::robots::{RobotHandle, RobotsHandle};
use crate::types::CurrentUser;
use crate::{Quay, Result};

/// The user that the token belongs to: [`Quay::me`].
#[derive(Debug, Clone)]
pub struct MeHandle {
    pub(super) quay: Quay,
}

impl MeHandle {
    /// Reads who the caller is, with organizations and notifications settings.
    ///
    /// Scope: `user:read`. Endpoint: `GET /api/v1/user/`.
    ///
    /// # Errors
    /// [`is_token_not_accepted`](crate::Error::is_token_not_accepted): this is the surest way to find out, though a token without the scope is answered alike.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// println!("{}", quay.me().get().await?.username);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<CurrentUser> {
        self.quay.send(async |api| api.get_logged_in_user().await).await
    }

    /// The caller's robot accounts.
    pub fn robots(&self) -> RobotsHandle {
        RobotsHandle { quay: self.quay.clone(), owner: Owner::Me }
    }

    /// One of the caller's robot accounts, by its short or full name.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    pub fn robot(&self, name: impl AsRef<str>) -> Result<RobotHandle> {
        let short = RobotHandle::short_name(&Owner::Me, name.as_ref())?;
        Ok(RobotHandle { quay: self.quay.clone(), owner: Owner::Me, short })
    }

    /// The caller's usage logs. Scope: `user:admin`.
    pub fn logs(&self) -> LogsHandle {
        LogsHandle { quay: self.quay.clone(), subject: Subject::Me }
    }
}
