//! Exports the usage logs of an organization as lines of JSON. Each run continues where the last
//! one stopped.
//!
//! A state file next to the output contains the days, the position in their listing and the length
//! of the output. After an interruption, the next run continues with the next entry. A run each day
//! appends the days since the last run, up to yesterday, newest entry first as the server lists
//! them.
//!
//! - Requires: a token with the scope `org:admin`. It changes nothing on the server.
//! - Prints: the number of entries written, and their days.
//! - Exit codes: 0 success or nothing to do, 1 failure, or Ctrl-C before the end, 2 usage error.
//!
//! ```sh
//! cargo run --example export_logs -- acme --since 2026-09-01 --to logs.jsonl
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example export_logs -- acme --since 2026-01-01 --to /var/log/quay/acme.jsonl
//! ```

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
    /// The first day, in UTC: 2026-09-01; by default a week ago.
    /// Ignored if the state file exists
    #[arg(long, value_name = "DATE", verbatim_doc_comment)]
    since: Option<Timestamp>,
    /// The last day, in UTC; by default yesterday
    #[arg(long, value_name = "DATE")]
    until: Option<Timestamp>,
    /// The output; the state file is FILE.state
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct State {
    organization: String,
    /// The days of the export in progress, or of the last one.
    since: Timestamp,
    until: Timestamp,
    /// The position in their listing; `None` at its start.
    position: Option<ListingPosition>,
    is_finished: bool,
    /// The length of the output at that position.
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
        "{output} has the logs of {}, not of {}",
        state.organization,
        options.organization
    );
    ensure!(
        state_path.exists() || !options.to.exists(),
        "{output} exists without a state file, and is not overwritten"
    );
    let last = options.until.unwrap_or(Timestamp::now() - DAY);
    if state.is_finished && day(state.until) >= day(last) {
        println!(
            "nothing to do: {output} already includes {}",
            day(state.until)
        );
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
    // The bar is shown on standard error, and only if that is a terminal.
    let style = ProgressStyle::with_template("{spinner} {pos} entries, at {msg}")?;
    let bar = ProgressBar::no_length().with_style(style);
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    loop {
        let page = tokio::select! {
            page = pages.try_next() => page,
            _ = &mut interrupted => bail!("{}", stopped(count)),
        };
        let page = page.with_context(|| stopped(count))?;
        let Some(page) = page else { break };
        let written = append(&mut file, page.rows());
        state.bytes += written.with_context(|| format!("{output} can't be written"))?;
        // Saved after the entries: the next run cuts the output to this length.
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

fn stopped(count: usize) -> String {
    format!("stopped after {count} entries; run the command again to continue")
}

/// Opens the output, and removes what an interrupted run wrote after its last state.
fn open(path: &Path, state: &State) -> Result<File> {
    let mut file = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(false)
        .open(path)?;
    ensure!(
        file.metadata()?.len() >= state.bytes,
        "the file is shorter than its state file says"
    );
    file.set_len(state.bytes)?;
    file.seek(SeekFrom::Start(state.bytes))?;
    Ok(file)
}

/// Appends a line for each entry, and returns the number of bytes.
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

fn day(time: Timestamp) -> String {
    let (year, month, day) = time.date();
    format!("{year}-{month:02}-{day:02}")
}
