//! The images that a manifest consists of, and their security reports.

use crate::api::ManifestHandle;
use crate::error::decode_document;
use crate::types::{
    Descriptor, Digest, ImageIndex, Manifest, ManifestDocument, OtherKind, SecurityReport,
};
use crate::{Error, Quay, Result};
use futures::stream::{self, StreamExt};
use serde_json::Value;
use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

/// The number of images that are read concurrently.
const CONCURRENCY: usize = 4;

/// The maximum number of nested indexes, at any depth, that are read for one index. An index with
/// more of them is not an image for several platforms.
const MAX_NESTED_INDEXES: usize = 16;

/// The security report of one image: [`ManifestHandle::security_of_images`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ImageSecurity {
    /// The image, with its platform if the index contains it.
    pub image: Descriptor,
    /// The report of the image, or the error that reading it returned.
    pub report: Result<SecurityReport>,
}

impl Manifest {
    /// Parses the content of the manifest: an image with its layers, or an index with its images.
    ///
    /// An artifact, such as a signature or a chart, is an image manifest with another type of
    /// configuration: see [`ImageManifest::is_image`](crate::types::ImageManifest::is_image). A
    /// document whose media type this version of the crate does not know is
    /// [`ManifestDocument::Other`].
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](crate::ErrorKind::InvalidResponse) if the
    /// response had no content, or if the content is not a JSON object or lacks a field that every
    /// manifest of its media type has. The message contains the path of the field, and no values.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// use quay_api::types::ManifestDocument;
    ///
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?.get().await?;
    /// match manifest.parsed()? {
    ///     ManifestDocument::Index(index) => {
    ///         for image in index.images() {
    ///             println!("{} {:?}", image.digest, image.platform.as_ref().map(|p| p.to_string()));
    ///         }
    ///     }
    ///     ManifestDocument::Image(image) => println!("{} layers", image.layers.len()),
    ///     _ => {}
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[inline]
    pub fn parsed(&self) -> Result<ManifestDocument> {
        parse(self.manifest_data.as_deref().unwrap_or_default())
    }
}

/// Parses a manifest. Its fields tell its kind if the media type is missing.
#[inline]
fn parse(text: &str) -> Result<ManifestDocument> {
    const SUBJECT: &str = "the content of the manifest";
    let json = text.as_bytes();
    let document: Value = decode_document(SUBJECT, json)?;
    let media_type = document.get("mediaType").and_then(Value::as_str);
    let media_type = media_type.filter(|ty| !ty.is_empty());
    let has = |field: &str| document.get(field).is_some();
    match media_type.map(kind_of) {
        _ if !document.is_object() => {
            // Fails with an error that names the expected type.
            decode_document::<ImageIndex>(SUBJECT, json).map(ManifestDocument::Index)
        }
        Some(Kind::Image) => decode_document(SUBJECT, json).map(ManifestDocument::Image),
        Some(Kind::Index) => decode_document(SUBJECT, json).map(ManifestDocument::Index),
        Some(Kind::Signed) => decode_document(SUBJECT, json).map(ManifestDocument::Signed),
        None if has("manifests") => decode_document(SUBJECT, json).map(ManifestDocument::Index),
        None if has("config") => decode_document(SUBJECT, json).map(ManifestDocument::Image),
        None if has("fsLayers") => decode_document(SUBJECT, json).map(ManifestDocument::Signed),
        None | Some(Kind::Unknown) => {
            let kind = media_type.unwrap_or_default().to_owned();
            Ok(ManifestDocument::Other(OtherKind::new(kind, document)))
        }
    }
}

enum Kind {
    Image,
    Index,
    Signed,
    Unknown,
}

fn kind_of(media_type: &str) -> Kind {
    match media_type {
        "application/vnd.oci.image.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v2+json" => Kind::Image,
        "application/vnd.oci.image.index.v1+json"
        | "application/vnd.docker.distribution.manifest.list.v2+json" => Kind::Index,
        "application/vnd.docker.distribution.manifest.v1+json"
        | "application/vnd.docker.distribution.manifest.v1+prettyjws" => Kind::Signed,
        _ => Kind::Unknown,
    }
}

