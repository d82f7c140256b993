//! The labels of a manifest.

use crate::api::shared::{existed, none_if_not_found, path_segment};
use crate::generated::params;
use crate::pagination::{Cursor, ListRequest, Listing, Page, PageRequest};
use crate::types::{CreateLabel, Digest, Label, RepositoryName};
use crate::{Quay, Result};
use std::sync::Arc;

/// The handle of a manifest's labels:
/// [`ManifestHandle::labels`](crate::api::ManifestHandle::labels).
#[derive(Debug, Clone)]
pub struct LabelsHandle {
    pub(crate) quay: Quay,
    pub(crate) repository: Arc<RepositoryName>,
    pub(crate) digest: Arc<Digest>,
}

impl LabelsHandle {
    /// Lists the labels of the manifest.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/labels`. The response is not
    /// paged.
    /// Operation: `listManifestLabels`.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// for label in manifest.labels().list().key_prefix("org.opencontainers.").await? {
    ///     println!("{}={}", label.key, label.value);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "list labels")]
    #[doc(alias = "listManifestLabels")]
    pub fn list(&self) -> Listing<ListLabels> {
        Listing::new(ListLabels {
            labels: self.clone(),
            key_prefix: None,
        })
    }

    /// Adds a label to the manifest.
    ///
    /// A second label with the same key and value is created too, since each label has its own
    /// identifier. The server reserves some keys: `quay.expires-after`, for example, only takes
    /// effect as a label in the image itself.
    ///
    /// Scope: `repo:write`. Endpoint:
    /// `POST /api/v1/repository/{repository}/manifest/{manifestref}/labels`.
    /// Operation: `addManifestLabel`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the
    /// manifest does not exist, and an error for which
    /// [`is_invalid_request`](crate::Error::is_invalid_request) is true if the key is reserved or
    /// not valid.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::{CreateLabel, LabelMediaType};
    ///
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// let label =
    ///     CreateLabel::new("com.example.team", "platform", Some(LabelMediaType::TextPlain));
    /// let created = manifest.labels().create(label).await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "create label")]
    #[doc(alias = "addManifestLabel")]
    #[doc(alias = "add")]
    pub async fn create(&self, label: CreateLabel) -> Result<Label> {
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

    /// Adds a label to the manifest, or returns `None` if a label with this key and value exists.
    ///
    /// Labels of the image itself count too.
    ///
    /// The method lists the labels first, so nothing is written if the label exists. The server
    /// does not prevent duplicates: two callers at the same time may both create the label.
    ///
    /// Scope and endpoints: as for [`list`](Self::list) and [`create`](Self::create).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`create`](Self::create).
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::CreateLabel;
    ///
    /// let labels = quay.repository("acme/web")?.manifest(&digest)?.labels();
    /// let label = CreateLabel::new("com.example.team", "platform", None);
    /// let is_new = labels.create_if_absent(label).await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create_if_absent(&self, label: CreateLabel) -> Result<Option<Label>> {
        let mut listed = self.list().key_prefix(&label.key).await?.into_iter();
        if listed.any(|known| known.key == label.key && known.value == label.value) {
            return Ok(None);
        }
        self.create(label).await.map(Some)
    }
}

/// The request of a listing of labels.
#[derive(Debug, Clone)]
pub struct ListLabels {
    labels: LabelsHandle,
    key_prefix: Option<Arc<str>>,
}

impl Listing<ListLabels> {
    /// Lists only the labels whose key begins with `prefix`, which is case-sensitive.
    ///
    /// The server ignores case. This crate drops the labels that match only because of that.
    pub fn key_prefix(mut self, prefix: impl AsRef<str>) -> Self {
        self.query.key_prefix = Some(Arc::from(prefix.as_ref()));
        self
    }
}

impl ListRequest for ListLabels {
    type Row = Label;

    #[inline]
    fn page_request(&self, _: &Cursor) -> Result<PageRequest<Label>> {
        let LabelsHandle {
            quay,
            repository,
            digest,
        } = &self.labels;
        let request = quay.api().list_manifest_labels(params::ListManifestLabels {
            repository: repository.as_str(),
            manifestref: digest.as_str(),
            filter: self.key_prefix.as_deref(),
        });
        PageRequest::new(quay, request, |response| Ok(Page::whole(response.labels)))
    }

    fn is_wanted(&self, label: &Label) -> bool {
        let prefix = self.key_prefix.as_deref();
        prefix.is_none_or(|prefix| label.key.starts_with(prefix))
    }
}

/// The handle of one label of a manifest:
/// [`ManifestHandle::label`](crate::api::ManifestHandle::label).
#[derive(Debug, Clone)]
pub struct LabelHandle {
    quay: Quay,
    repository: Arc<RepositoryName>,
    digest: Arc<Digest>,
    id: Arc<str>,
}

impl LabelHandle {
    /// Creates the handle of one of these labels.
    pub(crate) fn new(labels: LabelsHandle, id: &str) -> Result<Self> {
        let LabelsHandle {
            quay,
            repository,
            digest,
        } = labels;
        Ok(Self {
            quay,
            repository,
            digest,
            id: path_segment("label identifier", id)?,
        })
    }

    /// Returns the identifier of the label.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Reads the label.
    ///
    /// Scope: `repo:read`. Endpoint:
    /// `GET /api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}`.
    /// Operation: `getManifestLabel`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the label
    /// does not exist.
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
    /// let found = label.get().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "get label")]
    #[doc(alias = "getManifestLabel")]
    pub async fn get(&self) -> Result<Label> {
        self.quay
            .send(
                self.quay
                    .api()
                    .get_manifest_label(params::GetManifestLabel {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                        labelid: &self.id,
                    }),
            )
            .await
    }

    /// Reads the label, or returns `None` if it does not exist.
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
    /// let label = manifest.label("ac944a5b-2f33-4bae-a27a-3733df26e609")?;
    /// let found = label.get_opt().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn get_opt(&self) -> Result<Option<Label>> {
        none_if_not_found(self.get()).await
    }

    /// Removes the label from the manifest.
    ///
    /// The server rejects this for labels of the image itself.
    ///
    /// Scope: `repo:write`. Endpoint:
    /// `DELETE /api/v1/repository/{repository}/manifest/{manifestref}/labels/{labelid}`.
    /// Operation: `deleteManifestLabel`.
    ///
    /// # Errors
    ///
    /// Returns an error for which [`is_not_found`](crate::Error::is_not_found) is true if the label
    /// does not exist.
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
    /// label.delete().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "delete label")]
    #[doc(alias = "deleteManifestLabel")]
    pub async fn delete(&self) -> Result<()> {
        self.quay
            .send(
                self.quay
                    .api()
                    .delete_manifest_label(params::DeleteManifestLabel {
                        repository: self.repository.as_str(),
                        manifestref: self.digest.as_str(),
                        labelid: &self.id,
                    }),
            )
            .await
    }

    /// Deletes the label if it exists, and returns true if it existed.
    ///
    /// The result is also true if a retry after a lost response finds nothing, because the first
    /// attempt may have deleted it.
    ///
    /// Scope and endpoint: as for [`delete`](Self::delete).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`delete`](Self::delete) other than "not found".
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
    /// label.delete_if_exists().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn delete_if_exists(&self) -> Result<bool> {
        existed(self.delete()).await
    }
}
