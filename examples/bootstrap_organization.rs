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
use futures::TryFutureExt;
use quay_api::Quay;
use quay_api::api::{Ensure, Ensured};
use quay_api::testing::Server;
use quay_api::types::{
    CreateDefaultPermission, CreateOrganization, CreateRepository, CreateRobot, CreateTeam,
    Delegate, PrincipalKind, RepositoryName, RepositoryRole, TeamRole, Visibility,
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
# Roles on repositories: read, write, admin; of a user, a @team, or a +robot account.
organization = "initech"
email = "registry@initech.example.com"

# What everybody's new repositories grant from the beginning.
default_permissions = { "@auditors" = "read" }

[teams.developers]
role = "creator"
description = "Build and push"
members = ["alice", "bob"]

[teams.auditors]
role = "member"
members = ["carol"]

[robots]
ci = "Pushes what the pipeline builds"
deploy = "Pulls into the clusters"

[repositories.web]
description = "The web site"
visibility = "private"
roles = { "@developers" = "write", "@auditors" = "read", "+ci" = "write", "+deploy" = "read" }

[repositories."tools/cli"]
visibility = "public"
roles = { alice = "admin", "+ci" = "write" }
"#;

type Roles = BTreeMap<String, RepositoryRole>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    organization: String,
    email: Option<String>,
    #[serde(default)]
    teams: BTreeMap<String, WantedTeam>,
    /// Their descriptions.
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

    let count = differences(server.quay(), &wanted, options.apply).await?;
    let organization = &wanted.organization;
    match count {
        0 => println!("nothing to do: {organization} is as {name} says"),
        _ if !options.apply => {
            println!("{count} differences; --apply removes them");
            return Ok(ExitCode::from(3));
        }
        _ => {
            let left = differences(server.quay(), &wanted, false).await?;
            anyhow::ensure!(left == 0, "all changes were accepted, and {left} not made");
            println!("{count} changes made, nothing left to do");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Shows the differences, removes them with `apply`, and returns how many there were. Their order
/// matters: a permission needs the team that it is for.
async fn differences(quay: &Quay, wanted: &Wanted, apply: bool) -> Result<usize> {
    let name = &wanted.organization;
    let organization = quay.organization(name)?;
    let found = organization.get_opt().await?;
    anyhow::ensure!(
        found.as_ref().is_none_or(|it| it.is_admin == Some(true)),
        "the token may not administer {name}, or is not accepted"
    );
    let exists = found.is_some() || apply;
    let count = 0;
    let mut pass = Pass {
        apply,
        exists,
        count,
    };
    if found.is_none() {
        let mut request = CreateOrganization::new(name);
        request.email = wanted.email.clone();
        let (all, shown) = (quay.organizations(), format!("organization {name}"));
        let creation = all.create(request).map_ok(drop);
        pass.change('+', shown, creation).await?;
    }
    for (name, team) in &wanted.teams {
        let request = CreateTeam::new(team.role.clone()).description(&team.description);
        let ensure = organization.teams().ensure(name, request);
        let shown = format!("team {name}: {}", team.role);
        pass.ensure(shown, ensure).await?;
        let members = organization.team(name)?.members();
        for member in &team.members {
            let shown = format!("member of {name}: {member}");
            pass.ensure(shown, members.ensure(member)).await?;
        }
    }
    for (short, description) in &wanted.robots {
        if !exists || organization.robot(short)?.get_opt().await?.is_none() {
            let request = CreateRobot::new().description(description);
            let (all, shown) = (organization.robots(), format!("robot account {short}"));
            let creation = all.create(short, request).map_ok(drop);
            pass.change('+', shown, creation).await?;
        }
    }
    let user = |who: &str| match who.strip_prefix('+') {
        Some(robot) => format!("{}+{robot}", organization.name()),
        None => who.to_owned(),
    };
    for (short, wanted) in &wanted.repositories {
        let name = RepositoryName::new(name, short)?;
        let (handle, visibility) = (quay.repository(&name)?, wanted.visibility.clone());
        let (shown, description) = (
            format!("repository {name}: {visibility}"),
            &wanted.description,
        );
        if let Some(found) = handle.get_opt().await? {
            if found.is_public != (visibility == Visibility::Public) {
                let change = handle.set_visibility(visibility);
                pass.change('~', shown, change).await?;
            }
            if found.description.unwrap_or_default() != *description {
                let change = handle.set_description(description);
                let shown = format!("repository {name}: description");
                pass.change('~', shown, change).await?;
            }
        } else {
            let request = CreateRepository::new(short, visibility, description);
            let all = quay.repositories();
            let creation = all.create(request.namespace(name.namespace()));
            pass.change('+', shown, creation.map_ok(drop)).await?;
        }
        for (who, role) in &wanted.roles {
            if let Some(team) = who.strip_prefix('@') {
                let ensure = handle.team_permissions().ensure(team, role.clone());
                let shown = format!("team {team} on {name}: {role}");
                pass.ensure(shown, ensure).await?;
            } else {
                let ensure = handle.user_permissions().ensure(user(who), role.clone());
                let shown = format!("{} on {name}: {role}", user(who));
                pass.ensure(shown, ensure).await?;
            }
        }
    }
    for (who, role) in &wanted.default_permissions {
        let delegate = match who.strip_prefix('@') {
            Some(team) => Delegate::new(team, PrincipalKind::Team),
            None => Delegate::new(user(who), PrincipalKind::User),
        };
        let request = CreateDefaultPermission::new(role.clone(), delegate);
        let ensure = organization.default_permissions().ensure(request);
        let shown = format!("default permission of {who}: {role}");
        pass.ensure(shown, ensure).await?;
    }
    Ok(pass.count)
}

/// One pass over the file.
struct Pass {
    apply: bool,
    exists: bool,
    count: usize,
}

impl Pass {
    async fn ensure<T: Send + 'static>(&mut self, shown: String, ensure: Ensure<T>) -> Result<()> {
        let difference = match self.exists {
            true => ensure.dry_run().await,
            false => Ok(Ensured::Created(None)),
        };
        let sign = match difference {
            Ok(Ensured::Unchanged(_)) => return Ok(()),
            Ok(Ensured::Created(_)) => '+',
            // Below what is still missing, all is missing.
            Err(error) if error.is_not_found() && !self.apply => '+',
            Ok(_) => '~',
            Err(error) => return Err(error).context(shown),
        };
        let change = ensure.into_future().map_ok(drop);
        self.change(sign, shown, change).await
    }

    /// Shows a difference, and removes it if it is to: nothing is sent before the await.
    async fn change(
        &mut self,
        sign: char,
        shown: String,
        change: impl Future<Output = quay_api::Result<()>>,
    ) -> Result<()> {
        println!("{sign} {shown}");
        if self.apply {
            let done = self.count;
            change.await.with_context(|| {
                format!("{shown:?} failed; {done} changes are made, and another run goes on")
            })?;
        }
        self.count += 1;
        Ok(())
    }
}
