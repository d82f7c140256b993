//! What an organization grants with every new repository.

use super::State;
use crate::types::RepositoryRole;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct DefaultPermission {
    pub uuid: String,
    pub role: RepositoryRole,
    /// Whose repositories it is for; everybody's unless given.
    pub activating_user: Option<String>,
    pub delegate: Delegate,
}

/// To whom something is granted.
#[derive(Debug, Clone, PartialEq)]
pub enum Delegate {
    /// A user or a robot.
    User(String),
    Team(String),
}

impl DefaultPermission {
    /// Whether it is of or for a user or robot.
    pub fn concerns(&self, name: &str) -> bool {
        self.activating_user.as_deref() == Some(name)
            || matches!(&self.delegate, Delegate::User(user) if user == name)
    }

    /// Gives the user or robot, to whom something is granted, another name.
    pub fn rename(&mut self, renamed: impl Fn(&str) -> String) {
        if let Delegate::User(user) = &mut self.delegate {
            *user = renamed(user);
        }
    }
}

/// What users and teams may in a repository.
type Granted = (
    BTreeMap<String, RepositoryRole>,
    BTreeMap<String, RepositoryRole>,
);

impl State {
    /// What a new repository grants to users and to teams. Who makes it administers it; what is for
    /// this person's repositories goes before what is for everybody's.
    pub fn default_permissions(&self, namespace: &str, creator: Option<&str>) -> Granted {
        let (mut users, mut teams) = Granted::default();
        let defaults = self
            .organizations
            .get(namespace)
            .into_iter()
            .flat_map(|o| &o.default_permissions);
        let applying = defaults
            .filter(|p| p.activating_user.is_none() || p.activating_user.as_deref() == creator);
        let (for_all, for_creator): (Vec<_>, Vec<_>) =
            applying.partition(|p| p.activating_user.is_none());
        for permission in for_all.iter().rev().chain(&for_creator) {
            match &permission.delegate {
                Delegate::User(user) => users.insert(user.clone(), permission.role.clone()),
                Delegate::Team(team) => teams.insert(team.clone(), permission.role.clone()),
            };
        }
        users.extend(creator.map(|user| (user.to_owned(), RepositoryRole::Admin)));
        (users, teams)
    }
}
