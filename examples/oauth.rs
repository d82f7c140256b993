//! An OAuth application: the page where a person gives it a token, and a token for it made without
//! a page.
//!
//! The token needs the scope `org:admin`. `token` needs Quay 3.18.
//!
//! ```sh
//! cargo run --example oauth -- url --scope repo:read --scope org:admin
//! cargo run --example oauth -- token nightly --scope repo:read --file nightly.token --days 30
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage.

use anyhow::Context;
use clap::{Parser, Subcommand};
use futures::TryStreamExt;
use quay_api::api::OrganizationHandle;
use quay_api::testing::Server;
use quay_api::types::{CreateApplication, CreateApplicationToken, OrganizationApplication, Scope};
use std::path::PathBuf;
use std::time::Duration;

/// Makes an OAuth application, and tokens for it.
#[derive(Parser)]
struct Options {
    #[arg(long, default_value = "acme")]
    organization: String,
    /// The application's name; made if it is not there
    #[arg(long, default_value = "automation")]
    application: String,
    /// Says what would be made, and makes nothing
    #[arg(long)]
    dry_run: bool,
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Subcommand)]
enum What {
    /// Prints the address of the page where a person gives the application a token
    Url {
        /// The scopes of the token; `repo:read` unless given
        #[arg(long = "scope", default_value = "repo:read", value_parser = scope)]
        scopes: Vec<Scope>,
        /// Where the page sends the browser with the token; the server's own page, which shows it,
        /// unless given
        #[arg(long)]
        redirect: Option<String>,
    },
    /// Makes a token that acts as the caller
    Token {
        name: String,
        #[arg(long = "scope", default_value = "repo:read", value_parser = scope)]
        scopes: Vec<Scope>,
        /// Where it is written to; it is shown nowhere
        #[arg(long)]
        file: PathBuf,
        /// The lifetime of the token, up to ten years; ten years unless given
        #[arg(long)]
        days: Option<u32>,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    let known: Vec<&str> = Scope::ALL.iter().map(Scope::as_str).collect();
    match Scope::from(text) {
        Scope::Other(_) => Err(format!("it is none of {}", known.join(", "))),
        scope => Ok(scope),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    let quay = server.quay();
    let organization = quay.organization(&options.organization)?;
    if options.dry_run {
        println!(
            "would use the application {} of {}, or make it",
            options.application, options.organization
        );
        return Ok(());
    }
    let application = find_or_create(&organization, &options.application).await?;
    println!(
        "application {}, client id {}",
        application.name, application.client_id
    );
    match options.what.unwrap_or(What::Url {
        scopes: vec![Scope::RepoRead],
        redirect: None,
    }) {
        What::Url { scopes, redirect } => {
            let redirect =
                redirect.unwrap_or_else(|| format!("{}/oauth/localapp", quay.base_url()));
            println!(
                "{}",
                quay.authorization_url(&application.client_id, redirect, scopes)?
            );
        }
        What::Token {
            name,
            scopes,
            file,
            days,
        } => {
            let mut request = CreateApplicationToken::new(&name, scopes);
            if let Some(days) = days {
                request = request.lifetime(Duration::from_secs(u64::from(days) * 86_400));
            }
            let created = organization
                .application(&application.client_id)?
                .tokens()
                .create(request)
                .await?;
            std::fs::write(&file, created.token.expose())
                .with_context(|| format!("{} can't be written", file.display()))?;
            let end = created
                .expires_at
                .map_or_else(|| "never".to_owned(), |end| end.to_string());
            println!(
                "made the token {name}, which expires {end}; it is in {}",
                file.display()
            );
        }
    }
    Ok(())
}

/// The application of that name. The server allows several of one name: the first is taken.
async fn find_or_create(
    organization: &OrganizationHandle,
    name: &str,
) -> quay_api::Result<OrganizationApplication> {
    let mut applications = organization.applications().list().stream();
    while let Some(application) = applications.try_next().await? {
        if application.name == name {
            return Ok(application);
        }
    }
    organization
        .applications()
        .create(CreateApplication::new(name).description("made by an example"))
        .await
}
