//! Shows the repositories, tags, robot accounts and log entries of an organization.
//!
//! - Run: `cargo run --example quickstart`. Requires: the scopes `repo:read` and `org:admin`.
//! - Prints: a table of each, up to ten rows. Exit codes: 0 success, 1 failure, 2 usage error.

#[macro_use]
mod support;

use anyhow::Result;
use clap::Parser;
use comfy_table::{Table, presets::UTF8_BORDERS_ONLY};
use futures::{StreamExt, TryStreamExt};
use quay_api::testing::Server;
use std::process::ExitCode;

/// Shows repositories, tags, robot accounts and log entries of an organization
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

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let (quay, name) = (server.quay(), &options.organization);
    let organization = quay.organization(name)?;

    let mut rows = table(["repository", "public", "state"]);
    // A stream fetches only the pages of the rows that are taken from it.
    let repositories = quay.repositories().list().namespace(name);
    let repositories: Vec<_> = repositories.stream().take(10).try_collect().await?;
    for r in &repositories {
        rows.add_row([&r.name, &r.is_public.to_string(), &text(r.state.as_ref())]);
    }
    println!("{rows}");

    if let Some(first) = repositories.first() {
        let mut rows = table([&format!("tag of {name}/{}", first.name), "size", "pushed"]);
        let tags = quay.repository(first)?.tags();
        let mut tags = tags.list().active().stream().take(10);
        while let Some(tag) = tags.try_next().await? {
            rows.add_row([tag.name, text(tag.size), text(tag.start_ts)]);
        }
        println!("{rows}");
    }

    let mut rows = table(["robot account", "created", "last used"]);
    // The rows have no tokens: only `with_tokens` requests them.
    for r in organization.robots().list().await? {
        rows.add_row([r.name.to_string(), text(r.created), text(r.last_accessed)]);
    }
    println!("{rows}");

    let mut rows = table(["time", "event", "repository", "performed by"]);
    let mut entries = organization.logs().list().stream().take(10);
    while let Some(entry) = entries.try_next().await? {
        let (kind, repository) = (entry.kind.to_string(), text(entry.metadata.repo()));
        let performer = text(entry.performer.map(|performer| performer.name));
        rows.add_row([text(Some(entry.datetime)), kind, repository, performer]);
    }
    println!("{rows}");
    Ok(ExitCode::SUCCESS)
}

fn table<const N: usize>(columns: [&str; N]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY).set_header(columns);
    table
}

fn text(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| value.to_string())
}
