//! Makes a team follow a group of a directory: LDAP, Keystone or OIDC, whichever the server is set
//! up with.
//!
//! The token needs the scope `org:admin`, and its owner has to be a superuser or, where the server
//! allows it, an administrator of the organization. Not on quay.io.
//!
//! ```sh
//! cargo run --example team_sync -- show
//! cargo run --example team_sync -- ldap cn=developers,ou=groups
//! cargo run --example team_sync -- --organization acme --team owners oidc developers
//! cargo run --example team_sync -- off
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use clap::{Parser, Subcommand};
use quay_api::testing::Server;
use quay_api::types::EnableTeamSync;

/// Makes a team follow a group of a directory.
#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "acme")]
    organization: String,
    #[arg(long, default_value = "devs")]
    team: String,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Shows which group the team follows, if any
    Show,
    /// Follows a group of an LDAP directory, by its name relative to the base
    Ldap { group_dn: String },
    /// Follows a group of OpenStack's Keystone, by its id
    Keystone { group_id: String },
    /// Follows a group that an OIDC provider names in its tokens
    Oidc { group_name: String },
    /// Follows nothing any more; who is in the team stays in it
    Off,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let team = server
        .quay()
        .organization(&options.organization)?
        .team(&options.team)?;
    let name = format!("{}/{}", options.organization, options.team);
    let group = match options.what.unwrap_or(What::Show) {
        What::Show => {
            match team.sync().get_opt().await? {
                Some(sync) => println!("the team {name} follows a group of {}", sync.service),
                None => println!("the team {name} follows no group"),
            }
            return Ok(());
        }
        What::Off if options.dry_run => {
            println!("the team {name} would follow nothing any more");
            return Ok(());
        }
        What::Off => {
            team.sync().disable().await?;
            println!("the team {name} follows nothing any more");
            return Ok(());
        }
        What::Ldap { group_dn } => EnableTeamSync::ldap(group_dn),
        What::Keystone { group_id } => EnableTeamSync::keystone(group_id),
        What::Oidc { group_name } => EnableTeamSync::oidc(group_name),
    };
    if options.dry_run {
        println!("the team {name} would follow {group:?}");
        return Ok(());
    }
    match team.sync().enable(group).await {
        Ok(_) => println!(
            "the team {name} follows the group; its members are replaced at the next \
             synchronisation"
        ),
        Err(error) if error.is_feature_disabled() => {
            anyhow::bail!(
                "this server synchronises no teams (FEATURE_TEAM_SYNCING is off): {error}"
            )
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}
