//! Secrets that can't be right: redacted ones, empty ones, and those with a line break.

use quay_api::testing::{Response, Sandbox};
use quay_api::types::{DockerConfig, Secret};
use quay_api::webhook::Receiver;
use quay_api::{ErrorKind, Quay, Result};
use serde_json::json;

const REDACTED: &str = "***redacted***";

#[tokio::test]
async fn a_redacted_secret_is_not_sent() -> Result<()> {
    let redacted: Secret = serde_json::from_str(&format!("\"{REDACTED}\"")).expect("a string");
    let error = Quay::builder()
        .base_url("https://quay.example.com")
        .token(redacted.clone())
        .build()
        .expect_err("a redacted token");
    assert!(error.message().contains("redacted"), "{error}");
    let sandbox = Sandbox::demo().await?;
    let quay = sandbox.anonymous()?;
    let exchanged = quay.exchange_robot_token("acme+ci", redacted).await;
    let error = exchanged.expect_err("a redacted identity");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.message().contains("redacted"), "{error}");
    assert!(sandbox.take_requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_exchange_without_a_token_is_an_error() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    sandbox.respond_next(Response::json(200, &json!({"token": ""})));
    let exchanged = sandbox
        .anonymous()?
        .exchange_robot_token("acme+ci", "a.b.c")
        .await;
    let error = exchanged.expect_err("an empty token");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    Ok(())
}

#[test]
fn a_password_of_a_registry_has_no_line_break() {
    let read_from_a_file = DockerConfig::new("quay.io", "acme+ci", "hunter2\n");
    let error = read_from_a_file.expect_err("a line break").to_string();
    assert!(
        error.contains("a line break") && !error.contains("hunter2"),
        "{error}"
    );
}

#[test]
fn a_wrong_secret_of_a_receiver_is_no_matter_of_tokens() -> Result<()> {
    let receiver = Receiver::new("https://hooks.example.com", "9d1c7f3e5b8a4260")?;
    let error = receiver
        .event_of("/?event=repo_push&secret=wrong")
        .expect_err("wrong");
    assert_eq!(
        error.to_string(),
        "the request of a webhook does not have the secret of this receiver"
    );
    Ok(())
}
