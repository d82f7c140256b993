//! Faults of the sandbox, intended and not.

use super::{acme, error_of};
use quay_api::testing::{ErrorResponse, Response, Sandbox};
use quay_api::types::{CreateRepository, Visibility};
use quay_api::{ErrorKind, OPERATIONS, Quay, Result};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn injects_faults_as_often_as_planned() -> Result<()> {
    let sandbox = acme().await?;
    let repositories = sandbox.quay().repositories();
    let create =
        |name: &str| repositories.create(CreateRepository::new(name, Visibility::Private, ""));
    sandbox
        .fail("createRepo")
        .times(2)
        .respond(ErrorResponse::InvalidRequest("no".to_owned()));
    assert_eq!(error_of(create("a").await).2, "no");
    assert_eq!(error_of(create("a").await).2, "no");
    create("a").await?;
    sandbox
        .fail("createRepo")
        .respond(Response::json(500, &json!({"message": "boom"})));
    assert_eq!(
        error_of(create("b").await),
        (ErrorKind::Server, Some(500), "boom".to_owned())
    );
    // Responses that never came or broke off, of things that were done.
    sandbox.fail("createRepo").reset();
    assert_eq!(error_of(create("c").await).0, ErrorKind::Connection);
    sandbox.fail("createRepo").truncated();
    let (kind, ..) = error_of(create("d").await);
    assert!(
        matches!(kind, ErrorKind::Connection | ErrorKind::InvalidResponse),
        "{kind:?}"
    );
    let names: Vec<String> = sandbox
        .quay()
        .repositories()
        .list()
        .namespace(Sandbox::ADMIN)
        .await?
        .into_iter()
        .map(|r| r.name)
        .collect();
    assert_eq!(names, ["a", "c", "d"]);
    // A server that is slow: longer than the caller waits.
    sandbox
        .fail("createRepo")
        .late()
        .delay(Duration::from_secs(3600));
    let hasty = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("sandbox-token")
        .attempt_timeout(Duration::from_secs(60))
        .build()?;
    let late = tokio::spawn(async move {
        let late = CreateRepository::new("e", Visibility::Private, "");
        hasty.repositories().create(late).await
    });
    while sandbox.requests_of("createRepo").len() < 7 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(60)).await;
    tokio::time::resume();
    let late = late.await.expect("no panic");
    assert!(late.is_err_and(|e| e.is_timeout()));
    assert_eq!(sandbox.requests_of("createRepo").len(), 7);
    Ok(())
}

#[tokio::test]
async fn no_read_fails_inside_the_sandbox() -> Result<()> {
    let sandbox = Sandbox::demo().await?;
    let client = crate::plain_client();
    for operation in OPERATIONS.iter().filter(|o| o.method() == "GET") {
        let path = operation
            .path()
            .replace("{repository}", "acme/web")
            .replace("{orgname}", "acme");
        // A quota that is no number makes Quay itself fail.
        let named = |part| match part {
            "{quota_id}" | "{limit_id}" => "1",
            part if part.starts_with('{') => "x",
            part => part,
        };
        let path = path.split('/').map(named).collect::<Vec<_>>().join("/");
        let url = format!("{}{path}", sandbox.quay().base_url());
        let status = client
            .get(url)
            .bearer_auth("sandbox-token")
            .send()
            .await
            .map(|r| r.status().as_u16());
        assert!(
            status.as_ref().is_ok_and(|s| *s != 500),
            "{}: {status:?}",
            operation.id()
        );
    }
    Ok(())
}
