//! Users, organizations, teams and robot accounts.

use crate::testing::seed::OrganizationMirrorSeed;
use crate::types::{TeamRole, Timestamp};
use serde::Deserialize;

/// A user.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct UserSeed {
    /// The name.
    pub name: String,
    /// The address; `NAME@example.test` unless given.
    #[serde(default)]
    pub email: Option<String>,
    /// Whether it is a superuser of the registry.
    #[serde(default)]
    pub superuser: bool,
    /// Robot accounts of the user.
    #[serde(default)]
    pub robots: Vec<RobotSeed>,
}

/// An organization, which has a team `owners` in any case.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct OrganizationSeed {
    /// The name.
    pub name: String,
    /// The address; `NAME@example.test` unless given.
    #[serde(default)]
    pub email: Option<String>,
    /// Its teams.
    #[serde(default)]
    pub teams: Vec<TeamSeed>,
    /// Its robot accounts.
    #[serde(default)]
    pub robots: Vec<RobotSeed>,
    /// What it copies from.
    #[serde(default)]
    pub mirror: Option<OrganizationMirrorSeed>,
    /// How many bytes it may hold; no limit unless given.
    #[serde(default)]
    pub quota: Option<u64>,
}

/// A team of an organization.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TeamSeed {
    /// The name.
    pub name: String,
    /// What its members may in the organization.
    pub role: TeamRole,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Users and robot accounts.
    #[serde(default)]
    pub members: Vec<String>,
}

/// A robot account.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RobotSeed {
    /// The short name, without the namespace.
    pub name: String,
    /// The description.
    #[serde(default)]
    pub description: String,
    /// When it was created; now by default.
    #[serde(default)]
    pub created: Option<Timestamp>,
    /// When it was last used; never by default.
    #[serde(default)]
    pub last_accessed: Option<Timestamp>,
}

impl UserSeed {
    /// A user.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            email: None,
            superuser: false,
            robots: Vec::new(),
        }
    }

    /// With an address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Who is a superuser.
    pub fn superuser(mut self) -> Self {
        self.superuser = true;
        self
    }

    /// With a robot account.
    pub fn robot(mut self, robot: impl Into<RobotSeed>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl OrganizationSeed {
    /// An organization.
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

    /// With an address.
    pub fn email(mut self, email: impl Into<String>) -> Self {
        self.email = Some(email.into());
        self
    }

    /// Which copies from another registry.
    pub fn mirror(mut self, mirror: OrganizationMirrorSeed) -> Self {
        self.mirror = Some(mirror);
        self
    }

    /// Which may hold so many bytes.
    pub fn quota(mut self, bytes: u64) -> Self {
        self.quota = Some(bytes);
        self
    }

    /// With a team.
    pub fn team(mut self, team: TeamSeed) -> Self {
        self.teams.push(team);
        self
    }

    /// With a robot account.
    pub fn robot(mut self, robot: impl Into<RobotSeed>) -> Self {
        self.robots.push(robot.into());
        self
    }
}

impl TeamSeed {
    /// A team whose members have a role in the organization.
    pub fn new(name: impl Into<String>, role: TeamRole) -> Self {
        Self {
            name: name.into(),
            role,
            description: String::new(),
            members: Vec::new(),
        }
    }

    /// With a description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// With a user or robot account in it.
    pub fn member(mut self, name: impl Into<String>) -> Self {
        self.members.push(name.into());
        self
    }
}

impl RobotSeed {
    /// A robot account, by its short name.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: String::new(),
            created: None,
            last_accessed: None,
        }
    }

    /// Sets the description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
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
