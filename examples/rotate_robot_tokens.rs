//! Gives the robot accounts of an organization new tokens, and writes these where only their reader
//! finds them.
//!
//! An old token is dead the moment the new one exists. So each new token is written at once, as a
//! line of JSON, and a robot account whose rotation fails is reported with the others. After an
//! interruption, `--resume` goes on with those that are not in the file yet.
//!
//! The token needs the scope `org:admin`.
//!
//! ```sh
//! # The embedded server: says what would be rotated.
//! cargo run --example rotate_robot_tokens
//! # A new file with mode 0600.
//! cargo run --example rotate_robot_tokens -- acme --apply --to tokens.jsonl
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example rotate_robot_tokens -- acme --robot ci --apply --to - | vault kv put …
//! ```
//!
//! Exit codes: 0 done, 1 a robot account still has its old token, 2 bad usage.

use anyhow::{Context, Result};
use clap::Parser;
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::testing::Server;
use quay_api::types::{RobotAccount, RobotName, Secret, Timestamp};
use std::collections::BTreeSet;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::ExitCode;

/// Regenerates the tokens of an organization's robot accounts
#[derive(Parser)]
#[command(
    after_help = "Server: QUAY_URL and QUAY_TOKEN; an embedded one with demo data if QUAY_URL is \
                  not set."
)]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// Only this robot account, by its name with or without the organization; can be given several
    /// times
    #[arg(long = "robot", value_name = "NAME")]
    robots: Vec<String>,
    /// Rotate; without this, only say what would be rotated
    #[arg(long, requires = "to")]
    apply: bool,
    /// Where the new tokens go, as lines of JSON: a new file that only its owner can read, or - for
    /// standard output
    #[arg(long, value_name = "FILE")]
    to: Option<String>,
    /// Go on with a file that is there: whoever is in it has a new token already
    #[arg(long, requires = "to")]
    resume: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Rotated {
    robot: RobotName,
    // This file is what holds the new tokens: they are written as they are.
    #[serde(with = "quay_api::types::exposed")]
    token: Secret,
    rotated: Timestamp,
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

    let done = match &options.to {
        Some(path) if options.resume => names_in(path)?,
        _ => BTreeSet::new(),
    };
    // Without their tokens: nobody needs the old ones.
    let mut robots: Vec<RobotAccount> = organization.robots().list().await?;
    let full = |name: &String| RobotName::within(&options.organization, name);
    let wanted: BTreeSet<RobotName> = options.robots.iter().map(full).collect::<Result<_, _>>()?;
    if let Some(unknown) = wanted
        .iter()
        .find(|name| robots.iter().all(|robot| robot.name != **name))
    {
        anyhow::bail!("there is no robot account {unknown}");
    }
    robots.retain(|robot| {
        (wanted.is_empty() || wanted.contains(&robot.name)) && !done.contains(&robot.name)
    });

    let Some(to) = options.to.filter(|_| options.apply) else {
        for robot in &robots {
            let used = robot.last_accessed.map_or_else(
                || "never used".to_owned(),
                |moment| format!("last used {moment}"),
            );
            println!("{:<32} {used}", robot.name);
        }
        println!(
            "{} tokens would be rotated; --apply --to FILE rotates them",
            robots.len()
        );
        return Ok(ExitCode::SUCCESS);
    };

    // Opened before the first token is changed: one that can't be written would be lost.
    let mut output: Box<dyn Write> = match to.as_str() {
        "-" => Box::new(std::io::stdout()),
        path => Box::new(
            private_file(path.as_ref(), options.resume)
                .with_context(|| format!("{path} can't be written"))?,
        ),
    };
    let (all, mut rotated, mut failed) = (robots.len(), 0, 0);
    let bar = ProgressBar::new(all as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
    // After Ctrl-C nothing new begins; what was begun is waited for, since its token is changed
    // already.
    let mut results = stream::iter(&robots)
        .take_until(Box::pin(tokio::signal::ctrl_c()))
        .map(|robot| {
            let organization = &organization;
            async move {
                (
                    &robot.name,
                    async { organization.robot(&robot.name)?.regenerate().await }.await,
                )
            }
        })
        .buffer_unordered(4);
    while let Some((name, result)) = results.next().await {
        match result.map(|robot| robot.token) {
            Ok(Some(token)) => {
                let line = serde_json::to_string(&Rotated {
                    robot: name.clone(),
                    token,
                    rotated: Timestamp::now(),
                })?;
                writeln!(output, "{line}")
                    .and_then(|()| output.flush())
                    .with_context(|| format!("the new token of {name} is lost"))?;
                rotated += 1;
            }
            Ok(None) => {
                failed += 1;
                bar.suspend(|| {
                    eprintln!("{name}: the server rotated its token, but did not say it")
                });
            }
            Err(error) => {
                failed += 1;
                bar.suspend(|| eprintln!("{name}: {error}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    // Standard output may be where the tokens go.
    eprintln!("{rotated} tokens rotated, {failed} failed");
    if rotated + failed < all {
        eprintln!(
            "stopped: {} still have their old token; --resume goes on",
            all - rotated - failed
        );
    }
    Ok(if rotated == all {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// The robot accounts that an earlier run has written.
fn names_in(path: &str) -> Result<BTreeSet<RobotName>> {
    let file = File::open(path).with_context(|| format!("{path} can't be read"))?;
    let read = |line: std::io::Result<String>| -> Result<RobotName> {
        Ok(serde_json::from_str::<Rotated>(&line?)?.robot)
    };
    BufReader::new(file)
        .lines()
        .map(read)
        .collect::<Result<_>>()
        .with_context(|| format!("{path} is not a list of tokens"))
}

/// A file that only its owner can read; a new one, unless it is to be continued.
fn private_file(path: &Path, resume: bool) -> std::io::Result<File> {
    let mut open = OpenOptions::new();
    open.append(true).create_new(!resume);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    open.open(path)
}
