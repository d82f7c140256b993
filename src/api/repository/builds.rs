//! The builds of a repository.

use crate::api::ListBuildLines;
use crate::api::shared::{Parent, none_if_not_found};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::{
    Build, BuildLogs, BuildPhase, CreateBuild, RepositoryName, RequestUpload, Timestamp, Upload,
};
use crate::{Error, Quay, Result};
use std::sync::Arc;

/// The handle of a repository's builds:
/// [`RepositoryHandle::builds`](crate::api::RepositoryHandle::builds).
#[derive(Debug, Clone)]
pub struct BuildsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl BuildsHandle {
    /// Lists the builds of the repository, newest first.
    ///
    /// The list contains all builds unless [`limit`](Listing::limit) or [`since`](Listing::since)
    /// is set.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/`. The response is
    /// not paged. If the list is empty, one more request checks that the repository exists.
    /// Operation: `getRepoBuilds`.
    ///
    /// # Errors
    ///
    /// Reading the list returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// for build in quay.repository("acme/web")?.builds().list().limit(10).await? {
    ///     println!("{} {}", build.id, build.phase);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list builds")]
    #[doc(alias = "getRepoBuilds")]
    pub fn list(&self) -> Listing<ListBuilds> {
        Listing::new(ListBuilds {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            limit: None,
            since: None,
        })
    }

    /// Creates a build from an archive at a URL or from an uploaded archive.
    ///
    /// The build waits until a builder takes it.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/build/`.
    /// Operation: `requestRepoBuild`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_rate_limited`](crate::Error::is_rate_limited) is true if too
    /// many builds are waiting, and an error of the kind
    /// [`ErrorKind::RepositoryReadOnly`](crate::ErrorKind::RepositoryReadOnly) if the repository is
    /// a mirror. Returns an error if the request has neither an archive's URL nor an uploaded file,
    /// or if the URL is not valid. Returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput), before anything is sent, if the
    /// URL contains non-ASCII characters, for which the server responds with status 500.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::CreateBuild;
    ///
    /// let request = CreateBuild::new()
    ///     .archive_url("https://example.com/source.tar.gz")
    ///     .docker_tags(["nightly"])
    ///     .subdirectory("/")
    ///     .dockerfile_path("/Dockerfile")
    ///     .context("/")
    ///     .pull_robot("acme+puller");
    /// let build = quay.repository("acme/web")?.builds().create(request).await?;
    /// println!("{} is {}", build.id, build.phase);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create build")]
    #[doc(alias = "requestRepoBuild")]
    pub async fn create(&self, build: CreateBuild) -> Result<Build> {
        if build
            .archive_url
            .as_ref()
            .is_some_and(|url| !url.expose().is_ascii())
        {
            return Err(Error::invalid_input(
                "`archive_url` must contain ASCII characters only: percent-encode the others",
            ));
        }
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

    /// Requests a URL to upload an archive to, and the identifier with which
    /// [`create`](Self::create) builds the archive.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/filedrop/`.
    /// Operation: `getFiledropUrl`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the feature is off on the server.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// let upload = quay
    ///     .repository("acme/web")?
    ///     .builds()
    ///     .request_upload("application/gzip")
    ///     .await?;
    /// println!("{}", upload.file_id);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getFiledropUrl")]
    pub async fn request_upload(&self, mime_type: impl Into<String>) -> Result<Upload> {
        let body = RequestUpload::new(mime_type);
        self.quay
            .send(self.quay.api().get_filedrop_url(&body))
            .await
    }
}

impl BuildPhase {
    /// Returns true if the build has ended, whether it succeeded, failed or was cancelled.
    ///
    /// After [`Internalerror`](Self::Internalerror), the server starts the build again until no
    /// attempts remain. Its phase is then [`Expired`](Self::Expired).
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Error | Self::Cancelled | Self::Expired
        )
    }
}

/// The request of a listing of builds.
#[derive(Debug, Clone)]
pub struct ListBuilds {
    quay: Quay,
    repository: Arc<RepositoryName>,
    limit: Option<u32>,
    since: Option<Timestamp>,
}

impl Listing<ListBuilds> {
    /// Lists only the builds that were requested at this time or later.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// use quay_api::types::Timestamp;
    ///
    /// let november = Timestamp::from_date(2026, 11, 1).unwrap();
    /// let builds = quay.repository("acme/web")?.builds().list().since(november).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn since(mut self, moment: Timestamp) -> Self {
        self.query.since = Some(moment);
        self
    }

    /// Lists only the newest `builds` builds.
    ///
    /// Reading the list returns an error of the kind
    /// [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for 0, for which the server
    /// would list everything.
    pub fn limit(mut self, builds: u32) -> Self {
        self.query.limit = Some(builds);
        self
    }
}

