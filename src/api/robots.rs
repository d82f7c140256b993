//! Robot accounts of an organization or of the caller.

use super::{Owner, absent, flag, optional};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, ListingId, Page, SinglePage};
use crate::types::{
    CreateRobot, InvalidValue, RepositoryPermission, RobotAccount, RobotFederation, RobotName,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The robot accounts of an organization or of the caller.
#[derive(Debug, Clone)]
pub struct RobotsHandle {
    pub(super) quay: Quay,
    pub(super) owner: Owner,
}

impl RobotsHandle {
    /// Lists the robot accounts, without their tokens unless [`with_tokens`](Listing::with_tokens)
    /// asks for them.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots` or `GET /api/v1/user/robots`, in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for robot in quay.organization("acme")?.robots().list().with_permissions().await? {
    ///     println!("{} {:?}", robot.name, robot.repositories);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Listing<ListRobots> {
        Listing::new(ListRobots {
            robots: self.clone(),
            tokens: false,
            permissions: false,
        })
    }
}

/// With what robot accounts are listed.
#[derive(Debug, Clone)]
pub struct ListRobots {
    robots: RobotsHandle,
    tokens: bool,
    permissions: bool,
}

impl Listing<ListRobots> {
    /// Also gives each robot account's token. The server would do so unless told otherwise; this
    /// crate tells it otherwise.
    pub fn with_tokens(mut self) -> Self {
        self.query.tokens = true;
        self
    }

    /// Also gives the teams and repositories of each robot account.
    pub fn with_permissions(mut self) -> Self {
        self.query.permissions = true;
        self
    }
}

impl ListRequest for ListRobots {
    type Row = RobotAccount;

    fn identity(&self) -> ListingId {
        let operation = self.robots.owner.either("getOrgRobots", "getUserRobots");
        ListingId::new(
            &self.robots.quay,
            operation,
            (&self.robots.owner, self.tokens, self.permissions),
        )
    }

    async fn fetch(&self, _: &Cursor) -> Result<Page<RobotAccount>> {
        let token = Some(if self.tokens { "true" } else { "false" });
        let permissions = flag(self.permissions);
        let quay = &self.robots.quay;
        let answer = match &self.robots.owner {
            Owner::Organization(name) => {
                quay.send(quay.api().get_org_robots(params::GetOrgRobots {
                    orgname: name,
                    limit: None,
                    permissions,
                    token,
                }))
                .await?
            }
            Owner::Me => {
                quay.send(quay.api().get_user_robots(params::GetUserRobots {
                    limit: None,
                    permissions,
                    token,
                }))
                .await?
            }
        };
        Ok(Page::whole(answer.robots))
    }
}

/// One robot account.
#[derive(Debug, Clone)]
pub struct RobotHandle {
    pub(super) quay: Quay,
    pub(super) owner: Owner,
    pub(super) short: Arc<str>,
}

impl RobotHandle {
    /// The short name of an owner's robot account, from either form.
    pub(super) fn short_name(owner: &Owner, name: &str) -> Result<Arc<str>> {
        let robot = match (owner, name.split_once('+')) {
            (Owner::Organization(owner), _) => RobotName::within(owner, name)?,
            // Who the caller is, is not known here: `globex+ci` must not come out at the caller's
            // own `ci`.
            (Owner::Me, Some(_)) => {
                let reason = "it names an owner, which can't be compared with the caller: give the short name";
                return Err(InvalidValue::new("robot name", name, reason).into());
            }
            // Any owner will do for checking the short form.
            (Owner::Me, None) => RobotName::new("me", name)?,
        };
        Ok(Arc::from(robot.short()))
    }

