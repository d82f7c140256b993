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
async fn the_discovery_document_is_read() -> Result<()> {
    let Some(quay) = live("the_discovery_document_is_read")? else {
        return Ok(());
    };
    assert!(quay.discovery().get_internal().await?.paths.len() > 100);
    Ok(())
}

#[tokio::test]
async fn the_token_belongs_to_somebody() -> Result<()> {
    let Some(quay) = live("the_token_belongs_to_somebody")? else {
        return Ok(());
    };
    let me = quay.me().get().await?;
    assert!(!me.username.is_empty());
    let robots = quay.me().robots().list().await?;
    println!("{}: {} robot accounts", me.username, robots.len());
    Ok(())
}

#[tokio::test]
async fn what_is_not_there_is_not_found() -> Result<()> {
    let Some(quay) = live("what_is_not_there_is_not_found")? else {
        return Ok(());
    };
    let me = quay.me().get().await?.username;
    let name = format!("{me}/there-is-no-such-repository");
    assert!(quay.repository(name)?.get_opt().await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_bad_token_is_told() -> Result<()> {
    let Some(real) = live("a_bad_token_is_told")? else {
        return Ok(());
    };
    let quay = Quay::builder()
        .base_url(real.base_url())
        .token("not-a-token")
        .build()?;
    let refused = quay.me().get().await;
    assert!(refused.is_err_and(|e| e.is_token_not_accepted()));
    Ok(())
}
