//! Maintains an organization, as a job that runs every night: reports the changes since the last
//! run, sets the quota and the policies of a TOML file, and deletes old tags by the rules of that
//! file.
//!
//! Without `--apply`, it changes nothing on the server. With `--mark FILE`, each log entry is
//! reported once: the file stores how far the log was read. A deleted tag can be restored until the
//! time machine of the organization ends.
//!
//! - Requires: a token with the scopes `org:admin`, `repo:admin` and `repo:write`. Only a superuser
//!   can change a quota, with `super:user`.
//! - Prints: the new entries of the log, and a line for each change.
//! - Exit codes: 0 success or nothing to do, 1 failure, 2 usage error, 3 without `--apply` if there
//!   are differences.
//!
//! ```sh
//! cargo run --example registry_janitor
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example registry_janitor -- acme.toml --mark acme.mark --apply
//! ```

#[macro_use]
mod support;
#[path = "support/changes.rs"]
mod changes;

use anyhow::{Context, Result};
use changes::Changes;
use clap::Parser;
use futures::StreamExt;
use quay_api::testing::Server;
use quay_api::types::{
    AutoPruneMethod, AutoPruneValue, ByteSize, CreateQuotaLimit, LogEntry, LogKind, QuotaLimitType,
    RepositoryState, SetAutoPrunePolicy, SetImmutabilityPolicy, SetQuota, Timestamp,
};
use quay_api::{LogMark, Quay};
use regex::Regex;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;
use support::Parsed;

/// Reports changes of an organization, enforces its policies, and deletes old tags
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The rules; by default the sample, but only on the embedded server
    file: Option<PathBuf>,
    /// Make the changes; without it, only show them
    #[arg(long)]
    apply: bool,
    /// File that stores how far the log was read
    #[arg(long, value_name = "FILE")]
    mark: Option<PathBuf>,
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rules {
    organization: String,
    quota: Option<Quota>,
    autoprune: Vec<AutoPrune>,
    immutable: Vec<String>,
    prune: Vec<Prune>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Quota {
    size: Parsed<ByteSize>,
    warn_at: i64,
    reject_at: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AutoPrune {
    method: AutoPruneMethod,
    value: AutoPruneValue,
    tags: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prune {
    repositories: Parsed<Regex>,
    tags: Parsed<Regex>,
    keep: usize,
    older_than: Parsed<humantime::Duration>,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let sample = include_str!("registry_janitor.toml");
    let (name, rules): (String, Rules) = support::read_settings(&options.file, sample, &server)?;
    let (quay, mut changes) = (server.quay(), Changes::new(options.apply));
    report_log(quay, &rules, options.mark.as_deref()).await?;
    ensure_policies(quay, &rules, &mut changes).await?;
    prune(quay, &rules, &mut changes).await?;
    Ok(changes.finish(format!("{} matches {name}", rules.organization)))
}

/// Reports the changes since the last run, or of the last day, and counts pushes and pulls.
async fn report_log(quay: &Quay, rules: &Rules, mark: Option<&Path>) -> Result<()> {
    let saved = mark.map(support::read_file).transpose()?.flatten();
    let saved = saved.map(|text| text.trim().parse::<LogMark>());
    let last = saved.transpose().context("the file of --mark")?;
    let yesterday = Timestamp::now() - Duration::from_secs(86_400);
    let logs = quay.organization(&rules.organization)?.logs();
    let new = logs.follow(last).since(yesterday).await?;
    let is_traffic = |it: &LogEntry| matches!(it.kind, LogKind::PushRepo | LogKind::PullRepo);
    let (traffic, rest): (Vec<_>, Vec<_>) = new.entries.into_iter().partition(is_traffic);
    for entry in &rest {
        let who = entry.performer.as_ref().map_or("-", |who| &who.name);
        let repository = entry.metadata.repo().unwrap_or_default();
        println!("{} {who} {} {repository}", entry.datetime, entry.kind);
    }
    let (rest, traffic) = (rest.len(), traffic.len());
    println!("log: {rest} changes, {traffic} pushes and pulls");
    match mark {
        Some(path) => support::replace_file(path, &new.mark.to_string()),
        None => Ok(()),
    }
}

/// Sets the quota and the policies of the rules.
async fn ensure_policies(quay: &Quay, rules: &Rules, changes: &mut Changes) -> Result<()> {
    let organization = quay.organization(&rules.organization)?;
    if let Some(rule) = &rules.quota {
        let (what, quotas) = (format!("quota: {}", rule.size.0), organization.quotas());
        let ensure = quotas.ensure(SetQuota::new().limit_bytes(rule.size.0));
        let quota = changes.ensure(what, ensure).await?;
        // In a dry run, the quota may not exist yet.
        if let Some(id) = quota.and_then(|quota| quota.id) {
            let limits = organization.quota(id).limits().ensure([
                CreateQuotaLimit::new(QuotaLimitType::Warning, rule.warn_at),
                CreateQuotaLimit::new(QuotaLimitType::Reject, rule.reject_at),
            ]);
            changes.ensure("limits of the quota", limits).await?;
        }
    }
    let policies = organization.autoprune_policies();
    for rule in &rules.autoprune {
        let what = format!("autoprune policy of {}", rule.tags);
        let policy = SetAutoPrunePolicy::new(rule.method.clone(), rule.value.clone());
        let ensure = policies.ensure(policy.tag_pattern(&rule.tags));
        changes.ensure(what, ensure).await?;
    }
    let policies = organization.immutability_policies();
    for tags in &rules.immutable {
        let what = format!("immutability policy of {tags}");
        let ensure = policies.ensure(SetImmutabilityPolicy::new(tags));
        changes.ensure(what, ensure).await?;
    }
    Ok(())
}

/// Deletes the tags that a rule selects.
async fn prune(quay: &Quay, rules: &Rules, changes: &mut Changes) -> Result<()> {
    let listing = quay.repositories().list().namespace(&rules.organization);
    let mut repositories = listing.await?;
    // Tags of a mirror or a read-only repository can't be deleted.
    repositories.retain(|it| matches!(it.state, None | Some(RepositoryState::Normal)));
    let listings = quay_api::fan_out(repositories).ordered();
    let mut all = listings.all(|it| Ok(quay.repository(it)?.tags().list().active()));
    while let Some((repository, tags)) = all.next().await {
        let handle = quay.repository(&repository)?;
        let tags = tags.map_err(|error| changes.failed(handle.name(), error));
        let Ok(mut tags) = tags else { continue };
        // Newest first, and by name within a second, so that each run selects the same tags.
        tags.sort_by_cached_key(|tag| (Reverse(tag.start_ts), tag.name.clone()));
        let mut deleted = BTreeSet::new();
        let is_for = |rule: &&Prune| rule.repositories.0.is_match(&repository.name);
        for rule in rules.prune.iter().filter(is_for) {
            let limit = Timestamp::now().saturating_sub(*rule.older_than.0);
            let matching = tags.iter().filter(|tag| rule.tags.0.is_match(&tag.name));
            for tag in matching.skip(rule.keep) {
                if let Some(pushed) = tag.start_ts.filter(|pushed| *pushed < limit)
                    && tag.immutable != Some(true)
                    && deleted.insert(&tag.name)
                {
                    let what = format!("{}:{}, pushed {pushed}", handle.name(), tag.name);
                    let delete = support::delete_unchanged(&handle, tag);
                    if changes.change('-', what, delete).await? == Some(false) {
                        println!("  kept: it was pushed again or deleted");
                    }
                }
            }
        }
    }
    Ok(())
}
