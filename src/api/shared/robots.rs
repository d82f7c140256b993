//! Robot accounts of an organization or of the caller.

use crate::api::shared::{Parent, query_bool, query_flag};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::RobotAccount;
use crate::{Quay, Result};

/// The robot accounts of an organization or of the caller.
#[derive(Debug, Clone)]
pub struct RobotsHandle {
    pub(crate) quay: Quay,
    pub(crate) parent: Parent,
}

impl RobotsHandle {
    /// Lists the robot accounts, without their tokens unless [`with_tokens`](Listing::with_tokens)
    /// asks for them.
    ///
    /// Scope: `org:admin` or, for the caller's own, `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots` or `GET /api/v1/user/robots`, in one response.
    /// If it is empty, the organization is read as well: the server gives superusers an empty list
    /// below an organization that does not exist.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the organization does not exist.
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

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<RobotAccount>> {
        let (permissions, tokens) = (query_flag(self.permissions), query_bool(self.tokens));
        let RobotsHandle { quay, parent } = &self.robots;
        let request = match parent {
            Parent::Organization(name) => quay.api().get_org_robots(params::GetOrgRobots {
                orgname: name,
                limit: None,
                permissions,
                token: tokens,
            }),
            Parent::Me => quay.api().get_user_robots(params::GetUserRobots {
                limit: None,
                permissions,
                token: tokens,
            }),
            other => other.has_no("robot accounts"),
        };
        let page = PageRequest::new(quay, request, |response| Ok(Page::whole(response.robots)))?;
        Ok(page.when_empty(parent.check_exists(quay)))
    }
}
