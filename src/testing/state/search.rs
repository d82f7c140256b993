//! Search: the rows whose names fit a query, as far as a user may see them.

use crate::testing::state::State;
use crate::testing::state::repositories::Repository;
use crate::testing::state::robots::Robot;
use crate::testing::state::teams::Team;
use std::collections::BTreeSet;

/// The maximum number of results of each kind.
const MAX_OF_KIND: usize = 5;

impl State {
    /// Returns true if a user may see a repository, or with `None` if all users may.
    ///
    /// A search ignores scopes, and a superuser sees no more than other users.
    fn is_searchable(&self, user: Option<&str>, repository: &Repository) -> bool {
        let Repository {
            namespace, name, ..
        } = repository;
        let is_granted = |user: &str| !self.granted(user, (namespace, name)).is_empty();
        repository.is_public()
            || user.is_some_and(|user| self.is_namespace_admin(namespace, user) || is_granted(user))
    }

    /// Returns the repositories whose name or description contains a string, oldest first.
    ///
    /// The string may begin with a namespace and a slash.
    pub fn find_repositories(&self, user: Option<&str>, query: &str) -> Vec<&Repository> {
        let query = query.to_lowercase();
        let (namespace, text) = query.split_once('/').unwrap_or(("", query.as_str()));
        let has = |r: &&Repository| {
            r.name.to_lowercase().contains(text) || r.description.to_lowercase().contains(text)
        };
        let is_in = |r: &&Repository| namespace.is_empty() || r.namespace == namespace;
        let mut found: Vec<&Repository> = self
            .repositories
            .values()
            .filter(|r| self.is_searchable(user, r))
            .filter(has)
            .filter(is_in)
            .collect();
        found.sort_by_key(|r| r.id);
        found
    }

    /// Returns the namespaces with a name of this prefix and a repository that the user sees.
    pub fn find_namespaces(&self, user: Option<&str>, prefix: &str) -> Vec<&str> {
        let visible = self
            .repositories
            .values()
            .filter(|r| self.is_searchable(user, r));
        let names: BTreeSet<&str> = visible
            .map(|r| r.namespace.as_str())
            .filter(|name| name.starts_with(prefix))
            .collect();
        names.into_iter().take(MAX_OF_KIND).collect()
    }

    /// Returns the teams of a user, then the other teams that the user may see.
    ///
    /// These are the teams with members of the organizations that the user administers. Each team
    /// is returned with its organization.
    pub fn find_teams(&self, user: &str, prefix: &str) -> Vec<(&str, &Team)> {
        let mut all: Vec<(&str, &Team)> = self
            .organizations
            .values()
            .flat_map(|o| o.teams.values().map(|t| (o.name.as_str(), t)))
            .collect();
        all.retain(|(_, team)| team.name.starts_with(prefix));
        all.sort_by_key(|(_, team)| team.id);
        let own = all
            .iter()
            .filter(|(_, team)| team.has(user))
            .take(MAX_OF_KIND);
        let owned = all
            .iter()
            .filter(|(name, team)| !team.members.is_empty() && self.is_namespace_admin(name, user))
            .take(MAX_OF_KIND);
        let mut seen = BTreeSet::new();
        own.chain(owned)
            .filter(|(_, team)| seen.insert(team.id))
            .copied()
            .collect()
    }

    /// Returns the robot accounts of a user and of the organizations that the user administers.
    pub fn find_robots(&self, user: &str, prefix: &str) -> Vec<&Robot> {
        let mut found: Vec<&Robot> = self
            .robots
            .values()
            .filter(|r| r.short_name().starts_with(prefix))
            .filter(|r| self.is_namespace_admin(r.namespace(), user))
            .collect();
        found.sort_by_key(|r| r.id);
        found.truncate(MAX_OF_KIND);
        found
    }
}

/// Returns how well a query fits a name, from 0 to 1.
///
/// A matched letter counts 1, one after the last match 0.9, or 0.8 if the name does not begin with
/// the query; one skipped at the beginning of a word 0.85, any other nothing.
pub fn likeness(name: &str, query: &str) -> f64 {
    let (name, query) = (name.to_lowercase(), query.to_lowercase());
    let letters: Vec<char> = name.chars().collect();
    let (mut at, mut sum, mut is_begun) = (0, 0.0, false);
    for letter in query.chars() {
        // A query that is not in the name is worth half.
        let Some(index) = letters[at..]
            .iter()
            .position(|l| *l == letter)
            .map(|p| p + at)
        else {
            return 0.5;
        };
        is_begun |= index == 0;
        let begins_word = index > at && matches!(letters[index - 1], ' ' | '\t' | '_' | '-');
        if begins_word {
            sum += 1.0 + 0.85 * (index - 1 - at) as f64;
        }
        sum += 1.0;
        at = index + 1;
    }
    sum += (letters.len() - at) as f64 * if is_begun { 0.9 } else { 0.8 };
    if letters.is_empty() || sum == 0.0 {
        0.5
    } else {
        sum / letters.len() as f64
    }
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn likeness_is_that_of_the_recordings() {
        for (name, query, score) in [
            ("app00", "app", 0.96),
            ("areas2-logs", "areas2", 10.5 / 11.0),
            ("owners", "own", 0.95),
            ("x", "z", 0.5),
        ] {
            assert!(
                (likeness(name, query) - score).abs() < 1e-9,
                "{name} {query}: {}",
                likeness(name, query)
            );
        }
    }
}
