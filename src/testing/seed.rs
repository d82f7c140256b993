//! What is there from the start: plain data, from Rust or from JSON.
//!
//! ```
//! # async fn example() -> quay_api::Result<()> {
//! use quay_api::testing::Sandbox;
//! use quay_api::testing::seed::{Organization, Repository, Seed, Tag, Team};
//! use quay_api::types::{RepositoryRole, TeamRole};
//!
//! let sandbox = Sandbox::start().await?;
//! let seed = Seed::new()
//!     .user("alice")
//!     .organization(Organization::new("initech").team(Team::new("devs", TeamRole::Creator).member("alice")).robot("ci"))
//!     .repository(Repository::new("initech/tps").tag(Tag::new("v1", 4096)).grant("initech+ci", RepositoryRole::Read));
//! sandbox.seed(&seed)?;
//! assert_eq!(sandbox.quay().repository("initech/tps")?.tags().list().await?.len(), 1);
//! # Ok(())
//! # }
//! # tokio::runtime::Runtime::new().unwrap().block_on(example()).unwrap();
//! ```
//!
//! As JSON, members have the names of the fields, and all but names may be missing:
//!
//! ```
//! use quay_api::testing::seed::Seed;
//!
//! let seed = Seed::from_json(r#"{
//!     "users": [{"name": "alice"}],
//!     "organizations": [{"name": "initech", "teams": [{"name": "devs", "role": "creator", "members": ["alice"]}], "robots": [{"name": "ci"}]}],
//!     "repositories": [{"name": "initech/tps", "visibility": "public", "tags": [{"name": "v1", "size": 4096, "pushed": "2026-11-24T00:00:00Z"}]}]
//! }"#)?;
//! assert_eq!(seed.repositories[0].tags[0].name, "v1");
//! # Ok::<(), quay_api::Error>(())
//! ```

use super::Refusal;
use super::world::World;
use super::world::tags::{self, Manifest};
use crate::types::{RepositoryName, RepositoryRole, RepositoryState, TeamRole, Timestamp, Visibility};
use crate::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// Everything that a sandbox is to have; see the [module](self).
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Seed {
    /// Users beside the superuser that every sandbox has.
    pub users: Vec<User>,
    /// Organizations; the superuser owns them.
    pub organizations: Vec<Organization>,
    /// Repositories of users and organizations.
    pub repositories: Vec<Repository>,
    /// Entries of the usage logs.
    pub logs: Vec<LogEntry>,
}

/// A user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct User {
    /// The name.
    pub name: String,
    /// The address; `NAME@example.test` unless given.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether it is a superuser of the registry.
    #[serde(default)]
    pub superuser: bool,
    /// Robot accounts of the user.
    #[serde(default)]
    pub robots: Vec<Robot>,
}

/// An organization, which has a team `owners` in any case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Organization {
    /// The name.
    pub name: String,
    /// The address; `NAME@example.test` unless given.
    #[serde(default)]
    pub email: Option<String>,
    /// Its teams.
    #[serde(default)]
    pub teams: Vec<Team>,
    /// Its robot accounts.
    #[serde(default)]
    pub robots: Vec<Robot>,
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Team {
    /// The name.
    pub name: String,
    /// What its members may in the organization.
    pub role: TeamRole,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Users and robot accounts.
    #[serde(default)]
    pub members: Vec<String>,
}

/// A robot account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Robot {
    /// The short name, without the namespace.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
}

/// A repository.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Repository {
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
    pub tags: Vec<Tag>,
    /// What users and robot accounts may.
    #[serde(default)]
    pub users: BTreeMap<String, RepositoryRole>,
    /// What teams may.
    #[serde(default)]
    pub teams: BTreeMap<String, RepositoryRole>,
    /// Users who starred it.
    #[serde(default)]
    pub stars: Vec<String>,
}

/// A tag, and the image that it points to.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Tag {
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
    /// A text that stands for the image: tags of one size with the same text point to the same manifest. Its own unless given.
    #[serde(default)]
    pub image: Option<String>,
    /// For how many platforms there is an image; more than one makes an index of them.
    #[serde(default)]
    pub platforms: Option<u8>,
}

/// An entry of the usage logs.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LogEntry {
    /// What was done, such as `pull_repo`.
    pub kind: String,
    /// The namespace.
    pub namespace: String,
    /// The repository, without its namespace.
    #[serde(default)]
    pub repository: Option<String>,
    /// The user or robot account who did it.
    #[serde(default)]
    pub performer: Option<String>,
    /// When; now unless given.
    #[serde(default)]
    pub when: Option<Timestamp>,
    /// What else is known.
    #[serde(default)]
    pub metadata: Option<Value>,
}

