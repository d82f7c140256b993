//! Who there is: users, organizations with their teams, robot accounts.

use super::State;
use super::applications::{Application, ProxyCache};
use super::default_permissions::DefaultPermission;
use crate::testing::ErrorResponse;
use crate::types::{TeamRole, Timestamp};
use serde_json::Value;
use std::collections::BTreeMap;

/// How long a deleted tag can be restored, unless its namespace says otherwise: two weeks.
pub const TAG_EXPIRATION: u64 = 14 * 24 * 60 * 60;

#[derive(Debug, Clone, Default)]
pub struct User {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub enabled: bool,
    pub verified: bool,
    pub superuser: bool,
    pub tag_expiration: u64,
    pub invoice_email: bool,
    pub invoice_email_address: Option<String>,
    /// What else is known of the person: `company`, `family_name`, `given_name`, `location`.
    pub about: BTreeMap<String, Value>,
}

#[derive(Debug, Clone, Default)]
pub struct Organization {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub tag_expiration: u64,
    pub invoice_email: bool,
    pub invoice_email_address: Option<String>,
    pub teams: BTreeMap<String, Team>,
    pub applications: Vec<Application>,
    pub default_permissions: Vec<DefaultPermission>,
    pub proxy_cache: Option<ProxyCache>,
}

#[derive(Debug, Clone)]
pub struct Team {
    pub id: u64,
    pub name: String,
    pub description: String,
    pub role: TeamRole,
    /// Users and robots, in the order in which they came.
    pub members: Vec<String>,
    /// Addresses that were invited by mail.
    pub invites: Vec<String>,
}

#[derive(Debug, Clone)]
pub struct Robot {
    pub id: u64,
    /// The whole name: `namespace+short`.
    pub name: String,
    pub token: String,
    pub created: Timestamp,
    pub description: String,
    pub metadata: Value,
    /// Whose tokens of other services count as its own: issuers and subjects.
    pub federation: Vec<Value>,
}

impl Robot {
    pub fn namespace(&self) -> &str {
        self.name.split('+').next().unwrap_or_default()
    }
}

/// What is wrong with the name of a namespace, a team or a robot.
pub fn name_issue(name: &str, what: &str) -> Option<String> {
    let separators = |c: char| matches!(c, '.' | '_' | '-');
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    if !name.split(separators).all(is_word) {
        return Some("Namespace must match expression ^([a-z0-9]+(?:[._-][a-z0-9]+)*)$".to_owned());
    }
    (!(2..=255).contains(&name.len()))
        .then(|| format!("{what} must be between 2 and 255 characters in length"))
}

