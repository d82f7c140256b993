//! Synchronizes a team with a group of the server's directory: LDAP, Keystone or OIDC.
//!
//! - Requires: a token with the scope `org:admin` of a superuser or, if the server allows it, of an
//!   administrator of the organization. It does not work on quay.io.
//! - Prints: the state of the synchronization.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example team_sync -- show
//! cargo run --example team_sync -- ldap cn=developers,ou=groups
//! cargo run --example team_sync -- oidc developers --organization acme --team owners
//! cargo run --example team_sync -- off
//! ```

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
    #[arg(long, value_name = "NAME", default_value = "acme", global = true)]
    organization: String,
    /// The team
    #[arg(long, value_name = "NAME", default_value = "devs", global = true)]
    team: String,
    /// Change nothing; print what would be done
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Shows whether the team is synchronized
    Show,
    /// Synchronizes it with an LDAP group, by its DN below the base DN
    #[command(alias = "LDAP")]
    Ldap { group_dn: String },
    /// Synchronizes it with a group of OpenStack Keystone, by its id
    #[command(alias = "Keystone")]
    Keystone { group_id: String },
    /// Synchronizes it with a group that an OIDC provider reports
    #[command(alias = "OIDC")]
    Oidc { group_name: String },
    /// Ends the synchronization; the team keeps its members
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
                    println!("the team {name} is no longer synchronized; it keeps its members");
                }
            }
            return Ok(ExitCode::SUCCESS);
        }
        Action::Ldap { group_dn } => (group_dn.clone(), EnableTeamSync::ldap(group_dn)),
        Action::Keystone { group_id } => (group_id.clone(), EnableTeamSync::keystone(group_id)),
        Action::Oidc { group_name } => (group_name.clone(), EnableTeamSync::oidc(group_name)),
    };
    if let Some(now) = now {
        println!(
            "the team {name} is currently synchronized by {}",
            now.service
        );
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
