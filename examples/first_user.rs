//! The first user of a fresh server, who is given a token: what an installation begins with.
//!
//! No token is needed, but the server has to be without users, and to allow it
//! (FEATURE_USER_INITIALIZE). The user should be one of SUPER_USERS.
//!
//! ```sh
//! cargo run --example first_user
//! QUAY_URL=https://quay.example.com \
//!     cargo run --example first_user -- quayadmin --email admin@example.com \
//!     --password-file password --token-file token
//! ```
//!
//! Exit codes: 0 done, 1 failed, 2 bad usage, 3 the server has users already.

use anyhow::Context;
use clap::Parser;
use quay_api::Quay;
use quay_api::testing::Server;
use quay_api::types::{InitializeUser, Secret};
use std::path::PathBuf;
use std::process::ExitCode;

/// Makes the first user of a server, with a token that lives for two and a half hours.
#[derive(Parser)]
struct Options {
    #[arg(default_value = "quayadmin")]
    username: String,
    #[arg(long, default_value = "quayadmin@example.com")]
    email: String,
    /// A file with the user's password; on the embedded server one is made up
    #[arg(long)]
    password_file: Option<PathBuf>,
    /// Where the token is written to
    #[arg(long)]
    token_file: Option<PathBuf>,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let options = Options::parse();
    let server = Server::from_env_or_sandbox().await?;
    if options.dry_run {
        println!(
            "would make {} the first user of {}",
            options.username,
            server.quay().base_url()
        );
        return Ok(ExitCode::SUCCESS);
    }
    let password = match &options.password_file {
        Some(file) => std::fs::read_to_string(file)
            .with_context(|| format!("{} can't be read", file.display()))?,
        None if server.sandbox().is_some() => "only-in-this-process".to_owned(),
        None => anyhow::bail!("--password-file is missing"),
    };
    let request = InitializeUser::new(&options.username, Secret::from(password.trim()))
        .email(&options.email)
        .access_token(true);
    // The request is anonymous: the first one creates the first user.
    let quay = Quay::anonymous(server.quay().base_url())?;
    let user = match quay.bootstrap().initialize(request).await {
        Ok(user) => user,
        Err(error) if error.is_invalid_request() => {
            eprintln!("the server has users already: {error}");
            return Ok(ExitCode::from(3));
        }
        Err(error) => return Err(error.into()),
    };
    println!("made {}, the first user", user.username);
    if let (Some(token), Some(file)) = (user.access_token, &options.token_file) {
        std::fs::write(file, token.expose())
            .with_context(|| format!("{} can't be written", file.display()))?;
        println!(
            "the token is in {}; it lives for 9000 seconds",
            file.display()
        );
    }
    Ok(ExitCode::SUCCESS)
}
