//! Shows the newest images, the robot accounts and the newest log entries of an organization.
//!
//! - Run: `cargo run --example quickstart`. Requires: the scopes `repo:read` and `org:admin`.
//! - Prints: a table of each. Exit codes: 0 success, 1 failure, 2 usage error.

#[macro_use]
mod support;
#[path = "support/table.rs"]
mod table;

use clap::Parser;
use futures::{StreamExt, TryStreamExt};
use quay_api::testing::Server;
use std::process::ExitCode;

/// Shows images, robot accounts and log entries of an organization
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization
    #[arg(long, default_value = "acme")]
    organization: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> anyhow::Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;

    let mut images = table::table("Image|Size|Pushed", 1..2);
    // A stream fetches only the pages of the rows that are taken from it.
    let mut repositories = organization.repositories().list().stream().take(10);
    while let Some(row) = repositories.try_next().await? {
        let tags = server.quay().repository(&row)?.tags();
        let mut tags = tags.list().active().stream().take(3);
        while let Some(tag) = tags.try_next().await? {
            let image = format!("{}:{}", row.name, tag.name);
            images.add_row([image, text(tag.size), text(tag.start_ts)]);
        }
    }
    let mut robots = table::table("Robot account|Last used", 0..0);
    // The rows have no tokens: only `with_tokens` requests them.
    for robot in organization.robots().list().await? {
        robots.add_row([robot.name.to_string(), text(robot.last_accessed)]);
    }
    let mut logs = table::table("Time|Event|Repository", 0..0);
    let mut entries = organization.logs().list().stream().take(10);
    while let Some(entry) = entries.try_next().await? {
        let (time, event) = (entry.datetime.to_string(), entry.kind.to_string());
        logs.add_row([time, event, text(entry.metadata.repo())]);
    }
    println!("{images}\n\n{robots}\n\n{logs}");
    Ok(ExitCode::SUCCESS)
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
