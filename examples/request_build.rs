//! Builds an image from an archive with a Dockerfile, and follows the log of the build.
//!
//! - Requires: a token with the scope `repo:write`, and a server with builds and build workers.
//! - Prints: the lines of the log, and the final phase. Ctrl-C stops following, and the build
//!   continues.
//! - Exit codes: 0 success, 1 failure, 2 usage error, 3 the build failed or was cancelled.
//!
//! ```sh
//! cargo run --example request_build
//! cargo run --example request_build -- acme/web https://example.com/web.tar.gz --tag nightly
//! ```

#[macro_use]
mod support;

use anyhow::Result;
use clap::Parser;
use quay_api::api::BuildHandle;
use quay_api::testing::Server;
use quay_api::types::{BuildPhase, CreateBuild, RepositoryName};
use std::process::ExitCode;
use std::time::Duration;

/// Builds an image from an archive with a Dockerfile, and follows the log
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository of the image
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// URL of the .tar.gz
    #[arg(default_value = "https://example.com/web.tar.gz")]
    archive: String,
    /// A tag of the image; repeatable
    #[arg(long = "tag", value_name = "TAG", default_value = "latest")]
    tags: Vec<String>,
    /// Seconds between two requests
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = interval)]
    interval: Duration,
    /// Change nothing; print what would be built
    #[arg(long)]
    dry_run: bool,
}

fn interval(text: &str) -> Result<Duration, String> {
    let seconds: f64 = text
        .parse()
        .map_err(|_| "must be a number of seconds".to_owned())?;
    match Duration::try_from_secs_f64(seconds) {
        Ok(span) if !span.is_zero() && seconds <= 86_400.0 => Ok(span),
        _ => Err("must be more than 0 and at most 86400 seconds".to_owned()),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let name = &options.repository;
    let repository = server.quay().repository(name)?;
    if options.dry_run {
        repository.get().await?;
        println!(
            "{name}:{} would be built from {}",
            options.tags.join(","),
            options.archive
        );
        return Ok(ExitCode::SUCCESS);
    }
    let request = CreateBuild::new()
        .archive_url(&options.archive)
        .docker_tags(options.tags);
    // This write is not retried: a second request would start a second build.
    let build = repository.builds().create(request).await?;
    println!("build {} is {}", build.id, build.phase);

    let build = repository.build(&build.id)?;
    let phase = tokio::select! {
        phase = follow(&build, options.interval) => phase?,
        _ = tokio::signal::ctrl_c() => {
            println!("stopped following; the build continues");
            return Ok(ExitCode::SUCCESS);
        }
    };
    println!("the build has ended: {phase}");
    Ok(match phase {
        BuildPhase::Complete => ExitCode::SUCCESS,
        _ => ExitCode::from(3),
    })
}

/// Prints the lines of the log as they are added, until the build has ended.
async fn follow(build: &BuildHandle, interval: Duration) -> quay_api::Result<BuildPhase> {
    let mut seen = 0;
    loop {
        // Read before the log, so that no line is missed that is added before the end.
        let phase = build.phase().await?;
        let lines = build.log_page(seen).await?.logs.unwrap_or_default();
        for line in &lines {
            let message = line.message.as_deref().unwrap_or_default();
            println!("  {}", message.trim_end());
        }
        seen += lines.len() as u32;
        if phase.is_final() {
            return Ok(phase);
        }
        tokio::time::sleep(interval).await;
    }
}
