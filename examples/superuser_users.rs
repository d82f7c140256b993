//! Users of a server, as its superuser: lists them, and creates one.
//!
//! The token needs the scope `super:user`, and its owner has to be a superuser. Not on quay.io.
//!
//! ```sh
//! cargo run --example superuser_users
//! cargo run --example superuser_users -- --create alice --email alice@example.com \
//!     --password-file alice.password
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use anyhow::Context;
use clap::Parser;
use futures::TryStreamExt;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::CreateUser;
use std::path::PathBuf;

/// Lists the users of a server, or creates one.
#[derive(Parser)]
struct Options {
    /// Only users that may log in
    #[arg(long)]
    enabled: bool,
    /// Creates this user
    #[arg(long, value_name = "NAME", requires = "password_file")]
    create: Option<String>,
    /// The new user's address
    #[arg(long, requires = "create")]
    email: Option<String>,
    /// Where the new user's first password is written to; it is shown nowhere
    #[arg(long, value_name = "FILE", requires = "create")]
    password_file: Option<PathBuf>,
    /// Says what would be created, and creates nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    match (&options.create, &options.password_file) {
        (Some(name), _) if options.dry_run => println!("would create the user {name}"),
        (Some(name), Some(file)) => create(quay, name, options.email.as_deref(), file).await?,
        _ => list(quay, options.enabled).await?,
    }
    Ok(())
}

async fn list(quay: &Quay, enabled: bool) -> anyhow::Result<()> {
    let mut listing = quay.superuser().users().list();
    if enabled {
        listing = listing.enabled();
    }
    // A stream: pages are fetched as they are read, however many users there are.
    let mut users = listing.stream();
    let mut count = 0;
    while let Some(user) = users.try_next().await? {
        let notes = [
            (user.super_user == Some(true), "superuser"),
            (user.enabled == Some(false), "disabled"),
        ];
        let notes: Vec<&str> = notes
            .into_iter()
            .filter_map(|(holds, note)| holds.then_some(note))
            .collect();
        println!(
            "{:<24} {:<32} {}",
            user.username,
            user.email.unwrap_or_default(),
            notes.join(", ")
        );
        count += 1;
    }
    println!("{count} users");
    Ok(())
}

async fn create(
    quay: &Quay,
    name: &str,
    email: Option<&str>,
    file: &PathBuf,
) -> anyhow::Result<()> {
    let mut request = CreateUser::new(name);
    if let Some(email) = email {
        request = request.email(email);
    }
    // The server makes up a password, and says it once.
    let Some(created) = quay.superuser().users().create_if_absent(request).await? else {
        println!("the user {name} is there already");
        return Ok(());
    };
    std::fs::write(file, created.password.expose())
        .with_context(|| format!("{} can't be written", file.display()))?;
    println!(
        "created the user {}; the password is in {}",
        created.username,
        file.display()
    );
    Ok(())
}
