//! The images that a manifest consists of, and what the security scanner found in each.

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

/// How many images are read concurrently.
const CONCURRENCY: usize = 4;

/// How many indexes one index may have within it, at any depth, that are read. More are no image
/// for several platforms.
const MAX_NESTED_INDEXES: usize = 16;

/// What the security scanner found in one image: [`ManifestHandle::security_of_images`].
#[derive(Debug)]
#[non_exhaustive]
pub struct ImageSecurity {
    /// The image, with its platform if the index names it.
    pub image: Descriptor,
    /// Its report, or the error of reading it.
    pub report: Result<SecurityReport>,
}

impl Manifest {
    /// Parses the content of the manifest: an image with its layers, an index with its images.
    ///
    /// An artifact, such as a signature or a chart, is an image manifest with a configuration of
    /// its own: [`ImageManifest::is_image`](crate::types::ImageManifest::is_image). A document of a
    /// kind that this version does not know is [`ManifestDocument::Other`].
    ///
    /// # Errors
    ///
    /// Returns an error of the kind [`InvalidResponse`](crate::ErrorKind::InvalidResponse) if the
    /// response had no content, or if it is not a JSON object or lacks what each manifest of its
    /// kind has. The message says where, and shows no values.
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
    pub fn parsed(&self) -> Result<ManifestDocument> {
        parse(self.manifest_data.as_deref().unwrap_or_default())
    }
}

/// Parses a manifest. Its kind is its media type or, since that may be missing, follows from its
/// fields.
fn parse(text: &str) -> Result<ManifestDocument> {
    const SUBJECT: &str = "the content of the manifest";
    let json = text.as_bytes();
    let document: Value = decode_document(SUBJECT, json)?;
    let media_type = document.get("mediaType").and_then(Value::as_str);
    let has = |field: &str| document.get(field).is_some();
    match media_type.map(kind_of) {
        _ if !document.is_object() => {
            // Fails with the error of a value of another type.
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
    /// Lists the images that the manifest consists of: those of an index, in its order and without
    /// attestations, or the manifest itself. An index within the index is read as well.
    ///
    /// Scope and endpoint: as for [`get`](Self::get), once and for each index within the index.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`get`](Self::get) and of [`Manifest::parsed`] for the manifest
    /// itself. An index within the index that can't be read is listed in place of its images.
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
                    // In place of the entry, in their order.
                    let nested: Vec<Descriptor> = nested.images().cloned().collect();
                    nested.into_iter().rev().for_each(|i| pending.push_front(i));
                    continue;
                }
            }
            images.push(entry);
        }
        Ok(images)
    }

    /// Reads what the security scanner found in each of the [`images`](Self::images), a few at a
    /// time. The scanner has no report of an index.
    ///
    /// As long as an image waits to be scanned, its report has no data: read it again later.
    ///
    /// Scope: `repo:read`. Endpoints: those of [`images`](Self::images) and, for each image, of
    /// [`security`](Self::security).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`images`](Self::images). An error of an image's report is in its
    /// place in the list, and hides no other report: if the server has no scanner, each of them is
    /// one.
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

    /// Returns another manifest of the repository. The digest is one of a document, and not
    /// validated yet.
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

/// Describes the manifest itself, as an index would.
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