impl ListRequest for ListBuilds {
    type Row = Build;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<Build>> {
        let request = self.quay.api().get_repo_builds(params::GetRepoBuilds {
            repository: self.repository.as_str(),
            // For the server, 0 means all builds.
            limit: Some(self.limit.unwrap_or(0).into()),
            since: self.since.map(Timestamp::unix_seconds),
        });
        let request = PageRequest::new(&self.quay, request, |response| {
            Ok(Page::whole(response.builds))
        })?;
        let repository = Parent::Repository(Arc::clone(&self.repository));
        Ok(request.when_empty(repository.check_exists(&self.quay)))
    }

    fn check(&self) -> Result<()> {
        check_limit(self.limit)
    }

    fn is_wanted(&self, build: &Build) -> bool {
        // The server only compares whole seconds.
        match (self.since, build.started) {
            (Some(since), Some(started)) => started >= since,
            _ => true,
        }
    }
}

/// Rejects a limit of zero, for which the server would list all builds.
pub(super) fn check_limit(limit: Option<u32>) -> Result<()> {
    match limit {
        Some(0) => Err(Error::invalid_input("`limit` must be at least 1, got 0")),
        _ => Ok(()),
    }
}

/// The handle of one build: [`RepositoryHandle::build`](crate::api::RepositoryHandle::build).
#[derive(Debug, Clone)]
pub struct BuildHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) build: Arc<str>,
}

impl BuildHandle {
    /// Returns the identifier of the build.
    pub fn uuid(&self) -> &str {
        &self.build
    }

    /// Reads the build.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/{build_uuid}`.
    /// Operation: `getRepoBuild`.
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
    /// let build = quay
    ///     .repository("acme/web")?
    ///     .build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?
    ///     .get()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get build")]
    #[doc(alias = "getRepoBuild")]
    pub async fn get(&self) -> Result<Build> {
        self.quay
            .send(self.quay.api().get_repo_build(params::GetRepoBuild {
                repository: self.repository.as_str(),
                build_uuid: &self.build,
            }))
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
    /// let build = quay
    ///     .repository("acme/web")?
    ///     .build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?
    ///     .get_opt()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Build>> {
        none_if_not_found(self.get()).await
    }

    /// Reads the phase of the build, without its other details.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/build/{build_uuid}/status`.
    /// Operation: `getRepoBuildStatus`.
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
    /// use std::time::Duration;
    ///
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// while !build.phase().await?.is_final() {
    ///     tokio::time::sleep(Duration::from_secs(5)).await;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoBuildStatus")]
    #[doc(alias = "status")]
    pub async fn phase(&self) -> Result<BuildPhase> {
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
            .map(|build| build.phase)
    }

    /// Reads a part of the build's log, beginning with the line `start`.
    ///
    /// The first line is 0.
    ///
    /// The caller must be allowed to push, with the scope `repo:write`, unless
    /// `FEATURE_READER_BUILD_LOGS` is on. After the log is archived, the response contains its URL
    /// instead of lines. A server that can't reach its log store responds with an empty success.
    /// [`log_lines`](Self::log_lines) reads all parts.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/{build_uuid}/logs`.
    /// Operation: `getRepoBuildLogs`.
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
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// let page = build.log_page(0).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoBuildLogs")]
    pub async fn log_page(&self, start: u32) -> Result<BuildLogs> {
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
    /// let build = quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?;
    /// for line in build.log_lines().await? {
    ///     println!("{}", line.message.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn log_lines(&self) -> Listing<ListBuildLines> {
        Listing::new(ListBuildLines {
            quay: self.quay.clone(),
            parent: Parent::Repository(Arc::clone(&self.repository)),
            build: Arc::clone(&self.build),
        })
    }

    /// Cancels the build, whether it is waiting or running.
    ///
    /// Scope: `repo:admin`. Endpoint: `DELETE /api/v1/repository/{repository}/build/{build_uuid}`.
    /// Operation: `cancelRepoBuild`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the build
    /// does not exist, and an error if the build has ended or can no longer be stopped.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(quay: quay_api::Quay) -> quay_api::Result<()> {
    /// quay.repository("acme/web")?.build("2fc50f54-3d1a-498a-a5e4-b3dbbef1ccb7")?.cancel().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "cancel build")]
    #[doc(alias = "cancelRepoBuild")]
    pub async fn cancel(&self) -> Result<()> {
        self.quay
            .send(self.quay.api().cancel_repo_build(params::CancelRepoBuild {
                repository: self.repository.as_str(),
                build_uuid: &self.build,
            }))
            .await
    }
}
