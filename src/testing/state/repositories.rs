//! Repositories: settings, permissions and stars.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::manifests::Manifest;
use crate::testing::state::owned::Owner;
use crate::testing::state::tags::Tag;
use crate::types::{RepositoryRole, RepositoryState, TeamRole, Visibility};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Repository {
    pub id: u64,
    pub namespace: String,
    pub name: String,
    pub description: String,
    pub visibility: Visibility,
    pub state: RepositoryState,
    /// The token of the badge that shows the state of its builds.
    pub status_token: String,
    /// The roles of users and robot accounts.
    pub users: BTreeMap<String, RepositoryRole>,
    /// The roles of teams of the organization.
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

    /// Returns the size of its manifests, in bytes.
    pub fn bytes(&self) -> u64 {
        self.manifests
            .values()
            .filter(|m| m.children.is_empty())
            .map(|m| m.size)
            .sum()
    }
}

/// Returns true for a valid name of a repository, whose parts are separated by slashes.
pub fn is_repository_name(name: &str) -> bool {
    let is_part = |part: &str| {
        let is_first = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        part.starts_with(is_first)
            && part
                .chars()
                .all(|c| is_first(c) || matches!(c, '.' | '_' | '-'))
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

    /// Creates a repository, which its creator administers; others have what the default
    /// permissions of the organization grant.
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

    /// Creates a repository for a caller, who has to be a creator in the namespace.
    pub fn register_repository(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
        visibility: Visibility,
        description: &str,
    ) -> Result<(), StateError> {
        self.require_organization_role(caller, namespace, TeamRole::Creator)?;
        if self.repository(namespace, name).is_some() {
            return Err(StateError::RepositoryExists);
        }
        if !is_repository_name(name) {
            return Err(StateError::InvalidRepositoryName);
        }
        if !self.is_namespace(namespace) {
            return Err(StateError::Unhandled);
        }
        let repository = self.create_repository(namespace, name, caller.user());
        description.clone_into(&mut repository.description);
        repository.visibility = visibility;
        self.log_repository(caller, "create_repo", (namespace, name), json!({}));
        Ok(())
    }

    /// Deletes a repository and everything that belongs to it.
    ///
    /// A missing repository is not an error, and is logged as a deletion. If the namespace is
    /// missing, the server fails.
    pub fn delete_repository(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
    ) -> Result<(), StateError> {
        if !self.is_namespace(namespace) {
            return Err(StateError::Unhandled);
        }
        self.remove_repository(namespace, name);
        let metadata = json!({"repo": name, "namespace": namespace});
        self.log(caller, "delete_repo", namespace, None, metadata);
        Ok(())
    }

    /// Removes a repository with everything that belongs to it.
    pub fn remove_repository(&mut self, namespace: &str, name: &str) {
        self.repositories
            .remove(&(namespace.to_owned(), name.to_owned()));
        let removed = Owner::repository((namespace, name));
        self.forget_owners(|owner| *owner == removed);
        // Its log entries stay in the namespace, and do not show up in a later repository of that
        // name.
        for entry in self
            .logs
            .iter_mut()
            .filter(|e| e.namespace == namespace && e.repository.as_deref() == Some(name))
        {
            entry.repository = None;
        }
    }

    /// Grants a role in a repository to a user or robot account.
    pub fn grant_user(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
        user: &str,
        role: &RepositoryRole,
    ) -> Result<(), StateError> {
        if user == namespace {
            return Err(StateError::OwnerIsAdmin);
        }
        match self.robots.get(user) {
            Some(robot) if robot.namespace() != namespace => {
                return Err(StateError::ForeignRobot {
                    robot: user.to_owned(),
                    namespace: namespace.to_owned(),
                });
            }
            None if !self.is_namespace(user) => {
                return Err(StateError::UnknownGrantee(user.to_owned()));
            }
            _ => {}
        }
        self.existing_repository((namespace, name))?
            .users
            .insert(user.to_owned(), role.clone());
        let metadata = json!({"username": user, "role": role});
        self.log_repository(
            caller,
            "change_repo_permission",
            (namespace, name),
            metadata,
        );
        Ok(())
    }

    pub fn revoke_user(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
        user: &str,
    ) -> Result<(), StateError> {
        if user == namespace {
            return Err(StateError::OwnerIsAdmin);
        }
        self.repository_mut(namespace, name)
            .and_then(|r| r.users.remove(user))
            .ok_or(StateError::NoPermission { of_team: false })?;
        let metadata = json!({"username": user});
        self.log_repository(
            caller,
            "delete_repo_permission",
            (namespace, name),
            metadata,
        );
        Ok(())
    }

    /// Grants a role in a repository to a team of its organization.
    pub fn grant_team(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
        team: &str,
        role: &RepositoryRole,
    ) -> Result<(), StateError> {
        if self.team(namespace, team).is_none() {
            return Err(StateError::UnknownTeam {
                team: team.to_owned(),
                organization: namespace.to_owned(),
            });
        }
        self.existing_repository((namespace, name))?
            .teams
            .insert(team.to_owned(), role.clone());
        let metadata = json!({"team": team, "repo": name, "role": role});
        let kind = "change_repo_permission";
        self.log(caller, kind, namespace, Some(name), metadata);
        Ok(())
    }

    pub fn revoke_team(
        &mut self,
        caller: &Caller,
        (namespace, name): (&str, &str),
        team: &str,
    ) -> Result<(), StateError> {
        self.repository_mut(namespace, name)
            .and_then(|r| r.teams.remove(team))
            .ok_or(StateError::NoPermission { of_team: true })?;
        let metadata = json!({"team": team, "repo": name});
        let kind = "delete_repo_permission";
        self.log(caller, kind, namespace, Some(name), metadata);
        Ok(())
    }

    fn existing_repository(
        &mut self,
        (namespace, name): (&str, &str),
    ) -> Result<&mut Repository, StateError> {
        self.repository_mut(namespace, name)
            .ok_or(StateError::Unhandled)
    }

    /// Returns the repositories of a namespace, oldest first.
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
