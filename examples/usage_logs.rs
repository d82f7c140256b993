//! Usage logs of an organization over several pages, newest first; with `--follow`, oldest first,
//! and what is added later, until there are enough.
//!
//! The token needs the scope `org:admin`.
//!
//! ```sh
//! cargo run --example usage_logs
//! cargo run --example usage_logs -- --organization acme --days 30 --performer acme+ci --most 500
//! cargo run --example usage_logs -- --follow 30 --mark acme.mark
//! ```
//!
//! With `--mark FILE`, the next run begins where this one ended.
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use clap::Parser;
use futures::{StreamExt, TryStreamExt};
use quay_api::LogMark;
use quay_api::api::LogsHandle;
use quay_api::testing::Server;
use quay_api::types::{LogEntry, Timestamp};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// Shows what was done in an organization.
#[derive(Parser)]
struct Options {
    /// Whose logs
    #[arg(long, default_value = "acme")]
    organization: String,
    /// The number of days to go back
    #[arg(long, default_value_t = 7)]
    days: u32,
    /// Only what this user or robot account did
    #[arg(long)]
    performer: Option<String>,
    /// No more entries than this
    #[arg(long, default_value_t = 60)]
    most: usize,
    /// Go on with what is added, and look for it after so many seconds
    #[arg(long, value_name = "SECONDS")]
    follow: Option<u64>,
    /// Where to remember how far the log was followed
    #[arg(long, value_name = "FILE", requires = "follow")]
    mark: Option<PathBuf>,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let back = Duration::from_secs(u64::from(options.days) * 86_400);
    let Some(since) = Timestamp::now().checked_sub(back) else {
        anyhow::bail!("{} days ago there was no Quay", options.days)
    };

    let logs = server.quay().organization(&options.organization)?.logs();
    if let Some(seconds) = options.follow {
        return follow(&logs, since, Duration::from_secs(seconds), &options).await;
    }
    let mut listing = logs.list().since(since);
    if let Some(performer) = &options.performer {
        listing = listing.performed_by(performer);
    }
    // The server gives 20 a page; the stream goes on over empty pages, and asks for nothing after
    // the last entry that is wanted.
    let mut entries = listing.stream().take(options.most);
    let mut count = 0;
    while let Some(entry) = entries.try_next().await? {
        print(&entry);
        count += 1;
    }
    println!("{count} entries");
    Ok(())
}

/// Prints what is added to a log, and stores the mark after each entry.
async fn follow(
    logs: &LogsHandle,
    since: Timestamp,
    interval: Duration,
    options: &Options,
) -> anyhow::Result<()> {
    let mark = match options.mark.as_deref().filter(|file| file.exists()) {
        Some(file) => Some(fs::read_to_string(file)?.trim().parse::<LogMark>()?),
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
            fs::write(file, mark.to_string())?;
        }
        count += 1;
    }
    println!("{count} entries");
    Ok(())
}

fn print(entry: &LogEntry) {
    let performer = entry.performer.as_ref();
    println!(
        "{}  {:<28} {:<20} {}",
        entry.datetime,
        entry.kind,
        performer.map_or("-", |performer| performer.name.as_str()),
        entry.metadata.repo().unwrap_or_default()
    );
}