    /// Creates the robot account; its token comes with it.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `PUT /api/v1/user/robots/{robot_shortname}`.
    ///
    /// # Errors
    /// [`is_already_exists`](crate::Error::is_already_exists).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let robot = quay.organization("acme")?.robot("ci")?.create(CreateRobot::new().description("Pushes builds")).await?;
    /// let token = robot.token;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, robot: CreateRobot) -> Result<RobotAccount> {
        let short = &self.short;
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().create_org_robot(params::CreateOrgRobot {
                        orgname: name,
                        robot_shortname: short,
                        body: &robot,
                    }))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().create_user_robot(params::CreateUserRobot {
                        robot_shortname: short,
                        body: &robot,
                    }))
                    .await
            }
        }
    }

    /// Creates the robot account unless there is one of that name: `None` if there was.
    ///
    /// Scope and endpoint: as [`create`](Self::create).
    ///
    /// # Errors
    /// As [`create`](Self::create), but not for one that is there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let created = quay.organization("acme")?.robot("ci")?.create_if_absent(CreateRobot::new()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, robot: CreateRobot) -> Result<Option<RobotAccount>> {
        absent(self.create(robot).await)
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
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().get_org_robot(params::GetOrgRobot {
                        orgname: name,
                        robot_shortname: short,
                    }))
                    .await
            }
            Owner::Me => self.quay.send(self.quay.api().get_user_robot(short)).await,
        }
    }

    /// Reads the robot account; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<RobotAccount>> {
        optional(self.get().await)
    }

    /// Gives the robot account a new token; the old one stops working at once.
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
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().regenerate_org_robot_token(
                        params::RegenerateOrgRobotToken {
                            orgname: name,
                            robot_shortname: short,
                        },
                    ))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().regenerate_user_robot_token(short))
                    .await
            }
        }
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
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().delete_org_robot(params::DeleteOrgRobot {
                        orgname: name,
                        robot_shortname: short,
                    }))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().delete_user_robot(short))
                    .await
            }
        }
    }

    /// Deletes it if it is there: false if there was nothing to be done.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.organization("acme")?.robot("ci")?.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        Ok(optional(self.delete().await)?.is_some())
    }
}

impl RobotHandle {
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
        let this = self.clone();
        Listing::whole(
            ListingId::new(
                &self.quay,
                self.owner
                    .either("getOrgRobotPermissions", "getUserRobotPermissions"),
                (&self.owner, &self.short),
            ),
            move || {
                let this = this.clone();
                async move {
                    let answer = match &this.owner {
                        Owner::Organization(name) => {
                            this.quay
                                .send(this.quay.api().get_org_robot_permissions(
                                    params::GetOrgRobotPermissions {
                                        orgname: name,
                                        robot_shortname: &this.short,
                                    },
                                ))
                                .await
                        }
                        Owner::Me => {
                            this.quay
                                .send(this.quay.api().get_user_robot_permissions(&this.short))
                                .await
                        }
                    }?;
                    Ok(answer.permissions)
                }
            },
        )
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
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(
                        self.quay
                            .api()
                            .get_org_robot_federation(params::GetOrgRobotFederation {
                                orgname: name,
                                robot_shortname: &self.short,
                            }),
                    )
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().get_user_robot_federation(&self.short))
                    .await
            }
        }
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
    /// let actions = RobotFederation::new("https://token.actions.githubusercontent.com", "repo:acme/web:ref:refs/heads/main");
    /// robot.set_federation([actions]).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn set_federation(
        &self,
        identities: impl IntoIterator<Item = RobotFederation>,
    ) -> Result<Vec<RobotFederation>> {
        let identities: Vec<RobotFederation> = identities.into_iter().collect();
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().create_org_robot_federation(
                        params::CreateOrgRobotFederation {
                            orgname: name,
                            robot_shortname: &self.short,
                            body: &identities,
                        },
                    ))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().create_user_robot_federation(
                        params::CreateUserRobotFederation {
                            robot_shortname: &self.short,
                            body: &identities,
                        },
                    ))
                    .await
            }
        }
    }

    /// Lets nobody outside act as the robot account any more.
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
        match &self.owner {
            Owner::Organization(name) => {
                self.quay
                    .send(self.quay.api().delete_org_robot_federation(
                        params::DeleteOrgRobotFederation {
                            orgname: name,
                            robot_shortname: &self.short,
                        },
                    ))
                    .await
            }
            Owner::Me => {
                self.quay
                    .send(self.quay.api().delete_user_robot_federation(&self.short))
                    .await
            }
        }
    }
}
