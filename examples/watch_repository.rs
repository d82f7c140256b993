//! Watches a repository, and says which tags are new, moved or gone.
//!
//! With `--state FILE` it remembers what it saw: started again, it reports what happened in
//! between. With `--once` it looks once, for a cron job. On the embedded server it changes tags
//! itself, so that there is something to see.
//!
//! The token needs the scope `repo:read`; a public repository needs none.
//!
//! ```sh
//! cargo run --example watch_repository -- acme/web --every 1s --for 5s
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example watch_repository -- acme/web --once --state web.json
//! ```
//!
//! Exit codes: 0 done (also after Ctrl-C), 1 failed, 2 bad usage, 3 with `--once`: something has
//! changed.

use anyhow::{Context, Result};
use clap::Parser;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{RepositoryName, Timestamp};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Watches a repository for new, moved and deleted tags
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// The repository
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// The time between two looks: 30s, 5m
    #[arg(long, value_name = "SPAN", default_value = "30s", value_parser = interval)]
    every: Duration,
    /// Stop after this time
    #[arg(
        long = "for",
        value_name = "SPAN",
        value_parser = humantime::parse_duration,
        conflicts_with = "once"
    )]
    how_long: Option<Duration>,
    /// Look once, and compare with the state of the last time
    #[arg(long, requires = "state")]
    once: bool,
    /// Where to remember what was seen
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

/// The manifest that each tag points at.
type Tags = BTreeMap<String, String>;

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();

    let mut known: Option<Tags> = options.state.as_deref().map(load).transpose()?.flatten();
    if options.once {
        let tags = look(quay, &options.repository).await?;
        let changes = known
            .as_ref()
            .map_or_else(Vec::new, |before| differences(before, &tags));
        match known {
            Some(_) => changes.iter().for_each(|change| println!("{change}")),
            None => println!("{} tags seen for the first time", tags.len()),
        }
        save(options.state.as_deref(), &tags)?;
        return Ok(if changes.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::from(3)
        });
    }

    let end = options.how_long.map(|span| Instant::now() + span);
    let mut ticks = tokio::time::interval(options.every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    // One for the whole loop, so that Ctrl-C is never missed.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let (mut looks, mut seen) = (0, 0);
    loop {
        let round = async {
            ticks.tick().await;
            look(quay, &options.repository).await
        };
        let looked = tokio::select! {
            _ = &mut interrupted => break,
            () = until(end) => break,
            looked = round => looked,
        };
        let tags = match looked {
            Ok(tags) => tags,
            // A server that restarts is no reason to stop watching.
            Err(error) if error.is_temporary() || error.is_rate_limited() => {
                eprintln!("{} not this time: {error}", now());
                continue;
            }
            Err(error) => {
                return Err(error).with_context(|| format!("tags of {}", options.repository));
            }
        };
        match &known {
            None => println!(
                "{} {}: watching {} tags",
                now(),
                options.repository,
                tags.len()
            ),
            Some(before) => {
                let changes = differences(before, &tags);
                seen += changes.len();
                changes
                    .iter()
                    .for_each(|change| println!("{} {change}", now()));
            }
        }
        save(options.state.as_deref(), &tags)?;
        if server.sandbox().is_some() {
            make_change(quay, &options.repository, looks, &tags).await?;
        }
        looks += 1;
        known = Some(tags);
    }
    println!("stopped: {seen} changes seen");
    Ok(ExitCode::SUCCESS)
}

fn interval(text: &str) -> Result<Duration, String> {
    let span = humantime::parse_duration(text).map_err(|e| e.to_string())?;
    if span.is_zero() {
        Err("it has to be longer than nothing".to_owned())
    } else {
        Ok(span)
    }
}

/// To the second.
fn now() -> String {
    Timestamp::from_unix_seconds(Timestamp::now().unix_seconds())
        .map_or_else(String::new, |moment| moment.to_string())
}

async fn until(end: Option<Instant>) {
    match end {
        Some(end) => tokio::time::sleep_until(end).await,
        None => std::future::pending().await,
    }
}

async fn look(quay: &Quay, repository: &RepositoryName) -> quay_api::Result<Tags> {
    let tags = quay.repository(repository)?.tags().list().active().await?;
    Ok(tags
        .into_iter()
        .map(|tag| {
            let digest = tag.manifest_digest.map(String::from);
            (tag.name, digest.unwrap_or_default())
        })
        .collect())
}

fn differences(before: &Tags, now: &Tags) -> Vec<String> {
    let short = |digest: &str| {
        digest
            .chars()
            .take("sha256:".len() + 12)
            .collect::<String>()
    };
    let gone = before
        .iter()
        .filter(|(tag, _)| !now.contains_key(*tag))
        .map(|(tag, _)| format!("- {tag}"));
    let rest = now
        .iter()
        .filter_map(|(tag, digest)| match before.get(tag) {
            None => Some(format!("+ {tag} {}", short(digest))),
            Some(old) if old != digest => {
                Some(format!("~ {tag} {} -> {}", short(old), short(digest)))
            }
            Some(_) => None,
        });
    gone.chain(rest).collect()
}

fn load(path: &Path) -> Result<Option<Tags>> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(Some)
            .with_context(|| format!("{} is no state of this program", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
}

/// Writes a new file and renames it: an interruption leaves the old state or the new one.
fn save(path: Option<&Path>, tags: &Tags) -> Result<()> {
    let Some(path) = path else { return Ok(()) };
    let temporary = path.with_extension("new");
    let written = std::fs::write(&temporary, serde_json::to_vec_pretty(tags)?)
        .and_then(|()| std::fs::rename(&temporary, path));
    written.with_context(|| format!("{} can't be written", path.display()))
}

/// Changes the repository as others would: creates a tag, moves it and deletes it.
async fn make_change(
    quay: &Quay,
    repository: &RepositoryName,
    looks: u32,
    tags: &Tags,
) -> Result<()> {
    let demo = quay.repository(repository)?.tag("demo")?;
    let digests: BTreeSet<&String> = tags.values().collect();
    match (looks, digests.first(), digests.last()) {
        (0, Some(digest), _) | (1, _, Some(digest)) => demo.point_to(*digest).await?,
        (2, ..) => demo.delete().await?,
        _ => {}
    }
    Ok(())
}
