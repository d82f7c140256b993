//! Manifests of a repository, their labels and security reports.

use crate::api::shared::{existed, impl_into_future, none_if_not_found, path_segment, query_flag};
use crate::generated::params;
use crate::pagination::{Listing, SinglePage};
use crate::types::{
    AddLabel, Digest, Label, Manifest, ManifestPullStatistics, RepositoryName, SecurityReport,
};
use crate::{Quay, Result};
use std::sync::Arc;

/// One manifest: [`RepositoryHandle::manifest`](crate::api::RepositoryHandle::manifest).
#[derive(Debug, Clone)]
pub struct ManifestHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) digest: Arc<Digest>,
}

impl ManifestHandle {
    /// Reads the manifest with its layers.
    ///
    /// Scope: `repo:read`. Endpoint: `GET /api/v1/repository/{repository}/manifest/{manifestref}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// println!("{:?} bytes", manifest.get().await?.layers_compressed_size);
    /// let card = manifest.get().with_model_card().await?.modelcard;
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self) -> GetManifest {
        GetManifest {
            manifest: self.clone(),
            model_card: false,
        }
    }

    /// Reads it; `None` if there is no such label.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing label.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// let found = manifest.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Manifest>> {
        none_if_not_found(self.get()).await
    }

    /// Reads what the security scanner found in the image, with every vulnerability. As long as the
    /// image waits to be scanned there is no data: ask again later.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/security`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// println!("{}", manifest.security().await?.status);
    /// let packages = manifest.security().without_vulnerabilities().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn security(&self) -> GetSecurity {
        GetSecurity {
            manifest: self.clone(),
            vulnerabilities: true,
        }
    }

    /// Reads how often the manifest was pulled.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/pull_statistics`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_feature_disabled`](crate::Error::is_feature_disabled) where the server has it off.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// println!("{}", manifest.pull_statistics().await?.manifest_pull_count);
    /// # Ok(())
    /// # }
    /// ```
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

    /// Its labels.
    pub fn labels(&self) -> LabelsHandle {
        LabelsHandle {
            quay: self.quay.clone(),
            repository: Arc::clone(&self.repository),
            digest: Arc::clone(&self.digest),
        }
    }
}

/// Reading a manifest: await it. [`ManifestHandle::get`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited"]
pub struct GetManifest {
    manifest: ManifestHandle,
    model_card: bool,
}

impl GetManifest {
    /// Also reads the model card of a machine-learning artifact.
    pub fn with_model_card(mut self) -> Self {
        self.model_card = true;
        self
    }

    async fn send(self) -> Result<Manifest> {
        let ManifestHandle {
            quay,
            repository,
            digest,
        } = &self.manifest;
        quay.send(quay.api().get_repo_manifest(params::GetRepoManifest {
            repository: repository.as_str(),
            manifestref: digest.as_str(),
            include_modelcard: query_flag(self.model_card),
        }))
        .await
    }
}

impl_into_future!(GetManifest => Manifest, |get| get.send());

/// Reading what the security scanner found: await it. [`ManifestHandle::security`].
#[derive(Debug, Clone)]
#[must_use = "nothing is sent until it is awaited"]
pub struct GetSecurity {
    manifest: ManifestHandle,
    vulnerabilities: bool,
}

impl GetSecurity {
    /// Reads which packages there are, and not their vulnerabilities.
    pub fn without_vulnerabilities(mut self) -> Self {
        self.vulnerabilities = false;
        self
    }

    async fn send(self) -> Result<SecurityReport> {
        let ManifestHandle {
            quay,
            repository,
            digest,
        } = &self.manifest;
        quay.send(
            quay.api()
                .get_repo_manifest_security(params::GetRepoManifestSecurity {
                    repository: repository.as_str(),
                    manifestref: digest.as_str(),
                    vulnerabilities: query_flag(self.vulnerabilities),
                }),
        )
        .await
    }
}

impl_into_future!(GetSecurity => SecurityReport, |get| get.send());

/// The labels of a manifest: [`ManifestHandle::labels`].
#[derive(Debug, Clone)]
pub struct LabelsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) digest: Arc<Digest>,
}

impl LabelsHandle {
    /// Lists the labels.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/labels`. All in one answer.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// for label in manifest.labels().list().await? {
    ///     println!("{}={}", label.key, label.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn list(&self) -> Listing<SinglePage<Label>> {
        Listing::single_page(
            &self.quay,
            self.quay
                .api()
                .list_manifest_labels(params::ListManifestLabels {
                    repository: self.repository.as_str(),
                    manifestref: self.digest.as_str(),
                    filter: None,
                }),
            |response| response.labels,
        )
    }

    /// Puts a label on the manifest, once more if it has the same one: labels are told apart by their
    /// identifiers. Some keys are reserved for the server, such as `quay.expires-after`, which
    /// takes effect only as a label of the image itself.
    ///
    /// Scope: `repo:write`. Endpoint:
    /// `POST /api/v1/repository/{repository}/manifest/{manifestref}/labels`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    /// [`is_invalid_request`](crate::Error::is_invalid_request).
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// use quay_api::types::{AddLabel, LabelMediaType};
    ///
    /// let label = AddLabel::new("com.example.team", "platform", Some(LabelMediaType::TextPlain));
    /// let added = manifest.labels().add(label).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn add(&self, label: AddLabel) -> Result<Label> {
        self.quay
            .send(
                self.quay
                    .api()
                    .add_manifest_label(params::AddManifestLabel {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                        body: &label,
                    }),
            )
            .await
            .map(|added| added.label)
    }

    /// Reads a label.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// let label = manifest.labels().get("ac944a5b-2f33-4bae-a27a-3733df26e609").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get(&self, id: impl AsRef<str>) -> Result<Label> {
        let id = path_segment("label identifier", id.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .get_manifest_label(params::GetManifestLabel {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                        labelid: &id,
                    }),
            )
            .await
    }

    /// Reads it; `None` if there is no such label.
    ///
    /// Scope and endpoint: as [`get`](Self::get).
    ///
    /// # Errors
    /// As [`get`](Self::get), but not for a missing label.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// let label = manifest.labels().get_opt("ac944a5b-2f33-4bae-a27a-3733df26e609").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self, id: impl AsRef<str>) -> Result<Option<Label>> {
        none_if_not_found(self.get(id)).await
    }

    /// Takes a label off the manifest. The server refuses that for labels of the image itself.
    ///
    /// Scope: `repo:write`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}`.
    ///
    /// # Errors
    /// [`is_not_found`](crate::Error::is_not_found).
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// manifest.labels().delete("ac944a5b-2f33-4bae-a27a-3733df26e609").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete(&self, id: impl AsRef<str>) -> Result<()> {
        let id = path_segment("label identifier", id.as_ref())?;
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_manifest_label(params::DeleteManifestLabel {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                        labelid: &id,
                    }),
            )
            .await
    }

    /// Deletes it if it exists. Returns false if there is no such label.
    ///
    /// False is certain. True means that this call deleted it, or may have done so: after a lost
    /// response the request is repeated, and may find nothing.
    ///
    /// Scope and endpoint: as [`delete`](Self::delete).
    ///
    /// # Errors
    /// As [`delete`](Self::delete), but not for a missing label.
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest);
    /// manifest.labels().delete_if_exists("ac944a5b-2f33-4bae-a27a-3733df26e609").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self, id: impl AsRef<str>) -> Result<bool> {
        existed(self.delete(id)).await
    }
}
