//! Retries and their limits, over real sockets.

mod limits;
mod table;

use crate::support::server::{Server, ServerAction, response};
use quay_api::testing::{Response, Sandbox};
use quay_api::{Error, Quay, QuayBuilder, Result, RetryPolicy};
use serde_json::{Value, json};
use std::time::Duration;

/// Three attempts with hardly a delay.
fn quick() -> RetryPolicy {
    RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5))
        .jitter_from(|| 0.5)
}

fn client(server: &Server) -> QuayBuilder {
    Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .retry(quick())
}

fn page(status: u16) -> ServerAction {
    let body = format!("<html><title>{status}</title></html>");
    ServerAction::Send(response(status, "text/html", body))
}

fn object(status: u16, body: Value) -> ServerAction {
    ServerAction::Send(response(status, "application/json", body.to_string()))
}

#[tokio::test]
async fn retries_until_the_server_succeeds() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .retry(quick())
        .build()?;
    sandbox.respond_next(Response::text(502, "text/html", "<html>"));
    sandbox.respond_next(Response::text(429, "text/html", "<html>"));
    assert_eq!(quay.repository("acme/app00")?.get().await?.name, "app00");
    assert_eq!(sandbox.requests().len(), 3);
    // The body is the same each time.
    sandbox.respond_next(Response::text(504, "text/html", "<html>"));
    sandbox.respond_next(Response::json(200, &json!({"success": true})));
    quay.repository("acme/app00")?
        .set_description("text")
        .await?;
    let sent: Vec<_> = sandbox
        .requests()
        .into_iter()
        .skip(3)
        .map(|request| request.body)
        .collect();
    assert_eq!(
        sent,
        [
            Some(json!({"description": "text"})),
            Some(json!({"description": "text"}))
        ]
    );
    Ok(())
}

#[tokio::test]
async fn states_that_a_retried_delete_may_have_succeeded_before() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .retry(quick())
        .build()?;
    sandbox.respond_next(Response::text(504, "text/html", "<html>"));
    sandbox.respond_next(Response::json(
        404,
        &json!({"title": "not_found", "detail": "Not Found"}),
    ));
    let error = quay
        .repository("acme/web")?
        .tag("v1")?
        .delete()
        .await
        .expect_err("nothing was there");
    assert!(error.is_not_found() && error.may_have_been_done() && error.attempts() == 2);
    assert_eq!(
        error.to_string(),
        "deleteFullTag acme/web:v1: after 2 attempts: 404: Not Found (an earlier attempt, whose response was lost, may have taken effect)"
    );
    Ok(())
}

#[tokio::test]
async fn settings_apply_to_a_client_or_to_single_calls() -> Result<()> {
    let server = Server::start([page(502)]).await;
    let quay = client(&server).build()?;
    let attempts = async |quay: &Quay| {
        Ok::<_, Error>(
            quay.repository("acme/web")?
                .get()
                .await
                .expect_err("502")
                .attempts(),
        )
    };
    assert_eq!(attempts(&quay).await?, 3);
    assert_eq!(attempts(&quay.with(|call| call.no_retries())).await?, 1);
    assert_eq!(attempts(&quay.with(|call| call.max_attempts(2))).await?, 2);
    assert_eq!(attempts(&client(&server).no_retries().build()?).await?, 1);
    assert_eq!(attempts(&quay.with(|call| call.max_attempts(0))).await?, 1);
    assert_eq!(server.requests().len(), 8);
    // A request by path is retried by its method, or as the caller says.
    for (method, is_idempotent, times) in [
        ("GET", None, 3),
        ("PUT", None, 3),
        ("POST", None, 1),
        ("PUT", Some(false), 1),
        ("POST", Some(true), 3),
    ] {
        let mut request = quay.request(method, "/x")?;
        if let Some(is_idempotent) = is_idempotent {
            request = request.idempotent(is_idempotent);
        }
        assert_eq!(
            request.send_bytes().await.expect_err("502").attempts(),
            times,
            "{method}"
        );
    }
    Ok(())
}
