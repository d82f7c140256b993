//! Each class of operation against what happens to its request.

use super::{client, object, page};
use crate::support::server::{
    Server, ServerAction, TIME_OUT, head, response, response_with_headers,
};
use quay_api::{Delivery, Error, ErrorKind, Quay, Result};
use serde_json::json;
use std::time::Duration;

/// Calls a read, an idempotent write and a write that is not idempotent, which all fail.
async fn calls(quay: &Quay) -> Result<[Error; 3]> {
    let repository = quay.repository("acme/web")?;
    let robot = quay.organization("acme")?.robot("ci")?;
    Ok([
        repository.get().await.expect_err("the read fails"),
        repository
            .set_description("text")
            .await
            .expect_err("the write fails"),
        robot.regenerate().await.expect_err("the write fails"),
    ])
}

struct Row {
    action: ServerAction,
    kind: ErrorKind,
    delivery: Delivery,
    /// The attempts of a read, an idempotent write and a write that is not idempotent.
    attempts: [usize; 3],
    /// True if the writes may have taken effect.
    may_have_been_done: bool,
}

/// The attempts of a failure after which everything but a write that is not idempotent is retried,
/// reads only, and nothing. After a 429, it is everything: see rate_limit.rs.
const IDEMPOTENT: [usize; 3] = [3, 3, 1];
const READS: [usize; 3] = [3, 1, 1];
const NOTHING: [usize; 3] = [1, 1, 1];

fn bytes(bytes: &str) -> Vec<u8> {
    bytes.as_bytes().to_vec()
}

/// The beginning of a response, which announces more.
fn beginning(body: &str) -> Vec<u8> {
    [
        &head(200, &[("content-type", "application/json")], 100),
        body.as_bytes(),
    ]
    .concat()
}

