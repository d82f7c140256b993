//! The tasks of Quay's own API guide, with the handles and a real socket, against the recorded
//! responses of a real server.
//!
//! Each test checks the request on the wire and the result of the call.

mod accounts;
mod repositories;

use crate::support::last_request;
use quay_api::Result;
use quay_api::testing::{RecordedRequest, Sandbox};
use quay_api::types::Timestamp;
use serde_json::Value;

/// Method, path and body of the last request.
fn last(sandbox: &Sandbox) -> (String, String, Option<Value>) {
    let RecordedRequest {
        method, path, body, ..
    } = last_request(sandbox);
    (method, path, body)
}

/// Returns the last request of an operation that reads the created resource afterwards.
fn last_of(sandbox: &Sandbox, operation: &str) -> (String, String, Option<Value>) {
    let mut requests = sandbox.requests_of(operation);
    let RecordedRequest {
        method, path, body, ..
    } = requests.pop().expect("a request was received");
    (method, path, body)
}

fn request(method: &str, path: &str, body: Value) -> (String, String, Option<Value>) {
    (
        method.to_owned(),
        path.to_owned(),
        Some(body).filter(|b| !b.is_null()),
    )
}

fn day(text: &str) -> Timestamp {
    text.parse().unwrap_or_else(|e| panic!("{e}"))
}

#[tokio::test]
async fn reads_the_discovery_document() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let document = sandbox.quay().discovery().get().await?;
    assert_eq!(last(&sandbox).1, "/api/v1/discovery");
    assert_eq!(document.swagger, "2.0");
    let tags = document
        .paths
        .get("/api/v1/repository/{repository}/tag/")
        .and_then(|path| path.get.as_ref());
    assert_eq!(
        tags.and_then(|operation| operation.operation_id.as_deref()),
        Some("listRepoTags")
    );
    sandbox.quay().discovery().get_internal().await?;
    assert_eq!(last(&sandbox).1, "/api/v1/discovery?internal=true");
    Ok(())
}
