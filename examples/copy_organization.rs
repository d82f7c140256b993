//! Copies the set-up of an organization to another server: teams and members, robot accounts,
//! repositories, permissions, default permissions, policies and the quota. It copies no images and
//! no tokens.
//!
//! Without `--apply`, it only shows the differences. Resources that only the target has stay as
//! they are. An item that can't be copied, such as a team's member without an account on the
//! target, is reported, and the other items are copied. A second run finds nothing to do.
//!
//! - Requires: for the source (`QUAY_URL`, `QUAY_TOKEN`), the scopes `org:admin` and `repo:admin`;
//!   for the target (`TARGET_URL`, `TARGET_TOKEN`), `org:admin`, `repo:admin` and `repo:create`,
//!   and `user:admin` for a new organization and `super:user` for a quota.
//! - Prints: a line for each change: `+` creates a resource, `~` changes one.
//! - Exit codes: 0 success or nothing to do, 1 failure, 2 usage error, 3 without `--apply` if there
//!   are differences.
//!
//! ```sh
//! # From one embedded server to another.
//! cargo run --example copy_organization -- acme --as acme-copy
//! QUAY_URL=https://quay.io QUAY_TOKEN=… TARGET_URL=https://quay.example.com TARGET_TOKEN=… \
//!     cargo run --example copy_organization -- acme --apply
//! ```

#[macro_use]
mod support;
#[path = "support/changes.rs"]
mod changes;
#[path = "support/copy_policies.rs"]
mod copy_policies;

use anyhow::{Context, Result};
use changes::Changes;
use clap::Parser;
use copy_policies::{copy_autoprune, copy_immutability, copy_quota};
use quay_api::Quay;
use quay_api::api::OrganizationHandle as Organization;
use quay_api::testing::{Sandbox, Server};
use quay_api::types::{
    ActivatingUser, CreateDefaultPermission, CreateOrganization, CreateRobot, CreateTeam, Delegate,
    PrincipalKind, Visibility,
};
use std::process::ExitCode;

/// Copies the set-up of an organization to another server
#[derive(Parser)]
#[command(after_help = "\
Environment:
  QUAY_URL, QUAY_TOKEN      The source; without QUAY_URL, both are embedded
  TARGET_URL, TARGET_TOKEN  The target")]
struct Options {
    /// The organization on the source
    #[arg(default_value = "acme")]
    organization: String,
    /// Its name on the target, if it differs
    #[arg(long = "as", value_name = "NAME")]
    new_name: Option<String>,
    /// Make the changes; without it, only show them
    #[arg(long)]
    apply: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    // The second sandbox runs until it is dropped.
    let second = match server.sandbox() {
        Some(_) => Some(Sandbox::start().await?),
        None => None,
    };
    let target = match &second {
        Some(sandbox) => sandbox.quay().clone(),
        None => Quay::builder()
            .base_url(std::env::var("TARGET_URL").context("TARGET_URL")?)
            .token(std::env::var("TARGET_TOKEN").context("TARGET_TOKEN")?)
            .build()?,
    };
    let from = server.quay().organization(&options.organization)?;
    let to = target.organization(options.new_name.unwrap_or(options.organization))?;
    let mut changes = Changes::new(options.apply);
    let found = from.get().await.context("the source")?;
    if to.get_opt().await.context("the target")?.is_none() {
        let mut request = CreateOrganization::new(to.name());
        request.email = found.email.filter(|email| !email.is_empty());
        let what = format!("organization {}", to.name());
        let all = target.organizations();
        let created = changes.change('+', what, all.create(request)).await?;
        changes.all_missing = created.is_none();
    }
    if !(changes.all_missing && options.apply) {
        accounts(&from, &to, &mut changes).await?;
        repositories(&from, &to, &mut changes).await?;
        rules(&from, &to, &mut changes).await?;
    }
    let is_right = format!("{} has everything that {} has", to.name(), from.name());
    Ok(changes.finish(is_right))
}

