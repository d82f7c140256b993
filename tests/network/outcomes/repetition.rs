//! Retries after an invalid success, and whether it may have taken effect.

use super::{PAGE, client, ok, operation};
use crate::support::server::{Server, ServerAction, response, response_with_headers};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::Value;
use std::time::Duration;

#[tokio::test]
async fn retries_reads_whose_success_cannot_be_decoded() -> Result<()> {
    const USER: &str = r#"{"anonymous": false, "username": "alice", "avatar": {}}"#;
    let json = "application/json";
    for (content_type, body) in [
        (json, ""),
        (json, "{\"username\": \"al"),
        ("text/html", PAGE),
        (json, "{\"username\": \"al\u{0}\"}"),
        ("text/plain", "upstream timed out"),
    ] {
        let script = [ok(content_type, body), ok(json, USER)];
        let server = Server::start(script.clone()).await;
        let quay = client(&server).build()?;
        let read = quay.request("GET", "/api/v1/user/")?.send::<Value>().await;
        assert_eq!(
            read.map(|user| user["username"].clone())?,
            "alice",
            "{body}"
        );
        assert_eq!(server.requests().len(), 2, "{body}");
        // Every time: the error states the number of attempts.
        server.set_actions([ok(content_type, body)]);
        let error = quay.me().get().await.expect_err("nothing can be read");
        assert_eq!(
            (error.kind(), error.attempts()),
            (ErrorKind::InvalidResponse, 3)
        );
        assert!(
            error
                .to_string()
                .starts_with("getLoggedInUser: after 3 attempts: 200: "),
            "{error}"
        );
        // A write is never sent again, not even one that is idempotent.
        for method in ["POST", "PUT"] {
            server.set_actions(script.clone());
            let error = quay
                .request(method, "/api/v1/x")?
                .send::<Value>()
                .await
                .expect_err("nothing can be read");
            assert_eq!(
                (error.attempts(), error.may_have_been_done()),
                (1, true),
                "{method}"
            );
        }
    }
    // JSON of another type is of another type the next time.
    let server = Server::start([ok(json, "[]"), ok(json, USER)]).await;
    let error = client(&server)
        .build()?
        .me()
        .get()
        .await
        .expect_err("no user");
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::InvalidResponse, 1)
    );
    Ok(())
}

#[tokio::test]
async fn retries_what_a_condition_of_the_caller_selects() -> Result<()> {
    let rejected = || {
        let body = r#"{"title": "invalid_token", "detail": "Requires authentication"}"#;
        ServerAction::Send(response(401, "application/json", body))
    };
    let robot = || {
        ok(
            "application/json",
            r#"{"name": "acme+ci", "description": "", "token": "t"}"#,
        )
    };
    let server = Server::start([rejected(), robot()]).await;
    let quay = client(&server).build()?;
    let acme = |quay: &Quay| quay.organization("acme").and_then(|acme| acme.robot("ci"));
    assert!(
        acme(&quay)?
            .get()
            .await
            .is_err_and(|error| error.attempts() == 1)
    );
    let patient = quay.with(|call| {
        call.retry_if(|failed| {
            assert!(failed.operation.is_some() && failed.elapsed > Duration::ZERO);
            failed.error.is_unauthenticated() && failed.attempts == 1
        })
    });
    // 401 means that nothing was done, so any operation may be retried.
    server.set_actions([rejected(), robot(), rejected(), robot()]);
    assert!(acme(&patient)?.get().await.is_ok());
    assert!(acme(&patient)?.regenerate().await.is_ok());
    // As many times as attempts and condition allow.
    server.set_actions([rejected()]);
    assert!(
        acme(&patient)?
            .get()
            .await
            .is_err_and(|error| error.attempts() == 2)
    );
    let always = quay.with(|call| call.retry_if(|_| true));
    assert!(
        acme(&always)?
            .get()
            .await
            .is_err_and(|error| error.attempts() == 3)
    );

    // A write that may have been done is never retried, with any condition.
    for action in [
        ServerAction::Send(response(500, "text/html", "<html>")),
        ServerAction::Send(response(502, "text/html", "<html>")),
        ok("text/html", PAGE),
        ok("application/json", "[]"),
        ServerAction::Close(Vec::new()),
    ] {
        server.set_actions([action.clone()]);
        server.take_requests();
        let error = acme(&always)?.regenerate().await.expect_err("it fails");
        assert_eq!(
            (error.attempts(), error.may_have_been_done()),
            (1, true),
            "{action:?}"
        );
        assert_eq!(server.requests().len(), 1, "{action:?}");
    }
    // One that is idempotent may be.
    server.set_actions([ServerAction::Send(response(500, "text/html", "<html>"))]);
    let error = quay
        .with(|call| call.retry_if(|failed| failed.error.kind() == ErrorKind::Server))
        .repository("acme/web")?
        .tag("v1")?
        .delete()
        .await
        .expect_err("500");
    assert_eq!((error.attempts(), error.may_have_been_done()), (3, true));
    // A condition only adds retries.
    server.set_actions([
        ServerAction::Send(response(502, "text/html", "<html>")),
        robot(),
    ]);
    assert!(
        acme(&quay.with(|call| call.retry_if(|_| false)))?
            .get()
            .await
            .is_ok()
    );
    Ok(())
}

#[tokio::test]
async fn a_write_whose_response_does_not_fit_may_have_been_done() -> Result<()> {
    let server = Server::start([ok("application/json", r#"{"answer": "yes"}"#)]).await;
    let quay = client(&server).build()?;
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Typed {
        answer: i64,
    }
    let request = quay.request("POST", "/api/v1/new")?;
    let error = request.send::<Typed>().await.expect_err("no number");
    assert!(error.may_have_been_done() && error.elapsed() > Duration::ZERO);
    assert_eq!((error.attempts(), error.json_path()), (1, Some("answer")));
    let error = quay
        .request("GET", "/api/v1/new")?
        .send::<Typed>()
        .await
        .expect_err("no number");
    assert_eq!((error.attempts(), error.may_have_been_done()), (1, false));
    Ok(())
}

#[tokio::test]
async fn a_write_that_the_callers_client_redirected_may_have_been_done() -> Result<()> {
    let elsewhere = Server::start([ok("application/json", "{}")]).await;
    let location = format!("{}/x", elsewhere.url());
    for (status, policy) in [
        (307, reqwest::redirect::Policy::default()),
        (303, reqwest::redirect::Policy::default()),
        // It stops, and may have sent the write elsewhere before.
        (307, reqwest::redirect::Policy::limited(0)),
    ] {
        let to = response_with_headers(status, &[("location", &location)], "");
        let server = Server::start([ServerAction::Send(to)]).await;
        let http = reqwest::Client::builder()
            .redirect(policy)
            .no_proxy()
            .build();
        let quay = client(&server)
            .http_client(http.expect("a client"))
            .build()?;
        let error = quay
            .repository("acme/web")?
            .tag("v1")?
            .delete()
            .await
            .expect_err("the request was redirected");
        assert_eq!(
            (error.kind(), error.attempts(), error.may_have_been_done()),
            (ErrorKind::Redirected, 1, true),
            "{error:?}"
        );
        let error = quay
            .me()
            .get()
            .await
            .expect_err("the request was redirected");
        assert!(!error.may_have_been_done());
    }
    assert!(operation("deleteFullTag").is_idempotent());
    Ok(())
}