impl Seed {
    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads JSON.
    ///
    /// # Errors
    /// It is no JSON, or says something that there is not.
    pub fn from_json(text: &str) -> Result<Self> {
        serde_json::from_str(text).map_err(|e| Error::new(ErrorKind::InvalidInput, format!("the seed can't be read: {e}")))
    }

    /// Reads a file of JSON.
    ///
    /// # Errors
    /// It can't be read.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|e| Error::invalid_input(format!("the seed {} can't be read", path.display())).with_source(e))?;
        Self::from_json(&text)
    }

    /// Adds a user.
    pub fn user(mut self, user: impl Into<User>) -> Self {
        self.users.push(user.into());
        self
    }

    /// Adds an organization.
    pub fn organization(mut self, organization: impl Into<Organization>) -> Self {
        self.organizations.push(organization.into());
        self
    }

    /// Adds a repository.
    pub fn repository(mut self, repository: impl Into<Repository>) -> Self {
        self.repositories.push(repository.into());
        self
    }

    /// Adds an entry of the usage logs.
    pub fn log(mut self, entry: LogEntry) -> Self {
        self.logs.push(entry);
        self
    }
}

/// What has nothing but a name is made from one.
macro_rules! named {
    ($($type:ident)*) => {$(
        impl From<&str> for $type {
            fn from(name: &str) -> Self {
                Self::new(name)
            }
        }
    )*};
}
named!(User Organization Robot Repository);

