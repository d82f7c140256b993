//! A robot account of an organization: makes it if it is not there, and lets it write to a
//! repository.
//!
//! The token needs the scopes `org:admin` and `repo:admin`.
//!
//! ```sh
//! cargo run --example organization_robot
//! cargo run --example organization_robot -- --organization acme --robot ci \
//!     --repository acme/web --token-file ci.token
//! ```
//!
//! The robot account's token is written to a file if one is named, and shown nowhere. Exit codes: 0
//! done, 1 failed, 2 bad usage.

use anyhow::Context;
use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{CreateRobot, RepositoryRole};
use std::path::PathBuf;

/// Makes a robot account that may write to a repository.
#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "acme")]
    organization: String,
    /// The robot account's short name
    #[arg(long, default_value = "deployer")]
    robot: String,
    /// The repository that it may write to
    #[arg(long, default_value = "acme/web")]
    repository: String,
    /// Where its token is written to
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let organization = quay.organization(&options.organization)?;
    let robot = organization.robot(&options.robot)?;
    let full_name = format!("{}+{}", options.organization, options.robot);
    let repository = quay.repository(options.repository.as_str())?;
    if options.dry_run {
        let exists = robot.get_opt().await?.is_some();
        println!(
            "{full_name} {}",
            if exists {
                "is there already"
            } else {
                "would be created"
            }
        );
        println!("it would be allowed to write to {}", repository.name());
        return Ok(());
    }
    let account = match organization
        .robots()
        .create_if_absent(
            &options.robot,
            CreateRobot::new().description("deploys what CI has built"),
        )
        .await?
    {
        Some(created) => {
            println!("created {}", created.name);
            created
        }
        None => {
            println!("{full_name} is there already");
            robot.get().await?
        }
    };
    repository
        .user_permission(&account.name)?
        .set(RepositoryRole::Write)
        .await?;
    println!("{} may write to {}", account.name, repository.name());
    if let Some(file) = &options.token_file {
        let token = account
            .token
            .context("the server gives this caller no tokens of robot accounts")?;
        std::fs::write(file, token.expose())
            .with_context(|| format!("{} can't be written", file.display()))?;
        println!(
            "docker login -u '{}' --password-stdin < {}",
            account.name,
            file.display()
        );
    }
    Ok(())
}
