//! Serves the sandbox to programs in any language, until Ctrl-C.
//!
//! The data is the same in each run, and the port differs.
//!
//! - Requires: nothing.
//! - Prints: the URL and a superuser's token, as lines that a shell can read.
//! - Exit codes: 0 Ctrl-C, 1 failure, 2 usage error.
//!
//! ```sh
//! cargo run --example sandbox
//! # In another shell, with the printed variables.
//! curl -H "Authorization: Bearer $QUAY_TOKEN" "$QUAY_URL/api/v1/organization/acme"
//! ```

use clap::Parser;
use quay_api::testing::Sandbox;

/// Serves the sandbox until Ctrl-C
#[derive(Parser)]
struct Options {
    /// Start without the demo data
    #[arg(long)]
    empty: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let sandbox = match Options::parse().empty {
        true => Sandbox::start().await?,
        false => Sandbox::demo().await?,
    };
    let token = sandbox.token(Sandbox::ADMIN).secret()?;
    println!(
        "QUAY_URL={}",
        sandbox.quay().base_url().trim_end_matches('/')
    );
    println!("QUAY_TOKEN={}", token.expose());
    tokio::signal::ctrl_c().await?;
    Ok(())
}
