//! Shows the usage logs of an organization, newest entry first. With `--follow`, it shows them
//! oldest first, and waits for new entries until there are `--most` of them.
//!
//! With `--mark FILE`, the next run starts where this one ended.
//!
//! - Requires: a token with the scope `org:admin`.
//! - Prints: a line for each entry: time, kind, user or robot account, and repository.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example usage_logs
//! cargo run --example usage_logs -- --organization acme --days 30 --performer acme+ci --most 500
//! cargo run --example usage_logs -- --follow 30 --mark acme.mark
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use futures::{StreamExt, TryStreamExt};
use quay_api::LogMark;
use quay_api::api::LogsHandle;
use quay_api::testing::Server;
use quay_api::types::{LogEntry, Timestamp};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

/// Shows the usage logs of an organization
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization
    #[arg(long, value_name = "NAME", default_value = "acme")]
    organization: String,
    /// Number of days to go back
    #[arg(long, default_value_t = 7)]
    days: u32,
    /// Show only entries of this user or robot account
    #[arg(long, value_name = "NAME")]
    performer: Option<String>,
    /// Largest number of entries
    #[arg(long, value_name = "NUMBER", default_value_t = 60)]
    most: usize,
    /// Wait for new entries, with a request this often
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=86_400))]
    follow: Option<u64>,
    /// File that stores how far the log was read
    #[arg(long, value_name = "FILE", requires = "follow")]
    mark: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let back = Duration::from_secs(u64::from(options.days) * 86_400);
    let since = Timestamp::now().checked_sub(back);
    let since = since.with_context(|| format!("--days is too large, got {}", options.days))?;

    let server = Server::from_env_or_sandbox().await?;
    let logs = server.quay().organization(&options.organization)?.logs();
    let count = match options.follow {
        Some(seconds) => follow(&logs, since, Duration::from_secs(seconds), &options).await?,
        None => list(&logs, since, &options).await?,
    };
    println!("{count} entries");
    Ok(ExitCode::SUCCESS)
}

/// Prints the entries of a log.
async fn list(logs: &LogsHandle, since: Timestamp, options: &Options) -> Result<usize> {
    let mut listing = logs.list().since(since);
    if let Some(performer) = &options.performer {
        listing = listing.performed_by(performer);
    }
    // A page has 20 entries. The stream continues after empty pages, and requests no page after the
    // last entry that is taken.
    let mut entries = listing.stream().take(options.most);
    let mut count = 0;
    while let Some(entry) = entries.try_next().await? {
        print(&entry);
        count += 1;
    }
    Ok(count)
}

/// Prints new entries of a log, and stores the mark after each.
async fn follow(
    logs: &LogsHandle,
    since: Timestamp,
    interval: Duration,
    options: &Options,
) -> Result<usize> {
    let mark = match &options.mark {
        Some(path) => read_mark(path)?,
        None => None,
    };
    let mut follow = logs.follow(mark).since(since).interval(interval);
    if let Some(performer) = &options.performer {
        follow = follow.performed_by(performer);
    }
    let mut entries = follow.stream();
    let mut count = 0;
    while count < options.most {
        match entries.next().await {
            Some(Ok(entry)) => print(&entry),
            Some(Err(error)) if error.is_temporary() => {
                eprintln!("{error}");
                entries.resume();
                continue;
            }
            Some(Err(error)) => return Err(error.into()),
            None => break,
        }
        if let (Some(file), Some(mark)) = (&options.mark, entries.mark()) {
            support::replace_file(file, &mark.to_string())?;
        }
        count += 1;
    }
    Ok(count)
}

/// Reads the mark of an earlier run, or returns `None` if the file does not exist.
fn read_mark(path: &Path) -> Result<Option<LogMark>> {
    let text = support::read_file(path)?;
    let mark = text.map(|text| text.trim().parse()).transpose();
    mark.with_context(|| format!("{} is not a mark file of this program", path.display()))
}

fn print(entry: &LogEntry) {
    let performer = entry.performer.as_ref();
    println!(
        "{}  {:<28} {:<16} {}",
        entry.datetime,
        entry.kind,
        performer.map_or("-", |performer| performer.name.as_str()),
        entry.metadata.repo().unwrap_or_default()
    );
}
