//! Creates a private repository if it does not exist, or makes a public one private.
//!
//! - Requires: a token with the scopes `repo:create` and `repo:admin`.
//! - Prints: what was done to the repository.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example private_repository
//! cargo run --example private_repository -- acme/payments \
//!     --description "Takes the payments of the shop" --dry-run
//! ```

#[macro_use]
mod support;

use anyhow::Result;
use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{CreateRepository, RepositoryName, Visibility};
use std::process::ExitCode;

/// Creates a private repository, or makes a public one private
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The repository, with its namespace
    #[arg(default_value = "acme/payments")]
    repository: RepositoryName,
    /// The description of a new repository
    #[arg(long, value_name = "TEXT", default_value = "")]
    description: String,
    /// Change nothing; print what would be done
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let name = &options.repository;
    let handle = quay.repository(name)?;
    match handle.get_opt().await? {
        Some(repository) if !repository.is_public => println!("{name} exists, and is private"),
        Some(_) if options.dry_run => println!("{name} is public, and would be made private"),
        Some(_) => {
            handle.set_visibility(Visibility::Private).await?;
            println!("{name} was public, and is private now");
        }
        None if options.dry_run => println!("{name} would be created"),
        None => {
            let request =
                CreateRepository::new(name.name(), Visibility::Private, &options.description)
                    .namespace(name.namespace());
            quay.repositories().create(request).await?;
            println!("created {name}, which is private");
        }
    }
    Ok(ExitCode::SUCCESS)
}
