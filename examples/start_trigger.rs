//! Starts a build of a branch or a commit from a trigger of a repository.
//!
//! - Requires: a token with the scope `repo:admin`.
//! - Prints: the id of the build and its phase; without `--branch` and `--commit`, the triggers.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example start_trigger
//! cargo run --example start_trigger -- acme/web --branch main
//! cargo run --example start_trigger -- acme/web \
//!     --trigger 20c7409a-c1ce-4f64-b938-ce0d5f158440 --commit 0f3a…
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result, bail};
use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{BuildTrigger, RepositoryName, StartBuildTrigger};
use std::process::ExitCode;

/// Starts a build from a trigger
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// The id of the trigger, required if there are several
    #[arg(long, value_name = "ID")]
    trigger: Option<String>,
    /// Build the newest commit of this branch
    #[arg(long, conflicts_with = "commit")]
    branch: Option<String>,
    /// Build this commit
    #[arg(long)]
    commit: Option<String>,
    /// Change nothing; print what would be started
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let name = &options.repository;
    let repository = server.quay().repository(name)?;
    // For a missing repository, the server may return an empty list of triggers.
    repository.get().await?;
    let triggers = repository.triggers().list().await?;
    let request = match (options.branch, options.commit) {
        (Some(branch), _) => StartBuildTrigger::new().branch_name(branch),
        (_, Some(commit)) => StartBuildTrigger::new().commit_sha(commit),
        _ => {
            for trigger in &triggers {
                println!("{} {} {}", trigger.id, trigger.service, source(trigger));
            }
            println!(
                "{} triggers; start a build with --branch or --commit",
                triggers.len()
            );
            return Ok(ExitCode::SUCCESS);
        }
    };
    let trigger = match (&options.trigger, triggers.as_slice()) {
        (Some(id), all) => all
            .iter()
            .find(|trigger| trigger.id == *id)
            .with_context(|| format!("{name} has no trigger {id}"))?,
        (None, [only]) => only,
        (None, []) => bail!("{name} has no trigger"),
        (None, all) => bail!(
            "{name} has {} triggers: choose one with --trigger",
            all.len()
        ),
    };
    if trigger.enabled == Some(false) {
        bail!("the trigger {} of {name} is disabled", trigger.id);
    }
    if options.dry_run {
        println!("{} would start a build of {}", trigger.id, source(trigger));
        return Ok(ExitCode::SUCCESS);
    }
    let build = repository.trigger(&trigger.id)?.start(request).await?;
    println!("build {} is {}", build.id, build.phase);
    Ok(ExitCode::SUCCESS)
}

/// Returns the source repository of a trigger, and a note if the trigger is disabled.
fn source(trigger: &BuildTrigger) -> String {
    let source = trigger.build_source.clone().unwrap_or_default();
    match trigger.enabled {
        Some(false) => format!("{source} (disabled)"),
        _ => source,
    }
}
