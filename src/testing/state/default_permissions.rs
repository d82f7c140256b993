//! Default permissions: the roles that an organization grants in every new repository.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::types::RepositoryRole;
use serde_json::json;
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct DefaultPermission {
    pub uuid: String,
    pub role: RepositoryRole,
    /// The creator whose repositories it applies to; `None` for all.
    pub activating_user: Option<String>,
    pub delegate: Delegate,
}

/// The user, robot account or team that gets a role.
#[derive(Debug, Clone, PartialEq)]
pub enum Delegate {
    /// A user or a robot.
    User(String),
    Team(String),
}

impl DefaultPermission {
    /// Returns true if it names a user or robot account.
    pub fn concerns(&self, name: &str) -> bool {
        self.activating_user.as_deref() == Some(name)
            || matches!(&self.delegate, Delegate::User(user) if user == name)
    }

    /// Renames the user or robot account that gets the role.
    pub fn rename(&mut self, renamed: impl Fn(&str) -> String) {
        if let Delegate::User(user) = &mut self.delegate {
            *user = renamed(user);
        }
    }
}

/// The roles of users and of teams in a repository.
type Granted = (
    BTreeMap<String, RepositoryRole>,
    BTreeMap<String, RepositoryRole>,
);

impl State {
    pub fn add_default_permission(
        &mut self,
        caller: &Caller,
        organization: &str,
        role: RepositoryRole,
        activating_user: Option<&str>,
        delegate: Delegate,
    ) -> Result<DefaultPermission, StateError> {
        self.organization(organization)?;
        if let Delegate::Team(name) = &delegate
            && self.team(organization, name).is_none()
        {
            return Err(StateError::UnknownDelegateTeam {
                team: name.clone(),
                organization: organization.to_owned(),
            });
        }
        if activating_user.is_some_and(|user| !self.is_user_or_robot(user)) {
            return Err(StateError::UnknownActivatingUser);
        }
        if matches!(&delegate, Delegate::User(name) if !self.is_user_or_robot(name)) {
            return Err(StateError::UnknownDelegate);
        }
        let permission = DefaultPermission {
            uuid: self.random_uuid(),
            role,
            activating_user: activating_user.map(str::to_owned),
            delegate,
        };
        self.organization_mut(organization)?
            .default_permissions
            .push(permission.clone());
        let kind = "create_prototype_permission";
        self.log_default_permission(caller, kind, organization, &permission, None);
        Ok(permission)
    }

    pub fn change_default_permission(
        &mut self,
        caller: &Caller,
        organization: &str,
        uuid: &str,
        role: RepositoryRole,
    ) -> Result<DefaultPermission, StateError> {
        let all = &mut self.organization_mut(organization)?.default_permissions;
        let permission = all.iter_mut().find(|p| p.uuid == uuid);
        let permission = permission.ok_or(StateError::NotFound)?;
        let old_role = std::mem::replace(&mut permission.role, role);
        let permission = permission.clone();
        let kind = "modify_prototype_permission";
        self.log_default_permission(caller, kind, organization, &permission, Some(&old_role));
        Ok(permission)
    }

    pub fn delete_default_permission(
        &mut self,
        caller: &Caller,
        organization: &str,
        uuid: &str,
    ) -> Result<(), StateError> {
        let all = &mut self.organization_mut(organization)?.default_permissions;
        let index = all.iter().position(|p| p.uuid == uuid);
        let permission = all.remove(index.ok_or(StateError::NotFound)?);
        let kind = "delete_prototype_permission";
        self.log_default_permission(caller, kind, organization, &permission, None);
        Ok(())
    }

    fn log_default_permission(
        &mut self,
        caller: &Caller,
        kind: &str,
        organization: &str,
        permission: &DefaultPermission,
        old_role: Option<&RepositoryRole>,
    ) {
        let mut metadata = json!({
            "prototypeid": permission.uuid, "username": caller.user(),
            "activating_username": permission.activating_user, "role": permission.role,
        });
        match &permission.delegate {
            Delegate::User(name) => metadata["delegate_user"] = name.as_str().into(),
            Delegate::Team(name) => metadata["delegate_team"] = name.as_str().into(),
        }
        if let Some(role) = old_role {
            metadata["original_role"] = json!(role);
        }
        self.log(caller, kind, organization, None, metadata);
    }

    /// Returns the roles of users and teams in a new repository.
    ///
    /// Its creator administers it. Default permissions for this creator override those for all
    /// creators.
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
