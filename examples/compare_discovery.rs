//! Compares the operations and parameters that a server documents with those that this crate knows.
//!
//! - Requires: no token.
//! - Prints: a line for each operation or parameter that only one of them has, and a summary.
//! - Exit codes: 0 the crate has everything that the server has, 1 failure, 2 usage error, 3 the
//!   server has something that the crate lacks.
//!
//! ```sh
//! cargo run --example compare_discovery
//! QUAY_URL=https://quay.example.com cargo run --example compare_discovery -- --quiet
//! ```

#[macro_use]
mod support;

use anyhow::Result;
use clap::Parser;
use quay_api::Operation;
use quay_api::testing::Server;
use std::process::ExitCode;

/// Compares the API of a server with the one that this crate knows
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// Don't list the operations that only the crate has
    #[arg(long)]
    quiet: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let comparison = server.quay().discovery().compare().await?;
    for operation in &comparison.unknown {
        println!("only the server has {operation}");
    }
    for difference in &comparison.different {
        for parameter in &difference.unknown_parameters {
            println!(
                "only the server has the parameter {parameter} of {}",
                difference.operation.id()
            );
        }
    }
    if !options.quiet {
        for operation in &comparison.unlisted {
            println!(
                "only the crate has {} ({} {}){}",
                operation.id(),
                operation.method(),
                operation.path(),
                requirements(operation)
            );
        }
    }
    let is_known = comparison.unknown.is_empty()
        && comparison
            .different
            .iter()
            .all(|d| d.unknown_parameters.is_empty());
    println!(
        "{} operations known to the crate, {} of them not documented by the server",
        quay_api::OPERATIONS.len(),
        comparison.unlisted.len()
    );
    Ok(if is_known {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(3)
    })
}

/// Returns the release and the settings that an operation requires.
fn requirements(operation: &Operation) -> String {
    let since = operation
        .since()
        .map(|release| format!(", since {release}"));
    let features = operation.features();
    let features = (!features.is_empty()).then(|| format!(", with {}", features.join(" and ")));
    [since, features].into_iter().flatten().collect()
}
