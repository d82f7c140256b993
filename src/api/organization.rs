//! One organization.

use super::logs::{LogsHandle, Subject};
use super::robots::{RobotHandle, RobotsHandle};
use super::team::TeamHandle;
use super::{Owner, optional, segment};
use crate::types::Organization;
use crate::{Quay, Result};
use std::sync::Arc;

/// One organization: [`Quay::organization`].
#[derive(Debug, Clone)]
pub struct OrganizationHandle {
    pub(super) quay: Quay,
    pub(super) name: Arc<str>,
}

impl OrganizationHandle {
    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Reads the organization with its teams.
    ///
    /// Scope: none; who is no member sees less. Endpoint: `GET /api/v1/organization/{orgname}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let acme = quay.organization("acme")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Organization> {
        self.quay.send(async |api| api.get_organization(&self.name).await).await
    }

    /// Reads the organization; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing one.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let is_there = quay.organization("acme")?.get_opt().await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Organization>> {
        optional(self.get().await)
    }

    fn owner(&self) -> Owner {
        Owner::Organization(Arc::clone(&self.name))
    }

    /// Its robot accounts.
    pub fn robots(&self) -> RobotsHandle {
        RobotsHandle { quay: self.quay.clone(), owner: self.owner() }
    }

    /// One of its robot accounts, by its short or full name.
    ///
    /// # Errors
    /// The name can't be one, or is of another organization's robot account.
    pub fn robot(&self, name: impl AsRef<str>) -> Result<RobotHandle> {
        let owner = self.owner();
        let short = RobotHandle::short_name(&owner, name.as_ref())?;
        Ok(RobotHandle { quay: self.quay.clone(), owner, short })
    }

    /// One of its teams.
    ///
    /// # Errors
    /// The name can't be one, so nothing could be sent.
    pub fn team(&self, name: impl AsRef<str>) -> Result<TeamHandle> {
        let team = segment("team", name.as_ref())?;
        Ok(TeamHandle { quay: self.quay.clone(), organization: Arc::clone(&self.name), team })
    }

    /// Its usage logs. Scope: `org:admin`.
    pub fn logs(&self) -> LogsHandle {
        LogsHandle { quay: self.quay.clone(), subject: Subject::Organization(Arc::clone(&self.name)) }
    }
}
