//! Teams of organizations.

use crate::testing::state::State;
use crate::testing::state::access::Caller;
use crate::testing::state::default_permissions::Delegate;
use crate::testing::state::error::{NameKind, StateError};
use crate::testing::state::namespaces::check_name;
use crate::types::TeamRole;
use serde_json::json;

#[derive(Debug, Clone)]
pub struct Team {
    pub id: u64,
    pub name: String,
    pub description: String,
    pub role: TeamRole,
    /// Users and robot accounts, in the order in which they joined.
    pub members: Vec<String>,
    /// Email addresses that were invited.
    pub invites: Vec<String>,
}

impl Team {
    pub fn has(&self, member: &str) -> bool {
        self.members.iter().any(|m| m == member)
    }
}

impl State {
    /// Creates a team of an organization.
    pub fn create_team(
        &mut self,
        organization: &str,
        name: &str,
        role: TeamRole,
        description: &str,
    ) -> Result<&mut Team, StateError> {
        check_name(NameKind::Team, name)?;
        let id = self.next_id();
        let teams = &mut self
            .organizations
            .get_mut(organization)
            .ok_or_else(|| StateError::NoSuchOrganization(organization.to_owned()))?
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

    pub fn team(&self, organization: &str, name: &str) -> Option<&Team> {
        self.organizations.get(organization)?.teams.get(name)
    }

    fn team_mut(&mut self, organization: &str, name: &str) -> Result<&mut Team, StateError> {
        let organization = self.organization_mut(organization)?;
        organization.teams.get_mut(name).ok_or(StateError::NotFound)
    }

    /// Returns the teams of an organization that a user or robot account is in, oldest first.
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
        let mut teams: Vec<&Team> = teams.filter(move |t| t.has(member)).collect();
        teams.sort_by_key(|t| t.id);
        teams.into_iter()
    }

    /// Returns true if this is the only team by which a user administers an organization.
    fn is_only_admin_team(&self, organization: &str, name: &str, user: &str) -> bool {
        let mut owned = self
            .teams_of(organization, user)
            .filter(|t| t.role == TeamRole::Admin);
        owned.next().is_some_and(|team| team.name == name) && owned.next().is_none()
    }

    /// Creates a team or changes its role and description.
    ///
    /// Returns the team, and true if it is new.
    pub fn put_team(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
        role: TeamRole,
        description: Option<&str>,
    ) -> Result<(Team, bool), StateError> {
        let user = caller.user().unwrap_or_default();
        let is_only_admin_team = self.is_only_admin_team(organization, name, user);
        let Ok(team) = self.team_mut(organization, name) else {
            let team = self
                .create_team(organization, name, role, description.unwrap_or_default())?
                .clone();
            let metadata = json!({"team": name});
            self.log(caller, "org_create_team", organization, None, metadata);
            return Ok((team, true));
        };
        let mut entries = Vec::new();
        if let Some(description) = description.filter(|d| *d != team.description) {
            description.clone_into(&mut team.description);
            entries.push((
                "org_set_team_description",
                json!({"team": name, "description": description}),
            ));
        }
        if team.role != role {
            if team.role == TeamRole::Admin && is_only_admin_team {
                return Err(StateError::OnlyAdminTeamRole {
                    team: name.to_owned(),
                    organization: organization.to_owned(),
                });
            }
            team.role = role.clone();
            entries.push(("org_set_team_role", json!({"team": name, "role": role})));
        }
        let team = team.clone();
        for (kind, metadata) in entries {
            self.log(caller, kind, organization, None, metadata);
        }
        Ok((team, false))
    }

    /// Deletes a team with its permissions.
    pub fn delete_team(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
    ) -> Result<(), StateError> {
        let user = caller.user().unwrap_or_default();
        let team = self
            .team(organization, name)
            .ok_or_else(|| StateError::NoSuchTeam {
                team: name.to_owned(),
                organization: organization.to_owned(),
            })?;
        if team.role == TeamRole::Admin && self.is_only_admin_team(organization, name, user) {
            return Err(StateError::OnlyAdminTeamDelete {
                team: name.to_owned(),
                organization: organization.to_owned(),
                user: user.to_owned(),
            });
        }
        let owner = self.organization_mut(organization)?;
        owner.teams.remove(name);
        owner
            .default_permissions
            .retain(|p| p.delegate != Delegate::Team(name.to_owned()));
        for repository in self
            .repositories
            .values_mut()
            .filter(|r| r.namespace == organization)
        {
            repository.teams.remove(name);
        }
        let metadata = json!({"team": name});
        self.log(caller, "org_delete_team", organization, None, metadata);
        Ok(())
    }

    pub fn add_team_member(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
        member: &str,
    ) -> Result<(), StateError> {
        let is_known = self.is_user_or_robot(member);
        let team = self.team_mut(organization, name)?;
        if !is_known {
            return Err(StateError::UnknownMember);
        }
        if team.has(member) {
            return Err(StateError::AlreadyMember {
                member: member.to_owned(),
                team: name.to_owned(),
            });
        }
        team.members.push(member.to_owned());
        let metadata = json!({"member": member, "team": name});
        self.log(caller, "org_add_team_member", organization, None, metadata);
        Ok(())
    }

    pub fn remove_team_member(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
        member: &str,
    ) -> Result<(), StateError> {
        let is_only_admin_team = self.is_only_admin_team(organization, name, member);
        let is_known = self.is_user_or_robot(member);
        let team = self.team_mut(organization, name)?;
        if !is_known {
            return Err(StateError::NotFound);
        }
        if !team.has(member) {
            return Err(StateError::NotMember {
                member: member.to_owned(),
                team: name.to_owned(),
            });
        }
        if caller.user() == Some(member) && is_only_admin_team {
            return Err(StateError::OnlyAdminTeamLeave);
        }
        team.members.retain(|m| m != member);
        let metadata = json!({"member": member, "team": name});
        self.log(
            caller,
            "org_remove_team_member",
            organization,
            None,
            metadata,
        );
        Ok(())
    }

    /// Invites an email address to a team; inviting it twice does nothing.
    pub fn invite_to_team(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
        email: &str,
    ) -> Result<(), StateError> {
        let team = self.team_mut(organization, name)?;
        if !team.invites.iter().any(|invited| invited == email) {
            team.invites.push(email.to_owned());
        }
        let metadata = json!({"email": email, "team": name, "member": email});
        self.log(
            caller,
            "org_invite_team_member",
            organization,
            None,
            metadata,
        );
        Ok(())
    }

    pub fn delete_team_invite(
        &mut self,
        caller: &Caller,
        organization: &str,
        name: &str,
        email: &str,
    ) -> Result<(), StateError> {
        let invites = &mut self.team_mut(organization, name)?.invites;
        let index = invites.iter().position(|invited| invited == email);
        invites.remove(index.ok_or(StateError::NotFound)?);
        let metadata = json!({"email": email, "team": name, "member": email});
        let kind = "org_delete_team_member_invite";
        self.log(caller, kind, organization, None, metadata);
        Ok(())
    }
}
