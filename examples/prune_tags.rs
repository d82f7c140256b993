//! Deletes old tags of a repository, or of every repository of an organization. It keeps the
//! newest, recent and immutable ones, and those that are pushed again while it runs.
//!
//! Without `--apply`, it only lists them. A deleted tag can be restored until the time machine of
//! the organization ends (by default two weeks).
//!
//! - Requires: a token with the scope `repo:write`, or `repo:read` without `--apply`.
//! - Prints: the number of tags to delete and to keep in each repository.
//! - Exit codes: 0 success, 1 something could not be read or deleted, or Ctrl-C, 2 usage error. It
//!   can be run again at any time.
//!
//! ```sh
//! # Only lists the tags.
//! cargo run --example prune_tags -- acme --keep 5
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example prune_tags -- acme/web --matching '^nightly-' --older-than 30d --apply
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{RepositoryName, RepositoryState, Tag, Timestamp};
use regex::Regex;
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Duration;

/// Deletes old tags of a repository, or of every repository of an organization
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// A repository (acme/web) or an organization (acme)
    #[arg(default_value = "acme")]
    target: String,
    /// Keep the newest N of the matching tags
    #[arg(long, value_name = "N", default_value_t = 10)]
    keep: usize,
    /// Delete only tags older than this (30d, 6months)
    #[arg(long, value_name = "SPAN", value_parser = humantime::parse_duration)]
    older_than: Option<Duration>,
    /// Delete only tags that match this regular expression
    #[arg(long, value_name = "REGEX")]
    matching: Option<Regex>,
    /// Delete the tags; without it, only list them
    #[arg(long)]
    apply: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();

    let repositories = repositories(quay, &options.target).await?;
    let none = |name: &RepositoryName| (name.clone(), Vec::new());
    let mut found: BTreeMap<RepositoryName, Vec<Tag>> = repositories.iter().map(none).collect();
    let mut rows = quay_api::fan_out(repositories)
        .run(|name| Ok(quay.repository(name)?.tags().list().active()));
    let mut unread = 0;
    while let Some((repository, tag)) = rows.next().await {
        match tag {
            Ok(tag) => found.entry(repository).or_default().push(tag),
            // With tags missing, it is unknown which ones are the newest.
            Err(error) => {
                eprintln!("{repository}: skipped, because its tags can't be read: {error}");
                found.remove(&repository);
                unread += 1;
            }
        }
    }
    let mut outdated = Vec::new();
    for (repository, tags) in found {
        let tags = plan(&repository, tags, &options);
        for tag in tags.iter().filter(|_| !options.apply) {
            let pushed = tag.start_ts.map(|time| time.to_string());
            println!("  {:<32} {}", tag.name, pushed.unwrap_or_default());
        }
        outdated.extend(tags.into_iter().map(|tag| (repository.clone(), tag)));
    }
    let is_done = if options.apply {
        delete(quay, outdated).await?
    } else {
        println!(
            "{} tags would be deleted; run with --apply to delete them",
            outdated.len()
        );
        true
    };
    Ok(match is_done && unread == 0 {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Returns the repository of that name, or all of the organization's.
async fn repositories(quay: &Quay, target: &str) -> Result<Vec<RepositoryName>> {
    if target.contains('/') {
        return Ok(vec![target.parse()?]);
    }
    let organization = quay.organization(target)?.get().await;
    let organization = organization.with_context(|| format!("organization {target}"))?;
    support::note_if_outsider(&organization);
    let mut names = Vec::new();
    for repository in quay.repositories().list().namespace(target).await? {
        let name = RepositoryName::new(&repository.namespace, &repository.name)?;
        match repository.state {
            None | Some(RepositoryState::Normal) => names.push(name),
            Some(state) => println!("{name}: skipped, because its state is {state}"),
        }
    }
    Ok(names)
}

/// Returns the tags of a repository that are to be deleted.
fn plan(repository: &RepositoryName, mut tags: Vec<Tag>, options: &Options) -> Vec<Tag> {
    let pattern = options.matching.as_ref();
    tags.retain(|tag| pattern.is_none_or(|pattern| pattern.is_match(&tag.name)));
    // Newest first, and by name within a second, so that each run selects the same tags.
    tags.sort_by(|a, b| (b.start_ts, &a.name).cmp(&(a.start_ts, &b.name)));
    let immutable = tags
        .iter()
        .filter(|tag| tag.immutable == Some(true))
        .count();
    let (all, now) = (tags.len(), Timestamp::now());
    let is_old = |tag: &Tag| match (options.older_than, tag.start_ts) {
        (Some(span), Some(pushed)) => now.since(pushed) > span,
        (Some(_), None) => false,
        (None, _) => true,
    };
    let is_outdated = |tag: &Tag| is_old(tag) && tag.immutable != Some(true);
    let outdated: Vec<Tag> = tags
        .into_iter()
        .skip(options.keep)
        .filter(is_outdated)
        .collect();
    let (delete, keep) = (outdated.len(), all - outdated.len());
    println!("{repository}: {delete} to delete, {keep} to keep, {immutable} of them immutable");
    outdated
}

/// Deletes the tags. Returns false if some are left.
async fn delete(quay: &Quay, tags: Vec<(RepositoryName, Tag)>) -> Result<bool> {
    let (all, mut deleted, mut skipped, mut failed) = (tags.len(), 0, 0, 0);
    // The bar is shown on standard error, and only if that is a terminal.
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg} {eta}")?;
    let bar = ProgressBar::new(all as u64).with_style(style);
    // After Ctrl-C, no deletion starts, and those in progress are completed.
    let mut results = stream::iter(tags)
        .take_until(Box::pin(support::interrupted()))
        .map(|(repository, tag)| async move {
            let delete =
                async { support::delete_unchanged(&quay.repository(&repository)?, &tag).await };
            (format!("{repository}:{}", tag.name), delete.await)
        })
        .buffer_unordered(4);
    while let Some((tag, result)) = results.next().await {
        match result {
            Ok(true) => deleted += 1,
            // It was pushed again or deleted, or has become immutable since it was listed.
            Ok(false) => skipped += 1,
            Err(error) if error.is_tag_immutable() => skipped += 1,
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("{tag}: {error}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    println!("{deleted} tags deleted, {skipped} skipped, {failed} failed");
    let left = all - deleted - skipped - failed;
    if left > 0 {
        println!("stopped: {left} tags are left; run the command again to continue");
    }
    Ok(deleted + skipped == all)
}
