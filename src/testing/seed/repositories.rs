//! Repositories and their tags.

use crate::testing::seed::{MirrorSeed, ScanSeed};
use crate::types::{RepositoryRole, RepositoryState, Timestamp, TriggerService, Visibility};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A repository of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct RepositorySeed {
    /// Namespace and name, as in `acme/web`.
    pub name: String,
    /// The visibility; private by default.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// The state; normal by default.
    #[serde(default)]
    pub state: Option<RepositoryState>,
    /// Its description.
    #[serde(default)]
    pub description: String,
    /// Its tags, past ones included.
    #[serde(default)]
    pub tags: Vec<TagSeed>,
    /// The roles of users and robot accounts.
    #[serde(default)]
    pub users: BTreeMap<String, RepositoryRole>,
    /// The roles of teams.
    #[serde(default)]
    pub teams: BTreeMap<String, RepositoryRole>,
    /// Users who starred it.
    #[serde(default)]
    pub stars: Vec<String>,
    /// The settings of a mirror. If they are set, the default of `state` is that of a mirror.
    #[serde(default)]
    pub mirror: Option<MirrorSeed>,
    /// The build triggers.
    #[serde(default)]
    pub triggers: Vec<TriggerSeed>,
}

/// A tag of a [`Seed`](super::Seed), and the image that it points to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct TagSeed {
    /// The name.
    pub name: String,
    /// The size of the image's layers in bytes.
    pub size: u64,
    /// The time of the push; now by default.
    #[serde(default)]
    pub pushed: Option<Timestamp>,
    /// The time at which the tag expires or expired; never by default.
    #[serde(default)]
    pub ends: Option<Timestamp>,
    /// A string that identifies the image: tags with the same string and the same size point to the
    /// same manifest. By default, each tag has a different image.
    #[serde(default)]
    pub image: Option<String>,
    /// The number of platforms of the image: if it is more than one, the manifest is an index.
    #[serde(default)]
    pub platforms: Option<u8>,
    /// The labels of the image.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The result of a scan of the image; no vulnerability by default.
    #[serde(default)]
    pub scan: Option<ScanSeed>,
    /// True if the tag is immutable.
    #[serde(default)]
    pub immutable: bool,
}

/// A build trigger of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct TriggerSeed {
    /// The service that the source comes from, such as `custom-git`.
    pub service: TriggerService,
    /// The repository of source code.
    pub source: String,
}

impl RepositorySeed {
    /// Creates a private repository.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            visibility: None,
            state: None,
            description: String::new(),
            tags: Vec::new(),
            users: BTreeMap::new(),
            teams: BTreeMap::new(),
            stars: Vec::new(),
            mirror: None,
            triggers: Vec::new(),
        }
    }

    /// Sets the visibility to public.
    pub fn public(mut self) -> Self {
        self.visibility = Some(Visibility::Public);
        self
    }

    /// Sets the state.
    pub fn state(mut self, state: RepositoryState) -> Self {
        self.state = Some(state);
        self
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a tag.
    pub fn tag(mut self, tag: TagSeed) -> Self {
        self.tags.push(tag);
        self
    }

    /// Adds a permission of a user or robot account.
    pub fn grant(mut self, user: impl Into<String>, role: RepositoryRole) -> Self {
        self.users.insert(user.into(), role);
        self
    }

    /// Adds a permission of a team.
    pub fn grant_team(mut self, team: impl Into<String>, role: RepositoryRole) -> Self {
        self.teams.insert(team.into(), role);
        self
    }

    /// Sets the mirror settings of the repository.
    pub fn mirror(mut self, mirror: MirrorSeed) -> Self {
        self.mirror = Some(mirror);
        self
    }

    /// Adds a build trigger.
    pub fn trigger(mut self, trigger: TriggerSeed) -> Self {
        self.triggers.push(trigger);
        self
    }

    /// Adds a user who starred the repository.
    pub fn starred_by(mut self, user: impl Into<String>) -> Self {
        self.stars.push(user.into());
        self
    }
}

impl TagSeed {
    /// Creates a tag of an image with a size in bytes.
    pub fn new(name: impl Into<String>, size: u64) -> Self {
        Self {
            name: name.into(),
            size,
            pushed: None,
            ends: None,
            image: None,
            platforms: None,
            labels: BTreeMap::new(),
            scan: None,
            immutable: false,
        }
    }

    /// Marks the tag as immutable.
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Sets when the tag was pushed.
    pub fn pushed(mut self, moment: Timestamp) -> Self {
        self.pushed = Some(moment);
        self
    }

    /// Sets when the tag expires or expired.
    pub fn ends(mut self, moment: Timestamp) -> Self {
        self.ends = Some(moment);
        self
    }

    /// Sets a string that identifies the image.
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }

    /// Adds a label of the image.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Sets the result of a scan of the image.
    pub fn scan(mut self, scan: ScanSeed) -> Self {
        self.scan = Some(scan);
        self
    }

    /// Sets the number of platforms of the image: if it is more than one, the manifest is an index.
    pub fn platforms(mut self, count: u8) -> Self {
        self.platforms = Some(count);
        self
    }
}

impl TriggerSeed {
    /// Creates a trigger of a service, with a repository of source code at this service.
    pub fn new(service: impl Into<TriggerService>, source: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            source: source.into(),
        }
    }
}
