//! Users, organizations, teams and robot accounts.

use crate::testing::seed::OrganizationMirrorSeed;
use crate::types::{Secret, TeamRole, Timestamp};
use serde::Deserialize;

/// A user of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct UserSeed {
    /// The name.
    pub name: String,
    /// The e-mail address; `NAME@example.test` by default.
    #[serde(default)]
    pub email: Option<String>,
    /// True for a superuser of the registry.
    #[serde(default)]
    pub superuser: bool,
    /// The password for HTTP Basic; none by default.
    #[serde(default)]
    pub password: Option<Secret>,
    /// Robot accounts of the user.
    #[serde(default)]
    pub robots: Vec<RobotSeed>,
}

/// An organization of a [`Seed`](super::Seed).
///
/// It always has a team `owners`.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct OrganizationSeed {
    /// The name.
    pub name: String,
    /// The e-mail address; `NAME@example.test` by default.
    #[serde(default)]
    pub email: Option<String>,
    /// Its teams.
    #[serde(default)]
    pub teams: Vec<TeamSeed>,
    /// Its robot accounts.
    #[serde(default)]
    pub robots: Vec<RobotSeed>,
    /// The mirror of another registry.
    #[serde(default)]
    pub mirror: Option<OrganizationMirrorSeed>,
    /// The quota in bytes; none by default.
    #[serde(default)]
    pub quota: Option<u64>,
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct TeamSeed {
    /// The name.
    pub name: String,
    /// The role of its members in the organization.
    pub role: TeamRole,
    /// The description.
    #[serde(default)]
    pub description: String,
    /// Its members: users and robot accounts.
    #[serde(default)]
    pub members: Vec<String>,
}

/// A robot account of a [`Seed`](super::Seed).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
#[must_use]
pub struct RobotSeed {
    /// The short name, without the namespace.
    pub name: String,
    /// The description.
    #[serde(default)]
    pub description: String,
    /// The token; a random one by default.
    #[serde(default)]
    pub token: Option<Secret>,
    /// The time of its creation; now by default.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// The time of its last use; never by default.
    #[serde(default)]
    pub last_accessed: Option<Timestamp>,
}

impl UserSeed {
    /// Creates a user.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: None,
            superuser: false,
            password: None,
            robots: Vec::new(),
        }
    }

    /// Sets the e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Marks the user as a superuser.
    pub fn superuser(mut self) -> Self {
        self.superuser = true;
        self
    }

    /// Sets the password for HTTP Basic.
    pub fn password(mut self, password: impl Into<Secret>) -> Self {
        self.password = Some(password.into());
        self
    }

    /// Adds a robot account.
    pub fn robot(mut self, robot: impl Into<RobotSeed>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl OrganizationSeed {
    /// Creates an organization.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: None,
            teams: Vec::new(),
            robots: Vec::new(),
            mirror: None,
            quota: None,
        }
    }

    /// Sets the e-mail address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Sets the mirror of another registry.
    pub fn mirror(mut self, mirror: OrganizationMirrorSeed) -> Self {
        self.mirror = Some(mirror);
        self
    }

    /// Sets the quota in bytes.
    pub fn quota(mut self, bytes: u64) -> Self {
        self.quota = Some(bytes);
        self
    }

    /// Adds a team.
    pub fn team(mut self, team: TeamSeed) -> Self {
        self.teams.push(team);
        self
    }

    /// Adds a robot account.
    pub fn robot(mut self, robot: impl Into<RobotSeed>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl TeamSeed {
    /// Creates a team whose members have a role in the organization.
    pub fn new(name: impl Into<String>, role: TeamRole) -> Self {
        Self {
            name: name.into(),
            role,
            description: String::new(),
            members: Vec::new(),
        }
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Adds a user or a robot account.
    pub fn member(mut self, name: impl Into<String>) -> Self {
        self.members.push(name.into());
        self
    }
}

impl RobotSeed {
    /// Creates a robot account, by its short name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            token: None,
            created: None,
            last_accessed: None,
        }
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// Sets the token, which is the password of the robot account.
    pub fn token(mut self, token: impl Into<Secret>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Sets when it was created.
    pub fn created(mut self, moment: Timestamp) -> Self {
        self.created = Some(moment);
        self
    }

    /// Sets when it was last used.
    pub fn last_accessed(mut self, moment: Timestamp) -> Self {
        self.last_accessed = Some(moment);
        self
    }
}
