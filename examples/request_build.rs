//! Requests the build of an image from an archive, and follows the log of the build.
//!
//! The token needs the scope `repo:write`. The server needs its build feature, and workers.
//!
//! ```sh
//! cargo run --example request_build
//! cargo run --example request_build -- acme/web https://example.com/web.tar.gz --tag nightly
//! ```
//!
//! Ctrl-C stops following; the build goes on. Exit codes: 0 built, 1 failed, 2 bad usage, 3 the
//! build failed or was cancelled.

#[macro_use]
mod support;

use anyhow::Result;
use clap::Parser;
use quay_api::api::BuildHandle;
use quay_api::testing::Server;
use quay_api::types::{BuildPhase, CreateBuild, RepositoryName};
use std::process::ExitCode;
use std::time::Duration;

/// Requests the build of an image, and follows the log of the build
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository that gets the image
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// The URL of a .tar.gz with a Dockerfile, which the server fetches
    #[arg(default_value = "https://example.com/web.tar.gz")]
    archive: String,
    /// A tag of the image; can be given several times
    #[arg(long = "tag", value_name = "TAG", default_value = "latest")]
    tags: Vec<String>,
    /// Seconds between two looks at the build
    #[arg(long, value_name = "SECONDS", default_value = "2", value_parser = interval)]
    interval: Duration,
    /// Only look, and say what would be built
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
    // A write that is not repeated: a second request would be a second build.
    let build = repository.builds().create(request).await?;
    println!("build {} is {}", build.id, build.phase);

    let build = repository.build(&build.id)?;
    let phase = tokio::select! {
        phase = follow(&build, options.interval) => phase?,
        _ = tokio::signal::ctrl_c() => {
            println!("no longer followed; the build goes on");
            return Ok(ExitCode::SUCCESS);
        }
    };
    println!("the build is over: {phase}");
    Ok(match phase {
        BuildPhase::Complete => ExitCode::SUCCESS,
        _ => ExitCode::from(3),
    })
}

/// Prints the lines of the log as they come, until the build is over.
async fn follow(build: &BuildHandle, interval: Duration) -> quay_api::Result<BuildPhase> {
    let mut seen = 0;
    loop {
        // The phase first: what is logged before the end is then read after it.
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
