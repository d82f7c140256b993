//! Organizations: their settings, their members, and the registry that they cache.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::applications::Application;
use crate::testing::state::default_permissions::DefaultPermission;
use crate::testing::state::error::StateError;
use crate::testing::state::namespaces::{TAG_EXPIRATION, is_email};
use crate::testing::state::teams::Team;
use crate::types::TeamRole;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};

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

/// The registry that an organization is a cache of.
#[derive(Debug, Clone)]
pub struct ProxyCache {
    pub registry: String,
    /// The seconds after which a cached tag is removed.
    pub expiration: u64,
    pub insecure: bool,
}

impl Organization {
    /// Returns its teams, oldest first.
    pub fn sorted_teams(&self) -> Vec<&Team> {
        let mut teams: Vec<&Team> = self.teams.values().collect();
        teams.sort_by_key(|t| t.id);
        teams
    }
}

/// Checks the email address of an organization, which may be empty.
pub fn check_contact_email(email: &str) -> Result<(), StateError> {
    if email.is_empty() || is_email(email) {
        Ok(())
    } else {
        Err(StateError::InvalidContactEmail)
    }
}

impl State {
    /// Creates an organization with a team of its owners.
    pub fn create_organization(
        &mut self,
        name: &str,
        email: &str,
        owner: Option<&str>,
    ) -> Result<&mut Organization, StateError> {
        self.check_new_namespace(name)?;
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

    /// Creates an organization whose owner is a caller.
    pub fn register_organization(
        &mut self,
        caller: &Caller,
        name: &str,
        email: Option<&str>,
    ) -> Result<(), StateError> {
        if self.is_namespace(name) {
            return Err(StateError::NamespaceExists);
        }
        check_contact_email(email.unwrap_or_default())?;
        self.create_organization(name, email.unwrap_or_default(), caller.user())?;
        let metadata = json!({"email": email, "namespace": name});
        self.log(caller, "org_create", name, None, metadata);
        Ok(())
    }

    pub fn organization(&self, name: &str) -> Result<&Organization, StateError> {
        self.organizations.get(name).ok_or(StateError::NotFound)
    }

    pub fn organization_mut(&mut self, name: &str) -> Result<&mut Organization, StateError> {
        self.organizations.get_mut(name).ok_or(StateError::NotFound)
    }

    /// Deletes an organization with everything that belongs to it.
    pub fn delete_organization(&mut self, caller: &Caller, name: &str) -> Result<(), StateError> {
        self.organization(name)?;
        self.log(caller, "org_delete", name, None, json!({"namespace": name}));
        self.delete_namespace(name);
        Ok(())
    }

    /// Adds a superuser to the owners of a namespace.
    ///
    /// A user is converted to an organization.
    pub fn take_ownership(
        &mut self,
        caller: &Caller,
        superuser: &str,
        namespace: &str,
    ) -> Result<(), StateError> {
        let user = self.users.get(namespace).cloned();
        if let Some(user) = &user {
            self.managed_user(namespace, "take ownership of")?;
            self.users.remove(namespace);
            self.create_organization(namespace, &user.email, None)?;
        }
        let organization = self.organization_mut(namespace)?;
        let id = organization.id;
        let owners = organization
            .teams
            .values_mut()
            .filter(|t| t.role == TeamRole::Admin)
            .min_by_key(|t| t.id);
        if let Some(owners) = owners.filter(|t| !t.has(superuser)) {
            owners.members.push(superuser.to_owned());
        }
        let metadata = json!({
            "entity_id": id, "namespace": namespace, "was_user": user.is_some(),
            "superuser": superuser,
        });
        self.log(caller, "take_ownership", superuser, None, metadata);
        Ok(())
    }

    /// Returns the users in the teams of an organization, in the order in which they joined, oldest
    /// team first.
    pub fn members_of(&self, organization: &str) -> Vec<String> {
        let teams = self
            .organizations
            .get(organization)
            .map(Organization::sorted_teams)
            .unwrap_or_default();
        let mut seen = BTreeSet::new();
        let members = teams
            .into_iter()
            .flat_map(|t| &t.members)
            .filter(|m| self.users.contains_key(*m) && seen.insert(*m));
        members.cloned().collect()
    }

    /// Returns the users in no team of an organization who were granted something in its
    /// repositories.
    pub fn collaborators_of(&self, organization: &str) -> BTreeSet<&str> {
        let members = self.members_of(organization);
        self.repositories_of(organization)
            .into_iter()
            .flat_map(|r| r.users.keys())
            .filter(|name| self.users.contains_key(*name) && !members.contains(name))
            .map(String::as_str)
            .collect()
    }

    /// Removes a user from every team and repository of an organization.
    pub fn remove_organization_member(
        &mut self,
        organization: &str,
        name: &str,
    ) -> Result<(), StateError> {
        if !self.users.contains_key(name) {
            return Err(StateError::NotFound);
        }
        let teams = &mut self.organization_mut(organization)?.teams;
        let owners: BTreeSet<&String> = teams
            .values()
            .filter(|t| t.role == TeamRole::Admin)
            .flat_map(|t| &t.members)
            .collect();
        if owners.len() == 1 && owners.iter().all(|owner| *owner == name) {
            return Err(StateError::OnlyOrganizationAdmin);
        }
        teams
            .values_mut()
            .for_each(|team| team.members.retain(|m| m != name));
        for repository in self
            .repositories
            .values_mut()
            .filter(|r| r.namespace == organization)
        {
            repository.users.remove(name);
        }
        Ok(())
    }

    /// Checks that an organization could become this proxy cache.
    pub fn check_proxy_cache(&self, name: &str, registry: &str) -> Result<(), StateError> {
        let organization = self.organizations.get(name);
        if organization.is_some_and(|o| o.proxy_cache.is_some()) {
            return Err(StateError::ProxyCacheExists);
        }
        organization.ok_or_else(|| StateError::NoSuchOrganization(name.to_owned()))?;
        if registry.is_empty() {
            return Err(StateError::NoRegistryHost);
        }
        Ok(())
    }

    /// Configures an organization as a proxy cache.
    pub fn create_proxy_cache(
        &mut self,
        caller: &Caller,
        name: &str,
        cache: ProxyCache,
    ) -> Result<(), StateError> {
        self.check_proxy_cache(name, &cache.registry)?;
        let now = self.now_ms();
        let mut tags = self.repositories_of(name).into_iter().flat_map(|r| &r.tags);
        if tags.any(|t| t.immutable && t.is_alive(now)) {
            return Err(StateError::ImmutableTagsExist);
        }
        let metadata = json!({"upstream_registry": cache.registry});
        self.organization_mut(name)?.proxy_cache = Some(cache);
        self.log(caller, "create_proxy_cache_config", name, None, metadata);
        Ok(())
    }

    pub fn delete_proxy_cache(&mut self, caller: &Caller, name: &str) -> Result<(), StateError> {
        self.organization_mut(name)?
            .proxy_cache
            .take()
            .ok_or(StateError::NotFound)?;
        self.log(caller, "delete_proxy_cache_config", name, None, json!({}));
        Ok(())
    }
}
