//! Against a real server, when `QUAY_URL` and `QUAY_TOKEN` say which. Reads only.

use quay_api::{Quay, Result};

/// A client of the real server; `None`, and a line that says so, without one.
fn live(test: &str) -> Result<Option<Quay>> {
    match (std::env::var_os("QUAY_URL"), std::env::var_os("QUAY_TOKEN")) {
        (Some(_), Some(_)) => Quay::from_env().map(Some),
        _ => {
            // Past the test runner, which swallows what is printed.
            use std::io::Write;
            let _ = writeln!(
                std::io::stderr(),
                "SKIPPED {test}: QUAY_URL and QUAY_TOKEN are not set"
            );
            Ok(None)
        }
    }
}

#[tokio::test]
async fn reads_the_discovery_document() -> Result<()> {
    let Some(quay) = live("reads_the_discovery_document")? else {
        return Ok(());
    };
    assert!(quay.discovery().get_internal().await?.paths.len() > 100);
    Ok(())
}

#[tokio::test]
async fn reads_the_user_of_the_token() -> Result<()> {
    let Some(quay) = live("reads_the_user_of_the_token")? else {
        return Ok(());
    };
    let me = quay.me().get().await?;
    assert!(!me.username.is_empty());
    let robots = quay.me().robots().list().await?;
    println!("{}: {} robot accounts", me.username, robots.len());
    Ok(())
}

#[tokio::test]
async fn returns_none_for_a_missing_repository() -> Result<()> {
    let Some(quay) = live("returns_none_for_a_missing_repository")? else {
        return Ok(());
    };
    let me = quay.me().get().await?.username;
    let name = format!("{me}/there-is-no-such-repository");
    assert!(quay.repository(name)?.get_opt().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn reports_an_invalid_token() -> Result<()> {
    let Some(real) = live("reports_an_invalid_token")? else {
        return Ok(());
    };
    let quay = Quay::builder()
        .base_url(real.base_url())
        .token("not-a-token")
        .build()?;
    let result = quay.me().get().await;
    assert!(result.is_err_and(|e| e.is_unauthenticated()));
    Ok(())
}
