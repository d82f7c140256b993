//! A robot account of an organization: creates it if it does not exist, and lets it write to a
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

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{CreateRobot, RepositoryName, RepositoryRole, RobotName};
use std::path::PathBuf;
use std::process::ExitCode;

/// Creates a robot account that may write to a repository
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization of the robot account
    #[arg(long, default_value = "acme")]
    organization: String,
    /// The robot account's name, without the organization
    #[arg(long, default_value = "deployer")]
    robot: String,
    /// The repository that it may write to
    #[arg(long, default_value = "acme/web")]
    repository: RepositoryName,
    /// A new file for its token, which only the file's owner can read
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Only look, and say what would be done
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;
    let robot = organization.robot(&options.robot)?;
    let repository = server.quay().repository(&options.repository)?;
    // Everything that can be wrong is looked for before the first change.
    let file = options
        .token_file
        .as_deref()
        .map(support::PrivateFile::create)
        .transpose()?;
    repository.get().await?;
    let found = robot.get_opt().await?;
    let (is_new, name) = (
        found.is_none(),
        RobotName::within(&options.organization, &options.robot)?,
    );
    let permission = repository.user_permission(&name)?;
    let role = match is_new {
        true => None,
        false => permission
            .get_opt()
            .await?
            .map(|permission| permission.role),
    };
    let may_write = matches!(role, Some(RepositoryRole::Write | RepositoryRole::Admin));
    if options.dry_run {
        drop(file);
        let fate = if is_new { "would be created" } else { "exists" };
        println!("the robot account {name} {fate}");
        let fate = if may_write {
            "may write"
        } else {
            "would be allowed to write"
        };
        println!("{name} {fate} to {}", repository.name());
        return Ok(ExitCode::SUCCESS);
    }
    let account = match found {
        Some(account) => account,
        None => {
            let request = CreateRobot::new().description("Deploys what CI has built");
            organization
                .robots()
                .create(&options.robot, request)
                .await?
        }
    };
    // A role of an administrator is left as it is.
    if !may_write && let Err(error) = permission.set(RepositoryRole::Write).await {
        if is_new {
            let deleted = robot.delete().await;
            deleted.with_context(|| format!("the new {name} could not be deleted"))?;
        }
        return Err(error.into());
    }
    if let (Some(mut file), Some(path)) = (file, &options.token_file) {
        let token = account.token;
        let token = token.context("the server shows this caller no tokens of robot accounts")?;
        file.write(token.expose())?;
        let (host, path) = (server.quay().registry_host(), path.display());
        println!("docker login -u '{name}' --password-stdin {host} < {path}");
    }
    let fate = if is_new { "was created" } else { "existed" };
    println!("{name} {fate}, and may write to {}", repository.name());
    Ok(ExitCode::SUCCESS)
}
