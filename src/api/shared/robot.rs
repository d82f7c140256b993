//! The handle of one robot account of an organization or of the caller.

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

/// The handle of one robot account:
/// [`OrganizationHandle::robot`](crate::api::OrganizationHandle::robot),
/// [`MeHandle::robot`](crate::api::MeHandle::robot).
#[derive(Debug, Clone)]
pub struct RobotHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
    pub(crate) short: Arc<str>,
}

impl RobotHandle {
    /// Creates the handle of one of these robot accounts, from its short or full name.
    pub(crate) fn new(robots: RobotsHandle, name: &str) -> Result<Self> {
        let RobotsHandle { quay, parent } = robots;
        let robot = match (&parent, name.split_once('+')) {
            (Parent::Organization(owner), _) => RobotName::within(owner, name)?,
            // The caller's name is not known here: `globex+ci` must not become the caller's own
            // `ci`.
            (Parent::Me, Some(_)) => {
                let reason = "it contains an owner, which can't be compared with the caller: \
                              use the short name";
                return Err(InvalidValue::new("robot name", name, reason).into());
            }
            // The owner does not matter for validating the short name.
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

    /// Returns the short name of the robot account, such as `ci` of `acme+ci`.
    pub fn name(&self) -> &str {
        &self.short
    }

    /// Reads the robot account, including its token.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `GET /api/v1/user/robots/{robot_shortname}`.
    /// Operations: `getOrgRobot`, `getUserRobot`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the robot
    /// account does not exist. The server itself responds with status 400.
    ///
    /// # Examples
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

    /// Reads the robot account, or returns `None` if it or the organization does not exist.
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
    /// let robot = quay.organization("acme")?.robot("ci")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<RobotAccount>> {
        none_if_not_found(self.get()).await
    }

    /// Replaces the token of the robot account.
    ///
    /// The old one stops working immediately.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/robots/{robot_shortname}/regenerate` or
    /// `POST /api/v1/user/robots/{robot_shortname}/regenerate`.
    /// Operations: `regenerateOrgRobotToken`, `regenerateUserRobotToken`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the robot
    /// account does not exist.
    ///
    /// # Examples
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

    /// Finds the last log entry about a new token of the robot account since a day, or returns
    /// `None`.
    ///
    /// The server does not report the age of a token: [`RobotAccount::created`] does not change
    /// when the token is replaced. If there is no entry, the token is the first one of the robot
    /// account, or it was replaced before that day or before the oldest entry that the server
    /// keeps.
    ///
    /// Scope and endpoint: as for [`LogsHandle::list`](crate::api::LogsHandle::list) of the
    /// organization or the caller. The log is read from its newest entry until the entry is found,
    /// with one request for each 20 entries and at least one for each window of days.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`LogsHandle::list`](crate::api::LogsHandle::list).
    ///
    /// # Examples
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

    /// Deletes the robot account, with its permissions and team memberships.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `DELETE /api/v1/user/robots/{robot_shortname}`.
    /// Operations: `deleteOrgRobot`, `deleteUserRobot`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the robot
    /// account does not exist, and an error for which [`is_conflict`](crate::Error::is_conflict) is
    /// true if a mirror uses it.
    ///
    /// # Examples
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

    /// Deletes the robot account if it exists, and returns true if it existed.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`get`](Self::get) and [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of both requests other than "not found".
    ///
    /// # Examples
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

    /// Lists the robot account's permissions for repositories of its namespace.
    ///
    /// For a robot account of the caller, the rows do not contain the namespace, which is the
    /// caller's name. Permissions of teams are not listed. For an organization, the token must have
    /// the scope `org:admin` as well.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}/permissions` or
    /// `GET /api/v1/user/robots/{robot_shortname}/permissions`. The response is not paged.
    /// Operations: `getOrgRobotPermissions`, `getUserRobotPermissions`.
    ///
    /// # Examples
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

    /// Returns the handle of the external identities that may act as the robot account.
    ///
    /// # Examples
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
