//! Exports the usage logs of an organization as lines of JSON, and goes on where the last run
//! stopped.
//!
//! Beside the output lies a small state file: which days, where in their listing, and how long the
//! output is up to there. After an interruption the next run continues with the very next entry.
//! Run once a day, it appends what was logged since; today is left for tomorrow. Each run appends
//! its days newest first, as the server lists them.
//!
//! The token needs the scope `org:admin`. The server is only read.
//!
//! ```sh
//! cargo run --example export_logs -- acme --since 2026-09-01 --to logs.jsonl
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example export_logs -- acme --since 2026-01-01 --to /var/log/quay/acme.jsonl
//! ```
//!
//! Exit codes: 0 done, also if there was nothing new, 1 failed, or Ctrl-C came before the end (run
//! it again to go on), 2 bad usage.

#[macro_use]
mod support;

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use futures::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::ListingPosition;
use quay_api::testing::Server;
use quay_api::types::{LogEntry, Timestamp};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// Exports the usage logs of an organization as lines of JSON
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// The first day, in UTC: 2026-09-01; a week ago unless set. Ignored if there is a state
    #[arg(long, value_name = "DATE")]
    since: Option<Timestamp>,
    /// The last day, in UTC; yesterday unless set, since today is not over
    #[arg(long, value_name = "DATE")]
    until: Option<Timestamp>,
    /// The output; its state is in a file of that name with .state added
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct State {
    organization: String,
    /// The days that are being exported, or were at last.
    since: Timestamp,
    until: Timestamp,
    /// Where in their listing; none at its beginning.
    position: Option<ListingPosition>,
    is_finished: bool,
    /// The length of the output up to there.
    bytes: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;

    let output = options.to.display();
    let state_path = PathBuf::from(format!("{output}.state"));
    let mut state = load(&state_path)?.unwrap_or_else(|| State {
        organization: options.organization.clone(),
        since: options.since.unwrap_or(Timestamp::now() - DAY * 7),
        until: options.until.unwrap_or(Timestamp::now() - DAY),
        position: None,
        is_finished: false,
        bytes: 0,
    });
    ensure!(
        state.organization == options.organization,
        "{output} is the export of {}",
        state.organization
    );
    ensure!(
        state_path.exists() || !options.to.exists(),
        "{output} exists, but its state does not: nothing is overwritten"
    );
    let last = options.until.unwrap_or(Timestamp::now() - DAY);
    if state.is_finished && day(state.until) >= day(last) {
        println!("nothing to do: {output} goes to {}", day(state.until));
        return Ok(ExitCode::SUCCESS);
    }
    if state.is_finished {
        // The days since the last run.
        state.since = state.until.saturating_add(DAY);
        state.until = last;
        state.position = None;
        state.is_finished = false;
    }

    let mut file =
        open(&options.to, &state).with_context(|| format!("{output} can't be written"))?;
    let logs = organization.logs().list();
    let mut listing = logs.since(state.since).until(state.until);
    if let Some(position) = state.position.clone() {
        listing = listing.resume_from(position);
    }
    let (mut pages, mut count) = (listing.pages(), 0);
    // Written to standard error, and only if that is a terminal.
    let style = ProgressStyle::with_template("{spinner} {pos} entries, at {msg}")?;
    let bar = ProgressBar::no_length().with_style(style);
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    loop {
        let page = tokio::select! {
            page = pages.try_next() => page,
            _ = &mut interrupted => bail!("stopped after {count} entries; another run goes on"),
        };
        let page =
            page.with_context(|| format!("stopped after {count} entries; another run goes on"))?;
        let Some(page) = page else { break };
        let written = append(&mut file, page.rows());
        state.bytes += written.with_context(|| format!("{output} can't be written"))?;
        // After the entries: what is in the output beyond that is cut off by the next run.
        state.position = Some(pages.position());
        save(&state_path, &state)?;
        count += page.rows().len();
        bar.set_position(count as u64);
        if let Some(entry) = page.rows().last() {
            bar.set_message(day(entry.datetime));
        }
    }
    bar.finish_and_clear();
    file.sync_all()?;
    state.is_finished = true;
    save(&state_path, &state)?;
    let (since, until) = (day(state.since), day(state.until));
    println!("{count} entries written to {output}, from {since} to {until}");
    Ok(ExitCode::SUCCESS)
}

/// The output, without what an interrupted run has written after its last state.
fn open(path: &Path, state: &State) -> Result<File> {
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)?;
    ensure!(
        file.metadata()?.len() >= state.bytes,
        "it is shorter than its state says"
    );
    file.set_len(state.bytes)?;
    file.seek(SeekFrom::Start(state.bytes))?;
    Ok(file)
}

/// Appends a line for each entry, and says how many bytes that took.
fn append(file: &mut File, entries: &[LogEntry]) -> Result<u64> {
    let mut lines = Vec::new();
    for entry in entries {
        serde_json::to_writer(&mut lines, entry)?;
        lines.push(b'\n');
    }
    file.write_all(&lines)?;
    Ok(lines.len() as u64)
}

fn load(path: &Path) -> Result<Option<State>> {
    let text = support::read_file(path)?;
    let state = text.map(|text| serde_json::from_str(&text)).transpose();
    state.with_context(|| format!("{} is not a state file of this program", path.display()))
}

fn save(path: &Path, state: &State) -> Result<()> {
    support::replace_file(path, &serde_json::to_string(state)?)
}

fn day(moment: Timestamp) -> String {
    let (year, month, day) = moment.date();
    format!("{year}-{month:02}-{day:02}")
}
