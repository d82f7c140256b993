//! Repositories: settings, permissions and stars.

use super::State;
use super::places::Place;
use super::tags::{Manifest, Tag};
use crate::types::{RepositoryRole, RepositoryState, Visibility};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Repository {
    pub id: u64,
    pub namespace: String,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    pub state: RepositoryState,
    pub trust: bool,
    /// The token of the badge that shows the state of its builds.
    pub status_token: String,
    /// What users and robots may.
    pub users: BTreeMap<String, RepositoryRole>,
    /// What teams of the organization may.
    pub teams: BTreeMap<String, RepositoryRole>,
    /// Users who starred it.
    pub stars: BTreeSet<String>,
    pub manifests: BTreeMap<String, Manifest>,
    /// The history of its tags, past ones included.
    pub tags: Vec<Tag>,
}

impl Repository {
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }

    /// What its manifests take up, in bytes.
    pub fn bytes(&self) -> u64 {
        self.manifests
            .values()
            .filter(|m| m.children.is_empty())
            .map(|m| m.size)
            .sum()
    }
}

/// Whether a name is good for a repository; its parts are parted by slashes.
pub fn is_repository_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(is_edge)
            && part.ends_with(is_edge)
            && part
                .chars()
                .all(|c| is_edge(c) || matches!(c, '.' | '_' | '-'))
    };
    name.len() <= 255 && name.split('/').all(is_part)
}

impl State {
    pub fn repository(&self, namespace: &str, name: &str) -> Option<&Repository> {
        self.repositories
            .get(&(namespace.to_owned(), name.to_owned()))
    }

    pub fn repository_mut(&mut self, namespace: &str, name: &str) -> Option<&mut Repository> {
        self.repositories
            .get_mut(&(namespace.to_owned(), name.to_owned()))
    }

    /// Makes a repository; who made it may do everything with it, and others what the organization
    /// grants with every new one.
    pub fn create_repository(
        &mut self,
        namespace: &str,
        name: &str,
        creator: Option<&str>,
    ) -> &mut Repository {
        let id = self.next_id();
        let (users, teams) = self.default_permissions(namespace, creator);
        let repository = Repository {
            id,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
            description: String::new(),
            visibility: Visibility::Private,
            state: RepositoryState::Normal,
            trust: false,
            status_token: self.random_uuid(),
            users,
            teams,
            stars: BTreeSet::new(),
            manifests: BTreeMap::new(),
            tags: Vec::new(),
        };
        self.repositories
            .entry((namespace.to_owned(), name.to_owned()))
            .or_insert(repository)
    }

    /// Deletes a repository and everything that belongs to it.
    pub fn delete_repository(&mut self, namespace: &str, name: &str) {
        self.repositories
            .remove(&(namespace.to_owned(), name.to_owned()));
        let gone = Place::repository((namespace, name));
        self.forget_places(|place| *place == gone);
        // What happened to it is still told of its namespace, and not of a later repository of that
        // name.
        for entry in self
            .logs
            .iter_mut()
            .filter(|e| e.namespace == namespace && e.repository.as_deref() == Some(name))
        {
            entry.repository = None;
        }
    }

    /// The repositories of a namespace, oldest first.
    pub fn repositories_of(&self, namespace: &str) -> Vec<&Repository> {
        let mut found: Vec<&Repository> = self
            .repositories
            .values()
            .filter(|r| r.namespace == namespace)
            .collect();
        found.sort_by_key(|r| r.id);
        found
    }
}
