//! Sets an organization up as a TOML file says: teams and their members, robot accounts,
//! repositories, permissions and default permissions.
//!
//! It first shows what differs, and changes nothing without `--apply`. What is right already is
//! left alone, so a second run has nothing to do; what the file does not name is left alone as
//! well. The tokens of new robot accounts are not shown: `rotate_robot_tokens` writes new ones to a
//! safe place.
//!
//! The token needs the scopes `org:admin`, `repo:create` and `repo:admin`, and `user:admin` for a
//! new organization.
//!
//! ```sh
//! # The embedded server and the sample: shows the differences.
//! cargo run --example bootstrap_organization
//! cargo run --example bootstrap_organization -- --sample > initech.toml   # a file to begin with
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example bootstrap_organization -- initech.toml --apply
//! ```
//!
//! Exit codes: 0 done, or nothing to do, 1 failed, 2 bad usage, 3 without `--apply`: there are
//! differences.

use anyhow::{Context, Result};
use clap::Parser;
use futures::FutureExt;
use futures::future::BoxFuture;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{
    CreateDefaultPermission, CreateOrganization, CreateRepository, CreateRobot, CreateTeam,
    Delegate, PrincipalKind, RepositoryName, RepositoryRole, TeamRole, UpdateTeam, Visibility,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

/// Sets an organization up as a TOML file says
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// The file; a small sample unless given
    file: Option<PathBuf>,
    /// Make the changes; without this, only show them
    #[arg(long)]
    apply: bool,
    /// Print the sample, and do nothing else
    #[arg(long)]
    sample: bool,
}

const SAMPLE: &str = r#"# Roles of teams: member, creator, admin.
# Roles on repositories: read, write, admin.
organization = "initech"
email = "registry@initech.example.com"

[teams.developers]
role = "creator"
description = "Build and push"
members = ["alice", "bob"]

[teams.auditors]
role = "member"
members = ["carol"]

[robots.ci]
description = "Pushes what the pipeline builds"

[robots.deploy]
description = "Pulls into the clusters"

[repositories.web]
description = "The web site"
visibility = "private"
teams = { developers = "write", auditors = "read" }
robots = { ci = "write", deploy = "read" }

[repositories."tools/cli"]
visibility = "public"
users = { alice = "admin" }
robots = { ci = "write" }

