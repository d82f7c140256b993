//! The registry that Quay has in Go: HTTP Basic, its errors, and no discovery document.

use quay_api::testing::{Response, Sandbox};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::json;

/// `init:hunter22`.
const BASIC: &str = "Basic aW5pdDpodW50ZXIyMg==";

fn client(sandbox: &Sandbox) -> Result<Quay> {
    Quay::builder()
        .base_url(sandbox.quay().base_url())
        .basic_auth("init", "hunter22")
        .build()
}

/// Returns a registry that only has the deletion of a repository.
async fn registry() -> Result<Sandbox> {
    let sandbox = Sandbox::recorded().await?;
    sandbox.respond_with("getRepo", |_| {
        error(405, "method not allowed").header("allow", "DELETE")
    });
    Ok(sandbox)
}

/// Sets the response to the deletion of a repository.
fn respond(sandbox: &Sandbox, response: Response) {
    sandbox.respond_with("deleteRepository", move |_| response.clone());
}

fn error(status: u16, message: &str) -> Response {
    Response::json(status, &json!({"error": message}))
}

#[tokio::test]
async fn sends_user_name_and_password_with_each_request() -> Result<()> {
    let sandbox = registry().await?;
    let quay = client(&sandbox)?;
    respond(&sandbox, Response::text(204, "text/html", ""));
    quay.repository("acme/web")?.delete().await?;
    let requests = sandbox.requests();
    let request = requests.last().expect("a request");
    assert_eq!(request.header("authorization"), Some(BASIC));
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("DELETE", "/api/v1/repository/acme/web")
    );
    Ok(())
}

#[tokio::test]
async fn classifies_its_errors() -> Result<()> {
    let sandbox = registry().await?;
    let quay = client(&sandbox)?;
    for (response, kind) in [
        (
            error(401, "authentication failed")
                .header("www-authenticate", "Basic realm=\"Quay API\""),
            ErrorKind::Unauthenticated,
        ),
        (error(403, "forbidden"), ErrorKind::Forbidden),
        (error(404, "repository not found"), ErrorKind::NotFound),
        (error(404, "not found"), ErrorKind::FeatureDisabled),
        (
            error(405, "method not allowed").header("allow", "DELETE"),
            ErrorKind::FeatureDisabled,
        ),
    ] {
        respond(&sandbox, response);
        let error = quay.repository("acme/web")?.delete().await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn reports_a_rejected_password() -> Result<()> {
    let sandbox = registry().await?;
    for quay in [
        client(&sandbox)?,
        sandbox.anonymous()?,
        sandbox.quay().clone(),
    ] {
        respond(
            &sandbox,
            error(401, "authentication required")
                .header("www-authenticate", "Basic realm=\"Quay API\""),
        );
        let error = quay.repository("acme/web")?.delete().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "deleteRepository acme/web: 401: authentication required (the server requires a user \
             name and a password as HTTP Basic, which are missing or wrong)"
        );
    }
    Ok(())
}

#[tokio::test]
async fn missing_document_is_not_an_error() -> Result<()> {
    let sandbox = registry().await?;
    sandbox.respond_with("discovery", |_| error(404, "not found"));
    let server = client(&sandbox)?.server();
    let info = server.get().await?;
    assert!(!info.has_document());
    assert_eq!((info.min_release(), info.before_release()), (None, None));
    assert_eq!(info.has_feature("FEATURE_AUTO_PRUNE"), None);
    assert_eq!(server.supports("deleteRepository").await?, None);
    Ok(())
}

#[tokio::test]
async fn shows_the_password_in_no_output() -> Result<()> {
    let sandbox = registry().await?;
    let builder = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .basic_auth("init", "hunter22");
    let shown = format!("{builder:?}");
    let quay = builder.build()?;
    respond(
        &sandbox,
        error(403, "not hunter22, nor aW5pdDpodW50ZXIyMg=="),
    );
    let error = quay.repository("acme/web")?.delete().await.unwrap_err();
    assert_eq!(error.message(), "not …, nor …");
    let shown = format!("{shown} {quay:?} {error} {error:?}");
    assert!(
        !shown.contains("hunter22") && !shown.contains("aW5pd"),
        "{shown}"
    );
    let error = Quay::builder()
        .basic_auth("a:b", "hunter22")
        .build()
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the credentials are not valid: the user name contains a colon"
    );
    Ok(())
}
