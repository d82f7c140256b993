//! Manifests of a repository, and their security reports.

use crate::api::shared::{none_if_not_found, query_flag};
use crate::api::{LabelHandle, LabelsHandle};
use crate::generated::params;
use crate::types::{Digest, Manifest, ManifestPullStatistics, RepositoryName, SecurityReport};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of one manifest:
/// [`RepositoryHandle::manifest`](crate::api::RepositoryHandle::manifest).
#[derive(Debug, Clone)]
pub struct ManifestHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) digest: Arc<Digest>,
}

impl ManifestHandle {
    /// Returns the digest of the manifest.
    pub fn digest(&self) -> &Digest {
        &self.digest
    }

    /// Reads the manifest with its layers.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/manifest/{manifestref}`.
    /// Operation: `getRepoManifest`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest or the repository does not exist, except for a repository that [the caller can't
    /// see](crate::api::RepositoryHandle#repositories-that-the-caller-cant-see).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// println!("{:?} bytes", manifest.get().await?.layers_compressed_size);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get manifest")]
    #[doc(alias = "getRepoManifest")]
    pub async fn get(&self) -> Result<Manifest> {
        self.get_with(GetManifest::new()).await
    }

    /// Reads the manifest, or returns `None` if it does not exist.
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
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let found = manifest.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Manifest>> {
        self.get_opt_with(GetManifest::new()).await
    }

    /// Reads the manifest with these options.
    ///
    /// Scope and endpoint: as for [`get`](Self::get).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::api::GetManifest;
    ///
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let read = manifest.get_with(GetManifest::new().with_model_card()).await?;
    /// println!("{:?}", read.modelcard);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_with(&self, options: GetManifest) -> Result<Manifest> {
        let request = self.quay.api().get_repo_manifest(params::GetRepoManifest {
            repository: self.repository.as_str(),
            manifestref: self.digest.as_str(),
            include_modelcard: query_flag(options.model_card),
        });
        self.quay.send(request).await
    }

    /// Reads the manifest with these options, or returns `None` if it does not exist.
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
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::api::GetManifest;
    ///
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let found = manifest.get_opt_with(GetManifest::new().with_model_card()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt_with(&self, options: GetManifest) -> Result<Option<Manifest>> {
        none_if_not_found(self.get_with(options)).await
    }

    /// Reads the security scanner's report of the image, with every vulnerability.
    ///
    /// While the image waits to be scanned, the report has no data. Read it again later.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/security`.
    /// Operation: `getRepoManifestSecurity`. Feature: `FEATURE_SECURITY_SCANNER`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest does not exist, and [`is_feature_disabled`](crate::Error::is_feature_disabled) if
    /// the server has no scanner.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// println!("{}", manifest.security().await?.status);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getRepoManifestSecurity")]
    pub async fn security(&self) -> Result<SecurityReport> {
        self.security_with(GetSecurity::new()).await
    }

    /// Reads the security scanner's report of the image with these options.
    ///
    /// Scope and endpoint: as for [`security`](Self::security).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`security`](Self::security).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::api::GetSecurity;
    ///
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let packages = manifest.security_with(GetSecurity::new().without_vulnerabilities()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn security_with(&self, options: GetSecurity) -> Result<SecurityReport> {
        let request = self
            .quay
            .api()
            .get_repo_manifest_security(params::GetRepoManifestSecurity {
                repository: self.repository.as_str(),
                manifestref: self.digest.as_str(),
                vulnerabilities: query_flag(!options.without_vulnerabilities),
            });
        let mut report = self.quay.send(request).await?;
        if options.without_vulnerabilities {
            report.remove_vulnerabilities();
        }
        Ok(report)
    }

    /// Reads how often the manifest was pulled.
    ///
    /// A worker of the server counts pulls some time after they happen.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/pull_statistics`.
    /// Operation: `getManifestPullStatistics`. Since: 3.16. Feature: `FEATURE_IMAGE_PULL_STATS`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest does not exist, and [`is_feature_disabled`](crate::Error::is_feature_disabled) if
    /// the server does not count pulls.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// println!("{}", manifest.pull_statistics().await?.manifest_pull_count);
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "getManifestPullStatistics")]
    pub async fn pull_statistics(&self) -> Result<ManifestPullStatistics> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_manifest_pull_statistics(params::GetManifestPullStatistics {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                    }),
            )
            .await
    }

    /// Returns the handle of the manifest's labels.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let labels = quay.repository("acme/web")?.manifest(&digest)?.labels();
    /// # Ok(())
    /// # }
    /// ```
    pub fn labels(&self) -> LabelsHandle {
        LabelsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            digest: Arc::clone(&self.digest),
        }
    }

    /// Returns the handle of one of the manifest's labels, by the label's identifier.
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`ErrorKind::InvalidInput`](crate::ErrorKind::InvalidInput) if
    /// the identifier is empty or not valid in a path.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let label = manifest.label("ac944a5b-2f33-4bae-a27a-3733df26e609")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn label(&self, id: impl AsRef<str>) -> Result<LabelHandle> {
        LabelHandle::new(self.labels(), id.as_ref())
    }
}

/// The options of [`ManifestHandle::get_with`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GetManifest {
    model_card: bool,
}

impl GetManifest {
    /// Creates options that read the manifest alone.
    pub fn new() -> Self {
        Self::default()
    }

    /// Includes the model card of a machine-learning artifact.
    pub fn with_model_card(mut self) -> Self {
        self.model_card = true;
        self
    }
}

/// The options of [`ManifestHandle::security_with`].
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct GetSecurity {
    without_vulnerabilities: bool,
}

impl GetSecurity {
    /// Creates options that read the whole report.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the packages of the image without their vulnerabilities.
    ///
    /// Servers since 3.8 send the vulnerabilities in any case, so this crate drops them. The
    /// identifiers and scores of the vulnerabilities are kept in the packages.
    pub fn without_vulnerabilities(mut self) -> Self {
        self.without_vulnerabilities = true;
        self
    }
}
