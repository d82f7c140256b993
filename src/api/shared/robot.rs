//! One robot account of an organization or of the caller.

use crate::api::shared::{Parent, none_if_not_found, outcome, within};
use crate::api::{LogsHandle, RobotFederationHandle, RobotsHandle};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    InvalidValue, LogEntry, LogKind, RepositoryPermission, RobotAccount, RobotName, Timestamp,
};
use crate::{Quay, Result};
use futures::TryStreamExt;
use std::sync::Arc;

/// One robot account:
/// [`OrganizationHandle::robot`](crate::api::OrganizationHandle::robot),
/// [`MeHandle::robot`](crate::api::MeHandle::robot).
#[derive(Debug, Clone)]
pub struct RobotHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
    pub(crate) short: Arc<str>,
}

impl RobotHandle {
    /// Makes the handle of one of these robot accounts, from its short or full name.
    pub(crate) fn new(robots: RobotsHandle, name: &str) -> Result<Self> {
        let RobotsHandle { quay, parent } = robots;
        let robot = match (&parent, name.split_once('+')) {
            (Parent::Organization(owner), _) => RobotName::within(owner, name)?,
            // Who the caller is, is not known here: `globex+ci` must not come out at the caller's
            // own `ci`.
            (Parent::Me, Some(_)) => {
                let reason = "it names an owner, which can't be compared with the caller: \
                              give the short name";
                return Err(InvalidValue::new("robot name", name, reason).into());
            }
            // Any owner will do for checking the short form.
            (Parent::Me, None) => RobotName::new("me", name)?,
            (other, _) => return other.has_no("robot accounts"),
        };
        let short = Arc::from(robot.short());
        Ok(Self {
            quay,
            parent,
            short,
        })
    }

    /// Its short name, such as `ci` of `acme+ci`.
    pub fn name(&self) -> &str {
        &self.short
    }

    /// Reads the robot account with its token.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `GET /api/v1/user/robots/{robot_shortname}`.
    /// Operations: `getOrgRobot`, `getUserRobot`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found), which the server says with a 400.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("acme+ci")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get robot")]
    #[doc(alias = "getOrgRobot")]
    #[doc(alias = "getUserRobot")]
    pub async fn get(&self) -> Result<RobotAccount> {
        let short = &self.short;
        let request = match &self.parent {
            Parent::Organization(name) => self.quay.api().get_org_robot(params::GetOrgRobot {
                orgname: name,
                robot_shortname: short,
            }),
            Parent::Me => self.quay.api().get_user_robot(short),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }

    /// Reads the robot account; `None` if there is none, or no such organization.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get), except for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<RobotAccount>> {
        none_if_not_found(self.get()).await
    }

    /// Replaces the token of the robot account; the old one stops working at once.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/robots/{robot_shortname}/regenerate` or
    /// `POST /api/v1/user/robots/{robot_shortname}/regenerate`.
    /// Operations: `regenerateOrgRobotToken`, `regenerateUserRobotToken`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let renewed = quay.organization("acme")?.robot("ci")?.regenerate().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "regenerate robot")]
    #[doc(alias = "regenerateOrgRobotToken")]
    #[doc(alias = "regenerateUserRobotToken")]
    pub async fn regenerate(&self) -> Result<RobotAccount> {
        let short = &self.short;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .regenerate_org_robot_token(params::RegenerateOrgRobotToken {
                        orgname: name,
                        robot_shortname: short,
                    })
            }
            Parent::Me => self.quay.api().regenerate_user_robot_token(short),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }

    /// Finds the last entry of the log about a new token of the robot account: `None` if there is
    /// none since that day.
    ///
    /// The server does not say how old a token is: [`RobotAccount::created`] stays when it is
    /// replaced. Without an entry, the token is the one that the robot account was created with, or
    /// was replaced before that day, or before the oldest entry that the server keeps.
    ///
    /// Scope and endpoint: as [`LogsHandle::list`](crate::api::LogsHandle::list) of the
    /// organization or the caller. The log is read from its newest entry until the entry is found:
    /// a request for each 20 entries and each two days.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`LogsHandle::list`](crate::api::LogsHandle::list).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::Timestamp;
    /// use std::time::Duration;
    ///
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// let month_ago = Timestamp::now().saturating_sub(Duration::from_secs(30 * 86_400));
    /// if robot.last_regeneration(month_ago).await?.is_none() {
    ///     robot.regenerate().await?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn last_regeneration(&self, since: Timestamp) -> Result<Option<LogEntry>> {
        let logs = LogsHandle {
            quay: self.quay.clone(),
            parent: self.parent.clone(),
        };
        let mut entries = logs.list().since(since).stream();
        while let Some(entry) = entries.try_next().await? {
            let is_own = entry.metadata.robot() == Some(&*self.short);
            if is_own && entry.kind == LogKind::RegenerateRobotToken {
                return Ok(Some(entry));
            }
        }
        Ok(None)
    }

    /// Deletes the robot account.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `DELETE /api/v1/user/robots/{robot_shortname}`.
    /// Operations: `deleteOrgRobot`, `deleteUserRobot`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.robot("ci")?.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete robot")]
    #[doc(alias = "deleteOrgRobot")]
    #[doc(alias = "deleteUserRobot")]
    pub async fn delete(&self) -> Result<()> {
        let short = &self.short;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay.api().delete_org_robot(params::DeleteOrgRobot {
                    orgname: name,
                    robot_shortname: short,
                })
            }
            Parent::Me => self.quay.api().delete_user_robot(short),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do.
    /// It reads first: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both calls, except for what does not exist.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.robot("ci")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get_opt().await?.is_none() {
            return Ok(false);
        }
        outcome::deleted(self.delete().await)
    }

    /// Lists what the robot account may do with which repositories, all of them of its own
    /// namespace. The rows of a robot account of the caller lack it: it is the caller's name.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}/permissions` or
    /// `GET /api/v1/user/robots/{robot_shortname}/permissions`. All in one answer.
    /// Operations: `getOrgRobotPermissions`, `getUserRobotPermissions`.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// for permission in robot.permissions().await? {
    ///     println!("{} {}", quay.repository(&permission)?.name(), permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getOrgRobotPermissions")]
    #[doc(alias = "getUserRobotPermissions")]
    #[inline]
    pub fn permissions(&self) -> Listing<SinglePage<RepositoryPermission>> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_robot_permissions(params::GetOrgRobotPermissions {
                        orgname: name,
                        robot_shortname: &self.short,
                    })
            }
            Parent::Me => self.quay.api().get_user_robot_permissions(&self.short),
            other => other.has_no("robot accounts"),
        };
        let listing = Listing::single_page(&self.quay, request, |response| response.permissions);
        match &self.parent {
            Parent::Organization(name) => {
                let name = Arc::clone(name);
                listing.completed(move |row| within(&name, row))
            }
            _ => listing,
        }
    }

    /// Which identities of other services may act as the robot account.
    ///
    /// ```
    /// # fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let federation = quay.organization("acme")?.robot("ci")?.federation();
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "keyless")]
    pub fn federation(&self) -> RobotFederationHandle {
        RobotFederationHandle {
            robot: self.clone(),
        }
    }
}
