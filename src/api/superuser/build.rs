//! The handle of one build of any repository.

use crate::api::ListBuildLines;
use crate::api::shared::{Parent, none_if_not_found};
use crate::generated::params;
use crate::pagination::Listing;
use crate::types::{Build, BuildLogs, BuildPhase};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one build of any repository, for superusers:
/// [`SuperuserHandle::build`](crate::api::SuperuserHandle::build).
#[derive(Debug, Clone)]
pub struct SuperuserBuildHandle {
    pub(crate) quay: Quay,
    pub(crate) build: Arc<str>,
}

impl SuperuserBuildHandle {
    /// Returns the identifier of the build.
    pub fn uuid(&self) -> &str {
        &self.build
    }

    /// Reads the build.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/{build_uuid}/build`.
    /// Operation: `getRepoBuildSuperUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = build.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get superuser build")]
    #[doc(alias = "getRepoBuildSuperUser")]
    pub async fn get(&self) -> Result<Build> {
        self.quay
            .send(self.quay.api().get_repo_build_super_user(&self.build))
            .await
    }

    /// Reads the build, or returns `None` if it does not exist.
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
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let found = build.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Build>> {
        none_if_not_found(self.get()).await
    }

    /// Reads the phase of the build.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/{build_uuid}/status`.
    /// Operation: `getRepoBuildStatusSuperUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// println!("{}", build.phase().await?);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoBuildStatusSuperUser")]
    #[doc(alias = "status")]
    pub async fn phase(&self) -> Result<BuildPhase> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_repo_build_status_super_user(&self.build),
            )
            .await
            .map(|build| build.phase)
    }

    /// Reads a part of the build's log, beginning with the line `start`.
    ///
    /// The first line is 0.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/{build_uuid}/logs`.
    /// Operation: `getRepoBuildLogsSuperUser`. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let page = build.log_page(0).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoBuildLogsSuperUser")]
    pub async fn log_page(&self, start: u32) -> Result<BuildLogs> {
        self.quay
            .send(self.quay.api().get_repo_build_logs_super_user(
                params::GetRepoBuildLogsSuperUser {
                    build_uuid: &self.build,
                    start: Some(i64::from(start)),
                },
            ))
            .await
    }

    /// Lists the lines of the build's log that exist so far.
    ///
    /// To list only the lines after those of an earlier listing, continue from its
    /// [position](crate::Rows::position).
    ///
    /// Scope and endpoint: as for [`log_page`](Self::log_page), which returns the URL of an
    /// archived log.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the build does not exist, and an error of the kind
    /// [`ErrorKind::Gone`](crate::ErrorKind::Gone) if the log was archived.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// for line in build.log_lines().await? {
    ///     println!("{}", line.message.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn log_lines(&self) -> Listing<ListBuildLines> {
        Listing::new(ListBuildLines {
            quay: self.quay.clone(),
            parent: Parent::Server,
            build: Arc::clone(&self.build),
        })
    }

    /// Reads the log of the build after it was archived.
    ///
    /// Scope: `super:user`. Endpoint: `GET /api/v1/superuser/{build_uuid}/logs/archive`.
    /// Operation: `getRepoBuildLogsArchiveSuperUser`. Since: 3.18. Feature: `FEATURE_SUPER_USERS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// or its archived log does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let superuser = quay.superuser();
    /// let build = superuser.build("20c7409a-c1ce-4f64-b938-ce0d5f158440")?;
    /// let log = build.archived_log().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoBuildLogsArchiveSuperUser")]
    pub async fn archived_log(&self) -> Result<BuildLogs> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_repo_build_logs_archive_super_user(&self.build),
            )
            .await
    }
}
