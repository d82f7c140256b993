//! The builds of a repository.

use super::optional;
use super::superuser_organizations::AnyBuildHandle;
use crate::error::{Error, ErrorKind};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, ListingId, Page};
use crate::types::{
    Build, BuildLogLine, BuildLogs, BuildPhase, RepositoryName, RequestBuild, RequestUpload, Upload,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// The builds of a repository: [`RepositoryHandle::builds`](super::RepositoryHandle::builds).
#[derive(Debug, Clone)]
pub struct BuildsHandle {
    pub(super) quay: Quay,
    pub(super) repository: Arc<RepositoryName>,
}

impl BuildsHandle {
    /// Lists the builds, newest first: all of them, unless [`limit`](Listing::limit) says
    /// otherwise.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/`, in one answer.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for build in quay.repository("acme/web")?.builds().list().limit(10).await? {
    ///     println!("{} {}", build.id, build.phase);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn list(&self) -> Listing<ListBuilds> {
        Listing::new(ListBuilds {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            limit: 0,
        })
    }

    /// Requests a build, from an archive at a URL or from one that was uploaded.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/build/`.
    ///
    /// # Errors
    /// [`is_rate_limited`](crate::Error::is_rate_limited) if too many builds wait;
    /// [`ErrorKind::RepositoryReadOnly`](crate::ErrorKind::RepositoryReadOnly) for a mirror; an
    /// archive's URL that is none.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::RequestBuild;
    ///
    /// let request = RequestBuild::new()
    ///     .archive_url("https://example.com/source.tar.gz")
    ///     .docker_tags(["nightly"])
    ///     .subdirectory("/")
    ///     .dockerfile_path("/Dockerfile")
    ///     .context("/")
    ///     .pull_robot("acme+puller");
    /// let build = quay.repository("acme/web")?.builds().request(request).await?;
    /// println!("{} is {}", build.id, build.phase);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn request(&self, build: RequestBuild) -> Result<Build> {
        self.quay
            .send(
                self.quay
                    .api()
                    .request_repo_build(params::RequestRepoBuild {
                        repository: self.repository.as_str(),
                        body: &build,
                    }),
            )
            .await
    }
}

impl BuildPhase {
    /// Whether the build is over, one way or the other.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Error | Self::Internalerror | Self::Cancelled | Self::Expired
        )
    }
}

/// Which builds are listed.
#[derive(Debug, Clone)]
pub struct ListBuilds {
    quay: Quay,
    repository: Arc<RepositoryName>,
    /// Zero is all.
    limit: i64,
}

impl Listing<ListBuilds> {
    /// Only the newest, so many of them.
    pub fn limit(mut self, builds: u32) -> Self {
        // Zero would be all of them.
        self.query.limit = i64::from(builds.max(1));
        self
    }
}

impl ListRequest for ListBuilds {
    type Row = Build;

    fn identity(&self) -> ListingId {
        ListingId::new(&self.quay, "getRepoBuilds", (&self.repository, self.limit))
    }

    async fn fetch(&self, _: &Cursor) -> Result<Page<Build>> {
        let answer = self
            .quay
            .send(self.quay.api().get_repo_builds(params::GetRepoBuilds {
                repository: self.repository.as_str(),
                limit: Some(self.limit),
                since: None,
            }))
            .await?;
        Ok(Page::whole(answer.builds))
    }
}

/// The lines of a build's log.
#[derive(Debug, Clone)]
pub struct ListBuildLines {
    pub(super) of: LinesOf,
}

/// Whose log it is: that of a repository's build, or of any build, as superusers see it.
#[derive(Debug, Clone)]
pub(super) enum LinesOf {
    Build(BuildHandle),
    Any(AnyBuildHandle),
}

impl ListRequest for ListBuildLines {
    type Row = BuildLogLine;

    fn identity(&self) -> ListingId {
        match &self.of {
            LinesOf::Build(BuildHandle {
                quay,
                repository,
                build,
            }) => ListingId::new(quay, "getRepoBuildLogs", (repository, build)),
            LinesOf::Any(AnyBuildHandle { quay, build }) => {
                ListingId::new(quay, "getRepoBuildLogsSuperUser", build)
            }
        }
    }

