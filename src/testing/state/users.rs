//! Users.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::StateError;
use crate::testing::state::namespaces::{TAG_EXPIRATION, is_email};
use crate::testing::state::organizations::Organization;
use crate::types::{Secret, TeamRole};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Default)]
pub struct User {
    pub id: u64,
    pub name: String,
    pub email: String,
    pub enabled: bool,
    pub verified: bool,
    pub superuser: bool,
    /// `None` if it is unknown.
    pub password: Option<Secret>,
    pub tag_expiration: u64,
    pub invoice_email: bool,
    pub invoice_email_address: Option<String>,
    /// Facts about the person: `company`, `family_name`, `given_name`, `location`.
    pub about: BTreeMap<String, Value>,
}

/// Checks that a password is long enough and has no whitespace.
pub fn check_password(password: &str) -> Result<(), StateError> {
    if password.chars().count() > 7 && !password.contains(char::is_whitespace) {
        Ok(())
    } else {
        Err(StateError::InvalidPassword)
    }
}

impl State {
    /// Creates a user whose name and email address are valid and not taken.
    pub fn create_user(&mut self, name: &str, email: &str) -> Result<&mut User, StateError> {
        if !is_email(email) {
            let email = Some(email.to_owned()).filter(|email| !email.is_empty());
            return Err(StateError::InvalidEmail(email));
        }
        self.check_new_namespace(name)?;
        if self.users.values().any(|u| u.email == email) {
            return Err(StateError::EmailTaken(email.to_owned()));
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

    /// Creates a user with a password, as a sign-up does.
    pub fn register_user(
        &mut self,
        caller: &Caller,
        name: &str,
        password: &str,
        email: &str,
    ) -> Result<User, StateError> {
        if self.users.contains_key(name) {
            return Err(StateError::UserExists);
        }
        check_password(password)?;
        let user = self.create_user(name, email)?;
        user.verified = true;
        user.password = Some(password.into());
        let user = user.clone();
        let metadata = json!({"email": user.email, "username": name});
        self.log(caller, "user_create", name, None, metadata);
        Ok(user)
    }

    /// Returns an error if a user exists.
    pub fn require_no_users(&self) -> Result<(), StateError> {
        if self.users.is_empty() {
            Ok(())
        } else {
            Err(StateError::NotEmpty)
        }
    }

    /// Creates the first user, who is a superuser.
    pub fn create_first_user(&mut self, name: &str, email: &str) -> Result<(), StateError> {
        self.require_no_users()?;
        if !is_email(email) {
            return Err(StateError::InvalidEmail(Some(email.to_owned())));
        }
        let user = self.create_user(name, email)?;
        (user.superuser, user.verified) = (true, true);
        Ok(())
    }

    /// Changes the email address of a user, and returns the user.
    pub fn change_email(&mut self, name: &str, email: &str) -> Result<&mut User, StateError> {
        let mut others = self.users.values().filter(|user| user.name != name);
        if others.any(|user| user.email == email) {
            return Err(StateError::EmailUsed);
        }
        let user = self.users.get_mut(name).ok_or(StateError::NotFound)?;
        email.clone_into(&mut user.email);
        Ok(user)
    }

    /// Returns a user that a superuser manages.
    ///
    /// Other superusers are protected from `action`.
    pub fn managed_user(&self, name: &str, action: &'static str) -> Result<&User, StateError> {
        let user = self.users.get(name).ok_or(StateError::NotFound)?;
        if user.superuser {
            Err(StateError::ProtectedSuperuser { action })
        } else {
            Ok(user)
        }
    }

    /// Deletes a user and everything that belongs to it.
    ///
    /// A disabled user is kept without an error, as in Quay, which treats every disabled account as
    /// one that is being deleted.
    pub fn delete_user(&mut self, caller: &Caller, name: &str) {
        let metadata = json!({"username": name});
        self.log(caller, "user_delete", name, None, metadata);
        if self.users.get(name).is_some_and(|user| user.enabled) {
            self.delete_namespace(name);
        }
    }

    /// Deletes the account of a caller, who must not be the only administrator of an organization.
    pub fn delete_own_account(&mut self, caller: &Caller, name: &str) -> Result<(), StateError> {
        let owners = |organization: &Organization| -> BTreeSet<String> {
            let teams = organization.teams.values();
            let admins = teams.filter(|team| team.role == TeamRole::Admin);
            admins.flat_map(|team| team.members.clone()).collect()
        };
        let is_only_admin = |o: &&Organization| owners(o).iter().eq([name]);
        let mut organizations: Vec<_> = self.organizations.values().filter(is_only_admin).collect();
        organizations.sort_by_key(|o| o.id);
        if !organizations.is_empty() {
            return Err(StateError::OnlyAdminOf {
                user: name.to_owned(),
                organizations: organizations.into_iter().map(|o| o.name.clone()).collect(),
            });
        }
        self.delete_user(caller, name);
        Ok(())
    }
}
