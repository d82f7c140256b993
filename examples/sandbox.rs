//! Serves the sandbox, for programs in any language, until Ctrl-C.
//!
//! Prints the address and a superuser's token as lines that a shell can read. Each start has the
//! same data, on another port.
//!
//! ```sh
//! cargo run --example sandbox
//! curl -H "Authorization: Bearer $QUAY_TOKEN" "$QUAY_URL/api/v1/organization/acme"
//! ```

use clap::Parser;
use quay_api::testing::Sandbox;

/// Serves the sandbox until Ctrl-C.
#[derive(Parser)]
struct Options {
    /// Starts without the data of the examples
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