/// Whether Quay takes a text for an address.
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

    /// The address of a user or an organization; empty where there is none.
    pub fn email_of(&self, name: &str) -> &str {
        let user = self.users.get(name).map(|u| u.email.as_str());
        user.or_else(|| self.organizations.get(name).map(|o| o.email.as_str()))
            .unwrap_or_default()
    }

    /// How long deleted tags of a namespace can be restored, in seconds.
    pub fn tag_expiration(&self, namespace: &str) -> u64 {
        let user = self.users.get(namespace).map(|u| u.tag_expiration);
        user.or_else(|| self.organizations.get(namespace).map(|o| o.tag_expiration))
            .unwrap_or(TAG_EXPIRATION)
    }

    /// Makes a user, whose name and address have to be free.
    pub fn create_user(&mut self, name: &str, email: &str) -> Result<&mut User, ErrorResponse> {
        if !is_email(email) {
            let shown = if email.is_empty() { "None" } else { email };
            return Err(ErrorResponse::message(format!(
                "Invalid email address: {shown}"
            )));
        }
        self.check_free(name)?;
        if self.users.values().any(|u| u.email == email) {
            return Err(ErrorResponse::message(format!(
                "Email has already been used: {email}"
            )));
        }
        let id = self.next_id();
        let user = User {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
            enabled: true,
            tag_expiration: TAG_EXPIRATION,
            ..User::default()
        };
        Ok(self.users.entry(name.to_owned()).or_insert(user))
    }

    fn check_free(&self, name: &str) -> Result<(), ErrorResponse> {
        if let Some(issue) = name_issue(name, "Namespace") {
            return Err(ErrorResponse::message(format!(
                "Invalid namespace {name}: {issue}"
            )));
        }
        if self.users.contains_key(name) {
            return Err(ErrorResponse::message(format!(
                "Username has already been taken by user cannot be reused: {name}"
            )));
        }
        if self.organizations.contains_key(name) {
            return Err(ErrorResponse::message(format!(
                "Username has already been taken by an organization and cannot be reused: {name}"
            )));
        }
        Ok(())
    }

    /// Makes an organization with a team of its owners.
    pub fn create_organization(
        &mut self,
        name: &str,
        email: &str,
        owner: Option<&str>,
    ) -> Result<&mut Organization, ErrorResponse> {
        self.check_free(name)?;
        let id = self.next_id();
        let organization = Organization {
            id,
            name: name.to_owned(),
            email: email.to_owned(),
            tag_expiration: TAG_EXPIRATION,
            ..Organization::default()
        };
        self.organizations.insert(name.to_owned(), organization);
        self.create_team(name, "owners", TeamRole::Admin, "")?;
        let organization = self.organizations.entry(name.to_owned()).or_default();
        if let (Some(owners), Some(owner)) = (organization.teams.get_mut("owners"), owner) {
            owners.members.push(owner.to_owned());
        }
        Ok(organization)
    }

    /// Makes a team of an organization that is there.
    pub fn create_team(
        &mut self,
        organization: &str,
        name: &str,
        role: TeamRole,
        description: &str,
    ) -> Result<&mut Team, ErrorResponse> {
        if let Some(issue) = name_issue(name, "Team") {
            return Err(ErrorResponse::message(format!(
                "Invalid team name {name}: {issue}"
            )));
        }
        let id = self.next_id();
        let missing =
            || ErrorResponse::message(format!("Organization does not exist: {organization}"));
        let teams = &mut self
            .organizations
            .get_mut(organization)
            .ok_or_else(missing)?
            .teams;
        let (name, description) = (name.to_owned(), description.to_owned());
        let team = Team {
            id,
            name: name.clone(),
            description,
            role,
            members: Vec::new(),
            invites: Vec::new(),
        };
        Ok(teams.entry(name).or_insert(team))
    }

    /// The teams of an organization that someone is in, oldest first.
    pub fn teams_of<'a>(
        &'a self,
        organization: &str,
        member: &'a str,
    ) -> impl Iterator<Item = &'a Team> {
        let teams = self
            .organizations
            .get(organization)
            .into_iter()
            .flat_map(|o| o.teams.values());
        let mut teams: Vec<&Team> = teams
            .filter(move |t| t.members.iter().any(|m| m == member))
            .collect();
        teams.sort_by_key(|t| t.id);
        teams.into_iter()
    }

    /// Makes a robot account of a user or an organization.
    pub fn create_robot(
        &mut self,
        namespace: &str,
        short: &str,
        description: &str,
        metadata: Value,
    ) -> Result<&mut Robot, ErrorResponse> {
        if let Some(issue) = name_issue(short, "Namespace") {
            return Err(ErrorResponse::invalid(format!(
                "The name for the robot '{short}' is invalid: {issue}"
            )));
        }
        let name = format!("{namespace}+{short}");
        if self.robots.contains_key(&name) {
            return Err(ErrorResponse::invalid(format!(
                "Existing robot with name: {name}"
            )));
        }
        let (id, token, created) = (self.next_id(), self.random_text(64), self.now());
        let description = description.chars().take(255).collect();
        let robot = Robot {
            id,
            name: name.clone(),
            token,
            created,
            description,
            metadata,
            federation: Vec::new(),
        };
        Ok(self.robots.entry(name).or_insert(robot))
    }

    /// The robots of a namespace, oldest first.
    pub fn robots_of(&self, namespace: &str) -> Vec<&Robot> {
        let mut robots: Vec<&Robot> = self
            .robots
            .values()
            .filter(|r| r.namespace() == namespace)
            .collect();
        robots.sort_by_key(|r| r.id);
        robots
    }

    pub fn delete_robot(&mut self, name: &str) {
        self.robots.remove(name);
        self.forget_member(name);
    }

    /// Deletes a user or an organization with everything that is theirs.
    pub fn delete_namespace(&mut self, name: &str) {
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
        robots.iter().for_each(|robot| self.delete_robot(robot));
        let repositories: Vec<_> = self
            .repositories
            .keys()
            .filter(|(namespace, _)| namespace == name)
            .cloned()
            .collect();
        repositories
            .iter()
            .for_each(|(namespace, name)| self.delete_repository(namespace, name));
        self.forget_places(|place| place.is_in(name));
        self.forget_member(name);
    }

    /// Takes a user or robot out of every team and permission.
    fn forget_member(&mut self, name: &str) {
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

    /// Gives an organization another name, with its robots and repositories.
    pub fn rename_organization(&mut self, old: &str, new: &str) {
        let Some(mut organization) = self.organizations.remove(old) else {
            return;
        };
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
        self.rename_places(old, new);
        for mirror in self.mirrors.all_mut() {
            mirror.robot = renamed(&mirror.robot);
        }
        for mirror in self.organization_mirrors.all_mut() {
            mirror.robot = renamed(&mirror.robot);
        }
    }
}
