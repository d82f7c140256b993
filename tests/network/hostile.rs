//! Harmful responses: for the output, for later requests, for memory and for time.

use crate::support::server::{Server, ServerAction, response, response_with_headers};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::{Value, json};
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

const TOKEN: &str = "kQ3v9XcL2mTz8RfY5wNb7HsJ4pDg6AeUiOxW1qZE";

fn quay(server: &Server) -> Result<Quay> {
    Quay::builder()
        .base_url(server.url())
        .token(TOKEN)
        .no_retries()
        .build()
}

fn ok(body: impl AsRef<[u8]>) -> ServerAction {
    ServerAction::Send(response(200, "application/json", body))
}

#[tokio::test]
async fn hidden_characters_are_not_shown() -> Result<()> {
    let hostile = "a\u{202e}b\u{2066}c\u{1b}[31md\u{7}\r\ne\tf\u{200b}";
    let server = Server::start([]).await;
    let quay = quay(&server)?;
    for (status, body) in [
        (400, json!({"message": hostile})),
        (400, json!({"message": {hostile: hostile}})),
        (400, json!(hostile)),
        (200, json!({"error": hostile})),
        (200, json!({"success": false, "message": hostile})),
    ] {
        let body = body.to_string();
        server.set_actions([ServerAction::Send(response(status, "text/html", body))]);
        let web = quay.repository("acme/web")?;
        let mirror = quay.organization("acme")?.mirror();
        for error in [
            web.tag("v1")?.delete().await.expect_err("no success"),
            mirror.verify().await.expect_err("no success"),
        ] {
            let shown = [error.to_string(), error.message().to_owned()];
            for text in shown.iter().chain(error.parameters()) {
                let is_hidden = |c: char| c.is_control() || "\u{202e}\u{2066}\u{200b}".contains(c);
                assert!(!text.contains(is_hidden), "{text:?}");
            }
        }
    }
    let page = format!("<html><title>{hostile}</title>");
    server.set_actions([ServerAction::Send(response(502, "text/html", page))]);
    let error = quay.me().get().await.expect_err("502");
    assert_eq!(error.message(), "abc[31md e f");
    Ok(())
}

