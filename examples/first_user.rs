//! Creates the first user of a fresh server, with a token: the first step of an installation.
//!
//! No token is needed. The server must have no users, and allow it (`FEATURE_USER_INITIALIZE`). The
//! user should be one of its `SUPER_USERS`.
//!
//! ```sh
//! cargo run --example first_user
//! QUAY_URL=https://quay.example.com \
//!     cargo run --example first_user -- quayadmin --email admin@example.com \
//!     --password-file password --token-file token
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage, 3 the server has users already.

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
#[command(after_help = "Server: QUAY_URL; an embedded one without users if QUAY_URL is not set.")]
struct Options {
    /// The name of the user
    #[arg(default_value = "quayadmin")]
    username: String,
    /// The user's e-mail address
    #[arg(long, default_value = "quayadmin@example.com")]
    email: String,
    /// A file with the user's password; the embedded server needs none
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    /// A new file for a token of the user, which is valid for two and a half hours; only its owner
    /// can read the file. Without it, there is no token
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Only look whether the server has users, and say what would be done
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
        eprintln!("the server has users already: {found}");
        return Ok(ExitCode::from(3));
    }
    // Created before the user: the server returns the token only once.
    let path = options.token_file.as_deref();
    let file = path.map(support::PrivateFile::create).transpose()?;
    if options.dry_run {
        drop(file);
        println!(
            "no sign of users on {}, though some may be hidden",
            quay.base_url()
        );
        println!("{} would be created as the first user", options.username);
        return Ok(ExitCode::SUCCESS);
    }
    let password = match &options.password_file {
        Some(path) => support::read_secret(path)?,
        None if fresh.is_some() => Secret::from("only-in-this-process"),
        None => anyhow::bail!("--password-file is missing"),
    };
    let request = InitializeUser::new(&options.username, password)
        .email(&options.email)
        .access_token(file.is_some());
    let user = match quay.bootstrap().initialize(request).await {
        Ok(user) => user,
        Err(error) if error.message().contains("non-empty database") => {
            eprintln!("the server has users already: {error}");
            return Ok(ExitCode::from(3));
        }
        Err(error) => return Err(error.into()),
    };
    if let (Some(mut file), Some(path)) = (file, path) {
        let token = user.access_token.context("the server returned no token")?;
        file.write(token.expose())?;
        println!(
            "the token is in {}; it is valid for 9000 seconds",
            path.display()
        );
    }
    println!("created {}, the first user", user.username);
    Ok(ExitCode::SUCCESS)
}

/// Looks for a user. An anonymous client sees little: a user by name, and public repositories.
async fn find_user(quay: &Quay, name: &str) -> quay_api::Result<Option<String>> {
    match quay.me().get().await {
        Ok(user) => return Ok(Some(format!("the token is one of {}", user.username))),
        Err(error) if error.is_unauthenticated() => {}
        Err(error) => return Err(error),
    }
    if quay.user(name)?.get_opt().await?.is_some() {
        return Ok(Some(format!("there is a user {name}")));
    }
    let mut repositories = quay.repositories().list().stream();
    let public = repositories.try_next().await?;
    Ok(public.map(|r| format!("there is a repository {}/{}", r.namespace, r.name)))
}

/// Starts an embedded server whose only user has been deleted, long enough ago for the name to be
/// free again.
async fn start_without_users() -> quay_api::Result<Sandbox> {
    let sandbox = Sandbox::start().await?;
    sandbox.quay().me().delete().await?;
    sandbox.clock().advance(Duration::from_secs(86_400));
    Ok(sandbox)
}
