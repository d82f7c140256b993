//! Sets up an organization as a TOML file describes it: teams and their members, robot accounts,
//! repositories, permissions and default permissions.
//!
//! Without `--apply`, it only shows the differences. Resources that the file does not name stay as
//! they are, and a second run finds nothing to do. The tokens of new robot accounts are not shown:
//! `rotate_robot_tokens` writes new ones to a file.
//!
//! - Requires: a token with the scopes `org:admin`, `repo:create` and `repo:admin`, and
//!   `user:admin` to create the organization.
//! - Prints: a line for each change: `+` creates a resource, `~` changes one.
//! - Exit codes: 0 success or nothing to do, 1 failure, 2 usage error, 3 without `--apply` if there
//!   are differences.
//!
//! ```sh
//! # On the embedded server, with the sample bootstrap_organization.toml: shows the differences.
//! cargo run --example bootstrap_organization
//! # Writes the sample to a file that you can edit.
//! cargo run --example bootstrap_organization -- --sample > initech.toml
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example bootstrap_organization -- initech.toml --apply
//! ```

#[macro_use]
mod support;
#[path = "support/changes.rs"]
mod changes;

use anyhow::{Result, ensure};
use changes::Changes;
use clap::Parser;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{
    CreateDefaultPermission, CreateOrganization, CreateRobot, CreateTeam, Delegate, PrincipalKind,
    RepositoryRole, TeamRole, Visibility,
};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;

/// Sets up an organization as a TOML file describes it
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The settings; by default the sample, but only on the embedded server
    file: Option<PathBuf>,
    /// Make the changes; without it, only show them
    #[arg(long)]
    apply: bool,
    /// Print the sample settings, and exit
    #[arg(long)]
    sample: bool,
}

const SAMPLE: &str = include_str!("bootstrap_organization.toml");

type Roles = BTreeMap<String, RepositoryRole>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    organization: String,
    email: Option<String>,
    #[serde(default)]
    teams: BTreeMap<String, WantedTeam>,
    /// The names of the robot accounts, and their descriptions.
    #[serde(default)]
    robots: BTreeMap<String, String>,
    #[serde(default)]
    repositories: BTreeMap<String, WantedRepository>,
    #[serde(default)]
    default_permissions: Roles,
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
struct WantedRepository {
    visibility: Visibility,
    #[serde(default)]
    description: String,
    #[serde(default)]
    roles: Roles,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    if options.sample {
        println!("{}", SAMPLE.trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let server = Server::from_env_or_sandbox().await?;
    let (name, wanted): (String, Wanted) = support::read_settings(&options.file, SAMPLE, &server)?;
    let mut changes = Changes::new(options.apply);
    set_up(server.quay(), &wanted, &mut changes).await?;
    Ok(changes.finish(format!("{} matches {name}", wanted.organization)))
}

/// Makes the changes in the order in which they depend on each other: teams before permissions.
async fn set_up(quay: &Quay, wanted: &Wanted, changes: &mut Changes) -> Result<()> {
    let name = &wanted.organization;
    let organization = quay.organization(name)?;
    if let Some(found) = organization.get_opt().await? {
        ensure!(
            found.is_admin == Some(true),
            "the token may not administer {name}, or has expired"
        );
    } else {
        let mut request = CreateOrganization::new(name);
        request.email = wanted.email.clone();
        let (what, all) = (format!("organization {name}"), quay.organizations());
        let created = changes.change('+', what, all.create(request)).await?;
        changes.all_missing = created.is_none();
        if changes.apply && created.is_none() {
            return Ok(());
        }
    }
    for (name, team) in &wanted.teams {
        let request = CreateTeam::new(team.role.clone()).description(&team.description);
        let what = format!("team {name}: {}", team.role);
        let ensure = organization.teams().ensure(name, request);
        changes.ensure(what, ensure).await?;
        for member in &team.members {
            let what = format!("member of {name}: {member}");
            let ensure = organization.team(name)?.members().ensure(member);
            changes.ensure(what, ensure).await?;
        }
    }
    for (short, description) in &wanted.robots {
        if changes.all_missing || organization.robot(short)?.get_opt().await?.is_none() {
            let request = CreateRobot::new().description(description);
            let (what, all) = (format!("robot account {short}"), organization.robots());
            changes
                .change('+', what, all.create(short, request))
                .await?;
        }
    }
    let user = |who: &str| match who.strip_prefix('+') {
        Some(robot) => format!("{name}+{robot}"),
        None => who.to_owned(),
    };
    for (short, wanted) in &wanted.repositories {
        let handle = organization.repository(short)?;
        let (repository, visibility) = (handle.name(), &wanted.visibility);
        changes
            .repository(&organization, short, visibility, &wanted.description)
            .await?;
        for (who, role) in &wanted.roles {
            if let Some(team) = who.strip_prefix('@') {
                let what = format!("team {team} on {repository}: {role}");
                let ensure = handle.team_permissions().ensure(team, role.clone());
                changes.ensure(what, ensure).await?;
            } else {
                let what = format!("{} on {repository}: {role}", user(who));
                let ensure = handle.user_permissions().ensure(user(who), role.clone());
                changes.ensure(what, ensure).await?;
            }
        }
    }
    for (who, role) in &wanted.default_permissions {
        let delegate = match who.strip_prefix('@') {
            Some(team) => Delegate::new(team, PrincipalKind::Team),
            None => Delegate::new(user(who), PrincipalKind::User),
        };
        let request = CreateDefaultPermission::new(role.clone(), delegate);
        let what = format!("default permission of {who}: {role}");
        let ensure = organization.default_permissions().ensure(request);
        changes.ensure(what, ensure).await?;
    }
    Ok(())
}
