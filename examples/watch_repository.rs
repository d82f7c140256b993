//! Watches a repository, and prints the tags that are new, moved or deleted.
//!
//! With `--state FILE`, it stores the tags, and the next run reports the changes since this one.
//! With `--once`, it compares once, for a cron job. On the embedded server, it changes tags itself,
//! so that it has changes to report.
//!
//! - Requires: a token with the scope `repo:read`; no token for a public repository.
//! - Prints: a line for each change: `+` for a new tag, `~` for a moved one, `-` for a deleted one.
//! - Exit codes: 0 success or Ctrl-C, 1 failure, 2 usage error, 3 with `--once` if a tag has
//!   changed.
//!
//! ```sh
//! cargo run --example watch_repository -- acme/web --every 1s --for 5s
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example watch_repository -- acme/web --once --state web.json
//! ```

#[macro_use]
mod support;

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

/// Watches a repository for new, moved and deleted tags
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository
    #[arg(default_value = "acme/web")]
    repository: RepositoryName,
    /// Time between two requests (30s, 5m)
    #[arg(long, value_name = "SPAN", default_value = "30s", value_parser = support::interval)]
    every: Duration,
    /// Stop after this time
    #[arg(long = "for", value_name = "SPAN", value_parser = humantime::parse_duration)]
    #[arg(conflicts_with = "once")]
    how_long: Option<Duration>,
    /// Compare once with the state file, and exit
    #[arg(long, requires = "state")]
    once: bool,
    /// File that stores the tags
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

/// The digest of each tag's manifest.
type Tags = BTreeMap<String, String>;

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let state = options.state.as_deref();
    let mut known: Option<Tags> = state.map(load).transpose()?.flatten();
    if options.once {
        let tags = look(quay, &options.repository).await?;
        let changes = match &known {
            Some(before) => differences(before, &tags),
            None => Vec::new(),
        };
        changes.iter().for_each(|change| println!("{change}"));
        if known.is_none() {
            println!("{} tags seen for the first time", tags.len());
        }
        save(state, &tags)?;
        return Ok(match changes.is_empty() {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(3),
        });
    }

    // Created once, before the loop, so that no Ctrl-C is missed.
    let mut stop = pin!(stop(options.how_long));
    let (mut looks, mut seen) = (0, 0);
    loop {
        let looked = tokio::select! {
            () = &mut stop => break,
            looked = look(quay, &options.repository) => looked,
        };
        match looked {
            Ok(tags) => {
                let (now, name) = (now(), &options.repository);
                match &known {
                    None => println!("{now} {name}: watching {} tags", tags.len()),
                    Some(before) => {
                        let changes = differences(before, &tags);
                        seen += changes.len();
                        changes.iter().for_each(|change| println!("{now} {change}"));
                    }
                }
                save(state, &tags)?;
                if server.sandbox().is_some() {
                    make_change(quay, &options.repository, looks, &tags).await?;
                }
                looks += 1;
                known = Some(tags);
            }
            // Temporary errors, such as a restart of the server, don't end the program.
            Err(error) if error.is_temporary() || error.is_rate_limited() => {
                eprintln!("{} failed, will be tried again: {error}", now());
            }
            Err(error) => return Err(error.into()),
        }
        tokio::select! {
            () = &mut stop => break,
            () = tokio::time::sleep(options.every) => {}
        }
    }
    println!("stopped: {seen} changes seen");
    Ok(ExitCode::SUCCESS)
}

/// Waits for Ctrl-C, or for this time.
async fn stop(span: Option<Duration>) {
    let end = tokio::time::sleep(span.unwrap_or(Duration::MAX));
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = end => {}
    }
}

/// Returns the current time in whole seconds.
fn now() -> String {
    Timestamp::from_unix_seconds(Timestamp::now().unix_seconds())
        .map_or_else(String::new, |time| time.to_string())
}

async fn look(quay: &Quay, repository: &RepositoryName) -> quay_api::Result<Tags> {
    let tags = quay.repository(repository)?.tags().list().active().await?;
    let digest = |digest: Option<_>| digest.map(String::from).unwrap_or_default();
    let tags = tags.into_iter();
    Ok(tags
        .map(|tag| (tag.name, digest(tag.manifest_digest)))
        .collect())
}

fn differences(before: &Tags, now: &Tags) -> Vec<String> {
    let short = |digest: &str| -> String { digest.chars().take(19).collect() };
    let gone = before.keys().filter(|tag| !now.contains_key(*tag));
    let rest = now
        .iter()
        .filter_map(|(tag, digest)| match before.get(tag) {
            None => Some(format!("+ {tag} {}", short(digest))),
            Some(old) if old != digest => {
                Some(format!("~ {tag} {} -> {}", short(old), short(digest)))
            }
            Some(_) => None,
        });
    gone.map(|tag| format!("- {tag}")).chain(rest).collect()
}

fn load(path: &Path) -> Result<Option<Tags>> {
    let text = support::read_file(path)?;
    let tags = text.map(|text| serde_json::from_str(&text)).transpose();
    tags.with_context(|| format!("{} is not a state file of this program", path.display()))
}

fn save(path: Option<&Path>, tags: &Tags) -> Result<()> {
    match path {
        Some(path) => support::replace_file(path, &serde_json::to_string_pretty(tags)?),
        None => Ok(()),
    }
}

/// Changes the repository as another caller would: creates a tag, moves it and deletes it.
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
