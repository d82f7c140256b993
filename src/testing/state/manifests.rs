//! Manifests, their labels, and the results of security scans.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::progress::Progress;
use crate::testing::state::random::sha256;
use serde_json::json;

/// Prefixes of labels that are reserved.
const RESERVED_PREFIXES: [&str; 3] = ["com.docker.", "io.docker.", "quay."];

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
    /// Returns an image of this number of bytes in up to three layers.
    ///
    /// Images with different `seed`s differ.
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

    /// Returns an index of manifests that are there.
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

impl Manifest {
    fn label(&self, key: &str) -> Option<&str> {
        let label = self.labels.iter().find(|label| label.key == key);
        label.map(|label| label.value.as_str())
    }

    /// Returns the lifetime of a tag that is pointed to this manifest, in milliseconds.
    ///
    /// It is the value of the label `quay.expires-after`. A value that is not a duration is
    /// ignored.
    pub fn tag_lifetime(&self) -> Option<i64> {
        let value = self.label("quay.expires-after")?;
        let (unit_at, unit) = value.char_indices().next_back()?;
        let seconds: i64 = match unit {
            's' => 1,
            'm' => 60,
            'h' => 60 * 60,
            'd' => 24 * 60 * 60,
            'w' => 7 * 24 * 60 * 60,
            'y' => 365 * 24 * 60 * 60,
            _ => return None,
        };
        let number: i64 = value[..unit_at].trim().parse().ok()?;
        number
            .checked_mul(seconds)?
            .checked_mul(1000)
            .filter(|lifetime| *lifetime != 0)
    }

    /// Returns true if a tag that is pointed to this manifest becomes immutable.
    ///
    /// The label `quay.immutable` determines this.
    pub fn makes_immutable(&self) -> bool {
        self.label("quay.immutable")
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}

#[derive(Debug, Clone)]
pub struct Label {
    pub uuid: String,
    pub key: String,
    pub value: String,
    /// `manifest` for those of the image itself, `api` for others.
    pub source: &'static str,
    pub media_type: String,
}

/// The result of a security scan of an image.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The word for a scan that will never have a report.
    pub dead_end: Option<String>,
    /// The word for a scan that is not done yet.
    pub queued: Option<Progress>,
    pub packages: Vec<Package>,
}

#[derive(Debug, Clone)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub vulnerabilities: Vec<Vulnerability>,
}

#[derive(Debug, Clone)]
pub struct Vulnerability {
    pub name: String,
    pub severity: String,
    pub fixed_by: String,
    pub description: String,
}

impl Scan {
    /// Returns true if it is not done yet.
    pub fn is_queued(&self, now: i64) -> bool {
        self.queued.as_ref().is_some_and(|work| work.step(now) < 2)
    }

    /// Returns its status, and advances it: it is done at the third look, or two minutes later.
    pub fn look(&mut self, now: i64) -> &str {
        let is_queued = self
            .queued
            .as_mut()
            .is_some_and(|progress| progress.look(now) < 2);
        if is_queued {
            "queued"
        } else {
            self.dead_end.as_deref().unwrap_or("scanned")
        }
    }
}

/// Returns true for a valid key of a label.
fn is_label_key(key: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    key.split(['-', '.'])
        .all(|part| !part.is_empty() && part.chars().all(is_word))
}

impl State {
    /// Returns a manifest of a repository that a tag that is alive leads to.
    pub fn live_manifest(
        &mut self,
        (namespace, name): (&str, &str),
        digest: &str,
    ) -> Result<&mut Manifest, StateError> {
        let now = self.now_ms();
        let repository = self
            .repository_mut(namespace, name)
            .ok_or(StateError::NotFound)?;
        repository.live_manifest(digest, now)?;
        repository
            .manifests
            .get_mut(digest)
            .ok_or(StateError::NotFound)
    }

    pub fn add_label(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        digest: &str,
        (key, value): (&str, &str),
        media_type: &str,
    ) -> Result<Label, StateError> {
        if RESERVED_PREFIXES
            .iter()
            .any(|prefix| key.starts_with(prefix))
        {
            return Err(StateError::ReservedLabel);
        }
        let uuid = self.random_uuid();
        let manifest = self.live_manifest(path, digest)?;
        if !is_label_key(key) {
            return Err(StateError::InvalidLabelKey);
        }
        let label = Label {
            uuid,
            key: key.to_owned(),
            value: value.to_owned(),
            source: "api",
            media_type: media_type.to_owned(),
        };
        manifest.labels.push(label.clone());
        let metadata = json!({
            "id": label.uuid, "key": key, "value": value, "manifest_digest": digest,
            "media_type": media_type,
        });
        self.log_repository(caller, "manifest_label_add", path, metadata);
        Ok(label)
    }

    pub fn delete_label(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        digest: &str,
        uuid: &str,
    ) -> Result<(), StateError> {
        let labels = &mut self.live_manifest(path, digest)?.labels;
        let index = labels.iter().position(|label| label.uuid == uuid);
        let label = labels.remove(index.ok_or(StateError::NotFound)?);
        let metadata = json!({
            "id": label.uuid, "key": label.key, "value": label.value, "manifest_digest": digest,
        });
        self.log_repository(caller, "manifest_label_delete", path, metadata);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_gives_a_tag_a_lifetime() {
        for (value, seconds) in [
            ("10s", Some(10)),
            ("5m", Some(300)),
            ("2h", Some(7200)),
            ("1d", Some(86_400)),
            ("3w", Some(1_814_400)),
            ("2y", Some(63_072_000)),
            ("0h", None),
            ("garbage", None),
            ("5", None),
            ("", None),
            ("d", None),
            ("5ä", None),
            ("99999999999999999999d", None),
            ("9223372036854775807y", None),
        ] {
            let mut manifest = Manifest::image("seed", 10);
            manifest.labels.push(Label {
                uuid: String::new(),
                key: "quay.expires-after".to_owned(),
                value: value.to_owned(),
                source: "manifest",
                media_type: "text/plain".to_owned(),
            });
            let lifetime = manifest.tag_lifetime();
            assert_eq!(lifetime, seconds.map(|s| s * 1000), "{value:?}");
        }
    }
}
