//! Tags and their history.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::{StateError, TagAction};
use crate::testing::state::manifests::Manifest;
use crate::testing::state::repositories::Repository;
use crate::types::{RepositoryRole, Timestamp};
use serde_json::{Number, json};

/// The bounds of a tag's life, in seconds: an hour and 104 weeks.
const MIN_LIFETIME: i64 = 60 * 60;
const MAX_LIFETIME: i64 = 104 * 7 * 24 * 60 * 60;

/// The last second of the year 9999.
const MAX_SECOND: i64 = 253_402_300_799;

/// A version of a tag: a name that points to a manifest for a time.
///
/// Moving the tag ends this row and adds another one.
#[derive(Debug, Clone)]
pub struct Tag {
    pub id: u64,
    pub name: String,
    pub digest: String,
    /// Milliseconds since 1970.
    pub start: i64,
    /// The time at which the version ends or ended.
    pub end: Option<i64>,
    /// True if the version was created by a restore.
    pub reversion: bool,
    pub immutable: bool,
}

impl Tag {
    pub fn is_alive(&self, now: i64) -> bool {
        self.end.is_none_or(|end| end > now)
    }
}

impl Repository {
    /// Returns the rows that are still kept: the newest first, then by name.
    ///
    /// `window` is the time for which past rows are kept, in seconds.
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

    /// Returns the tag of a name that is alive.
    pub fn tag(&self, name: &str, now: i64) -> Option<&Tag> {
        self.tags.iter().find(|t| t.name == name && t.is_alive(now))
    }

    pub fn tag_mut(&mut self, name: &str, now: i64) -> Option<&mut Tag> {
        self.tags
            .iter_mut()
            .find(|t| t.name == name && t.is_alive(now))
    }

    /// Returns a manifest that one of these rows points to, or an index that one of them points to
    /// lists.
    pub fn manifest_in(&self, digest: &str, rows: &[&Tag]) -> Result<&Manifest, StateError> {
        let is_child = |parent: &str| {
            self.manifests
                .get(parent)
                .is_some_and(|m| m.children.iter().any(|c| c == digest))
        };
        let is_reached = rows
            .iter()
            .any(|tag| tag.digest == digest || is_child(&tag.digest));
        self.manifests
            .get(digest)
            .filter(|_| is_reached)
            .ok_or(StateError::NotFound)
    }

    /// Returns a manifest that a tag that is alive leads to.
    pub fn live_manifest(&self, digest: &str, now: i64) -> Result<&Manifest, StateError> {
        let alive: Vec<&Tag> = self.tags.iter().filter(|t| t.is_alive(now)).collect();
        self.manifest_in(digest, &alive)
    }
}

/// Checks the name of a tag.
pub fn check_tag_name(name: &str) -> Result<(), StateError> {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_valid = (1..=128).contains(&name.len())
        && name.starts_with(is_word)
        && name.chars().all(|c| is_word(c) || matches!(c, '.' | '-'));
    if is_valid {
        Ok(())
    } else {
        Err(StateError::InvalidTagName)
    }
}

impl State {
    /// Returns the milliseconds since 1970.
    pub fn now_ms(&self) -> i64 {
        let since = self
            .now()
            .since(Timestamp::from_unix_seconds(0).unwrap_or_else(|| self.now()));
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    }

    fn live_tag(
        &mut self,
        (namespace, name): (&str, &str),
        tag: &str,
    ) -> Result<&mut Tag, StateError> {
        let now = self.now_ms();
        self.repository_mut(namespace, name)
            .and_then(|r| r.tag_mut(tag, now))
            .ok_or(StateError::NotFound)
    }

    /// Points a tag to a manifest.
    ///
    /// The replaced row becomes history. Labels of the manifest can set an expiration or make the
    /// tag immutable.
    pub fn point_tag(
        &mut self,
        (namespace, name): (&str, &str),
        tag: &str,
        digest: &str,
        reversion: bool,
    ) {
        let (id, now) = (self.next_id(), self.now_ms());
        let by_policy = self.is_immutable_by_policy((namespace, name), tag);
        let Some(repository) = self.repository_mut(namespace, name) else {
            return;
        };
        if let Some(before) = repository.tag_mut(tag, now) {
            before.end = Some(now);
        }
        let manifest = repository.manifests.get(digest);
        let lifetime = manifest.and_then(Manifest::tag_lifetime);
        let row = Tag {
            id,
            name: tag.to_owned(),
            digest: digest.to_owned(),
            start: now,
            end: lifetime.and_then(|lifetime| now.checked_add(lifetime)),
            reversion,
            immutable: by_policy || manifest.is_some_and(Manifest::makes_immutable),
        };
        repository.tags.push(row);
    }

