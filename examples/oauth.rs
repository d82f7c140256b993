//! Creates an OAuth application if it does not exist, and a token for it: a user can authorize the
//! application on a page of the web UI, or the token is created directly.
//!
//! - Requires: a token with the scope `org:admin`. The command `token` requires Quay 3.18.
//! - Prints: the client id, and the URL of the page or the expiration of the token. The token is
//!   written to the file of `--file` only.
//! - Exit codes: 0 success, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example oauth -- url --scope repo:read --scope org:admin
//! cargo run --example oauth -- token nightly --scope repo:read --file nightly.token --days 30
//! ```

#[macro_use]
mod support;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use futures::TryStreamExt;
use quay_api::Quay;
use quay_api::api::{ApplicationHandle, OrganizationHandle};
use quay_api::testing::Server;
use quay_api::types::{CreateApplication, CreateApplicationToken, OrganizationApplication, Scope};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

/// Creates an OAuth application if it does not exist, and tokens for it
#[derive(Parser)]
#[command(after_help = support::SERVER)]
struct Options {
    /// The organization of the application
    #[arg(long, value_name = "NAME", default_value = "acme", global = true)]
    organization: String,
    /// The application
    #[arg(long, value_name = "NAME", default_value = "automation", global = true)]
    application: String,
    /// Change nothing; print what would be created
    #[arg(long, global = true)]
    dry_run: bool,
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Subcommand)]
enum Action {
    /// Prints the URL at which a user authorizes the application
    Url {
        /// Scope of the token; repeatable
        #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
        #[arg(default_value = "repo:read")]
        scopes: Vec<Scope>,
        /// Redirect URL [default: a page that shows the token]
        #[arg(long, value_name = "URL")]
        redirect: Option<String>,
    },
    /// Creates a token that acts as the caller
    Token {
        /// The name of the token
        name: String,
        /// Scope of the token; repeatable
        #[arg(long = "scope", value_name = "SCOPE", value_parser = scope)]
        #[arg(default_value = "repo:read")]
        scopes: Vec<Scope>,
        /// New file for the token, readable by its owner only
        #[arg(long)]
        file: PathBuf,
        /// Lifetime of the token in days
        #[arg(long, default_value_t = 3650)]
        #[arg(value_parser = clap::value_parser!(u32).range(1..=3650))]
        days: u32,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    let known: Vec<&str> = Scope::ALL.iter().map(Scope::as_str).collect();
    match Scope::from(text.to_ascii_lowercase().as_str()) {
        Scope::Other(_) => Err(format!("must be one of {}", known.join(", "))),
        scope => Ok(scope),
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    support::exit_code(run(Options::parse()).await)
}

async fn run(options: Options) -> Result<ExitCode> {
    let server = Server::from_env_or_sandbox().await?;
    let organization = server.quay().organization(&options.organization)?;
    // Created before anything on the server: the token is returned only once.
    let file = match &options.action {
        Some(Action::Token { file, .. }) => Some(support::PrivateFile::create(file)?),
        _ => None,
    };
    let name = &options.application;
    let found = find(&organization, name).await?;
    if options.dry_run {
        drop(file);
        let fate = found.map_or("would be created", |_| "exists");
        println!("the application {name} of {} {fate}", options.organization);
        if let Some(Action::Token { name, .. }) = &options.action {
            println!("the token {name} would be created");
        }
        return Ok(ExitCode::SUCCESS);
    }
    let is_new = found.is_none();
    let application = match found {
        Some(application) => application,
        None => {
            let request = CreateApplication::new(name).description("Created by an example");
            organization.applications().create(request).await?
        }
    };
    let id = &application.client_id;
    let handle = organization.application(id)?;
    let result = match (options.action, file) {
        (
            Some(Action::Token {
                name, scopes, days, ..
            }),
            Some(file),
        ) => create_token(&handle, &name, scopes, days, file).await,
        (Some(Action::Url { scopes, redirect }), _) => url(server.quay(), id, redirect, scopes),
        _ => url(server.quay(), id, None, vec![Scope::RepoRead]),
    };
    if is_new && result.is_err() {
        // No one uses a new application without its token.
        let deleted = handle.delete().await;
        deleted.with_context(|| format!("the new application {name} could not be deleted"))?;
    }
    println!("application {name}, client id {id}\n{}", result?);
    Ok(ExitCode::SUCCESS)
}

/// Creates a token, writes it to its file, and returns what to print.
async fn create_token(
    application: &ApplicationHandle,
    name: &str,
    scopes: Vec<Scope>,
    days: u32,
    mut file: support::PrivateFile,
) -> Result<String> {
    let lifetime = Duration::from_secs(u64::from(days) * 86_400);
    let request = CreateApplicationToken::new(name, scopes).lifetime(lifetime);
    let created = application.tokens().create(request).await?;
    file.write(created.token.expose())?;
    let end = created
        .expires_at
        .map_or("never".to_owned(), |end| end.to_string());
    Ok(format!("created the token {name}, which expires {end}"))
}

/// Returns the URL of the server's authorization page.
fn url(
    quay: &Quay,
    client_id: &str,
    redirect: Option<String>,
    scopes: Vec<Scope>,
) -> Result<String> {
    let redirect = redirect.unwrap_or_else(|| format!("{}/oauth/localapp", quay.base_url()));
    let url = quay.authorization_url(client_id, redirect, scopes)?;
    Ok(url.to_string())
}

/// Returns the first application with that name. The server allows several.
async fn find(
    organization: &OrganizationHandle,
    name: &str,
) -> quay_api::Result<Option<OrganizationApplication>> {
    let applications = organization.applications().list().stream();
    let is_it =
        |application: &OrganizationApplication| std::future::ready(application.name == name);
    std::pin::pin!(applications.try_filter(is_it))
        .try_next()
        .await
}
