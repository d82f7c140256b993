//! A private repository: makes it if it is not there, and makes it private if it is public.
//!
//! The token needs the scopes `repo:create` and `repo:admin`.
//!
//! ```sh
//! cargo run --example private_repository
//! cargo run --example private_repository -- acme/payments \
//!     --description "What the shop is paid with." --dry-run
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use clap::Parser;
use quay_api::testing::Server;
use quay_api::types::{CreateRepository, RepositoryName, Visibility};

/// Makes a private repository, or makes a repository private.
#[derive(Parser)]
struct Options {
    /// Namespace and name; a mistake in it is found before anything is sent
    #[arg(default_value = "acme/payments")]
    repository: RepositoryName,
    #[arg(long, default_value = "")]
    description: String,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let name = &options.repository;
    let handle = quay.repository(name.clone())?;
    match handle.get_opt().await? {
        Some(repository) if !repository.is_public => println!("{name} is there, and private"),
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
            let created = quay.repositories().create(request).await?;
            println!("created {}/{}, private", created.namespace, created.name);
        }
    }
    Ok(())
}
