//! Starts a build from a trigger of a repository: of a branch or of a commit.
//!
//! The token needs the scope `repo:admin`.
//!
//! ```sh
//! cargo run --example start_trigger
//! cargo run --example start_trigger -- acme/web --branch main
//! cargo run --example start_trigger -- acme/web \
//!     --trigger 20c7409a-c1ce-4f64-b938-ce0d5f158440 --commit 0f3a…
//! ```
//!
//! Without `--branch` and `--commit` it lists the triggers. Exit codes: 0 done, 1 failed, 2 bad
//! usage.

use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{BuildTrigger, StartBuildTrigger};

/// Starts a build from a trigger.
#[derive(Parser)]
struct Options {
    #[arg(default_value = "acme/web")]
    repository: String,
    /// The trigger's id; not needed if there is one alone
    #[arg(long)]
    trigger: Option<String>,
    /// Builds the newest commit of this branch
    #[arg(long, conflicts_with = "commit")]
    branch: Option<String>,
    /// Builds this commit
    #[arg(long)]
    commit: Option<String>,
    /// Says what would be started, and starts nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let repository = server.quay().repository(options.repository.as_str())?;
    let triggers = repository.triggers().list().await?;
    for trigger in &triggers {
        println!("{} {} {}", trigger.id, trigger.service, describe(trigger));
    }
    let request = match (options.branch, options.commit) {
        (Some(branch), _) => StartBuildTrigger::new().branch_name(branch),
        (_, Some(commit)) => StartBuildTrigger::new().commit_sha(commit),
        _ => {
            println!(
                "{} triggers; --branch or --commit starts a build",
                triggers.len()
            );
            return Ok(());
        }
    };
    let id = match (options.trigger, triggers.as_slice()) {
        (Some(id), _) => id,
        (None, [only]) => only.id.clone(),
        (None, all) => anyhow::bail!(
            "{} has {} triggers: say which with --trigger",
            repository.name(),
            all.len()
        ),
    };
    if options.dry_run {
        println!("would start {id}");
        return Ok(());
    }
    let build = repository.trigger(&id)?.start(request).await?;
    println!("build {} is {}", build.id, build.phase);
    Ok(())
}

fn describe(trigger: &BuildTrigger) -> String {
    let source = trigger.build_source.clone().unwrap_or_default();
    if trigger.enabled == Some(false) {
        format!("{source} (off)")
    } else {
        source
    }
}