impl User {
    /// A user.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), email: None, superuser: false, robots: Vec::new() }
    }

    /// With an address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Who is a superuser.
    pub fn superuser(mut self) -> Self {
        self.superuser = true;
        self
    }

    /// With a robot account.
    pub fn robot(mut self, robot: impl Into<Robot>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl Organization {
    /// An organization.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), email: None, teams: Vec::new(), robots: Vec::new() }
    }

    /// With an address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// With a team.
    pub fn team(mut self, team: Team) -> Self {
        self.teams.push(team);
        self
    }

    /// With a robot account.
    pub fn robot(mut self, robot: impl Into<Robot>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl Team {
    /// A team whose members have a role in the organization.
    pub fn new(name: impl Into<String>, role: TeamRole) -> Self {
        Self { name: name.into(), role, description: String::new(), members: Vec::new() }
    }

    /// With a description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// With a user or robot account in it.
    pub fn member(mut self, name: impl Into<String>) -> Self {
        self.members.push(name.into());
        self
    }
}

impl Robot {
    /// A robot account, by its short name.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), description: String::new() }
    }

    /// With a description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }
}

impl Repository {
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
    pub fn tag(mut self, tag: Tag) -> Self {
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

    /// Starred by a user.
    pub fn starred_by(mut self, user: impl Into<String>) -> Self {
        self.stars.push(user.into());
        self
    }
}

impl Tag {
    /// A tag of an image of so many bytes.
    pub fn new(name: impl Into<String>, size: u64) -> Self {
        Self { name: name.into(), size, pushed: None, ends: None, image: None, platforms: None }
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

    /// Of an index of images for so many platforms.
    pub fn platforms(mut self, count: u8) -> Self {
        self.platforms = Some(count);
        self
    }
}

impl LogEntry {
    /// Something that was done in a namespace.
    pub fn new(kind: impl Into<String>, namespace: impl Into<String>) -> Self {
        Self { kind: kind.into(), namespace: namespace.into(), repository: None, performer: None, when: None, metadata: None }
    }

    /// To a repository, named without the namespace.
    pub fn repository(mut self, name: impl Into<String>) -> Self {
        self.repository = Some(name.into());
        self
    }

    /// By somebody.
    pub fn performer(mut self, name: impl Into<String>) -> Self {
        self.performer = Some(name.into());
        self
    }

    /// At a moment.
    pub fn when(mut self, moment: Timestamp) -> Self {
        self.when = Some(moment);
        self
    }
}

/// Puts a seed into a world, whose superuser `owner` owns the organizations.
pub(super) fn sow(world: &mut World, seed: &Seed, owner: &str) -> Result<()> {
    let refused = |refusal: Refusal| Error::invalid_input(format!("the seed can't be sown: {}", refusal.reason()));
    for user in &seed.users {
        let email = user.email.clone().unwrap_or_else(|| format!("{}@example.test", user.name));
        let made = world.create_user(&user.name, &email).map_err(refused)?;
        (made.superuser, made.verified) = (user.superuser, true);
        sow_robots(world, &user.name, &user.robots).map_err(refused)?;
    }
    for organization in &seed.organizations {
        let name = &organization.name;
        let email = organization.email.clone().unwrap_or_else(|| format!("{name}@example.test"));
        world.create_organization(name, &email, Some(owner)).map_err(refused)?;
        sow_robots(world, name, &organization.robots).map_err(refused)?;
        for team in &organization.teams {
            if let Some(member) = team.members.iter().find(|m| !is_known(world, m)) {
                return Err(Error::invalid_input(format!("the team {} of {name} has a member {member:?} who does not exist", team.name)));
            }
            let made = world.create_team(name, &team.name, team.role.clone(), &team.description).map_err(refused)?;
            let new = team.members.iter().filter(|m| !made.members.contains(m)).cloned().collect::<Vec<_>>();
            made.members.extend(new);
        }
    }
    seed.repositories.iter().try_for_each(|repository| sow_repository(world, repository, owner))?;
    for entry in &seed.logs {
        let when = entry.when.unwrap_or_else(|| world.now());
        let metadata = entry.metadata.clone().unwrap_or_else(|| json!({"namespace": entry.namespace, "repo": entry.repository}));
        let place = (entry.namespace.as_str(), entry.repository.as_deref());
        world.record(when, &entry.kind, place, entry.performer.clone(), metadata);
    }
    world.logs.sort_by_key(|entry| entry.when);
    Ok(())
}

fn is_known(world: &World, name: &str) -> bool {
    world.users.contains_key(name) || world.robots.contains_key(name)
}

fn sow_robots(world: &mut World, namespace: &str, robots: &[Robot]) -> std::result::Result<(), Refusal> {
    robots.iter().try_for_each(|r| world.create_robot(namespace, &r.name, &r.description, json!({})).map(drop))
}

fn sow_repository(world: &mut World, seed: &Repository, owner: &str) -> Result<()> {
    let whole: RepositoryName = seed.name.parse()?;
    let (namespace, name) = (whole.namespace(), whole.name());
    if !world.is_namespace(namespace) {
        return Err(Error::invalid_input(format!("the repository {whole} is in the namespace {namespace:?}, which does not exist")));
    }
    if world.repository(namespace, name).is_some() {
        return Err(Error::invalid_input(format!("the repository {whole} exists already")));
    }
    if let Some(user) = seed.users.keys().chain(&seed.stars).find(|user| !is_known(world, user)) {
        return Err(Error::invalid_input(format!("the repository {whole} speaks of {user:?}, who does not exist")));
    }
    let teams = world.organizations.get(namespace).map(|o| &o.teams);
    if let Some(team) = seed.teams.keys().find(|team| teams.is_none_or(|teams| !teams.contains_key(*team))) {
        return Err(Error::invalid_input(format!("the repository {whole} speaks of the team {team:?}, which does not exist")));
    }
    let now = world.now();
    let ids: Vec<u64> = seed.tags.iter().map(|_| world.next_id()).collect();
    let repository = world.create_repository(namespace, name, Some(owner).filter(|owner| *owner != namespace));
    seed.description.clone_into(&mut repository.description);
    repository.visibility = seed.visibility.clone().unwrap_or(Visibility::Private);
    repository.state = seed.state.clone().unwrap_or(RepositoryState::Normal);
    repository.users.extend(seed.users.clone());
    repository.teams.extend(seed.teams.clone());
    repository.stars.extend(seed.stars.iter().cloned());
    for (tag, id) in seed.tags.iter().zip(ids) {
        let image = tag.image.clone().unwrap_or_else(|| format!("{whole}:{}", tag.name));
        let platforms = u64::from(tag.platforms.unwrap_or(1)).max(1);
        let images: Vec<Manifest> = (0..platforms).map(|n| Manifest::image(&format!("{image} {n}"), tag.size / platforms)).collect();
        let index = (platforms > 1).then(|| Manifest::index(&images.iter().collect::<Vec<_>>()));
        let digest = index.as_ref().or(images.first()).map(|m| m.digest.clone()).unwrap_or_default();
        repository.manifests.extend(images.into_iter().chain(index).map(|m| (m.digest.clone(), m)));
        let (start, end) = (tag.pushed.unwrap_or(now).unix_seconds() * 1000, tag.ends.map(|end| end.unix_seconds() * 1000));
        repository.tags.push(tags::Tag { id, name: tag.name.clone(), digest, start, end, reversion: false, immutable: false });
    }
    Ok(())
}
