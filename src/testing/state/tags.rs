//! Tags with their history, and the manifests that they point to.

use super::State;
use super::manifests::{Label, Scan};
use super::random::sha256;
use super::repositories::Repository;
use serde_json::json;

/// A name that points to a manifest for a while. Moving it ends the row and begins another.
#[derive(Debug, Clone)]
pub struct Tag {
    pub id: u64,
    pub name: String,
    pub digest: String,
    /// Milliseconds since 1970.
    pub start: i64,
    /// When it ends, or ended.
    pub end: Option<i64>,
    /// Whether it was made by a restore.
    pub reversion: bool,
    pub immutable: bool,
}

impl Tag {
    pub fn is_alive(&self, now: i64) -> bool {
        self.end.is_none_or(|end| end > now)
    }
}

#[derive(Debug, Clone)]
pub struct Manifest {
    pub digest: String,
    pub media_type: String,
    /// The document itself.
    pub document: String,
    /// The bytes of its layers.
    pub size: u64,
    /// The manifests that an index lists.
    pub children: Vec<String>,
    pub labels: Vec<Label>,
    pub scan: Scan,
}

impl Manifest {
    /// An image of so many bytes in up to three layers; `seed` makes it another one than the rest.
    pub fn image(seed: &str, size: u64) -> Self {
        let media_type = "application/vnd.oci.image.manifest.v1+json";
        let layers: Vec<u64> = vec![size - size / 2 - size / 4, size / 2, size / 4]
            .into_iter()
            .filter(|bytes| *bytes > 0)
            .collect();
        let digest = |what: &str| format!("sha256:{}", sha256(&format!("{seed} {what}")));
        let layer = |(number, size): (usize, &u64)| {
            let digest = digest(&format!("layer {number}"));
            json!({"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": digest, "size": size})
        };
        let document = json!({
            "schemaVersion": 2, "mediaType": media_type,
            "config": {"mediaType": "application/vnd.oci.image.config.v1+json", "digest": digest("config"), "size": 1470},
            "layers": layers.iter().enumerate().map(layer).collect::<Vec<_>>(),
        });
        Self::new(media_type, document.to_string(), size, Vec::new())
    }

    /// An index of manifests that are there.
    pub fn index(children: &[&Self]) -> Self {
        let media_type = "application/vnd.oci.image.index.v1+json";
        let platforms = ["amd64", "arm64", "ppc64le", "s390x"].into_iter().cycle();
        let row = |(child, architecture): (&&Self, &str)| {
            let platform = json!({"os": "linux", "architecture": architecture});
            json!({"mediaType": child.media_type, "digest": child.digest, "size": child.document.len(), "platform": platform})
        };
        let rows: Vec<_> = children.iter().zip(platforms).map(row).collect();
        let document =
            json!({"schemaVersion": 2, "mediaType": media_type, "manifests": rows}).to_string();
        let size = children.iter().map(|c| c.size).sum();
        Self::new(
            media_type,
            document,
            size,
            children.iter().map(|c| c.digest.clone()).collect(),
        )
    }

    fn new(media_type: &str, document: String, size: u64, children: Vec<String>) -> Self {
        Self {
            digest: format!("sha256:{}", sha256(&document)),
            media_type: media_type.to_owned(),
            document,
            size,
            children,
            labels: Vec::new(),
            scan: Scan::default(),
        }
    }
}

impl Repository {
    /// The rows that are not yet garbage: the newest first, then by name. `window` is how long past
    /// ones are kept, in seconds.
    pub fn history(&self, now: i64, window: u64) -> Vec<&Tag> {
        let window = i64::try_from(window)
            .unwrap_or(i64::MAX)
            .saturating_mul(1000);
        let mut rows: Vec<&Tag> = self
            .tags
            .iter()
            .filter(|t| t.end.is_none_or(|end| end.saturating_add(window) > now))
            .collect();
        rows.sort_by(|a, b| {
            b.start
                .cmp(&a.start)
                .then_with(|| a.name.cmp(&b.name))
                .then(b.id.cmp(&a.id))
        });
        rows
    }

    /// The tag of a name that is alive.
    pub fn tag(&self, name: &str, now: i64) -> Option<&Tag> {
        self.tags.iter().find(|t| t.name == name && t.is_alive(now))
    }

    pub fn tag_mut(&mut self, name: &str, now: i64) -> Option<&mut Tag> {
        self.tags
            .iter_mut()
            .find(|t| t.name == name && t.is_alive(now))
    }

    /// A manifest that one of these rows points to, or an index that one of them points to lists.
    pub fn manifest_in(&self, digest: &str, rows: &[&Tag]) -> Option<&Manifest> {
        let is_child = |parent: &str| {
            self.manifests
                .get(parent)
                .is_some_and(|m| m.children.iter().any(|c| c == digest))
        };
        let is_reached = rows
            .iter()
            .any(|tag| tag.digest == digest || is_child(&tag.digest));
        self.manifests.get(digest).filter(|_| is_reached)
    }
}

impl State {
    /// Milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let since = self
            .now()
            .since(crate::types::Timestamp::from_unix_seconds(0).unwrap_or_else(|| self.now()));
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    /// Points a tag to a manifest; what it pointed to before becomes history.
    pub fn point_tag(
        &mut self,
        (namespace, name): (&str, &str),
        tag: &str,
        digest: &str,
        reversion: bool,
    ) {
        let (id, now) = (self.next_id(), self.now_ms());
        let immutable = self.is_immutable_by_policy((namespace, name), tag);
        let Some(repository) = self.repository_mut(namespace, name) else {
            return;
        };
        if let Some(before) = repository.tag_mut(tag, now) {
            before.end = Some(now);
        }
        let row = Tag {
            id,
            name: tag.to_owned(),
            digest: digest.to_owned(),
            start: now,
            end: None,
            reversion,
            immutable,
        };
        repository.tags.push(row);
    }
}
