//! Success is a status of 2xx with the body of the operation, for every operation.

mod repetition;

use crate::support::calls::{CALLS, Names};
use crate::support::server::{Server, ServerAction, TIME_OUT, head, response};
use futures::stream::{self, StreamExt};
use quay_api::{ErrorKind, OPERATIONS, Operation, Quay, QuayBuilder, Result, RetryPolicy};
use serde_json::Value;
use std::time::Duration;

/// Three attempts with hardly a delay.
fn client(server: &Server) -> QuayBuilder {
    let retry = RetryPolicy::new()
        .max_attempts(3)
        .initial_backoff(Duration::from_millis(1))
        .max_backoff(Duration::from_millis(5))
        .budget(10_000);
    Quay::builder()
        .base_url(server.url())
        .token("hunter2")
        .retry(retry)
}

fn ok(content_type: &str, body: impl AsRef<[u8]>) -> ServerAction {
    ServerAction::Send(response(200, content_type, body))
}

const PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>";

/// Names that every operation accepts.
fn names() -> Names {
    Names {
        looked_at: "",
        text: String::new(),
    }
}

fn operation(id: &str) -> &'static Operation {
    let found = OPERATIONS.iter().find(|operation| operation.id() == id);
    found.expect("an operation")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_web_page_is_no_success_of_any_operation() {
    // One client for all: creating one takes longer than a call.
    let server = Server::start([ok("text/html", PAGE)]).await;
    let quay = client(&server).no_retries().build().expect("a client");
    let wrong: Vec<String> = stream::iter(CALLS)
        .map(|(id, call)| {
            let quay = quay.clone();
            async move {
                let result = call(quay, names()).await;
                let is_right = result.as_ref().is_err_and(|error| {
                    error.kind() == ErrorKind::InvalidResponse
                        && error.to_string().contains(
                            "200: the response is a web page, not JSON: check the base \
                             URL and the proxies",
                        )
                        // Whether a proxy passed the request on is unknown.
                        && error.may_have_been_done()
                            == error.operation().is_some_and(|operation| !operation.is_safe())
                });
                (!is_right).then(|| format!("{id}: {result:?}"))
            }
        })
        .buffer_unordered(8)
        .filter_map(std::future::ready)
        .collect()
        .await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_web_page_is_no_success_of_a_write() -> Result<()> {
    for content_type in ["text/html", "application/json", "text/plain"] {
        let server = Server::start([ok(content_type, PAGE)]).await;
        let quay = client(&server).no_retries().build()?;
        let acme = quay.organization("acme")?;
        let web = quay.repository("acme/web")?;
        let kinds = [
            web.tag("v1")?.delete_if_exists().await.map(drop),
            acme.robot("ci")?.delete_if_exists().await.map(drop),
            acme.team("devs")?.delete_if_exists().await.map(drop),
            web.delete().await,
            acme.delete().await,
            quay.superuser().user("alice")?.delete().await,
        ]
        .map(|result| result.map_err(|error| error.kind()));
        assert_eq!(
            kinds,
            [Err(ErrorKind::InvalidResponse); 6],
            "{content_type}"
        );
    }
    Ok(())
}

/// Returns status, content type and body of all recorded successes of an operation that returns
/// nothing.
fn recorded() -> Vec<(String, u16, String, String)> {
    include_str!("../../../src/testing/recordings/exchanges.jsonl")
        .lines()
        .filter_map(|line| {
            let exchange: Value = serde_json::from_str(line).expect("JSON");
            let id = exchange["operation_id"].as_str()?.to_owned();
            let status = u16::try_from(exchange["status"].as_u64()?).ok()?;
            let body = match &exchange["response_body"] {
                Value::Null => String::new(),
                body => body.to_string(),
            };
            let content_type = exchange["content_type"].as_str()?.to_owned();
            // A 204 has no body, also if one was recorded.
            (200..300)
                .contains(&status)
                .then_some((id, status, content_type, body))
                .filter(|(_, status, ..)| *status != 204)
        })
        .collect()
}

#[tokio::test]
async fn accepts_every_recorded_acknowledgement() -> Result<()> {
    let acknowledged: Vec<_> = recorded()
        .into_iter()
        .filter(|(.., body)| body.is_empty() || body.starts_with('"') || body == "{}")
        .collect();
    assert!(acknowledged.len() > 20, "{}", acknowledged.len());
    let server = Server::start([]).await;
    let quay = client(&server).build()?;
    for (id, status, content_type, body) in &acknowledged {
        // All operations that return nothing read them in the same way.
        server.set_actions([ServerAction::Send(response(*status, content_type, body))]);
        let result = quay
            .repository("acme/web")?
            .tag("v1")?
            .set_expiration(None)
            .await;
        assert!(
            result.is_ok(),
            "{id} {status} {content_type} {body}: {result:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn distinguishes_acknowledgements_from_other_bodies() -> Result<()> {
    let server = Server::start([]).await;
    let quay = client(&server).build()?;
    let json = "application/json";
    for (content_type, body, expected) in [
        (json, "", None),
        ("text/html", "", None),
        (json, " \r\n", None),
        (json, "\"Created\"\n", None),
        ("text/html", "\"\"", None),
        (json, "{}", None),
        (json, "{\"uuid\": \"x\"}", None),
        (json, "{\"success\": true, \"message\": \"fine\"}", None),
        // The status was received; the rest of the body got lost.
        (json, "{\"uuid\": \"", None),
        (
            json,
            "null",
            Some((ErrorKind::NotFound, "it did not find the resource")),
        ),
        (
            json,
            "{\"error\": \"no such thing\"}",
            Some((
                ErrorKind::InvalidResponse,
                "reports a failure: no such thing",
            )),
        ),
        (
            json,
            "{\"message\": \"no\\nsuch \\u202ething\"}",
            Some((
                ErrorKind::InvalidResponse,
                "reports a failure: no such thing",
            )),
        ),
        (
            json,
            "{\"success\": false}",
            Some((
                ErrorKind::InvalidResponse,
                "reports a failure: the server gave no reason",
            )),
        ),
        (
            json,
            "[]",
            Some((
                ErrorKind::InvalidResponse,
                "must be empty, or a JSON string or object",
            )),
        ),
        (
            json,
            "7",
            Some((
                ErrorKind::InvalidResponse,
                "must be empty, or a JSON string or object",
            )),
        ),
        (
            json,
            "false",
            Some((
                ErrorKind::InvalidResponse,
                "must be empty, or a JSON string or object",
            )),
        ),
        (
            "text/plain",
            "OK",
            Some((
                ErrorKind::InvalidResponse,
                "must be empty, or a JSON string or object",
            )),
        ),
        (
            "text/html",
            "Welcome",
            Some((ErrorKind::InvalidResponse, "web page")),
        ),
        (
            json,
            "\u{feff}<html>",
            Some((ErrorKind::InvalidResponse, "web page")),
        ),
        (
            json,
            "<?xml version=\"1.0\"?>",
            Some((ErrorKind::InvalidResponse, "web page")),
        ),
    ] {
        server.set_actions([ok(content_type, body)]);
        server.take_requests();
        let result = quay.repository("acme/web")?.tag("v1")?.delete().await;
        match (&result, expected) {
            (Ok(()), None) => {}
            (Err(error), Some((kind, message))) => assert!(
                error.kind() == kind
                    && error.message().contains(message)
                    && error.status() == Some(200)
                    && error.may_have_been_done() == (kind != ErrorKind::NotFound),
                "{body}: {error:?}"
            ),
            _ => panic!("{body}: {result:?}"),
        }
        assert_eq!(server.requests().len(), 1, "a write is not sent again");
    }
    // More than an acknowledgement could be.
    server.set_actions([ok(json, format!("{{\"a\": \"{}\"}}", "x".repeat(70_000)))]);
    let error = quay
        .repository("acme/web")?
        .tag("v1")?
        .delete()
        .await
        .expect_err("it is no success");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    Ok(())
}

#[tokio::test]
async fn a_truncated_body_is_no_acknowledgement() -> Result<()> {
    let html = &[("content-type", "text/html")];
    for (action, kind) in [
        (
            ServerAction::Close(head(200, html, 900)),
            ErrorKind::Connection,
        ),
        (
            ServerAction::TimeOut(head(200, html, 900)),
            ErrorKind::Timeout,
        ),
    ] {
        let server = Server::start([action]).await;
        let quay = client(&server).attempt_timeout(TIME_OUT).build()?;
        let error = quay
            .repository("acme/web")?
            .tag("v1")?
            .delete()
            .await
            .expect_err("no success");
        assert_eq!(
            (error.kind(), error.may_have_been_done()),
            (kind, true),
            "{error:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn unstarring_a_missing_repository_is_no_success() -> Result<()> {
    // As a server responds to it.
    let server = Server::start([ok("application/json", "null\n")]).await;
    let quay = client(&server).build()?;
    let error = quay
        .repository("acme/nosuch")?
        .unstar()
        .await
        .expect_err("nothing was done");
    assert!(
        error.is_not_found() && !error.may_have_been_done(),
        "{error:?}"
    );
    Ok(())
}

#[tokio::test]
async fn null_is_no_list() -> Result<()> {
    let server = Server::start([ok("application/json", "null")]).await;
    let quay = client(&server).build()?;
    let error = quay
        .organization("acme")?
        .quotas()
        .list()
        .await
        .expect_err("the response is no list");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(
        error
            .to_string()
            .contains("invalid type: null, expected a sequence"),
        "{error}"
    );
    assert_eq!(server.requests().len(), 1, "it is as null the next time");
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_error_body_is_no_success_of_any_operation() {
    let long = r#"{"status": 400, "title": "invalid_request", "error_type": "invalid_request",
        "detail": "no", "error_message": "no", "type": "https://quay.example.com/error"}"#;
    for body in [r#"{"error": "no"}"#, r#"{"message": "no"}"#, long] {
        let server = Server::start([ok("application/json", body)]).await;
        let quay = client(&server).no_retries().build().expect("a client");
        let wrong: Vec<String> = stream::iter(CALLS)
            .map(|(id, call)| {
                let quay = quay.clone();
                async move {
                    let result = call(quay, names()).await;
                    result.ok().map(|shown| format!("{id}: {shown}"))
                }
            })
            .buffer_unordered(8)
            .filter_map(std::future::ready)
            .collect()
            .await;
        assert!(wrong.is_empty(), "{body}: {}", wrong.join("\n"));
    }
}
