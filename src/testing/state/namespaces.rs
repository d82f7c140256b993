//! Namespaces: what users and organizations have in common.

use crate::testing::state::State;
use crate::testing::state::error::{NameKind, StateError};
use crate::testing::state::robots::Robot;
use crate::types::Timestamp;
use std::fmt;
use std::time::Duration;

/// The time for which a deleted tag can be restored by default: two weeks.
pub const TAG_EXPIRATION: u64 = 14 * 24 * 60 * 60;

/// The time for which the name of a deleted namespace can't be used.
///
/// A server deletes the data some seconds after the deletion.
pub const NAME_IS_FREE_AFTER: Duration = Duration::from_secs(10);

/// The rule that a name breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameRule {
    /// Words of lower case letters and digits, separated by `.`, `_` or `-`.
    Characters,
    /// Between 2 and 255 characters.
    Length,
}

impl fmt::Display for NameRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Characters => "must be words of a-z and 0-9, separated by '.', '_' or '-'",
            Self::Length => "must be between 2 and 255 characters long",
        })
    }
}

/// Checks the name of a namespace, a team or a robot account.
pub fn check_name(kind: NameKind, name: &str) -> Result<(), StateError> {
    let separators = |c: char| matches!(c, '.' | '_' | '-');
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let broken = if !name.split(separators).all(is_word) {
        NameRule::Characters
    } else if !(2..=255).contains(&name.len()) {
        NameRule::Length
    } else {
        return Ok(());
    };
    Err(StateError::InvalidName {
        kind,
        name: name.to_owned(),
        rule: broken,
    })
}

/// Returns true for a string that Quay accepts as an email address.
pub fn is_email(text: &str) -> bool {
    match text.split('@').collect::<Vec<_>>()[..] {
        [local, domain] => {
            let labels: Vec<&str> = domain.split('.').collect();
            text.len() <= 254
                && !local.is_empty()
                && labels.len() >= 2
                && labels.iter().all(|l| !l.is_empty())
        }
        _ => false,
    }
}

impl State {
    pub fn is_namespace(&self, name: &str) -> bool {
        self.users.contains_key(name) || self.organizations.contains_key(name)
    }

    pub fn is_user_or_robot(&self, name: &str) -> bool {
        self.users.contains_key(name) || self.robots.contains_key(name)
    }

    /// Returns the e-mail address of a user or an organization, or an empty string.
    pub fn email_of(&self, name: &str) -> &str {
        let user = self.users.get(name).map(|u| u.email.as_str());
        user.or_else(|| self.organizations.get(name).map(|o| o.email.as_str()))
            .unwrap_or_default()
    }

    /// Returns the time for which deleted tags of a namespace can be restored, in seconds.
    pub fn tag_expiration(&self, namespace: &str) -> u64 {
        let user = self.users.get(namespace).map(|u| u.tag_expiration);
        user.or_else(|| self.organizations.get(namespace).map(|o| o.tag_expiration))
            .unwrap_or(TAG_EXPIRATION)
    }

    /// Checks that a name is valid for a namespace, and not taken.
    pub fn check_new_namespace(&self, name: &str) -> Result<(), StateError> {
        check_name(NameKind::Namespace, name)?;
        let is_organization = self.organizations.contains_key(name);
        if is_organization || self.users.contains_key(name) {
            return Err(StateError::NameTaken {
                name: name.to_owned(),
                by_organization: is_organization,
            });
        }
        let now = self.now();
        let is_recent = |deleted: &Timestamp| now.since(*deleted) < NAME_IS_FREE_AFTER;
        if self.deleted_names.get(name).is_some_and(is_recent) {
            return Err(StateError::NameNotFreeYet);
        }
        Ok(())
    }

