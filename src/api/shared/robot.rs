//! One robot account of an organization or of the caller.

use crate::api::RobotsHandle;
use crate::api::shared::{Parent, none_if_not_found, outcome};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    CreateRobot, InvalidValue, RepositoryPermission, RobotAccount, RobotFederation, RobotName,
};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The characters of a description that the server keeps.
const MAX_DESCRIPTION_CHARS: usize = 255;

/// One robot account.
#[derive(Debug, Clone)]
pub struct RobotHandle {
    quay: Quay,
    parent: Parent,
    short: Arc<str>,
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

    /// Creates the robot account; its token comes with it.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `PUT /api/v1/user/robots/{robot_shortname}`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// there is one of that name, [`is_not_found`](crate::Error::is_not_found) if the organization
    /// does not exist, and, before anything is sent, an error for a description of more than 255
    /// characters, which the server would cut off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let robot = quay
    ///     .organization("acme")?
    ///     .robot("ci")?
    ///     .create(CreateRobot::new().description("Pushes builds"))
    ///     .await?;
    /// let token = robot.token;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, robot: CreateRobot) -> Result<RobotAccount> {
        let length = robot
            .description
            .as_ref()
            .map_or(0, |text| text.chars().count());
        if length > MAX_DESCRIPTION_CHARS {
            return Err(Error::invalid_input(format!(
                "the description of a robot account must have at most {MAX_DESCRIPTION_CHARS} \
                 characters, got {length}"
            )));
        }
        let short = &self.short;
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay.api().create_org_robot(params::CreateOrgRobot {
                    orgname: name,
                    robot_shortname: short,
                    body: &robot,
                })
            }
            Parent::Me => self.quay.api().create_user_robot(params::CreateUserRobot {
                robot_shortname: short,
                body: &robot,
            }),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }

    /// Creates the robot account unless there is one of that name: `None` if there is.
    ///
    /// It reads first: if the robot account exists, nothing is written, and its description is not
    /// compared.
    ///
    /// Scope and endpoints: as [`get`](Self::get) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) and [`create`](Self::create), except for one that
    /// exists.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let created = quay
    ///     .organization("acme")?
    ///     .robot("ci")?
    ///     .create_if_absent(CreateRobot::new())
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, robot: CreateRobot) -> Result<Option<RobotAccount>> {
        if self.get_opt().await?.is_some() {
            return Ok(None);
        }
        let is_there = async { Ok(self.get_opt().await?.is_some()) };
        outcome::created(self.create(robot).await, is_there).await
    }

    /// Reads the robot account with its token.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `GET /api/v1/user/robots/{robot_shortname}`.
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

    /// Deletes the robot account.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `DELETE /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `DELETE /api/v1/user/robots/{robot_shortname}`.
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

    /// Deletes it if it exists: true if it did and is gone now, false if there was nothing to do. It reads
    /// first: see [what is certain](crate::api#what-is-certain).
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

    /// Lists what the robot account may do with which repositories.
    ///
    /// Scope: `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}/permissions` or
    /// `GET /api/v1/user/robots/{robot_shortname}/permissions`. All in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// for permission in robot.permissions().await? {
    ///     println!("{} {}", permission.repository.name, permission.role);
    /// }
    /// # Ok(())
    /// # }
    /// ```
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
        Listing::single_page(&self.quay, request, |response| response.permissions)
    }

    /// Lists which identities of other services may act as the robot account.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}/federation` or
    /// `GET /api/v1/user/robots/{robot_shortname}/federation`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// let identities = robot.federation().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn federation(&self) -> Result<Vec<RobotFederation>> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .get_org_robot_federation(params::GetOrgRobotFederation {
                        orgname: name,
                        robot_shortname: &self.short,
                    })
            }
            Parent::Me => self.quay.api().get_user_robot_federation(&self.short),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }

    /// Sets which identities of other services may act as the robot account; those that are not
    /// given may no more.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/robots/{robot_shortname}/federation` or
    /// `POST /api/v1/user/robots/{robot_shortname}/federation`.
    ///
    /// # Errors
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// use quay_api::types::RobotFederation;
    ///
    /// let actions = RobotFederation::new(
    ///     "https://token.actions.githubusercontent.com",
    ///     "repo:acme/web:ref:refs/heads/main",
    /// );
    /// robot.set_federation([actions]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_federation(
        &self,
        identities: impl IntoIterator<Item = RobotFederation>,
    ) -> Result<Vec<RobotFederation>> {
        let identities: Vec<RobotFederation> = identities.into_iter().collect();
        let request =
            match &self.parent {
                Parent::Organization(name) => {
                    self.quay
                        .api()
                        .create_org_robot_federation(params::CreateOrgRobotFederation {
                            orgname: name,
                            robot_shortname: &self.short,
                            body: &identities,
                        })
                }
                Parent::Me => self.quay.api().create_user_robot_federation(
                    params::CreateUserRobotFederation {
                        robot_shortname: &self.short,
                        body: &identities,
                    },
                ),
                other => other.has_no("robot accounts"),
            };
        self.quay.send(request).await
    }

    /// Removes all identities of other services from the robot account, if it has any.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint: `DELETE
    /// /api/v1/organization/{orgname}/robots/{robot_shortname}/federation` or `DELETE
    /// /api/v1/user/robots/{robot_shortname}/federation`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// robot.delete_federation().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_federation(&self) -> Result<()> {
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay
                    .api()
                    .delete_org_robot_federation(params::DeleteOrgRobotFederation {
                        orgname: name,
                        robot_shortname: &self.short,
                    })
            }
            Parent::Me => self.quay.api().delete_user_robot_federation(&self.short),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }
}