# What everybody's new repositories grant from the beginning.
[[default_permissions]]
team = "auditors"
role = "read"
"#;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    organization: String,
    email: Option<String>,
    #[serde(default)]
    teams: BTreeMap<String, WantedTeam>,
    #[serde(default)]
    robots: BTreeMap<String, WantedRobot>,
    #[serde(default)]
    repositories: BTreeMap<String, WantedRepository>,
    #[serde(default)]
    default_permissions: Vec<WantedDefault>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedTeam {
    role: TeamRole,
    #[serde(default)]
    description: String,
    #[serde(default)]
    members: BTreeSet<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedRobot {
    #[serde(default)]
    description: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedRepository {
    visibility: Visibility,
    #[serde(default)]
    description: String,
    #[serde(default)]
    users: BTreeMap<String, RepositoryRole>,
    #[serde(default)]
    teams: BTreeMap<String, RepositoryRole>,
    #[serde(default)]
    robots: BTreeMap<String, RepositoryRole>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WantedDefault {
    team: Option<String>,
    robot: Option<String>,
    role: RepositoryRole,
}

/// A difference as it is shown, and the future that removes it. Nothing is sent before that is
/// awaited.
struct Step {
    shown: String,
    change: BoxFuture<'static, quay_api::Result<()>>,
}

fn step(
    shown: String,
    change: impl Future<Output = quay_api::Result<()>> + Send + 'static,
) -> Step {
    Step {
        shown,
        change: change.boxed(),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    if options.sample {
        print!("{SAMPLE}");
        return Ok(ExitCode::SUCCESS);
    }
    let (name, text) = match &options.file {
        Some(path) => (
            path.display().to_string(),
            std::fs::read_to_string(path)
                .with_context(|| format!("{} can't be read", path.display()))?,
        ),
        None => ("the sample".to_owned(), SAMPLE.to_owned()),
    };
    let wanted: Wanted =
        toml::from_str(&text).with_context(|| format!("{name} is not what is needed"))?;
    let server = Server::from_env_or_sandbox().await?;

    let steps = differences(server.quay(), &wanted).await?;
    steps.iter().for_each(|step| println!("{}", step.shown));
    if steps.is_empty() {
        println!("nothing to do: {} is as {name} says", wanted.organization);
        return Ok(ExitCode::SUCCESS);
    }
    if !options.apply {
        println!("{} differences; --apply removes them", steps.len());
        return Ok(ExitCode::from(3));
    }
    // One after the other, and in this order: a permission needs the team that it is for.
    let count = steps.len();
    for (done, Step { shown, change }) in steps.into_iter().enumerate() {
        change.await.with_context(|| {
            format!("{shown:?} failed; {done} of {count} changes are made, and another run goes on")
        })?;
    }
    // The differences that a second run would find.
    let left = differences(server.quay(), &wanted).await?;
    anyhow::ensure!(
        left.is_empty(),
        "the server took the changes, but still there is {:?}",
        left[0].shown
    );
    println!("{count} changes made, nothing left to do");
    Ok(ExitCode::SUCCESS)
}

async fn differences(quay: &Quay, wanted: &Wanted) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    let organization = quay.organization(&wanted.organization)?;
    let exists = match organization.get_opt().await? {
        Some(found) => {
            anyhow::ensure!(
                found.is_admin == Some(true),
                "the token may not administer {}, or is not accepted",
                wanted.organization
            );
            true
        }
        None => {
            let mut request = CreateOrganization::new(&wanted.organization);
            if let Some(email) = &wanted.email {
                request = request.email(email);
            }
            let organizations = quay.organizations();
            steps.push(step(
                format!("+ organization {}", wanted.organization),
                async move { organizations.create(request).await.map(drop) },
            ));
            false
        }
    };

    let teams = if exists {
        organization.teams().list().await?
    } else {
        Vec::new()
    };
    for (name, team) in &wanted.teams {
        let handle = organization.team(name)?;
        let found = teams.iter().find(|found| found.name == *name);
        match found {
            Some(found)
                if found.role == team.role
                    && found.description.as_deref().unwrap_or_default() == team.description => {}
            found => {
                let (handle, teams) = (handle.clone(), organization.teams());
                let (name, role) = (name.clone(), team.role.clone());
                let (description, is_new) = (team.description.clone(), found.is_none());
                let sign = if is_new { '+' } else { '~' };
                steps.push(step(
                    format!("{sign} team {name}: {}", team.role),
                    async move {
                        if is_new {
                            let request = CreateTeam::new(role).description(description);
                            return teams.create(name, request).await.map(drop);
                        }
                        let update = UpdateTeam::new(role).description(description);
                        handle.update(update).await.map(drop)
                    },
                ));
            }
        }
        // A pending invitation counts: there is nothing more to be done about it.
        let members = if found.is_some() {
            handle.members().list().with_invited().await?
        } else {
            Vec::new()
        };
        for member in team
            .members
            .iter()
            .filter(|wanted| members.iter().all(|m| m.name.as_ref() != Some(wanted)))
        {
            let (members, member) = (handle.members(), member.clone());
            steps.push(step(format!("+ member of {name}: {member}"), async move {
                members.create(member).await.map(drop)
            }));
        }
    }

    let robots = if exists {
        organization.robots().list().await?
    } else {
        Vec::new()
    };
    let full = |short: &str| format!("{}+{short}", wanted.organization);
    for (short, robot) in wanted
        .robots
        .iter()
        .filter(|(short, _)| robots.iter().all(|robot| robot.name != full(short)))
    {
        let (robots, name) = (organization.robots(), short.clone());
        let request = CreateRobot::new().description(&robot.description);
        steps.push(step(format!("+ robot account {short}"), async move {
            robots.create(name, request).await.map(drop)
        }));
    }

    for (short, repository) in &wanted.repositories {
        repository_differences(
            quay,
            &RepositoryName::new(&wanted.organization, short)?,
            repository,
            &mut steps,
        )
        .await?;
    }

    let defaults = organization.default_permissions();
    let known = if exists {
        defaults.list().await?
    } else {
        Vec::new()
    };
    for WantedDefault { team, robot, role } in &wanted.default_permissions {
        let (name, kind) = match (team, robot) {
            (Some(team), None) => (team.clone(), PrincipalKind::Team),
            (None, Some(robot)) => (full(robot), PrincipalKind::User),
            _ => anyhow::bail!("a default permission is for a team or for a robot"),
        };
        let found = known
            .iter()
            .find(|known| known.delegate.name == name && known.activating_user.is_none());
        let (defaults, shown, role) = (
            defaults.clone(),
            format!("default permission of {name}: {role}"),
            role.clone(),
        );
        match found {
            Some(found) if found.role == role => {}
            Some(found) => {
                let rule = organization.default_permission(&found.id)?;
                steps.push(step(format!("~ {shown}"), async move {
                    rule.set_role(role).await.map(drop)
                }));
            }
            None => {
                let request = CreateDefaultPermission::new(role, Delegate::new(name, kind));
                steps.push(step(format!("+ {shown}"), async move {
                    defaults.create(request).await.map(drop)
                }));
            }
        }
    }
    Ok(steps)
}

async fn repository_differences(
    quay: &Quay,
    name: &RepositoryName,
    wanted: &WantedRepository,
    steps: &mut Vec<Step>,
) -> Result<()> {
    let handle = quay.repository(name)?;
    let found = handle.get_opt().await?;
    let visibility = wanted.visibility.clone();
    match &found {
        None => {
            let request = CreateRepository::new(name.name(), visibility, &wanted.description)
                .namespace(name.namespace());
            let repositories = quay.repositories();
            steps.push(step(
                format!("+ repository {name}: {}", wanted.visibility),
                async move { repositories.create(request).await.map(drop) },
            ));
        }
        Some(found) => {
            if found.is_public != (visibility == Visibility::Public) {
                let handle = handle.clone();
                steps.push(step(
                    format!("~ repository {name}: {visibility}"),
                    async move { handle.set_visibility(visibility).await },
                ));
            }
            if found.description.as_deref().unwrap_or_default() != wanted.description {
                let (handle, description) = (handle.clone(), wanted.description.clone());
                steps.push(step(
                    format!("~ repository {name}: description"),
                    async move { handle.set_description(description).await },
                ));
            }
        }
    }
    let (users, teams) = match found {
        Some(_) => tokio::try_join!(
            handle.user_permissions().list(),
            handle.team_permissions().list()
        )?,
        None => (Vec::new(), Vec::new()),
    };
    let robots = wanted
        .robots
        .iter()
        .map(|(short, role)| (format!("{}+{short}", name.namespace()), role));
    for (user, role) in wanted
        .users
        .iter()
        .map(|(user, role)| (user.clone(), role))
        .chain(robots)
    {
        let known = users
            .iter()
            .find(|known| known.name == user)
            .map(|known| &known.role);
        if let Some(sign) = sign(known, role) {
            let shown = format!("{sign} {user} on {name}: {role}");
            let (permission, role) = (handle.user_permission(user)?, role.clone());
            steps.push(step(
                shown,
                async move { permission.set(role).await.map(drop) },
            ));
        }
    }
    for (team, role) in &wanted.teams {
        let known = teams
            .iter()
            .find(|known| known.name == *team)
            .map(|known| &known.role);
        if let Some(sign) = sign(known, role) {
            let shown = format!("{sign} team {team} on {name}: {role}");
            let (permission, role) = (handle.team_permission(team)?, role.clone());
            steps.push(step(
                shown,
                async move { permission.set(role).await.map(drop) },
            ));
        }
    }
    Ok(())
}

/// The sign of a difference between two roles; `None` if they are equal.
fn sign(known: Option<&RepositoryRole>, wanted: &RepositoryRole) -> Option<char> {
    match known {
        Some(known) if known == wanted => None,
        Some(_) => Some('~'),
        None => Some('+'),
    }
}