/// Returns the name of an account on the target. Robot accounts contain the organization's name.
fn renamed(name: &str, from: &Organization, to: &Organization) -> String {
    match name.split_once('+') {
        Some((owner, short)) if owner == from.name() => format!("{}+{short}", to.name()),
        _ => name.to_owned(),
    }
}

/// Copies robot accounts and teams.
async fn accounts(from: &Organization, to: &Organization, changes: &mut Changes) -> Result<()> {
    for robot in from.robots().list().await? {
        let (short, robots) = (robot.name.short(), to.robots());
        // The description of an existing robot account can't be changed.
        if changes.all_missing || to.robot(short)?.get_opt().await?.is_none() {
            let request = CreateRobot::new().description(robot.description.unwrap_or_default());
            let what = format!("robot account {short}");
            let create = robots.create(short, request);
            changes.change('+', what, create).await?;
        }
    }
    for team in from.teams().list().await? {
        let what = format!("team {}: {}", team.name, team.role);
        let request = CreateTeam::new(team.role).description(team.description.unwrap_or_default());
        let ensure = to.teams().ensure(&team.name, request);
        changes.ensure(what, ensure).await?;
        let (members, copies) = (from.team(&team.name)?.members(), to.team(&team.name)?);
        for member in members.list().with_invited().await? {
            // An invited e-mail address has no account yet.
            let Some(name) = member.name else { continue };
            let what = format!("member of {}: {name}", team.name);
            let ensure = copies.members().ensure(renamed(&name, from, to));
            changes.ensure(what, ensure).await?;
        }
    }
    Ok(())
}

/// Copies repositories with their permissions and policies.
async fn repositories(from: &Organization, to: &Organization, changes: &mut Changes) -> Result<()> {
    for source in from.repositories().list().await? {
        let name = &source.name;
        let (original, copy) = (from.repository(name)?, to.repository(name)?);
        let public = source.is_public.then_some(Visibility::Public);
        let visibility = public.unwrap_or(Visibility::Private);
        let text = source.description.unwrap_or_default();
        changes.repository(to, name, &visibility, &text).await?;
        let permissions = copy.user_permissions();
        for user in original.user_permissions().list().await? {
            let what = format!("{} on {name}: {}", user.name, user.role);
            let ensure = permissions.ensure(renamed(&user.name, from, to), user.role);
            changes.ensure(what, ensure).await?;
        }
        let permissions = copy.team_permissions();
        for team in original.team_permissions().list().await? {
            let what = format!("team {} on {name}: {}", team.name, team.role);
            let ensure = permissions.ensure(&team.name, team.role);
            changes.ensure(what, ensure).await?;
        }
        let (old, new) = (original.autoprune_policies(), copy.autoprune_policies());
        copy_autoprune(name, old, new, changes).await?;
        let (old, new) = (
            original.immutability_policies(),
            copy.immutability_policies(),
        );
        copy_immutability(name, old, new, changes).await?;
    }
    Ok(())
}

/// Copies default permissions, policies and the quota of the organization.
async fn rules(from: &Organization, to: &Organization, changes: &mut Changes) -> Result<()> {
    for default in from.default_permissions().list().await? {
        let (name, role) = (&default.delegate.name, default.role);
        let kind = default.delegate.kind.unwrap_or(PrincipalKind::User);
        let what = format!("default permission of {name}: {role}");
        let delegate = Delegate::new(renamed(name, from, to), kind);
        let mut request = CreateDefaultPermission::new(role, delegate);
        let creator = default
            .activating_user
            .map(|user| renamed(&user.name, from, to));
        request.activating_user = creator.map(ActivatingUser::new);
        let ensure = to.default_permissions().ensure(request);
        changes.ensure(what, ensure).await?;
    }
    let (old, new) = (from.autoprune_policies(), to.autoprune_policies());
    copy_autoprune(to.name(), old, new, changes).await?;
    let (old, new) = (from.immutability_policies(), to.immutability_policies());
    copy_immutability(to.name(), old, new, changes).await?;
    copy_quota(from, to, changes).await
}
