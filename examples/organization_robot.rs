//! Creates a robot account of an organization if it does not exist, and allows it to write to a
//! repository.
//!
//! - Requires: a token with the scopes `org:admin` and `repo:admin`.
//! - Prints: the robot account and the repository. With `--token-file`, also the command that logs
//!   in to the registry; the token itself is written to that file only.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example organization_robot
//! cargo run --example organization_robot -- --organization acme --robot ci \
//!     --repository acme/web --token-file ci.token
//! ```

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
    /// The organization
    #[arg(long, value_name = "NAME", default_value = "acme")]
    organization: String,
    /// Short name of the robot account
    #[arg(long, value_name = "NAME", default_value = "deployer")]
    robot: String,
    /// Repository that it may write to
    #[arg(long, value_name = "NAME", default_value = "acme/web")]
    repository: RepositoryName,
    /// New file for its token, readable by its owner only
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Change nothing; print what would be done
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
    // Everything is checked before the first change.
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
    // The role admin includes writing, and is kept.
    if !may_write && let Err(error) = permission.set(RepositoryRole::Write).await {
        if is_new {
            let deleted = robot.delete().await;
            deleted
                .with_context(|| format!("the new robot account {name} could not be deleted"))?;
        }
        return Err(error.into());
    }
    if let (Some(mut file), Some(path)) = (file, &options.token_file) {
        let token = account.token;
        let token = token.context("the server returned no token of the robot account")?;
        file.write(token.expose())?;
        let (host, path) = (server.quay().registry_host(), path.display());
        println!("docker login -u '{name}' --password-stdin {host} < {path}");
    }
    let fate = if is_new { "was created" } else { "existed" };
    println!("{name} {fate}, and may write to {}", repository.name());
    Ok(ExitCode::SUCCESS)
}
