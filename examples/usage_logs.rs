//! Usage logs of an organization over several pages, newest first.
//!
//! The token needs the scope `org:admin`.
//!
//! ```sh
//! cargo run --example usage_logs
//! cargo run --example usage_logs -- --organization acme --days 30 --performer acme+ci --most 500
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use clap::Parser;
use futures::{StreamExt, TryStreamExt};
use quay_api::testing::Server;
use quay_api::types::Timestamp;
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
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let back = Duration::from_secs(u64::from(options.days) * 86_400);
    let Some(since) = Timestamp::now().checked_sub(back) else {
        anyhow::bail!("{} days ago there was no Quay", options.days)
    };

    let mut listing = server
        .quay()
        .organization(&options.organization)?
        .logs()
        .list()
        .since(since);
    if let Some(performer) = &options.performer {
        listing = listing.performed_by(performer);
    }
    // The server gives 20 a page; the stream goes on over empty pages, and asks for nothing after
    // the last entry that is wanted.
    let mut entries = listing.stream().take(options.most);
    let mut count = 0;
    while let Some(entry) = entries.try_next().await? {
        let performer = entry
            .performer
            .map_or_else(|| "-".to_owned(), |performer| performer.name);
        println!(
            "{}  {:<28} {:<20} {}",
            entry.datetime,
            entry.kind,
            performer,
            entry.metadata.repo().unwrap_or_default()
        );
        count += 1;
    }
    println!("{count} entries");
    Ok(())
}
