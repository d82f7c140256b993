//! Lists the users of a server, or creates a user.
//!
//! - Requires: a token of a superuser with the scope `super:user`. It does not work on quay.io.
//! - Prints: a line for each user, or the new user. The password is written to `--password-file`
//!   only.
//! - Exit codes: 0 success, 1 failure, or the user already exists, 2 usage error.
//!
//! ```sh
//! cargo run --example superuser_users
//! cargo run --example superuser_users -- --create alice --email alice@example.com \
//!     --password-file alice.password
//! ```

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

/// Lists the users of a server, or creates a user
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// List only enabled users
    #[arg(long, conflicts_with = "create")]
    enabled: bool,
    /// Create this user
    #[arg(long, value_name = "NAME", requires = "password_file")]
    create: Option<String>,
    /// E-mail address of the new user
    #[arg(long, value_name = "ADDRESS", requires = "create")]
    email: Option<String>,
    /// New file for the first password, readable by its
    /// owner only
    #[arg(long, value_name = "FILE", requires = "create", verbatim_doc_comment)]
    password_file: Option<PathBuf>,
    /// Change nothing; print what would be created
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
    // A stream fetches a page when its rows are read, so the number of users does not matter.
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
        let (email, notes) = (user.email.unwrap_or_default(), notes.join(", "));
        let line = format!("{:<24} {email:<32} {notes}", user.username);
        println!("{}", line.trim_end());
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
            bail!("the user {name} already exists");
        }
        println!("the user {name} would be created");
        return Ok(());
    }
    let mut request = CreateUser::new(name);
    if let Some(email) = &options.email {
        request = request.email(email);
    }
    let Some(created) = quay.superuser().users().create_if_absent(request).await? else {
        bail!("the user {name} already exists");
    };
    file.write(created.password.expose())?;
    println!(
        "created the user {}; the password is in {}",
        created.username,
        path.display()
    );
    Ok(())
}
