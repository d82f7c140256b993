//! Synchronizes a team with a group of the server's directory, which can be LDAP, Keystone or OIDC.
//!
//! The token needs the scope `org:admin`, and its owner has to be a superuser or, where the server
//! allows it, an administrator of the organization. Not on quay.io.
//!
//! ```sh
//! cargo run --example team_sync -- show
//! cargo run --example team_sync -- ldap cn=developers,ou=groups
//! cargo run --example team_sync -- oidc developers --organization acme --team owners
//! cargo run --example team_sync -- off
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use quay_api::testing::Server;
use quay_api::types::EnableTeamSync;
use std::process::ExitCode;

/// Synchronizes a team with a group of the server's directory
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization of the team
    #[arg(long, default_value = "acme", global = true)]
    organization: String,
    /// The team
    #[arg(long, default_value = "devs", global = true)]
    team: String,
    /// Only look, and say what would be done
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Show whether the team is synchronized
    Show,
    /// Synchronize it with an LDAP group, by its name relative to the base
    #[command(alias = "LDAP")]
    Ldap { group_dn: String },
    /// Synchronize it with a group of OpenStack's Keystone, by its id
    #[command(alias = "Keystone")]
    Keystone { group_id: String },
    /// Synchronize it with a group that an OIDC provider names in its tokens
    #[command(alias = "OIDC")]
    Oidc { group_name: String },
    /// End the synchronization; the members of the team stay
    Off,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;
    let sync = organization.team(&options.team)?.sync();
    let name = format!("{}/{}", options.organization, options.team);
    let now = sync.get_opt().await?;
    let (group, request) = match options.action.unwrap_or(Action::Show) {
        Action::Show => {
            match now {
                Some(sync) => println!("the team {name} is synchronized by {}", sync.service),
                None => println!("the team {name} is not synchronized"),
            }
            return Ok(ExitCode::SUCCESS);
        }
        Action::Off => {
            match now {
                None => println!("the team {name} is not synchronized"),
                Some(_) if options.dry_run => {
                    println!("the synchronization of the team {name} would end");
                }
                Some(_) => {
                    sync.disable().await?;
                    println!("the team {name} is no longer synchronized, and keeps its members");
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        Action::Ldap { group_dn } => (group_dn.clone(), EnableTeamSync::ldap(group_dn)),
        Action::Keystone { group_id } => (group_id.clone(), EnableTeamSync::keystone(group_id)),
        Action::Oidc { group_name } => (group_name.clone(), EnableTeamSync::oidc(group_name)),
    };
    if let Some(now) = now {
        println!("the team {name} is synchronized by {} so far", now.service);
    }
    if options.dry_run {
        println!("the team {name} would be synchronized with {group}");
        return Ok(ExitCode::SUCCESS);
    }
    let enabled = sync.enable(request).await;
    enabled.with_context(|| format!("the team {name} can't be synchronized with {group}"))?;
    println!(
        "the team {name} is synchronized with {group}; its members are replaced at the next \
         synchronization"
    );
    Ok(ExitCode::SUCCESS)
}