#[tokio::test]
async fn a_token_that_is_returned_in_a_field_is_not_shown() -> Result<()> {
    let server = Server::start([]).await;
    let quay = quay(&server)?;
    let padding = "x".repeat(30);
    for body in [
        json!({TOKEN: {TOKEN: 7}, "anonymous": TOKEN, "username": 7}),
        json!({"anonymous": {TOKEN: TOKEN}}),
        json!({"username": "a", "preferences": {TOKEN: [TOKEN]}, "organizations": [{TOKEN: 1}]}),
        json!({padding: [1, 2, 3, 4, 5, 6, 7, 8], TOKEN: 1, "username": 7}),
        json!([{TOKEN: 1}]),
    ] {
        server.set_actions([ok(body.to_string())]);
        let error = quay.me().get().await.expect_err("no user");
        let raw = quay
            .request("GET", "/x")?
            .send::<std::collections::BTreeMap<String, u8>>()
            .await
            .expect_err("no numbers");
        for error in [error, raw] {
            let shown = format!(
                "{error} {error:?} {:?} {:?}",
                error.json_path(),
                error.message()
            );
            // No part of it is shown.
            let is_shown = (0..TOKEN.len() - 8).any(|at| shown.contains(&TOKEN[at..at + 8]));
            assert!(!is_shown, "{body}: {shown}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn redacting_an_echo_of_a_long_token_is_fast() -> Result<()> {
    let token = "t".repeat(64_000);
    let parameters: serde_json::Map<String, Value> = (0..7_000)
        .map(|number| (format!("{number}{}", "t".repeat(3)), json!("t")))
        .collect();
    let body = json!({"message": parameters}).to_string();
    let body = body.get(..64 * 1024).unwrap_or(&body).to_owned();
    let whole: serde_json::Map<String, Value> = (0..3_000)
        .map(|number| (format!("{number}ttttttt"), json!("")))
        .collect();
    let whole = json!({"message": whole}).to_string();
    assert!(whole.len() < 64 * 1024);
    let server = Server::start([]).await;
    let quay = Quay::builder()
        .base_url(server.url())
        .token(token.as_str())
        .no_retries();
    let quay = quay.build()?;
    for body in [body, whole] {
        server.set_actions([ServerAction::Send(response(400, "application/json", body))]);
        let start = Instant::now();
        let error = quay.me().get().await.expect_err("400");
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
        assert!(error.parameters().len() <= 100);
    }
    Ok(())
}

#[tokio::test]
async fn a_page_token_that_cannot_be_sent_is_an_error_of_the_server() -> Result<()> {
    let page = json!({"repositories": [], "next_page": "x".repeat(1_000_000)});
    let server = Server::start([ok(page.to_string())]).await;
    let error = quay(&server)?
        .repositories()
        .list()
        .namespace("acme")
        .await
        .expect_err("no second page");
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert!(
        !error.is_invalid_request(),
        "the caller has made no mistake"
    );
    assert!(
        error
            .to_string()
            .contains("the page token of the server has 1000000 bytes"),
        "{error}"
    );
    assert!(error.to_string().len() < 300);
    // The caller's own, for comparison.
    let error = quay(&server)?
        .request("GET", "/x")?
        .query("name", "x".repeat(70_000))
        .send_bytes()
        .await
        .expect_err("too long");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("at most 65534 bytes"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_redirect_that_cannot_be_followed_is_an_error_of_the_server() -> Result<()> {
    for status in [307, 308] {
        let location = format!("/{}", "x".repeat(100_000));
        let to = response_with_headers(status, &[("location", &location)], "");
        let server = Server::start([ServerAction::Send(to)]).await;
        let quay = quay(&server)?;
        for error in [
            quay.me().get().await.expect_err("no address"),
            quay.repository("acme/web")?
                .tag("v1")?
                .delete()
                .await
                .expect_err("no address"),
        ] {
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Redirected, 1),
                "{error:?}"
            );
            assert!(!error.is_invalid_request());
            assert!(
                error
                    .to_string()
                    .contains("which must be one URL below the base URL"),
                "{error}"
            );
            assert!(error.to_string().len() < 300);
        }
    }
    Ok(())
}

#[tokio::test]
async fn error_names_the_target_of_a_redirect() -> Result<()> {
    let server = Server::start([]).await;
    let quay = quay(&server)?;
    let own = server.url();
    for (status, location, expected) in [
        (
            302,
            "https://me:hunter2@sso.example.com/login?next=hunter2#hunter2".to_owned(),
            "getLoggedInUser: 302: the server redirects to another origin, \
             https://sso.example.com/login"
                .to_owned(),
        ),
        (
            308,
            "https://quay.example.com/api/v1/user/".to_owned(),
            "getLoggedInUser: 308: the server redirects to another origin, \
             https://quay.example.com/api/v1/user/"
                .to_owned(),
        ),
        (
            303,
            format!("/{TOKEN}/x"),
            format!(
                "getLoggedInUser: 303: the server redirects to {own}/… with a status that may \
                 change the method"
            ),
        ),
    ] {
        server.set_actions([ServerAction::Send(response_with_headers(
            status,
            &[("location", &location)],
            "<html><title>Redirecting...</title></html>",
        ))]);
        let error = quay.me().get().await.expect_err("it is not followed");
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.kind(), ErrorKind::Redirected);
    }
    server.set_actions([ServerAction::Send(response_with_headers(
        308,
        &[("location", "/circle")],
        "",
    ))]);
    let error = quay.me().get().await.expect_err("a redirect loop");
    assert!(
        error
            .to_string()
            .ends_with(&format!("the last one to {own}/circle")),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_response_with_too_many_values_is_not_read() -> Result<()> {
    // Each row takes some hundred bytes of memory for its 12 in the response.
    let row = r#"{"name":"v"}"#;
    let rows = vec![row; 1_200_000].join(",");
    let body = format!(r#"{{"tags": [{rows}], "page": 1, "has_additional": false}}"#);
    let server = Server::start([ok(body)]).await;
    let quay = quay(&server)?;
    let error = quay
        .repository("acme/web")?
        .tags()
        .list()
        .await
        .expect_err("too many");
    assert_eq!(error.kind(), ErrorKind::ResponseTooLarge, "{error}");
    assert!(error.to_string().contains("too many values"), "{error}");
    Ok(())
}

#[tokio::test]
async fn sends_nothing_after_the_deadline() -> Result<()> {
    let server = Server::start([ok("{}")]).await;
    let quay = quay(&server)?;
    for hurried in [
        quay.with(|call| call.operation_timeout(Duration::ZERO)),
        quay.with(|call| call.attempt_timeout(Duration::ZERO)),
    ] {
        let robot = hurried.organization("acme")?.robot("ci")?;
        for error in [
            hurried.me().get().await.expect_err("no time"),
            robot.regenerate().await.expect_err("no time"),
        ] {
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::Timeout, 0),
                "{error}"
            );
            assert_eq!(error.delivery(), quay_api::Delivery::NotSent);
            assert!(!error.may_have_been_done());
        }
    }
    assert_eq!((server.requests().len(), server.connections()), (0, 0));
    Ok(())
}

/// Polls a future once, outside of any runtime. It must not wait for anything.
fn poll_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits for a runtime that is not there"),
    }
}

#[test]
fn a_call_outside_a_runtime_is_an_error() {
    let quay = Quay::builder()
        .base_url("http://127.0.0.1:9")
        .token(TOKEN)
        .requests_per_second(1.0)
        .build()
        .expect("a client");
    let robot = quay.organization("acme").and_then(|acme| acme.robot("ci"));
    let request = quay.request("POST", "/x").expect("a path");
    let web = quay.repository("acme/web").expect("a name");
    for error in [
        poll_once(quay.me().get()).expect_err("no runtime"),
        poll_once(robot.expect("a name").regenerate()).expect_err("no runtime"),
        poll_once(request.send_bytes()).expect_err("no runtime"),
        poll_once(web.tags().list().into_future()).expect_err("no runtime"),
    ] {
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::NoRuntime, 0),
            "{error:?}"
        );
        assert!(!error.may_have_been_done());
        assert!(
            error
                .to_string()
                .ends_with("the call was made outside a tokio runtime"),
            "{error}"
        );
    }
}
