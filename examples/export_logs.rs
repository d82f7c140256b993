//! Exports the usage logs of an organization as lines of JSON, a day at a time, and goes on where the last run stopped.
//!
//! Beside the output lies a small state file: the next day, and how long the output is without it. An interrupted run leaves whole days only; the next one begins with the
//! day after them. Run once a day it appends yesterday. Tokens of the server's log pages live for two days; a run that exports day by day does not depend on them.
//!
//! The token needs the scope `org:admin`. The server is only read.
//!
//! ```sh
//! cargo run --example export_logs -- acme --since 2026-09-01 --to logs.jsonl
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… cargo run --example export_logs -- acme --since 2026-01-01 --to /var/log/quay/acme.jsonl
//! ```
//!
//! Exit codes: 0 done, also if there was nothing new, 1 failed, or Ctrl-C came before the end (run it again to go on), 2 bad usage.

use anyhow::{Context, Result, ensure};
use clap::Parser;
use futures::TryStreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::api::OrganizationHandle;
use quay_api::testing::Server;
use quay_api::types::Timestamp;
use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

/// Exports the usage logs of an organization as lines of JSON
#[derive(Parser)]
#[command(after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is not set.")]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// The first day, in UTC: 2026-09-01; a week ago unless set. Not looked at when there is a state already
    #[arg(long, value_name = "DATE")]
    since: Option<Timestamp>,
    /// The last day, in UTC; yesterday unless set, since today is not over
    #[arg(long, value_name = "DATE")]
    until: Option<Timestamp>,
    /// The output; its state lies beside it, with .state added to its name
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct State {
    organization: String,
    /// The first day that is not in the output.
    next_day: Timestamp,
    /// The length of the output without that day.
    bytes: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    run(Options::parse()).await.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::FAILURE
    })
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;

    let state_path = PathBuf::from(format!("{}.state", options.to.display()));
    let mut state = match load(&state_path)? {
        Some(state) => state,
        None => {
            ensure!(!options.to.exists(), "{} is there already, but its state is not: nothing is written over", options.to.display());
            let since = options.since.or_else(|| Timestamp::now().checked_sub(DAY * 7)).context("there is no such day")?;
            State { organization: options.organization.clone(), next_day: midnight(since), bytes: 0 }
        }
    };
    ensure!(state.organization == options.organization, "{} is the export of {}", options.to.display(), state.organization);
    let last = options.until.or_else(|| Timestamp::now().checked_sub(DAY)).context("there is no such day")?;
    let mut file = OpenOptions::new().create(true).write(true).truncate(false).open(&options.to).context("the output can't be opened")?;
    ensure!(file.metadata()?.len() >= state.bytes, "{} is shorter than its state says", options.to.display());
    cut(&mut file, &state)?;

    let days = last.since(state.next_day).as_secs() / DAY.as_secs() + u64::from(state.next_day <= last);
    let bar = ProgressBar::new(days).with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} days {msg} {eta}")?);
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let mut entries = 0;
    while state.next_day <= last {
        bar.set_message(date(state.next_day));
        let exported = tokio::select! {
            _ = &mut interrupted => None,
            exported = export_day(&organization, state.next_day, &mut file) => Some(exported),
        };
        match exported {
            Some(Ok(count)) => {
                entries += count;
                state.bytes = file.stream_position()?;
                state.next_day = state.next_day.checked_add(DAY).context("there is no next day")?;
                save(&state_path, &state)?;
                bar.inc(1);
            }
            stopped => {
                // A day is there whole, or not at all.
                cut(&mut file, &state)?;
                bar.finish_and_clear();
                println!("{entries} entries written; run it again to go on with {}", date(state.next_day));
                return match stopped {
                    Some(Err(error)) => Err(error).with_context(|| format!("the log of {}", date(state.next_day))),
                    _ => Ok(ExitCode::FAILURE),
                };
            }
        }
    }
    bar.finish_and_clear();
    println!("{entries} entries of {days} days written to {}, which goes to {}", options.to.display(), date(last));
    Ok(ExitCode::SUCCESS)
}

/// Appends the entries of a day, newest first, as the server lists them.
async fn export_day(organization: &OrganizationHandle, day: Timestamp, file: &mut File) -> Result<u64> {
    let mut entries = organization.logs().list().since(day).until(day).stream();
    let mut output = BufWriter::new(file);
    let mut count = 0;
    while let Some(entry) = entries.try_next().await? {
        serde_json::to_writer(&mut output, &entry)?;
        output.write_all(b"\n")?;
        count += 1;
    }
    output.flush()?;
    output.get_ref().sync_data()?;
    Ok(count)
}

/// Leaves of the output what the state knows, and writes behind that.
fn cut(file: &mut File, state: &State) -> std::io::Result<()> {
    file.set_len(state.bytes)?;
    file.seek(SeekFrom::Start(state.bytes)).map(drop)
}

fn load(path: &Path) -> Result<Option<State>> {
    match std::fs::read(path) {
        Ok(text) => serde_json::from_slice(&text).map(Some).with_context(|| format!("{} is no state of this program", path.display())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} can't be read", path.display())),
    }
}

/// Written beside and renamed: an interruption leaves the old state or the new one.
fn save(path: &Path, state: &State) -> Result<()> {
    let beside = path.with_extension("state-new");
    let written = std::fs::write(&beside, serde_json::to_vec(state)?).and_then(|()| std::fs::rename(&beside, path));
    written.with_context(|| format!("{} can't be written", path.display()))
}

fn midnight(moment: Timestamp) -> Timestamp {
    let (year, month, day) = moment.date();
    Timestamp::from_date(year, month, day).unwrap_or(moment)
}

fn date(moment: Timestamp) -> String {
    let (year, month, day) = moment.date();
    format!("{year}-{month:02}-{day:02}")
}