impl ManifestHandle {
    /// Lists the images of an index, or the manifest itself if it is not an index.
    ///
    /// The images have the order of the index. Attestations are left out. Indexes within the index
    /// are read as well.
    ///
    /// Scope and endpoint: as for [`get`](Self::get), for the manifest and for each index within
    /// the index.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) and of [`Manifest::parsed`] for the manifest
    /// itself. If an index within the index can't be read, the list contains that index instead of
    /// its images.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let web = quay.repository("acme/web")?;
    /// for image in web.manifest(&digest)?.images().await? {
    ///     let platform = image.platform.as_ref().map(|platform| platform.to_string());
    ///     println!("{} {}", image.digest, platform.unwrap_or_default());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn images(&self) -> Result<Vec<Descriptor>> {
        let manifest = self.get().await?;
        let index = match manifest.parsed()? {
            ManifestDocument::Index(index) => index,
            other => return Ok(vec![descriptor(Digest::clone(&self.digest), &other)]),
        };
        let mut images = Vec::new();
        let mut seen = BTreeSet::from([Digest::clone(&self.digest)]);
        let mut indexes = 0;
        let mut pending: VecDeque<Descriptor> = index.images().cloned().collect();
        while let Some(entry) = pending.pop_front() {
            if !seen.insert(entry.digest.clone()) {
                continue;
            }
            if entry.is_index() && indexes < MAX_NESTED_INDEXES {
                indexes += 1;
                if let Ok(ManifestDocument::Index(nested)) = self.read(&entry.digest).await {
                    // The images of a nested index take the place of its entry, in their order.
                    let nested: Vec<Descriptor> = nested.images().cloned().collect();
                    nested.into_iter().rev().for_each(|i| pending.push_front(i));
                    continue;
                }
            }
            images.push(entry);
        }
        Ok(images)
    }

    /// Reads the security report of each of the [`images`](Self::images), several concurrently.
    ///
    /// The security scanner has no report for an index itself.
    ///
    /// While an image waits to be scanned, its report has no data. Read it again later.
    ///
    /// Scope: `repo:read`. Endpoints: those of [`images`](Self::images) and, for each image, of
    /// [`security`](Self::security).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`images`](Self::images). If a report can't be read, its error is in
    /// the list in place of the report, and the other reports are not affected. If the server has
    /// no scanner, each element of the list is an error.
    ///
    /// # Examples
    ///
    /// ```
    /// # async fn example(
    /// #     quay: quay_api::Quay,
    /// #     digest: quay_api::types::Digest,
    /// # ) -> quay_api::Result<()> {
    /// let manifest = quay.repository("acme/web")?.manifest(&digest)?;
    /// for scanned in manifest.security_of_images().await? {
    ///     let digest = &scanned.image.digest;
    ///     match scanned.report {
    ///         Ok(report) => println!("{digest}: {:?}", report.severity_counts()),
    ///         Err(error) => eprintln!("{digest}: {error}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn security_of_images(&self) -> Result<Vec<ImageSecurity>> {
        let images = self.images().await?;
        let reports = images.into_iter().map(|image| async move {
            let report = match self.other(&image.digest) {
                Ok(manifest) => manifest.security().await,
                Err(error) => Err(error),
            };
            ImageSecurity { image, report }
        });
        Ok(stream::iter(reports).buffered(CONCURRENCY).collect().await)
    }

    /// Returns the handle of another manifest of the repository. The digest comes from a document,
    /// so it is validated here.
    fn other(&self, digest: &Digest) -> Result<Self> {
        digest.validate()?;
        Ok(Self {
            quay: Quay::clone(&self.quay),
            repository: Arc::clone(&self.repository),
            digest: Arc::new(digest.clone()),
        })
    }

    async fn read(&self, digest: &Digest) -> Result<ManifestDocument, Error> {
        self.other(digest)?.get().await?.parsed()
    }
}

/// Describes the manifest itself as an index would describe it.
fn descriptor(digest: Digest, document: &ManifestDocument) -> Descriptor {
    let artifact_type = document
        .as_image()
        .and_then(|image| image.artifact_type.clone());
    Descriptor {
        media_type: document.media_type().map(str::to_owned),
        digest,
        size: None,
        platform: None,
        artifact_type,
        urls: None,
        annotations: None,
        data: None,
    }
}