    /// Sets when a tag expires, in seconds since 1970; `None` removes the expiration.
    ///
    /// A fraction of a second is dropped.
    pub fn set_tag_expiration(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
        expiration: Option<&Number>,
    ) -> Result<(), StateError> {
        let now = self.now_ms();
        let tag = self.live_tag(path, name)?;
        let end = match expiration {
            None => None,
            Some(number) => {
                let seconds = number.as_f64().unwrap_or_default();
                // The server's calendar fails at a number that its clock can't hold.
                if seconds.abs() >= i64::MAX as f64 {
                    return Err(StateError::Unhandled);
                }
                let seconds = seconds as i64;
                if seconds > MAX_SECOND || seconds.saturating_mul(1000) <= now {
                    return Err(StateError::InvalidExpiration);
                }
                if tag.immutable {
                    return Err(StateError::ExpirationOfImmutableTag(name.to_owned()));
                }
                let lifetime = (seconds - tag.start / 1000).clamp(MIN_LIFETIME, MAX_LIFETIME);
                Some(tag.start + lifetime * 1000)
            }
        };
        let before = std::mem::replace(&mut tag.end, end);
        if before.is_some() || end.is_some() {
            // In milliseconds, unlike the new expiration.
            let old = before.filter(|b| Some(*b) != end);
            let metadata = json!({
                "username": caller.user(), "tag": name, "expiration_date": expiration,
                "old_expiration_date": old,
            });
            self.log_repository(caller, "change_tag_expiration", path, metadata);
        }
        Ok(())
    }

    /// Sets whether a tag is immutable.
    ///
    /// Only administrators may make it mutable again.
    pub fn set_tag_immutability(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
        immutable: bool,
    ) -> Result<(), StateError> {
        let is_admin = self.repository_role(caller, path) == Some(RepositoryRole::Admin);
        let tag = self.live_tag(path, name)?;
        if immutable && tag.end.is_some() {
            return Err(StateError::ImmutabilityOfExpiringTag(name.to_owned()));
        }
        let before = tag.immutable;
        if before && !immutable && !is_admin {
            return Err(caller.denied());
        }
        tag.immutable = immutable;
        let metadata = json!({
            "username": caller.user(), "tag": name, "immutable": immutable,
            "previous_immutable": before,
        });
        self.log_repository(caller, "change_tag_immutability", path, metadata);
        Ok(())
    }

    /// Points a tag to a manifest that another tag leads to; a new tag is created by that.
    pub fn move_tag(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
        digest: &str,
    ) -> Result<(), StateError> {
        let now = self.now_ms();
        let repository = self
            .repository(path.0, path.1)
            .ok_or(StateError::NotFound)?;
        repository.live_manifest(digest, now)?;
        let before = repository.tag(name, now);
        if before.is_some_and(|t| t.immutable) {
            return Err(StateError::TagImmutable {
                tag: name.to_owned(),
                action: TagAction::Overwrite,
            });
        }
        let original = before.map(|t| t.digest.clone());
        self.point_tag(path, name, digest, false);
        let kind = if original.is_some() {
            "move_tag"
        } else {
            "create_tag"
        };
        let metadata = json!({
            "username": caller.user(), "tag": name, "manifest_digest": digest,
            "original_manifest_digest": original,
        });
        self.log_repository(caller, kind, path, metadata);
        Ok(())
    }

    /// Deletes a tag, which becomes history.
    pub fn delete_tag(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
    ) -> Result<(), StateError> {
        let now = self.now_ms();
        let tag = self.live_tag(path, name)?;
        if tag.immutable {
            return Err(StateError::TagImmutable {
                tag: name.to_owned(),
                action: TagAction::Delete,
            });
        }
        tag.end = Some(now);
        let metadata = json!({"username": caller.user(), "tag": name});
        self.log_repository(caller, "delete_tag", path, metadata);
        Ok(())
    }

    /// Points a tag to a manifest of its repository's history.
    pub fn restore_tag(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
        digest: &str,
    ) -> Result<(), StateError> {
        let now = self.now_ms();
        let repository = self
            .repository(path.0, path.1)
            .ok_or(StateError::NotFound)?;
        let kept = repository.history(now, self.tag_expiration(path.0));
        repository.manifest_in(digest, &kept)?;
        if repository.tag(name, now).is_some_and(|t| t.immutable) {
            return Err(StateError::TagImmutable {
                tag: name.to_owned(),
                action: TagAction::Overwrite,
            });
        }
        self.point_tag(path, name, digest, true);
        let metadata = json!({
            "username": caller.user(), "repo": path.1, "tag": name, "manifest_digest": digest,
        });
        self.log(caller, "revert_tag", path.0, Some(path.1), metadata);
        Ok(())
    }

    /// Removes versions of a tag from the history, so that they can't be restored.
    ///
    /// It removes the current version, or the past versions that pointed to `digest`. A server
    /// removes the data a little later.
    pub fn purge_tag(
        &mut self,
        caller: &Caller,
        path: (&str, &str),
        name: &str,
        past_digest: Option<&str>,
    ) -> Result<(), StateError> {
        let (now, window) = (self.now_ms(), self.tag_expiration(path.0));
        let repository = self
            .repository_mut(path.0, path.1)
            .ok_or(StateError::NotFound)?;
        let digest = match past_digest {
            Some(digest) => digest.to_owned(),
            None => repository
                .tag(name, now)
                .filter(|t| !t.immutable)
                .ok_or(StateError::NotFound)?
                .digest
                .clone(),
        };
        let kept: Vec<u64> = repository
            .history(now, window)
            .into_iter()
            .map(|t| t.id)
            .collect();
        let before = repository.tags.len();
        repository.tags.retain(|t| {
            !(t.name == name
                && t.digest == digest
                && t.is_alive(now) == past_digest.is_none()
                && kept.contains(&t.id))
        });
        if repository.tags.len() == before {
            return Err(StateError::NotFound);
        }
        let metadata = json!({"username": caller.user(), "tag": name, "manifest_digest": digest});
        self.log_repository(caller, "permanently_delete_tag", path, metadata);
        Ok(())
    }
}
