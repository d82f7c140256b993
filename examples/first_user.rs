//! Creates the first user of a new server, and a token of the user: the first step of an
//! installation.
//!
//! The server must have no users, and its setting `FEATURE_USER_INITIALIZE` must be on. To become a
//! superuser, the user must be listed in its `SUPER_USERS`.
//!
//! - Requires: no token.
//! - Prints: the name of the user. The token is written to the file of `--token-file` only.
//! - Exit codes: 0 success, 1 failure, 2 usage error, 3 the server already has users.
//!
//! ```sh
//! cargo run --example first_user
//! QUAY_URL=https://quay.example.com \
//!     cargo run --example first_user -- quayadmin --email admin@example.com \
//!     --password-file password --token-file token
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::Parser;
use futures::TryStreamExt;
use quay_api::Quay;
use quay_api::testing::{Sandbox, Server};
use quay_api::types::{InitializeUser, Secret};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Creates the first user of a server
#[derive(Parser)]
#[command(after_help = "\
Environment:
  QUAY_URL  URL of the server; without it, an embedded server without users")]
struct Options {
    /// The user's name
    #[arg(default_value = "quayadmin")]
    username: String,
    /// E-mail address
    #[arg(long, default_value = "quayadmin@example.com")]
    email: String,
    /// File with the password; required with QUAY_URL
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// New file for a token that is valid for 2.5 hours;
    /// only its owner can read the file
    #[arg(long, value_name = "FILE", verbatim_doc_comment)]
    token_file: Option<PathBuf>,
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
    // The demo data of the embedded server has users.
    let fresh = match server.sandbox() {
        Some(_) => Some(start_without_users().await?),
        None => None,
    };
    let quay = match &fresh {
        Some(sandbox) => Quay::anonymous(sandbox.quay().base_url())?,
        None => server.quay().clone(),
    };
    if let Some(found) = find_user(&quay, &options.username).await? {
        eprintln!("the server already has users: {found}");
        return Ok(ExitCode::from(3));
    }
    // Created before the user: the server returns the token only once.
    let path = options.token_file.as_deref();
    let file = path.map(support::PrivateFile::create).transpose()?;
    if options.dry_run {
        drop(file);
        println!(
            "found no user of {}; an anonymous caller may not see all",
            quay.base_url()
        );
        println!("{} would be created as the first user", options.username);
        return Ok(ExitCode::SUCCESS);
    }
    let password = match &options.password_file {
        Some(path) => support::read_secret(path)?,
        None if fresh.is_some() => Secret::from("only-in-this-process"),
        None => anyhow::bail!("--password-file is required if QUAY_URL is set"),
    };
    let request = InitializeUser::new(&options.username, password)
        .email(&options.email)
        .access_token(file.is_some());
    let user = match quay.bootstrap().initialize(request).await {
        Ok(user) => user,
        Err(error) if error.message().contains("non-empty database") => {
            eprintln!("the server already has users: {error}");
            return Ok(ExitCode::from(3));
        }
        Err(error) => return Err(error.into()),
    };
    if let (Some(mut file), Some(path)) = (file, path) {
        let token = user.access_token.context("the server returned no token")?;
        file.write(token.expose())?;
        println!(
            "the token is in {}; it is valid for 9000 seconds (2.5 hours)",
            path.display()
        );
    }
    println!("created {}, the first user", user.username);
    Ok(ExitCode::SUCCESS)
}

/// Searches for a user. An anonymous client can read a user by name, and public repositories.
async fn find_user(quay: &Quay, name: &str) -> quay_api::Result<Option<String>> {
    match quay.me().get().await {
        Ok(user) => return Ok(Some(format!("the token belongs to {}", user.username))),
        Err(error) if error.is_unauthenticated() => {}
        Err(error) => return Err(error),
    }
    if quay.user(name)?.get_opt().await?.is_some() {
        return Ok(Some(format!("the user {name} exists")));
    }
    let mut repositories = quay.repositories().list().stream();
    let public = repositories.try_next().await?;
    Ok(public.map(|r| format!("the repository {}/{} exists", r.namespace, r.name)))
}

/// Starts an embedded server without users. Its only user was deleted a day ago, after which the
/// name is free again.
async fn start_without_users() -> quay_api::Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    sandbox.quay().me().delete().await?;
    sandbox.clock().advance(Duration::from_secs(86_400));
    Ok(sandbox)
}