    async fn fetch(&self, at: &Cursor) -> Result<Page<BuildLogLine>> {
        let first = at.offset();
        let start =
            u32::try_from(first).map_err(|_| Error::invalid_input("no log has so many lines"))?;
        let answer = match &self.of {
            LinesOf::Build(build) => build.logs(start).await?,
            LinesOf::Any(build) => build.logs(start).await?,
        };
        if answer.logs.is_none() && answer.logs_url.is_some() {
            return Err(Error::new(
                ErrorKind::Gone,
                "the log is archived: read where, and fetch it from there",
            ));
        }
        let lines = answer.logs.unwrap_or_default();
        let total = answer
            .total
            .and_then(|total| u64::try_from(total).ok())
            .unwrap_or_default();
        let has_more = first + (lines.len() as u64) < total;
        Ok(Page::by_offset(lines, first, has_more))
    }
}

/// One build: [`RepositoryHandle::build`](super::RepositoryHandle::build).
#[derive(Debug, Clone)]
pub struct BuildHandle {
    pub(super) quay: Quay,
    pub(super) repository: Arc<RepositoryName>,
    pub(super) build: Arc<str>,
}

impl BuildHandle {
    /// Reads the build.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/{build_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self) -> Result<Build> {
        self.quay
            .send(self.quay.api().get_repo_build(params::GetRepoBuild {
                repository: self.repository.as_str(),
                build_uuid: &self.build,
            }))
            .await
    }

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for what is not there.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Build>> {
        optional(self.get().await)
    }

    /// Reads how far the build is: cheaper than [`get`](Self::get), for asking again and again.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/build/{build_uuid}/status`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use std::time::Duration;
    ///
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// while !build.status().await?.phase.is_final() {
    ///     tokio::time::sleep(Duration::from_secs(5)).await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn status(&self) -> Result<Build> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_repo_build_status(params::GetRepoBuildStatus {
                        repository: self.repository.as_str(),
                        build_uuid: &self.build,
                    }),
            )
            .await
    }

    /// Reads the lines of the build's log from a line on; the first is 0. Once the log is archived,
    /// the answer says where instead.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/{build_uuid}/logs`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// let logs = build.logs(0).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn logs(&self, start: u32) -> Result<BuildLogs> {
        let start = Some(i64::from(start));
        self.quay
            .send(
                self.quay
                    .api()
                    .get_repo_build_logs(params::GetRepoBuildLogs {
                        repository: self.repository.as_str(),
                        build_uuid: &self.build,
                        start,
                    }),
            )
            .await
    }

    /// Lists the lines of the build's log: as far as it is written, or from the
    /// [position](crate::Rows::position) of an earlier reading on.
    ///
    /// Scope and endpoint: as [`logs`](Self::logs), which says where the log is once it is
    /// archived.
    ///
    /// # Errors
    /// When it is read: [`is_not_found`](crate::Error::is_not_found); [`ErrorKind::Gone`] once the
    /// log is archived.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// for line in build.lines().await? {
    ///     println!("{}", line.message.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines(&self) -> Listing<ListBuildLines> {
        Listing::new(ListBuildLines {
            of: LinesOf::Build(self.clone()),
        })
    }

    /// Cancels the build, if it has not got too far.
    ///
    /// Scope: `repo:admin`. Endpoint: `DELETE /api/v1/repository/{repository}/build/{build_uuid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found); a build that can't be cancelled any more.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?.cancel().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn cancel(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().cancel_repo_build(params::CancelRepoBuild {
                repository: self.repository.as_str(),
                build_uuid: &self.build,
            }))
            .await
    }
}

impl BuildsHandle {
    /// Asks for an address to upload an archive to, whose identifier a build is then requested
    /// with.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/filedrop/`.
    ///
    /// # Errors
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let upload = quay.repository("acme/web")?.builds().request_upload("application/gzip").await?;
    /// println!("{}", upload.file_id);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn request_upload(&self, mime_type: impl Into<String>) -> Result<Upload> {
        let body = RequestUpload::new(mime_type);
        self.quay
            .send(self.quay.api().get_filedrop_url(&body))
            .await
    }
}
