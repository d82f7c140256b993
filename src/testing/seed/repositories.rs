//! Repositories and their tags.

use crate::testing::seed::{MirrorSeed, ScanSeed};
use crate::types::{RepositoryRole, RepositoryState, Timestamp, TriggerService, Visibility};
use serde::Deserialize;
use std::collections::BTreeMap;

/// A repository.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RepositorySeed {
    /// Namespace and name, as in `acme/web`.
    pub name: String,
    /// Who may see it; private unless given.
    #[serde(default)]
    pub visibility: Option<Visibility>,
    /// Whether it can be pushed to; normal unless given.
    #[serde(default)]
    pub state: Option<RepositoryState>,
    /// Its description.
    #[serde(default)]
    pub description: String,
    /// Its tags, past ones included.
    #[serde(default)]
    pub tags: Vec<TagSeed>,
    /// What users and robot accounts may.
    #[serde(default)]
    pub users: BTreeMap<String, RepositoryRole>,
    /// What teams may.
    #[serde(default)]
    pub teams: BTreeMap<String, RepositoryRole>,
    /// Users who starred it.
    #[serde(default)]
    pub stars: Vec<String>,
    /// What it copies from. Its state is that of a mirror then, unless another is given.
    #[serde(default)]
    pub mirror: Option<MirrorSeed>,
    /// What sets off builds of it.
    #[serde(default)]
    pub triggers: Vec<TriggerSeed>,
}

/// A tag, and the image that it points to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TagSeed {
    /// The name.
    pub name: String,
    /// The bytes of the image's layers.
    pub size: u64,
    /// When it was pushed; now unless given.
    #[serde(default)]
    pub pushed: Option<Timestamp>,
    /// When it ends, or ended; never unless given.
    #[serde(default)]
    pub ends: Option<Timestamp>,
    /// A text that stands for the image: tags of one size with the same text point to the same
    /// manifest. Its own unless given.
    #[serde(default)]
    pub image: Option<String>,
    /// For how many platforms there is an image; more than one makes an index of them.
    #[serde(default)]
    pub platforms: Option<u8>,
    /// The labels of the image.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// The result of a scan of the image; no vulnerability by default.
    #[serde(default)]
    pub scan: Option<ScanSeed>,
    /// Whether the tag is immutable.
    #[serde(default)]
    pub immutable: bool,
}

/// What sets off builds of a repository.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TriggerSeed {
    /// The service that the source comes from, such as `custom-git`.
    pub service: TriggerService,
    /// The repository of source code.
    pub source: String,
}

impl RepositorySeed {
    /// A private repository.
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

    /// For all to see.
    pub fn public(mut self) -> Self {
        self.visibility = Some(Visibility::Public);
        self
    }

    /// In another state.
    pub fn state(mut self, state: RepositoryState) -> Self {
        self.state = Some(state);
        self
    }

    /// With a description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// With a tag.
    pub fn tag(mut self, tag: TagSeed) -> Self {
        self.tags.push(tag);
        self
    }

    /// With a permission of a user or robot account.
    pub fn grant(mut self, user: impl Into<String>, role: RepositoryRole) -> Self {
        self.users.insert(user.into(), role);
        self
    }

    /// With a permission of a team.
    pub fn grant_team(mut self, team: impl Into<String>, role: RepositoryRole) -> Self {
        self.teams.insert(team.into(), role);
        self
    }

    /// Which copies from another registry.
    pub fn mirror(mut self, mirror: MirrorSeed) -> Self {
        self.mirror = Some(mirror);
        self
    }

    /// With something that sets off builds.
    pub fn trigger(mut self, trigger: TriggerSeed) -> Self {
        self.triggers.push(trigger);
        self
    }

    /// Starred by a user.
    pub fn starred_by(mut self, user: impl Into<String>) -> Self {
        self.stars.push(user.into());
        self
    }
}

impl TagSeed {
    /// A tag of an image of so many bytes.
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

    /// Makes the tag immutable.
    pub fn immutable(mut self) -> Self {
        self.immutable = true;
        self
    }

    /// Pushed at a moment.
    pub fn pushed(mut self, moment: Timestamp) -> Self {
        self.pushed = Some(moment);
        self
    }

    /// Which ends, or ended, at a moment.
    pub fn ends(mut self, moment: Timestamp) -> Self {
        self.ends = Some(moment);
        self
    }

    /// Of the image that a text stands for.
    pub fn image(mut self, image: impl Into<String>) -> Self {
        self.image = Some(image.into());
        self
    }

    /// With a label of the image.
    pub fn label(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(key.into(), value.into());
        self
    }

    /// Of an image in which a scan found something.
    pub fn scan(mut self, scan: ScanSeed) -> Self {
        self.scan = Some(scan);
        self
    }

    /// Of an index of images for so many platforms.
    pub fn platforms(mut self, count: u8) -> Self {
        self.platforms = Some(count);
        self
    }
}

impl TriggerSeed {
    /// A trigger of a service, and the repository of source code there.
    pub fn new(service: impl Into<TriggerService>, source: impl Into<String>) -> Self {
        Self {
            service: service.into(),
            source: source.into(),
        }
    }
}
