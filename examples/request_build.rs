//! Has an image built from an archive, and follows the log of the build.
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

use clap::Parser;
use quay_api::api::BuildHandle;
use quay_api::testing::Server;
use quay_api::types::{BuildPhase, CreateBuild};
use std::process::ExitCode;
use std::time::Duration;

/// Has an image built, and follows the log of the build.
#[derive(Parser)]
struct Options {
    /// The repository that gets the image
    #[arg(default_value = "acme/web")]
    repository: String,
    /// A .tar.gz with a Dockerfile, where the server can fetch it
    #[arg(default_value = "https://example.com/web.tar.gz")]
    archive: String,
    /// Tags of the image
    #[arg(long = "tag", default_value = "latest")]
    tags: Vec<String>,
    /// Seconds between two looks at the build
    #[arg(long, default_value_t = 2.0)]
    interval: f64,
    /// Says what would be built, and builds nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let interval = Duration::try_from_secs_f64(options.interval)?;
    let server = Server::from_env_or_sandbox().await?;
    let repository = server.quay().repository(options.repository.as_str())?;
    if options.dry_run {
        println!(
            "would build {} into {}, tags {}",
            options.archive,
            repository.name(),
            options.tags.join(", ")
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
        phase = follow(&build, interval) => phase?,
        _ = tokio::signal::ctrl_c() => {
            println!("no longer followed; the build goes on");
            return Ok(ExitCode::SUCCESS);
        }
    };
    println!("the build is over: {phase}");
    Ok(if phase == BuildPhase::Complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
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
            println!(
                "  {}",
                line.message.as_deref().unwrap_or_default().trim_end()
            );
        }
        seen += lines.len() as u32;
        if phase.is_final() {
            return Ok(phase);
        }
        tokio::time::sleep(interval).await;
    }
}
