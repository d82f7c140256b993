//! Replaces the tokens of the robot accounts of an organization, and writes the new ones to a file
//! that only its owner can read.
//!
//! The old token of a robot account is invalid as soon as the new one exists. Each new token is
//! therefore written immediately, as a line of JSON, and a failure does not stop the others. After
//! an interruption, `--resume` continues with the robot accounts that are not in the file.
//!
//! - Requires: a token with the scope `org:admin`.
//! - Prints: the number of rotated tokens; without `--apply`, the robot accounts and their last
//!   use.
//! - Exit codes: 0 success, 1 a robot account still has its old token, or its new one is lost, 2
//!   usage error.
//!
//! ```sh
//! # Only lists the robot accounts.
//! cargo run --example rotate_robot_tokens
//! # Creates the file with mode 0600.
//! cargo run --example rotate_robot_tokens -- acme --apply --to tokens.jsonl
//! QUAY_URL=https://quay.example.com QUAY_TOKEN=… \
//!     cargo run --example rotate_robot_tokens -- acme --robot ci --apply --to - | vault kv put …
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result, bail};
use clap::Parser;
use futures::{StreamExt, stream};
use indicatif::{ProgressBar, ProgressStyle};
use quay_api::testing::Server;
use quay_api::types::{RobotAccount, RobotName, Secret, Timestamp};
use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use support::PrivateFile;
use tokio::sync::Notify;

/// Replaces the tokens of an organization's robot accounts
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization
    #[arg(default_value = "acme")]
    organization: String,
    /// Only this robot account; repeatable
    #[arg(long = "robot", value_name = "NAME")]
    robots: Vec<String>,
    /// Replace the tokens; without it, only list the accounts
    #[arg(long, requires = "to")]
    apply: bool,
    /// New file for the tokens, as lines of JSON, readable by
    /// its owner only; - for standard output
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    to: Option<String>,
    /// Append to a file of an earlier run; skip its accounts
    #[arg(long, requires = "to")]
    resume: bool,
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Rotated {
    robot: RobotName,
    // The file is meant for the tokens, so they are written unredacted.
    #[serde(with = "quay_api::types::exposed")]
    token: Secret,
    rotated: Timestamp,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;

    let done = match &options.to {
        Some(path) if options.resume => names_in(path.as_ref())?,
        _ => BTreeSet::new(),
    };
    // Listed without tokens: the old ones are not needed.
    let mut robots: Vec<RobotAccount> = organization.robots().list().await?;
    let full = |name: &String| RobotName::within(&options.organization, name);
    let wanted: BTreeSet<RobotName> = options.robots.iter().map(full).collect::<Result<_, _>>()?;
    let exists = |name: &&RobotName| robots.iter().any(|robot| robot.name == **name);
    if let Some(unknown) = wanted.iter().find(|name| !exists(name)) {
        bail!("the robot account {unknown} does not exist");
    }
    let is_wanted = |name: &RobotName| wanted.is_empty() || wanted.contains(name);
    robots.retain(|robot| is_wanted(&robot.name) && !done.contains(&robot.name));

    let Some(to) = options.to.filter(|_| options.apply) else {
        for robot in &robots {
            let used = match robot.last_accessed {
                Some(time) => format!("last used {time}"),
                None => "never used".to_owned(),
            };
            println!("{:<32} {used}", robot.name);
        }
        println!(
            "{} tokens would be rotated; run with --apply --to FILE to rotate them",
            robots.len()
        );
        return Ok(ExitCode::SUCCESS);
    };

    // Opened before the first change: a token that can't be written would be lost.
    let mut file = match to.as_ref() {
        "-" => None,
        path if options.resume => Some(PrivateFile::resume(path.as_ref())?),
        path => Some(PrivateFile::create(path.as_ref())?),
    };
    let mut write = |line: &str| match &mut file {
        Some(file) => file.write(line),
        None => Ok(std::io::stdout().write_all(line.as_bytes())?),
    };
    let (all, mut rotated, mut failed) = (robots.len(), 0, 0);
    let bar = ProgressBar::new(all as u64)
        .with_style(ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}")?);
    // After Ctrl-C, or if a token can't be written, no rotation starts. Those in progress are
    // completed, because their tokens may have changed already.
    let is_lost = Notify::new();
    let stop = async {
        tokio::select! {
            () = support::interrupted() => {}
            () = is_lost.notified() => {}
        }
    };
    let rotate = async |robot: &RobotAccount| {
        let result = async { organization.robot(&robot.name)?.regenerate().await };
        (robot.name.clone(), result.await)
    };
    let results = stream::iter(&robots).take_until(stop).map(rotate);
    let mut results = std::pin::pin!(results.buffer_unordered(4));
    while let Some((robot, result)) = results.next().await {
        let problem = match result.map(|account| account.token) {
            Ok(Some(token)) => {
                let line = Rotated {
                    robot: robot.clone(),
                    token,
                    rotated: Timestamp::now(),
                };
                let line = serde_json::to_string(&line)?;
                match write(&(line + "\n")) {
                    Ok(()) => None,
                    Err(error) => {
                        is_lost.notify_one();
                        Some(format!("rotated, but its new token is lost: {error:#}"))
                    }
                }
            }
            Ok(None) => Some("rotated, but the server did not return its new token".to_owned()),
            Err(error) if error.may_have_been_done() => {
                Some(format!("its old token may be invalid: {error}"))
            }
            Err(error) => Some(error.to_string()),
        };
        match problem {
            None => rotated += 1,
            Some(problem) => {
                failed += 1;
                bar.suspend(|| eprintln!("{robot}: {problem}"));
            }
        }
        bar.inc(1);
    }
    bar.finish_and_clear();
    // Standard output may be the destination of the tokens.
    eprintln!("{rotated} tokens rotated, {failed} failed");
    if rotated + failed < all {
        let left = all - rotated - failed;
        eprintln!("stopped: {left} still have their old token; run with --resume to continue");
    }
    Ok(match rotated == all {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Returns the robot accounts that an earlier run has written.
fn names_in(path: &Path) -> Result<BTreeSet<RobotName>> {
    let path_shown = path.display();
    let text = support::read_file(path)?.with_context(|| format!("{path_shown} does not exist"))?;
    let read = |line| serde_json::from_str(line).map(|rotated: Rotated| rotated.robot);
    let names = text.lines().map(read).collect::<Result<_, _>>();
    names.with_context(|| format!("{path_shown} is not a token file of this program"))
}
