//! External identities that may act as a robot account.

use crate::Result;
use crate::api::RobotHandle;
use crate::api::shared::{Parent, missing, outcome};
use crate::generated::params;
use crate::types::RobotFederation;

/// The handle of the external identities that may act as a robot account:
/// [`RobotHandle::federation`].
#[derive(Debug, Clone)]
pub struct RobotFederationHandle {
    pub(crate) robot: RobotHandle,
}

impl RobotFederationHandle {
    /// Reads the identities; the list may be empty.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `GET /api/v1/organization/{orgname}/robots/{robot_shortname}/federation` or
    /// `GET /api/v1/user/robots/{robot_shortname}/federation`.
    /// Operations: `getOrgRobotFederation`, `getUserRobotFederation`. Since: 3.13
    /// (`/api/v1/organization/{orgname}/robots/{robot_shortname}/federation`), 3.17.2
    /// (`/api/v1/user/robots/{robot_shortname}/federation`).
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
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// for identity in robot.federation().get().await? {
    ///     println!("{} {}", identity.issuer, identity.subject);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get robot federation")]
    #[doc(alias = "getOrgRobotFederation")]
    #[doc(alias = "getUserRobotFederation")]
    pub async fn get(&self) -> Result<Vec<RobotFederation>> {
        let RobotHandle {
            quay,
            parent,
            short,
        } = &self.robot;
        let request = match parent {
            Parent::Organization(name) => {
                quay.api()
                    .get_org_robot_federation(params::GetOrgRobotFederation {
                        orgname: name,
                        robot_shortname: short,
                    })
            }
            Parent::Me => quay.api().get_user_robot_federation(short),
            other => other.has_no("robot accounts"),
        };
        quay.send(request).await
    }

    /// Sets the identities, which replace the present ones.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoint:
    /// `POST /api/v1/organization/{orgname}/robots/{robot_shortname}/federation` or
    /// `POST /api/v1/user/robots/{robot_shortname}/federation`.
    /// Operations: `createOrgRobotFederation`, `createUserRobotFederation`. Since: 3.13
    /// (`/api/v1/organization/{orgname}/robots/{robot_shortname}/federation`), 3.17.2
    /// (`/api/v1/user/robots/{robot_shortname}/federation`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_invalid_request`](crate::Error::is_invalid_request) is true
    /// if an issuer is not a URL or an identity occurs twice, and an error for which
    /// [`is_not_found`](crate::Error::is_not_found) is true if the robot account does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RobotFederation;
    ///
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// let actions = RobotFederation::new(
    ///     "https://token.actions.githubusercontent.com",
    ///     "repo:acme/web:ref:refs/heads/main",
    /// );
    /// robot.federation().set([actions]).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "set robot federation")]
    #[doc(alias = "createOrgRobotFederation")]
    #[doc(alias = "createUserRobotFederation")]
    pub async fn set(
        &self,
        identities: impl IntoIterator<Item = RobotFederation>,
    ) -> Result<Vec<RobotFederation>> {
        let identities: Vec<RobotFederation> = identities.into_iter().collect();
        let RobotHandle {
            quay,
            parent,
            short,
        } = &self.robot;
        let request = match parent {
            Parent::Organization(name) => {
                quay.api()
                    .create_org_robot_federation(params::CreateOrgRobotFederation {
                        orgname: name,
                        robot_shortname: short,
                        body: &identities,
                    })
            }
            Parent::Me => {
                quay.api()
                    .create_user_robot_federation(params::CreateUserRobotFederation {
                        robot_shortname: short,
                        body: &identities,
                    })
            }
            other => other.has_no("robot accounts"),
        };
        quay.send(request).await
    }

    /// Deletes all identities.
    ///
    /// The method reads them first, since the server acknowledges a deletion without effect.
    ///
    /// Scope: `org:admin` or `user:admin`. Endpoints: `GET` and
    /// `DELETE /api/v1/organization/{orgname}/robots/{robot_shortname}/federation`, or `GET` and
    /// `DELETE /api/v1/user/robots/{robot_shortname}/federation`.
    /// Operations: `getOrgRobotFederation`, `deleteOrgRobotFederation`, `getUserRobotFederation`,
    /// `deleteUserRobotFederation`. Since: 3.13
    /// (`/api/v1/organization/{orgname}/robots/{robot_shortname}/federation`,
    /// `/api/v1/organization/{orgname}/robots/{robot_shortname}/federation`), 3.17.2
    /// (`/api/v1/user/robots/{robot_shortname}/federation`,
    /// `/api/v1/user/robots/{robot_shortname}/federation`).
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there are
    /// no identities or the robot account does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// robot.federation().delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete robot federation")]
    #[doc(alias = "getOrgRobotFederation")]
    #[doc(alias = "deleteOrgRobotFederation")]
    #[doc(alias = "getUserRobotFederation")]
    #[doc(alias = "deleteUserRobotFederation")]
    pub async fn delete(&self) -> Result<()> {
        match self.delete_if_exists().await? {
            true => Ok(()),
            false => {
                let RobotHandle { parent, short, .. } = &self.robot;
                let operation = match parent {
                    Parent::Organization(_) => "getOrgRobotFederation",
                    _ => "getUserRobotFederation",
                };
                let mut values = parent.path_values();
                values.push(("robot_shortname", short));
                let what = format!("identity that may act as the robot account {short}");
                Err(missing(&what).with_response_to(operation, &values))
            }
        }
    }

    /// Deletes all identities, and returns true if there were any.
    ///
    /// The method reads before it writes: see [what is certain](crate::api#what-is-certain).
    ///
    /// Scope and endpoints: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete), except that a robot account without
    /// identities is not an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let robot = quay.organization("acme")?.robot("ci")?;
    /// robot.federation().delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        if self.get().await?.is_empty() {
            return Ok(false);
        }
        let RobotHandle {
            quay,
            parent,
            short,
        } = &self.robot;
        let request = match parent {
            Parent::Organization(name) => {
                quay.api()
                    .delete_org_robot_federation(params::DeleteOrgRobotFederation {
                        orgname: name,
                        robot_shortname: short,
                    })
            }
            Parent::Me => quay.api().delete_user_robot_federation(short),
            other => other.has_no("robot accounts"),
        };
        outcome::deleted(quay.send(request).await)
    }
}
