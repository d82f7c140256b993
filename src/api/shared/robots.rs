//! Robot accounts of an organization or of the caller.

use crate::api::RobotHandle;
use crate::api::shared::{Parent, outcome, query_bool, query_flag};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::{CreateRobot, RobotAccount, check_short_robot_name};
use crate::{Error, Quay, Result};

/// The maximum number of characters of a description.
const MAX_DESCRIPTION_CHARS: usize = 255;

/// The handle of the robot accounts of an organization or of the caller.
///
/// [`OrganizationHandle::robots`](crate::api::OrganizationHandle::robots) and
/// [`MeHandle::robots`](crate::api::MeHandle::robots) return it.
#[derive(Debug, Clone)]
pub struct RobotsHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl RobotsHandle {
    /// Lists the robot accounts.
    ///
    /// The list does not contain their tokens unless [`with_tokens`](Listing::with_tokens) is set.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots` or `GET /api/v1/user/robots`. The response is
    /// not paged. If the list is empty, one more request checks that the organization exists: for a
    /// superuser, the list of a missing organization is empty.
    /// Operations: `getOrgRobots`, `getUserRobots`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the organization does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for robot in quay.organization("acme")?.robots().list().with_permissions().await? {
    ///     println!("{} {:?}", robot.name, robot.repositories);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list robots")]
    #[doc(alias = "getOrgRobots")]
    #[doc(alias = "getUserRobots")]
    pub fn list(&self) -> Listing<ListRobots> {
        Listing::new(ListRobots {
            robots: self.clone(),
            tokens: false,
            permissions: false,
            limit: None,
        })
    }

    /// Creates a robot account by its short or full name, and returns it with its token.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `PUT /api/v1/organization/{orgname}/robots/{robot_shortname}` or
    /// `PUT /api/v1/user/robots/{robot_shortname}`.
    /// Operations: `createOrgRobot`, `createUserRobot`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_already_exists`](crate::Error::is_already_exists) is true if
    /// a robot account of that name exists, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the organization does not exist.
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput),
    /// before anything is sent, if the name is not one that servers accept (lower case letters and
    /// digits, with single `.`, `_` or `-` between them, at least two characters), or if the
    /// description has more than 255 characters, which the server would cut off.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let robots = quay.organization("acme")?.robots();
    /// let request = CreateRobot::new().description("Pushes builds");
    /// let token = robots.create("ci", request).await?.token;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create robot")]
    #[doc(alias = "createOrgRobot")]
    #[doc(alias = "createUserRobot")]
    pub async fn create(&self, name: impl AsRef<str>, robot: CreateRobot) -> Result<RobotAccount> {
        let handle = RobotHandle::new(self.clone(), name.as_ref())?;
        self.put(&handle, robot).await
    }

    /// Creates a robot account, or returns `None` if one of that name exists.
    ///
    /// The method reads first: if the robot account exists, nothing is written. Its description is
    /// not compared.
    ///
    /// Scope and endpoints: as for [`RobotHandle::get`] and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`RobotHandle::get`] and [`create`](Self::create), except that an
    /// existing robot account is not an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateRobot;
    ///
    /// let acme = quay.organization("acme")?;
    /// // The robot account with its token, whether it is new or not: for a pull secret.
    /// let robot = match acme.robots().create_if_absent("ci", CreateRobot::new()).await? {
    ///     Some(created) => created,
    ///     None => acme.robot("ci")?.get().await?,
    /// };
    /// let config = robot.docker_config(quay.registry_host())?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(
        &self,
        name: impl AsRef<str>,
        robot: CreateRobot,
    ) -> Result<Option<RobotAccount>> {
        let handle = RobotHandle::new(self.clone(), name.as_ref())?;
        if handle.get_opt().await?.is_some() {
            return Ok(None);
        }
        let is_there = async { Ok(handle.get_opt().await?.is_some()) };
        outcome::created(self.put(&handle, robot).await, is_there).await
    }

    async fn put(&self, handle: &RobotHandle, robot: CreateRobot) -> Result<RobotAccount> {
        check_short_robot_name(&handle.short)?;
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
        let request = match &self.parent {
            Parent::Organization(name) => {
                self.quay.api().create_org_robot(params::CreateOrgRobot {
                    orgname: name,
                    robot_shortname: &handle.short,
                    body: &robot,
                })
            }
            Parent::Me => self.quay.api().create_user_robot(params::CreateUserRobot {
                robot_shortname: &handle.short,
                body: &robot,
            }),
            other => other.has_no("robot accounts"),
        };
        self.quay.send(request).await
    }
}

/// The request of a listing of robot accounts.
#[derive(Debug, Clone)]
pub struct ListRobots {
    robots: RobotsHandle,
    tokens: bool,
    permissions: bool,
    limit: Option<u32>,
}

impl Listing<ListRobots> {
    /// Includes the token of each robot account.
    ///
    /// The server includes tokens unless the request excludes them. This crate excludes them by
    /// default, so that no secret is read without need.
    pub fn with_tokens(mut self) -> Self {
        self.query.tokens = true;
        self
    }

    /// Includes the teams and repositories of each robot account.
    pub fn with_permissions(mut self) -> Self {
        self.query.permissions = true;
        self
    }

    /// Lists at most `robots` robot accounts.
    ///
    /// The server chooses the accounts, and the listing can't be continued after them.
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for 0, for which the server
    /// would list everything.
    pub fn limit(mut self, robots: u32) -> Self {
        self.query.limit = Some(robots);
        self
    }
}

impl ListRequest for ListRobots {
    type Row = RobotAccount;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<RobotAccount>> {
        let (permissions, tokens) = (query_flag(self.permissions), query_bool(self.tokens));
        let limit = self.limit.map(i64::from);
        let RobotsHandle { quay, parent } = &self.robots;
        let request = match parent {
            Parent::Organization(name) => quay.api().get_org_robots(params::GetOrgRobots {
                orgname: name,
                limit,
                permissions,
                token: tokens,
            }),
            Parent::Me => quay.api().get_user_robots(params::GetUserRobots {
                limit,
                permissions,
                token: tokens,
            }),
            other => other.has_no("robot accounts"),
        };
        let page = PageRequest::new(quay, request, |response| Ok(Page::whole(response.robots)))?;
        Ok(page.when_empty(parent.check_exists(quay)))
    }

    fn check(&self) -> Result<()> {
        match self.limit {
            Some(0) => Err(Error::invalid_input("`limit` must be at least 1, got 0")),
            _ => Ok(()),
        }
    }
}