fn rows() -> Vec<Row> {
    use Delivery::{Responded, Unknown};
    use ErrorKind as Kind;
    let later = &[("content-type", "application/json"), ("retry-after", "1")];
    let message = |message: &str| json!({"message": message});
    let mut rows = Vec::new();
    let mut row = |action, kind, delivery, attempts, may_have_been_done| {
        rows.push(Row {
            action,
            kind,
            delivery,
            attempts,
            may_have_been_done,
        })
    };

    // The server or a proxy is unavailable for now.
    for status in [408, 502, 503, 504] {
        row(page(status), Kind::Unavailable, Responded, IDEMPOTENT, true);
    }
    let empty = ServerAction::Send(response_with_headers(503, &[], ""));
    row(empty, Kind::Unavailable, Responded, IDEMPOTENT, true);
    let soon = ServerAction::Send(response_with_headers(503, later, r#"{"message": "Soon"}"#));
    row(soon, Kind::Unavailable, Responded, IDEMPOTENT, true);
    let downstream = json!({"title": "downstream_issue", "detail": "Clair", "status": 520});
    row(
        object(520, downstream),
        Kind::Downstream,
        Responded,
        IDEMPOTENT,
        true,
    );

    // Errors that a retry does not change.
    row(page(500), Kind::Server, Responded, NOTHING, true);
    let read_only = json!({"message": "System is currently read-only.", "is_readonly": true});
    row(
        object(503, read_only),
        Kind::ReadOnly,
        Responded,
        NOTHING,
        false,
    );
    let mirror = message("Repository is in read only or mirror mode: 2");
    row(
        object(503, mirror),
        Kind::RepositoryReadOnly,
        Responded,
        NOTHING,
        false,
    );
    let unhealthy = json!({"healthy": false});
    row(
        object(503, unhealthy),
        Kind::Server,
        Responded,
        NOTHING,
        true,
    );
    row(
        object(400, message("No")),
        Kind::InvalidRequest,
        Responded,
        NOTHING,
        false,
    );
    let token = json!({"title": "invalid_token"});
    row(
        object(401, token),
        Kind::Unauthenticated,
        Responded,
        NOTHING,
        false,
    );
    let scope = json!({"title": "insufficient_scope"});
    row(
        object(403, scope),
        Kind::InsufficientScope,
        Responded,
        NOTHING,
        false,
    );
    let not_found = json!({"title": "not_found"});
    row(
        object(404, not_found),
        Kind::NotFound,
        Responded,
        NOTHING,
        false,
    );
    row(page(404), Kind::FeatureDisabled, Responded, NOTHING, false);
    row(
        object(409, json!({"detail": "No"})),
        Kind::Conflict,
        Responded,
        NOTHING,
        false,
    );
    let truncated = ServerAction::Send(response(200, "application/json", r#"{"kind": "#));
    row(truncated, Kind::InvalidResponse, Responded, READS, true);
    // Only 307 and 308 mean that it was not done here.
    for (status, location, may_have_been_done) in [
        (302, "/elsewhere", true),
        (303, "/elsewhere", true),
        (307, "https://elsewhere.example", false),
        (308, "https://elsewhere.example", false),
    ] {
        let redirect = response_with_headers(status, &[("location", location)], "");
        row(
            ServerAction::Send(redirect),
            Kind::Redirected,
            Responded,
            NOTHING,
            may_have_been_done,
        );
    }

    // The connection ends: before the response, within the status line, within the headers, after
    // something that is not HTTP.
    for text in [
        "",
        "HTTP/1.1 20",
        "HTTP/1.1 200 OK\r\ncontent-ty",
        "220 smtp.example.com ready\r\n\r\n",
    ] {
        row(
            ServerAction::Close(bytes(text)),
            Kind::Connection,
            Unknown,
            IDEMPOTENT,
            true,
        );
    }
    let body = beginning("{\"na");
    row(
        ServerAction::Close(body.clone()),
        Kind::Connection,
        Responded,
        READS,
        true,
    );

    // The server stops sending.
    let headers =
        bytes("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 100\r\n");
    for bytes in [Vec::new(), headers] {
        row(
            ServerAction::TimeOut(bytes),
            Kind::Timeout,
            Unknown,
            IDEMPOTENT,
            true,
        );
    }
    row(
        ServerAction::TimeOut(body),
        Kind::Timeout,
        Responded,
        READS,
        true,
    );
    // The message of the error response is lost, its status is not.
    let conflict = [head(409, &[], 9), bytes("{")].concat();
    row(
        ServerAction::TimeOut(conflict),
        Kind::Conflict,
        Responded,
        NOTHING,
        false,
    );
    rows
}

#[tokio::test]
async fn retries_each_class_of_operation_only_after_failures_that_allow_it() -> Result<()> {
    for row in rows() {
        let (action, attempts) = (&row.action, row.attempts);
        let server = Server::start([action.clone()]).await;
        // Only the attempts are counted, without the request that reads the organization.
        let quay = client(&server)
            .attempt_timeout(TIME_OUT)
            .consult_discovery(false)
            .build()?;
        let errors = calls(&quay).await?;
        assert_eq!(
            server.requests().len(),
            attempts.iter().sum::<usize>(),
            "{action:?}"
        );
        for (index, (error, attempts)) in errors.iter().zip(attempts).enumerate() {
            let found = (error.kind(), error.delivery(), error.attempts() as usize);
            let context = format!("{index} {action:?}: {error:?}");
            assert_eq!(found, (row.kind, row.delivery, attempts), "{context}");
            // A read has no effect.
            let may_have_been_done = row.may_have_been_done && index > 0;
            assert_eq!(error.may_have_been_done(), may_have_been_done, "{context}");
            assert!(error.elapsed() > Duration::ZERO && error.operation().is_some());
            assert!(!format!("{error} {error:?}").contains("hunter2"));
        }
    }
    Ok(())
}

#[tokio::test]
async fn retries_every_operation_whose_request_was_never_sent() -> Result<()> {
    let server = Server::start([page(200)]).await;
    let quay = client(&server).build()?;
    server.stop().await;
    let connections = server.connections();
    for error in calls(&quay).await? {
        let found = (error.kind(), error.delivery(), error.attempts());
        assert_eq!(
            found,
            (ErrorKind::Connection, Delivery::NotSent, 3),
            "{error:?}"
        );
        assert!(!error.may_have_been_done() && error.is_temporary());
        let message = error.to_string();
        assert!(
            message.ends_with(": could not connect to the server"),
            "{message}"
        );
    }
    assert_eq!(
        (server.requests().len(), server.connections()),
        (0, connections)
    );
    Ok(())
}

#[tokio::test]
async fn accepts_a_success_status_without_its_body() -> Result<()> {
    for action in [
        ServerAction::Close(bytes("HTTP/1.1 204 No Content\r\n\r\n")),
        ServerAction::TimeOut(head(201, &[], 9)),
    ] {
        let server = Server::start([action]).await;
        let quay = client(&server).attempt_timeout(TIME_OUT).build()?;
        quay.repository("acme/web")?
            .tag("v1")?
            .set_expiration(None)
            .await?;
        assert_eq!(server.requests().len(), 1);
    }
    Ok(())
}
