//! Robot accounts of users and organizations.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::error::{NameKind, StateError};
use crate::testing::state::namespaces::check_name;
use crate::types::Timestamp;
use serde_json::{Value, json};

#[derive(Debug, Clone)]
pub struct Robot {
    pub id: u64,
    /// The full name: `namespace+short`.
    pub name: String,
    pub token: String,
    pub created: Timestamp,
    pub last_accessed: Option<Timestamp>,
    pub description: String,
    pub metadata: Value,
    /// The identities of other services whose tokens count as its own.
    pub federation: Vec<FederatedIdentity>,
}

/// An identity that another service vouches for.
#[derive(Debug, Clone, PartialEq)]
pub struct FederatedIdentity {
    pub issuer: String,
    pub subject: String,
}

impl Robot {
    pub fn namespace(&self) -> &str {
        self.name.split('+').next().unwrap_or_default()
    }

    /// Returns the name without the namespace.
    pub fn short_name(&self) -> &str {
        self.name.split('+').nth(1).unwrap_or_default()
    }
}

impl State {
    /// Creates a robot account of a user or an organization.
    pub fn create_robot(
        &mut self,
        namespace: &str,
        short: &str,
        description: &str,
        metadata: Value,
    ) -> Result<&mut Robot, StateError> {
        check_name(NameKind::Robot, short)?;
        let name = format!("{namespace}+{short}");
        // The database keeps the full name.
        if name.len() > 255 {
            return Err(StateError::RobotNameTooLong);
        }
        if self.robots.contains_key(&name) {
            return Err(StateError::RobotExists(name));
        }
        let (id, token, created) = (self.next_id(), self.random_text(64), self.now());
        let description = description.chars().take(255).collect();
        let robot = Robot {
            id,
            name: name.clone(),
            token,
            created,
            last_accessed: None,
            description,
            metadata,
            federation: Vec::new(),
        };
        Ok(self.robots.entry(name).or_insert(robot))
    }

    pub fn robot(&mut self, namespace: &str, short: &str) -> Result<&mut Robot, StateError> {
        self.robots
            .get_mut(&format!("{namespace}+{short}"))
            .ok_or(StateError::NoSuchRobot)
    }

    /// Returns the robot accounts of a namespace, oldest first.
    pub fn robots_of(&self, namespace: &str) -> Vec<&Robot> {
        let mut robots: Vec<&Robot> = self
            .robots
            .values()
            .filter(|r| r.namespace() == namespace)
            .collect();
        robots.sort_by_key(|r| r.id);
        robots
    }

    /// Deletes a robot account, unless a mirror uses it.
    pub fn delete_robot(
        &mut self,
        caller: &Caller,
        namespace: &str,
        short: &str,
    ) -> Result<(), StateError> {
        let name = self.robot(namespace, short)?.name.clone();
        if self.mirrors.all().any(|row| row.data.robot == name) {
            return Err(StateError::RobotInUse);
        }
        self.remove_robot(&name);
        let metadata = json!({"robot": short});
        self.log(caller, "delete_robot", namespace, None, metadata);
        Ok(())
    }

    /// Removes a robot account, whatever uses it.
    pub fn remove_robot(&mut self, name: &str) {
        self.robots.remove(name);
        self.forget_account(name);
    }

    /// Replaces the token of a robot account.
    pub fn regenerate_robot_token(
        &mut self,
        caller: &Caller,
        namespace: &str,
        short: &str,
    ) -> Result<Robot, StateError> {
        let token = self.random_text(64);
        let robot = self.robot(namespace, short)?;
        robot.token = token;
        let robot = robot.clone();
        let metadata = json!({"robot": short});
        self.log(caller, "regenerate_robot_token", namespace, None, metadata);
        Ok(robot)
    }

    /// Sets the identities whose tokens count as a robot account's own.
    pub fn set_federation(
        &mut self,
        caller: &Caller,
        namespace: &str,
        short: &str,
        identities: &[FederatedIdentity],
    ) -> Result<(), StateError> {
        for (index, identity) in identities.iter().enumerate() {
            let FederatedIdentity { issuer, subject } = identity;
            if issuer.is_empty() || subject.is_empty() {
                return Err(StateError::IncompleteIdentity);
            }
            if !issuer.starts_with("http://") && !issuer.starts_with("https://") {
                return Err(StateError::IssuerNotUrl);
            }
            if identities[..index].contains(identity) {
                return Err(StateError::DuplicateIdentity);
            }
        }
        self.robot(namespace, short)?.federation = identities.to_vec();
        let config: Vec<Value> = identities
            .iter()
            .map(|i| json!({"issuer": i.issuer, "subject": i.subject}))
            .collect();
        let metadata = json!({"config": config, "robot": short});
        self.log(caller, "create_robot_federation", namespace, None, metadata);
        Ok(())
    }

    pub fn clear_federation(
        &mut self,
        caller: &Caller,
        namespace: &str,
        short: &str,
    ) -> Result<(), StateError> {
        self.robot(namespace, short)?.federation.clear();
        let metadata = json!({"robot": short});
        self.log(caller, "delete_robot_federation", namespace, None, metadata);
        Ok(())
    }
}