    /// Deletes a user or an organization with everything that belongs to it.
    pub fn delete_namespace(&mut self, name: &str) {
        let now = self.now();
        self.deleted_names
            .retain(|_, deleted| now.since(*deleted) < NAME_IS_FREE_AFTER);
        self.deleted_names.insert(name.to_owned(), now);
        self.users.remove(name);
        let applications = self
            .organizations
            .remove(name)
            .map(|o| o.applications)
            .unwrap_or_default();
        self.tokens.retain(|_, token| {
            token.user != name
                && applications
                    .iter()
                    .all(|a| a.client_id != token.application.0)
        });
        self.quotas.remove(name);
        self.app_tokens.retain(|token| token.user != name);
        let robots: Vec<String> = self
            .robots_of(name)
            .into_iter()
            .map(|r| r.name.clone())
            .collect();
        robots.iter().for_each(|robot| self.remove_robot(robot));
        let repositories: Vec<_> = self
            .repositories
            .keys()
            .filter(|(namespace, _)| namespace == name)
            .cloned()
            .collect();
        repositories
            .iter()
            .for_each(|(namespace, name)| self.remove_repository(namespace, name));
        self.forget_owners(|owner| owner.is_in(name));
        self.forget_account(name);
    }

    /// Removes a user or robot account from every team and permission.
    pub fn forget_account(&mut self, name: &str) {
        for team in self
            .organizations
            .values_mut()
            .flat_map(|o| o.teams.values_mut())
        {
            team.members.retain(|m| m != name);
        }
        for organization in self.organizations.values_mut() {
            organization
                .default_permissions
                .retain(|p| !p.concerns(name));
        }
        for repository in self.repositories.values_mut() {
            repository.users.remove(name);
            repository.stars.remove(name);
        }
    }

    /// Renames an organization, with its robot accounts and repositories.
    pub fn rename_organization(&mut self, old: &str, new: &str) -> Result<(), StateError> {
        check_name(NameKind::Username, new)?;
        if self.is_namespace(new) {
            return Err(StateError::NameTaken {
                name: new.to_owned(),
                by_organization: self.organizations.contains_key(new),
            });
        }
        let mut organization = self.organizations.remove(old).ok_or(StateError::NotFound)?;
        new.clone_into(&mut organization.name);
        self.organizations.insert(new.to_owned(), organization);
        let renamed = |member: &str| match member.split_once('+') {
            Some((namespace, short)) if namespace == old => format!("{new}+{short}"),
            _ => member.to_owned(),
        };
        for robot in std::mem::take(&mut self.robots).into_values() {
            let name = renamed(&robot.name);
            self.robots.insert(name.clone(), Robot { name, ..robot });
        }
        for team in self
            .organizations
            .values_mut()
            .flat_map(|o| o.teams.values_mut())
        {
            team.members.iter_mut().for_each(|m| *m = renamed(m));
        }
        for permission in self
            .organizations
            .values_mut()
            .flat_map(|o| &mut o.default_permissions)
        {
            permission.rename(renamed);
        }
        if let Some(quota) = self.quotas.remove(old) {
            self.quotas.insert(new.to_owned(), quota);
        }
        for entry in self.logs.iter_mut().filter(|entry| entry.namespace == old) {
            new.clone_into(&mut entry.namespace);
        }
        for repository in self.repositories.values_mut() {
            repository.users = std::mem::take(&mut repository.users)
                .into_iter()
                .map(|(user, role)| (renamed(&user), role))
                .collect();
        }
        let moved = std::mem::take(&mut self.repositories).into_iter().map(
            |((namespace, name), mut repository)| {
                let namespace = if namespace == old {
                    new.to_owned()
                } else {
                    namespace
                };
                namespace.clone_into(&mut repository.namespace);
                ((namespace, name), repository)
            },
        );
        self.repositories = moved.collect();
        self.rename_owners(old, new);
        for mirror in self.mirrors.all_mut() {
            mirror.robot = renamed(&mirror.robot);
        }
        for mirror in self.organization_mirrors.all_mut() {
            mirror.robot = renamed(&mirror.robot);
        }
        Ok(())
    }
}
