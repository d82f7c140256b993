//! The kinds of documents that a manifest can be.

use super::{
    ByteSize, Descriptor, Digest, ImageIndex, ImageManifest, OtherKind, Platform,
    SignedImageManifest,
};
use std::fmt;

/// The parsed content of a manifest: [`Manifest::parsed`](super::Manifest::parsed).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
#[expect(
    clippy::large_enum_variant,
    reason = "few exist at a time, and a box would be in the way of matching"
)]
pub enum ManifestDocument {
    /// One image or artifact: an OCI image manifest, or Docker's schema 2.
    Image(ImageManifest),
    /// An image for several platforms: an OCI index, or a Docker manifest list.
    Index(ImageIndex),
    /// One image in Docker's schema 1.
    Signed(SignedImageManifest),
    /// A document of another kind, unchanged. Its kind is its media type.
    Other(OtherKind),
}

impl ManifestDocument {
    /// Returns the manifest of one image or artifact, if it is one.
    pub fn as_image(&self) -> Option<&ImageManifest> {
        match self {
            Self::Image(image) => Some(image),
            _ => None,
        }
    }

    /// Returns the index of an image for several platforms, if it is one.
    pub fn as_index(&self) -> Option<&ImageIndex> {
        match self {
            Self::Index(index) => Some(index),
            _ => None,
        }
    }

    /// Returns the media type, or `None` if the document does not contain it, which is allowed.
    pub fn media_type(&self) -> Option<&str> {
        match self {
            Self::Image(image) => image.media_type.as_deref(),
            Self::Index(index) => index.media_type.as_deref(),
            Self::Signed(_) => None,
            Self::Other(other) => Some(other.kind()).filter(|kind| !kind.is_empty()),
        }
    }
}

/// Media types of a configuration that belongs to an image.
const IMAGE_CONFIGS: [&str; 2] = [
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
];

impl ImageManifest {
    /// Returns true for an image that can be run, and false for an artifact.
    ///
    /// An artifact, such as a signature or a chart, has an artifact type, or a configuration whose
    /// media type is not that of an image.
    pub fn is_image(&self) -> bool {
        let config = self.config.media_type.as_deref();
        self.artifact_type.is_none() && config.is_none_or(|ty| IMAGE_CONFIGS.contains(&ty))
    }

    /// Returns the digest of the configuration.
    pub fn config_digest(&self) -> &Digest {
        &self.config.digest
    }

    /// Returns the compressed size of all layers in bytes.
    ///
    /// A layer without a size counts as 0 bytes.
    pub fn layers_size(&self) -> ByteSize {
        let sizes = self.layers.iter().filter_map(|layer| layer.size);
        ByteSize::new(sizes.fold(0, |sum, size| sum.saturating_add(size.bytes())))
    }
}

/// The annotation with which buildx marks entries of an index that are not images.
const REFERENCE_TYPE: &str = "vnd.docker.reference.type";

/// Media types of an index.
const INDEXES: [&str; 2] = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
];

impl ImageIndex {
    /// Returns the images of the index, in their order.
    ///
    /// Attestations are left out, such as the provenance that buildx adds with the platform
    /// `unknown/unknown`. Artifacts are left out too. An index within the index is included: see
    /// [`Descriptor::is_index`].
    ///
    /// # Examples
    ///
    /// ```
    /// use quay_api::types::ImageIndex;
    ///
    /// let index: ImageIndex = serde_json::from_str(
    ///     r#"{"manifests": [{
    ///         "digest": "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    ///         "platform": {"os": "linux", "architecture": "arm64", "variant": "v8"}
    ///     }]}"#,
    /// )?;
    /// for image in index.images() {
    ///     let platform = image.platform.as_ref().map(ToString::to_string);
    ///     assert_eq!(platform.as_deref(), Some("linux/arm64/v8"));
    /// }
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn images(&self) -> impl Iterator<Item = &Descriptor> {
        self.manifests.iter().filter(|entry| entry.is_image())
    }
}

impl Descriptor {
    /// Returns true if the descriptor refers to an index.
    pub fn is_index(&self) -> bool {
        self.media_type
            .as_deref()
            .is_some_and(|ty| INDEXES.contains(&ty))
    }

    /// Returns false for an entry of an index that is not an image.
    fn is_image(&self) -> bool {
        let is_marked = self
            .annotations
            .as_ref()
            .is_some_and(|all| all.contains_key(REFERENCE_TYPE));
        let is_unknown = self.platform.as_ref().is_some_and(|platform| {
            let is = |part: &Option<String>| part.as_deref() == Some("unknown");
            is(&platform.os) && is(&platform.architecture)
        });
        !is_marked && !is_unknown && self.artifact_type.is_none()
    }
}

impl fmt::Display for Platform {
    /// Writes `os/architecture/variant`, as container tools do. A missing operating system or
    /// architecture is `unknown`, a missing variant is left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |part: &Option<String>| match part.as_deref() {
            None | Some("") => "unknown".to_owned(),
            Some(part) => part.to_owned(),
        };
        let mut platform = format!("{}/{}", part(&self.os), part(&self.architecture));
        if let Some(variant) = self.variant.as_deref().filter(|v| !v.is_empty()) {
            platform.push('/');
            platform.push_str(variant);
        }
        f.pad(&platform)
    }
}
