//! Error responses that repeat the body of the request, as Quay writes them for a body that breaks
//! its JSON schema.

use quay_api::testing::{Response, Sandbox};
use quay_api::types::{CreateRepository, UpdateUser, Visibility};
use quay_api::{ErrorKind, Result};
use serde_json::json;

/// The response to a body that lacks a field, in the form of a recorded one.
fn rejected(body: &str) -> Response {
    let message = format!(
        "'description' is a required property\n\nFailed validating 'required' in schema:\n    \
         {{'required': ['description'],\n     'type': 'object'}}\n\nOn instance:\n    {body}"
    );
    let response = json!({
        "detail": message, "error_message": message, "error_type": "invalid_request",
        "title": "invalid_request", "type": "https://quay.example.com/api/v1/error/invalid_request",
        "status": 400,
    });
    Response::json(400, &response)
}

#[tokio::test]
async fn an_error_shows_no_password_of_a_body_that_the_server_repeats() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let fault = sandbox.fail("changeUserDetails").always();
    fault.respond(rejected("{'password': 'hunter2-hunter2'}"));
    let change = UpdateUser::new().password("hunter2-hunter2");
    let error = sandbox.quay().me().update(change).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert_eq!(error.message(), "'description' is a required property");
    assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a_body_that_the_server_repeats_does_not_classify_the_error() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let fault = sandbox.fail("createRepo").always();
    fault.respond(rejected("{'description': 'it already exists upstream'}"));
    let request = CreateRepository::new("web", Visibility::Private, "it already exists upstream");
    let created = sandbox.quay().repositories().create(request).await;
    assert_eq!(created.unwrap_err().kind(), ErrorKind::InvalidRequest);
    Ok(())
}
