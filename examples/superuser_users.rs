//! Lists the users of a server as its superuser, or creates one.
//!
//! The token needs the scope `super:user`, and its owner has to be a superuser. Not on quay.io.
//!
//! ```sh
//! cargo run --example superuser_users
//! cargo run --example superuser_users -- --create alice --email alice@example.com \
//!     --password-file alice.password
//! ```
//!
//! Exit codes: 0 done, 1 failed (also if the user exists), 2 bad usage.

#[macro_use]
mod support;

use anyhow::{Result, bail};
use clap::Parser;
use futures::TryStreamExt;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::CreateUser;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Lists the users of a server, or creates one
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// List only users that are not disabled
    #[arg(long, conflicts_with = "create")]
    enabled: bool,
    /// Create this user
    #[arg(long, value_name = "NAME", requires = "password_file")]
    create: Option<String>,
    /// The new user's e-mail address
    #[arg(long, requires = "create")]
    email: Option<String>,
    /// A new file for the new user's first password, which only its owner can read; the password is
    /// shown nowhere
    #[arg(long, value_name = "FILE", requires = "create")]
    password_file: Option<PathBuf>,
    /// Only look, and say what would be created
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    match (&options.create, &options.password_file) {
        (Some(name), Some(file)) => create(server.quay(), name, file, &options).await?,
        _ => list(server.quay(), options.enabled).await?,
    }
    Ok(ExitCode::SUCCESS)
}

async fn list(quay: &Quay, enabled: bool) -> Result<()> {
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

async fn create(quay: &Quay, name: &str, path: &Path, options: &Options) -> Result<()> {
    // Created before the user: the server generates a password, and returns it only once.
    let mut file = support::PrivateFile::create(path)?;
    if options.dry_run {
        drop(file);
        if quay.superuser().user(name)?.get_opt().await?.is_some() {
            bail!("there is a user {name} already");
        }
        println!("the user {name} would be created");
        return Ok(());
    }
    let mut request = CreateUser::new(name);
    if let Some(email) = &options.email {
        request = request.email(email);
    }
    let Some(created) = quay.superuser().users().create_if_absent(request).await? else {
        bail!("there is a user {name} already");
    };
    file.write(created.password.expose())?;
    println!(
        "created the user {}; the password is in {}",
        created.username,
        path.display()
    );
    Ok(())
}
