//! Redirects: within the origin, to another one, and followed by the HTTP client.

use crate::support::last_request;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::{CreateRepository, Visibility};
use quay_api::{ErrorKind, Quay, Result};
use serde_json::json;

#[tokio::test]
async fn follows_redirects_within_the_origin_and_keeps_the_method() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let (quay, stranger) = (sandbox.quay(), Sandbox::start().await?);
    // A missing slash, as Quay sends it: an absolute address on the same origin.
    let new = format!("{}/api/v1/repository/", quay.base_url());
    sandbox.respond_next(Response::text(308, "text/html", "").header("location", &new));
    sandbox.respond_next(Response::json(
        201,
        &json!({"namespace": "acme", "name": "web", "kind": "image"}),
    ));
    quay.repositories()
        .create(CreateRepository::new("web", Visibility::Private, "").namespace("acme"))
        .await?;
    let request = last_request(&sandbox);
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("POST", "/api/v1/repository/")
    );
    assert_eq!(
        request.body,
        Some(json!({
            "namespace": "acme",
            "repository": "web",
            "visibility": "private",
            "description": "",
        }))
    );
    assert!(request.header("authorization").is_some());
    // To another origin, to plain http, with another method, or in a loop: not followed.
    let elsewhere = format!("{}/api/v1/user/", stranger.quay().base_url());
    for (status, location) in [
        (308, elsewhere.as_str()),
        (302, "/api/v1/plans/"),
        (303, "/api/v1/plans/"),
        (308, "ftp://quay.io/"),
    ] {
        sandbox.respond_next(Response::text(status, "text/html", "").header("location", location));
        let Err(error) = quay.me().get().await else {
            panic!("{location} was followed")
        };
        assert_eq!(
            (error.kind(), error.status(), error.header("location")),
            (ErrorKind::Redirected, Some(status), Some(location))
        );
    }
    assert!(
        stranger.requests().is_empty(),
        "the token stays with its origin"
    );
    let before = sandbox.requests().len();
    for _ in 0..20 {
        sandbox
            .respond_next(Response::text(308, "text/html", "").header("location", "/api/v1/user/"));
    }
    let Err(error) = quay.me().get().await else {
        panic!("a circle was left")
    };
    assert_eq!(error.kind(), ErrorKind::Redirected);
    assert!(sandbox.requests().len() - before <= 10);
    Ok(())
}

#[tokio::test]
async fn detects_a_custom_client_that_follows_redirects() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let stranger = Sandbox::start().await?;
    let with = |http: reqwest::Client| {
        Quay::builder()
            .base_url(sandbox.quay().base_url())
            .token("hunter2")
            .http_client(http)
            .build()
    };
    let elsewhere = format!("{}/api/v1/user/", stranger.quay().base_url());
    let following = reqwest::Client::builder()
        .no_proxy()
        .build()
        .expect("a client");
    // 302 turns a write into a read, so its response does not belong to the write.
    for location in ["/api/v1/plans/", elsewhere.as_str()] {
        sandbox.respond_next(Response::text(302, "text/html", "").header("location", location));
        let Err(error) = with(following.clone())?
            .request("POST", "/x")?
            .send_bytes()
            .await
        else {
            panic!("{location} was taken")
        };
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Redirected, 1));
        assert!(
            error.to_string().contains("redirect::Policy::none()"),
            "{error}"
        );
    }
    assert!(
        stranger
            .requests()
            .iter()
            .all(|request| request.header("authorization").is_none()),
        "the token stays with its origin"
    );
    // Without it, this crate follows what may be followed.
    let none = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    sandbox.respond_next(Response::text(307, "text/html", "").header("location", "/y"));
    sandbox.respond_next(Response::text(200, "text/plain", "there"));
    assert_eq!(
        with(none)?
            .request("POST", "/x")?
            .json(&json!({"a": 1}))
            .send_bytes()
            .await?,
        b"there"
    );
    let request = last_request(&sandbox);
    assert_eq!(
        (
            request.method.as_str(),
            request.path.as_str(),
            request.body.clone()
        ),
        ("POST", "/y", Some(json!({"a": 1})))
    );
    assert_eq!(request.header("authorization"), Some("Bearer hunter2"));
    Ok(())
}
