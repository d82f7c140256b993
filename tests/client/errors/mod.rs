//! Every shape of an error response, over a real socket, as a caller sees it.

mod kinds;
mod repeated_bodies;

use crate::support::server::Server;
use quay_api::testing::{Response, Sandbox};
use quay_api::{Delivery, Error, ErrorKind, Quay, Result};
use serde_json::json;

/// Returns the error of a call to which the server sends this response.
async fn error_of(response: Response) -> Result<Error> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_next(response);
    match sandbox
        .quay()
        .with(|call| call.no_retries())
        .repository("acme/web")?
        .get()
        .await
    {
        Ok(_) => panic!("an error response became a success"),
        Err(error) => Ok(error),
    }
}

fn html(status: u16, title: &str) -> Response {
    Response::text(
        status,
        "text/html; charset=utf-8",
        format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head></html>\n"),
    )
}

#[tokio::test]
async fn names_the_missing_scope() -> Result<()> {
    let error = error_of(Response::json(
        403,
        &json!({"title": "insufficient_scope", "detail": "Unauthorized"}),
    ))
    .await?;
    assert_eq!(error.required_scope(), Some("repo:read"));
    assert_eq!(
        error.to_string(),
        "getRepo acme/web: 403: Unauthorized (getRepo needs a token with the scope repo:read, \
         whose user has the permission, or the repository does not exist)"
    );
    assert!(error.is_forbidden() && error.is_insufficient_scope() && !error.is_unauthenticated());
    assert_eq!(error.server_kind(), Some("insufficient_scope"));
    Ok(())
}

#[tokio::test]
async fn reports_a_csrf_error_as_a_token_that_was_not_accepted() -> Result<()> {
    let error = error_of(Response::text(
        403,
        "text/html",
        r#"{"error": "CSRF token was invalid or missing."}"#,
    ))
    .await?;
    assert!(error.is_unauthenticated() && !error.is_forbidden());
    assert!(
        error.to_string().ends_with("(the token is missing, wrong, expired or revoked; the server treated the request as anonymous)"),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn names_the_invalid_parameters() -> Result<()> {
    let error = error_of(Response::json(
        400,
        &json!({"message": {"page": "Page index for the results. Default 1."}}),
    ))
    .await?;
    assert_eq!(error.parameters(), ["page"]);
    assert_eq!(
        error.message(),
        "page: Page index for the results. Default 1."
    );
    Ok(())
}

#[tokio::test]
async fn reports_the_position_at_which_a_success_does_not_fit_its_type() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    sandbox.respond_next(
        Response::json(
            200,
            &json!({"tags": [{"name": 7}], "page": 1, "has_additional": false}),
        )
        .header("x-request-id", "abc"),
    );
    let Err(error) = sandbox.quay().repository("acme/web")?.tags().list().await else {
        panic!("it became a success")
    };
    assert_eq!(
        (error.kind(), error.status(), error.header("x-request-id")),
        (ErrorKind::InvalidResponse, Some(200), Some("abc"))
    );
    assert!(
        error.to_string().starts_with("listRepoTags acme/web: 200: the response does not fit its type: at tags[0].name: invalid type: integer `7`"),
        "{error}"
    );
    assert!(error.body().is_some_and(|body| !body.is_empty()));
    assert_eq!(
        (error.json_path(), error.attempts(), error.delivery()),
        (Some("tags[0].name"), 1, Delivery::Responded)
    );
    assert!(!error.may_have_been_done(), "a read does nothing");
    sandbox.respond_next(Response::json(
        200,
        &json!({"tags": "hunter2 \"quoted\" hunter2", "page": 1, "has_additional": false}),
    ));
    let Err(error) = sandbox.quay().repository("acme/web")?.tags().list().await else {
        panic!("it became a success")
    };
    assert!(
        error
            .to_string()
            .contains("at tags: invalid type: string \"…\", expected a sequence"),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let once = sandbox.quay().with(|call| call.no_retries());
    for (body, text) in [
        ("", "empty response body"),
        ("<html>", "web page"),
        ("{\"tags\": [", "EOF"),
    ] {
        sandbox.respond_next(Response::text(200, "application/json", body));
        let Err(error) = once.repository("acme/web")?.tags().list().await else {
            panic!("it became a success")
        };
        assert!(
            error.kind() == ErrorKind::InvalidResponse && error.to_string().contains(text),
            "{error}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn reports_an_unreachable_server_as_a_connection_error() -> Result<()> {
    let server = Server::start([]).await;
    let quay = Quay::builder().base_url(server.url()).build()?;
    server.stop().await;
    let Err(error) = quay.me().get().await else {
        panic!("it became a success")
    };
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Connection, None)
    );
    assert!(error.is_temporary());
    Ok(())
}

#[tokio::test]
async fn truncates_long_bodies_and_keeps_messages_on_one_line() -> Result<()> {
    let error = error_of(Response::text(500, "text/plain", "x".repeat(200_000))).await?;
    assert_eq!(error.body().map(<[u8]>::len), Some(64 * 1024));
    assert!(error.message().chars().count() <= 501);
    let error = error_of(Response::json(400, &json!({"message": "two\nlines\u{7}"}))).await?;
    assert_eq!(error.message(), "two lines");
    Ok(())
}
