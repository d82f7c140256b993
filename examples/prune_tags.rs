//! Deletes old tags of a repository, or of every repository of an organization: keeps the newest,
//! what is young, and what is immutable.
//!
//! Nothing is deleted without `--apply`. A deleted tag can be restored until the time machine of
//! the server forgets it (two weeks, unless the organization says otherwise).
//!
//! The token needs the scope `repo:write` (`repo:read` without `--apply`).
//!
//! ```sh
//! # The embedded server: says what would be deleted.
//! cargo run --example prune_tags -- acme --keep 5
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example prune_tags -- acme/web --matching '^nightly-' --older-than 30d --apply
//! ```
//!
//! Exit codes: 0 done, 1 something could not be read or deleted, or Ctrl-C came before the end, 2
//! bad usage. It can be run again at any time.

use anyhow::{Context, Result};
use clap::Parser;
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::testing::Server;
use quay_api::types::{RepositoryName, RepositoryState, Tag, Timestamp};
use quay_api::{ErrorKind, Quay};
use regex::Regex;
use std::collections::BTreeMap;
use std::io::Write;
use std::process::ExitCode;
use std::time::Duration;

/// Deletes old tags of a repository, or of every repository of an organization
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// A repository (acme/web) or an organization (acme)
    #[arg(default_value = "acme")]
    target: String,
    /// Keep so many of each repository's newest tags, of those that match
    #[arg(long, default_value_t = 10)]
    keep: usize,
    /// Delete only what was pushed longer ago than this: 30d, 12weeks, 6months
    #[arg(long, value_name = "SPAN", value_parser = humantime::parse_duration)]
    older_than: Option<Duration>,
    /// Look only at tags whose name fits this regular expression
    #[arg(long, value_name = "REGEX")]
    matching: Option<Regex>,
    /// Delete; without this, only say what would be deleted
    #[arg(long)]
    apply: bool,
}

/// The changes to one repository.
struct Plan {
    repository: RepositoryName,
    delete: Vec<Tag>,
    keep: usize,
    immutable: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let mut out = std::io::stdout();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();

    let repositories = repositories(quay, &options.target).await?;
    let mut found: BTreeMap<RepositoryName, Vec<Tag>> = repositories
        .iter()
        .map(|name| (name.clone(), Vec::new()))
        .collect();
    let mut rows = quay_api::fan_out(repositories)
        .run(|name| Ok(quay.repository(name)?.tags().list().active()));
    let mut unread = 0;
    while let Some((repository, tag)) = rows.next().await {
        match tag {
            Ok(tag) => found.entry(repository).or_default().push(tag),
            // Without all of its tags, the newest are unknown.
            Err(error) => {
                eprintln!("{repository}: left alone, since its tags can't be read: {error}");
                found.remove(&repository);
                unread += 1;
            }
        }
    }
    let plans: Vec<Plan> = found
        .into_iter()
        .map(|(repository, tags)| plan(repository, tags, &options))
        .collect();
    for Plan {
        repository,
        delete,
        keep,
        immutable,
    } in &plans
    {
        writeln!(
            out,
            "{repository}: {} to delete, {keep} to keep, {immutable} of them immutable",
            delete.len()
        )?;
        for tag in delete.iter().filter(|_| !options.apply) {
            writeln!(
                out,
                "  {:<32} {}",
                tag.name,
                tag.start_ts
                    .map(|pushed| pushed.to_string())
                    .unwrap_or_default()
            )?;
        }
    }
    let tags: Vec<_> = plans
        .into_iter()
        .flat_map(|plan| {
            plan.delete
                .into_iter()
                .map(move |tag| (plan.repository.clone(), tag))
        })
        .collect();
    let is_done = if options.apply {
        delete(quay, tags).await?
    } else {
        writeln!(
            out,
            "{} tags would be deleted; --apply deletes them",
            tags.len()
        )?;
        true
    };
    Ok(if is_done && unread == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The repository of that name, or all of the organization's.
async fn repositories(quay: &Quay, target: &str) -> Result<Vec<RepositoryName>> {
    if target.contains('/') {
        return Ok(vec![target.parse()?]);
    }
    let organization = quay
        .organization(target)?
        .get()
        .await
        .with_context(|| format!("organization {target}"))?;
    // The server does not reject a token that has expired: it treats the request as anonymous.
    if organization.is_member == Some(false) {
        eprintln!(
            "note: the server does not take this token for a member's of {target}; if it has \
             expired, private repositories are missing here"
        );
    }
    let (mut names, mut out) = (Vec::new(), std::io::stdout());
    for repository in quay.repositories().list().namespace(target).await? {
        let name = RepositoryName::new(&repository.namespace, &repository.name)?;
        match repository.state {
            None | Some(RepositoryState::Normal) => names.push(name),
            Some(state) => writeln!(out, "{name}: left alone, since its state is {state}")?,
        }
    }
    Ok(names)
}

fn plan(repository: RepositoryName, mut tags: Vec<Tag>, options: &Options) -> Plan {
    tags.retain(|tag| {
        options
            .matching
            .as_ref()
            .is_none_or(|pattern| pattern.is_match(&tag.name))
    });
    // Newest first, and by name where two are of one second, so that every run decides alike.
    tags.sort_by(|a, b| {
        b.start_ts
            .cmp(&a.start_ts)
            .then_with(|| a.name.cmp(&b.name))
    });
    let all = tags.len();
    let immutable = tags
        .iter()
        .filter(|tag| tag.immutable == Some(true))
        .count();
    let now = Timestamp::now();
    let is_old = |tag: &Tag| {
        options
            .older_than
            .is_none_or(|span| tag.start_ts.is_some_and(|pushed| now.since(pushed) > span))
    };
    let delete: Vec<Tag> = tags
        .into_iter()
        .skip(options.keep)
        .filter(|tag| is_old(tag) && tag.immutable != Some(true))
        .collect();
    Plan {
        repository,
        keep: all - delete.len(),
        delete,
        immutable,
    }
}

/// Deletes the tags; false if something is left to do.
async fn delete(quay: &Quay, tags: Vec<(RepositoryName, Tag)>) -> Result<bool> {
    let (all, mut deleted, mut skipped, mut failed) = (tags.len(), 0, 0, 0);
    // Written to standard error, and only if that is a terminal.
    let bar = ProgressBar::new(all as u64).with_style(ProgressStyle::with_template(
        "{bar:40} {pos}/{len} {msg} {eta}",
    )?);
    // After Ctrl-C nothing new begins; what was begun is waited for.
    let mut results = stream::iter(tags)
        .take_until(Box::pin(tokio::signal::ctrl_c()))
        .map(|(repository, tag)| async move {
            let result = async {
                quay.repository(&repository)?
                    .tag(&tag.name)?
                    .delete_if_exists()
                    .await
            }
            .await;
            (format!("{repository}:{}", tag.name), result)
        })
        .buffer_unordered(4);
    while let Some((tag, result)) = results.next().await {
        match result {
            Ok(_) => deleted += 1,
            // Made immutable a moment ago.
            Err(error) if error.kind() == ErrorKind::TagImmutable => skipped += 1,
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("{tag}: {error}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    let mut out = std::io::stdout();
    writeln!(
        out,
        "{deleted} tags deleted, {skipped} immutable, {failed} failed"
    )?;
    if deleted + skipped + failed < all {
        writeln!(
            out,
            "stopped: {} were not tried; run it again to go on",
            all - deleted - skipped - failed
        )?;
    }
    Ok(deleted + skipped == all)
}
