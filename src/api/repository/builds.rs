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

/// The builds of a repository: [`RepositoryHandle::builds`](crate::api::RepositoryHandle::builds).
#[derive(Debug, Clone)]
pub struct BuildsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
}

impl BuildsHandle {
    /// Lists the builds, newest first: all of them, unless [`limit`](Listing::limit) or
    /// [`since`](Listing::since) says otherwise.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/`, in one response.
    /// If there is none, one request more finds out whether the repository exists.
    /// Operation: `getRepoBuilds`.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if the repository does not exist.
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

    /// Creates a build, from an archive at a URL or from one that was uploaded. It waits until a
    /// builder takes it.
    ///
    /// Scope: `repo:write`. Endpoint: `POST /api/v1/repository/{repository}/build/`.
    /// Operation: `requestRepoBuild`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_rate_limited`](crate::Error::is_rate_limited) is true if too
    /// many builds wait, and one of the kind
    /// [`ErrorKind::RepositoryReadOnly`](crate::ErrorKind::RepositoryReadOnly) for a mirror.
    /// Returns an error for neither an archive's URL nor a file, for a URL that is none, and,
    /// before anything is sent, for one with other characters than ASCII, on which the server
    /// fails.
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
                "`archive_url` must be ASCII: encode other characters with `%`",
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

    /// Asks for an address to upload an archive to, whose identifier a build is then requested
    /// with.
    ///
    /// Scope: none. Endpoint: `POST /api/v1/filedrop/`.
    /// Operation: `getFiledropUrl`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_feature_disabled`](crate::Error::is_feature_disabled) is
    /// true if the server has the feature off.
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
    /// Returns true if the build has ended, in any way.
    pub fn is_final(&self) -> bool {
        matches!(
            self,
            Self::Complete | Self::Error | Self::Internalerror | Self::Cancelled | Self::Expired
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
    /// Lists only the builds that were requested at this moment or later.
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

    /// Lists only the newest, so many of them.
    ///
    /// The first read fails with [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) for
    /// zero, for which the server would list all.
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
            // Zero is all of them.
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
        // The server knows whole seconds.
        match (self.since, build.started) {
            (Some(since), Some(started)) => started >= since,
            _ => true,
        }
    }
}

/// Refuses a limit of zero, for which the server lists all.
pub(super) fn check_limit(limit: Option<u32>) -> Result<()> {
    match limit {
        Some(0) => Err(Error::invalid_input("`limit` must be at least 1, got 0")),
        _ => Ok(()),
    }
}

/// One build: [`RepositoryHandle::build`](crate::api::RepositoryHandle::build).
#[derive(Debug, Clone)]
pub struct BuildHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) build: Arc<str>,
}

impl BuildHandle {
    /// Returns its identifier.
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
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if it does
    /// not exist.
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

    /// Reads it; `None` if there is none.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// As [`get`](Self::get), but not for what is not there.
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

    /// Reads how far the build is: cheaper than [`get`](Self::get), for asking again and again.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/build/{build_uuid}/status`.
    /// Operation: `getRepoBuildStatus`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such build.
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

    /// Reads a part of the build's log: the lines from `start` on, of which the first is 0. Once
    /// the log is archived, the response says where it is instead. A server that can't reach its
    /// log store gives no lines, with a success. [`log_lines`](Self::log_lines) reads all parts.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/build/{build_uuid}/logs`.
    /// Operation: `getRepoBuildLogs`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such build.
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

    /// Lists the lines of the build's log: as far as it is written, or from the
    /// [position](crate::Rows::position) of an earlier reading on.
    ///
    /// Scope and endpoint: as [`log_page`](Self::log_page), which says where the log is once it is
    /// archived.
    ///
    /// # Errors
    ///
    /// When it is read: returns an error for which [`is_not_found`](crate::Error::is_not_found) is
    /// true if there is no such build, and one of the kind
    /// [`ErrorKind::Gone`](crate::ErrorKind::Gone) once the log is archived.
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

    /// Cancels the build, if it has not got too far.
    ///
    /// Scope: `repo:admin`. Endpoint: `DELETE /api/v1/repository/{repository}/build/{build_uuid}`.
    /// Operation: `cancelRepoBuild`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if there is
    /// no such build, and an error if it can't be cancelled any more.
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
