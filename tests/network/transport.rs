//! The requests that the client sends, and the limits of the responses that it reads.

use crate::support::last_request;
use quay_api::testing::{Response, Sandbox};
use quay_api::types::Secret;
use quay_api::{ErrorKind, Quay, Result};
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

fn assert_send_sync<T: Send + Sync>(_: &T) {}

#[tokio::test]
async fn sends_user_agent_and_token_with_every_request() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token("hunter2")
        .user_agent("my-service/1.2")
        .build()?;
    assert_send_sync(&quay);
    quay.me().get().await?;
    let request = last_request(&sandbox);
    assert_eq!(
        (request.method.as_str(), request.path.as_str()),
        ("GET", "/api/v1/user/")
    );
    assert_eq!(request.header("authorization"), Some("Bearer hunter2"));
    assert_eq!(
        request.header("user-agent"),
        Some(concat!(
            "quay-api/",
            env!("CARGO_PKG_VERSION"),
            " my-service/1.2"
        ))
    );
    assert_eq!(request.header("x-requested-with"), Some("XMLHttpRequest"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("api-version"), None);
    Quay::anonymous(sandbox.quay().base_url())?
        .discovery()
        .get()
        .await?;
    assert_eq!(last_request(&sandbox).header("authorization"), None);
    Ok(())
}

#[tokio::test]
async fn uses_the_token_of_a_token_source() -> Result<()> {
    let sandbox = Sandbox::recorded().await?;
    let requested = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requested);
    let source = move || {
        let number = counter.fetch_add(1, Ordering::SeqCst);
        async move {
            match number {
                2 => Err("the vault is closed".into()),
                3 => Ok(Secret::from("hunter2\nX: y")),
                _ => Ok(Secret::from(format!("token-{number}"))),
            }
        }
    };
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .token_from(source)
        .build()?;
    for number in 0..2 {
        quay.me().get().await?;
        assert_eq!(
            last_request(&sandbox).header("authorization"),
            Some(format!("Bearer token-{number}").as_str())
        );
    }
    let sent = sandbox.requests().len();
    let Err(error) = quay.me().get().await else {
        panic!("it was sent without a token")
    };
    assert_eq!(error.kind(), ErrorKind::TokenUnavailable);
    assert!(
        std::error::Error::source(&error)
            .is_some_and(|e| e.to_string().contains("the vault is closed"))
    );
    let Err(error) = quay.me().get().await else {
        panic!("a broken token was sent")
    };
    assert_eq!(
        error.to_string(),
        "getLoggedInUser: the token from the source of tokens is not valid: it contains \
         whitespace or control characters"
    );
    assert!(!format!("{error:?}").contains("hunter2"));
    assert_eq!(sandbox.requests().len(), sent, "nothing was sent");
    Ok(())
}

#[tokio::test]
async fn keeps_slashes_of_repositories_behind_a_path_prefix() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let prefixed = Quay::builder()
        .base_url(format!("{}/registry/quay/", sandbox.quay().base_url()))
        .build()?;
    for (quay, prefix) in [(sandbox.quay(), ""), (&prefixed, "/registry/quay")] {
        for name in ["acme/web", "acme/team/web", "acme/a/b/c"] {
            sandbox.respond_next(Response::json(
                200,
                &json!({"tags": [], "page": 1, "has_additional": false}),
            ));
            quay.repository(name)?
                .tags()
                .list()
                .active()
                .named("v1 +%")
                .await?;
            assert_eq!(
                last_request(&sandbox).path,
                format!(
                    "{prefix}/api/v1/repository/{name}/tag/?limit=100&onlyActiveTags=true&page=1\
                     &specificTag=v1+%2B%25"
                )
            );
        }
    }
    sandbox.respond_next(Response::text(204, "text/html", ""));
    sandbox
        .quay()
        .repository("acme/web")?
        .tag("a%2Fb?c#d")?
        .delete()
        .await?;
    assert_eq!(
        last_request(&sandbox).path,
        "/api/v1/repository/acme/web/tag/a%252Fb%3Fc%23d"
    );
    Ok(())
}

#[tokio::test]
async fn refuses_names_that_change_the_route() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    for name in ["", ".", "..", "a/b", "a\\b", "a\nb", "\u{0}", " a"] {
        assert!(
            quay.organization(name)
                .is_err_and(|e| e.is_invalid_request()),
            "{name:?}"
        );
        assert!(quay.repository("acme/web")?.tag(name).is_err(), "{name:?}");
        assert!(quay.organization("acme")?.team(name).is_err(), "{name:?}");
        assert!(quay.organization("acme")?.robot(name).is_err(), "{name:?}");
        assert!(quay.me().robot(name).is_err(), "{name:?}");
        assert!(quay.superuser().user(name).is_err(), "{name:?}");
        assert!(
            quay.repository("acme/web")?.build(name).is_err(),
            "{name:?}"
        );
    }
    let error = quay.organization("..").err().map(|e| e.to_string());
    assert_eq!(
        error.as_deref(),
        Some("organization \"..\" is not valid: it would change the route")
    );
    assert!(quay.organization("acme")?.robot("globex+ci").is_err());
    assert!(sandbox.requests().is_empty());
    Ok(())
}

#[tokio::test]
async fn ignores_the_body_of_an_acknowledgement() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for body in ["\"Updated\"", "", "{}", "{\"broken\": "] {
        sandbox.respond_next(Response::text(201, "application/json", body));
        sandbox
            .quay()
            .repository("acme/web")?
            .tag("v1")?
            .set_expiration(None)
            .await?;
        assert_eq!(
            last_request(&sandbox).body,
            Some(json!({"expiration": null}))
        );
    }
    Ok(())
}

#[test]
fn names_invalid_settings_without_showing_them() {
    let builder = Quay::builder;
    for (built, expected) in [
        (
            builder().base_url("http://quay.example.com").build(),
            "plain http",
        ),
        (
            builder().token("hunter2\n").build(),
            "the token is not valid: it contains whitespace or control characters",
        ),
        (
            builder().token("").build(),
            "the token is not valid: it is empty",
        ),
        (
            builder().token_file("/nowhere/hunter").build(),
            "token file /nowhere/hunter: it can't be read",
        ),
        (builder().user_agent("bad\nagent").build(), "user agent"),
        (
            builder().root_certificate("no certificate").build(),
            "root certificate",
        ),
        (builder().proxy("::hunter2::").build(), "proxy"),
    ] {
        let error = built
            .err()
            .map(|e| format!("{e} {e:?}"))
            .unwrap_or_default();
        assert!(
            error.contains(expected) && !error.contains("hunter2"),
            "{expected}: {error}"
        );
    }
    let builder = builder()
        .base_url("https://me:hunter2@quay.io")
        .proxy("http://me:hunter2@proxy")
        .token("hunter2");
    assert!(!format!("{builder:?}").contains("hunter2"));
}

#[tokio::test]
async fn calls_paths_that_the_crate_does_not_know() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = sandbox.quay();
    sandbox.respond_next(Response::json(200, &json!({"answer": 42})));
    let request = quay
        .request("POST", "/api/v2/new%2Fthing")?
        .query("a b", "c&d")
        .json(&json!({"x": 1}));
    let response: serde_json::Value = request.send().await?;
    assert_eq!(response, json!({"answer": 42}));
    let sent = last_request(&sandbox);
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str()),
        ("POST", "/api/v2/new%2Fthing?a+b=c%26d")
    );
    assert_eq!(
        (sent.body.as_ref(), sent.header("authorization")),
        (Some(&json!({"x": 1})), Some("Bearer sandbox-token"))
    );
    sandbox.respond_next(Response::text(200, "text/plain", "as it is"));
    assert_eq!(
        quay.request("GET", "/health")?.send_bytes().await?,
        b"as it is"
    );
    sandbox.respond_next(Response::json(200, &json!({"answer": "hunter2"})));
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code)]
    struct Typed {
        answer: i64,
    }
    let Err(error) = quay.request("GET", "/x")?.send::<Typed>().await else {
        panic!("it became a success")
    };
    assert_eq!(
        error.to_string(),
        "200: the response does not fit its type: at answer: invalid type: string \"…\", expected i64 at line 1 column 19, in `{\"answer\":\"…\"}`"
    );
    sandbox.respond_next(Response::json(
        404,
        &json!({"title": "not_found", "detail": "Not Found"}),
    ));
    assert!(
        quay.request("GET", "/x")?
            .send_bytes()
            .await
            .is_err_and(|e| e.is_not_found() && e.operation().is_none())
    );
    let before = sandbox.requests().len();
    for path in [
        "",
        "x",
        "//host/x",
        "https://host/x",
        "/a/../b",
        "/a/%2E%2e/b",
        "/a/.",
        "/a b",
        "/a\\b",
        "/a\n",
        "/a?b",
        "/a#b",
    ] {
        assert!(quay.request("GET", path).is_err(), "{path}");
    }
    assert!(quay.request("G ET", "/x").is_err());
    assert_eq!(sandbox.requests().len(), before);
    Ok(())
}

#[tokio::test]
async fn limits_the_size_of_responses() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    let quay = Quay::builder()
        .base_url(sandbox.quay().base_url())
        .max_response_size(1000)
        .build()?;
    let body = |size: usize| format!("\"{}\"", "x".repeat(size - 2));
    sandbox.respond_next(Response::text(200, "application/json", body(1000)));
    assert_eq!(quay.request("GET", "/x")?.send_bytes().await?.len(), 1000);
    for chunked in [false, true] {
        let mut response = Response::text(200, "application/json", body(1001));
        if chunked {
            response = response.header("transfer-encoding", "chunked");
        }
        sandbox.respond_next(response);
        let Err(error) = quay.request("POST", "/x")?.send_bytes().await else {
            panic!("it was read")
        };
        assert_eq!(
            (error.kind(), error.status(), error.attempts()),
            (ErrorKind::ResponseTooLarge, Some(200), 1)
        );
        assert_eq!(
            error.to_string(),
            "200: the response is longer than 1000 bytes"
        );
        assert!(error.may_have_been_done(), "the status says that it was");
    }
    sandbox.respond_next(Response::text(200, "application/json", body(1001)));
    assert_eq!(
        quay.with(|call| call.max_response_size(1001))
            .request("GET", "/x")?
            .send_bytes()
            .await?
            .len(),
        1001
    );
    Ok(())
}

#[tokio::test]
async fn refuses_deeply_nested_responses() -> Result<()> {
    let sandbox = Sandbox::start().await?;
    for body in [
        "[".repeat(200_000),
        "{\"a\":".repeat(200_000),
        format!("{{\"tags\": {}", "[".repeat(200_000)),
    ] {
        sandbox.respond_next(Response::text(200, "application/json", body));
        let Err(error) = sandbox
            .quay()
            .request("GET", "/x")?
            .send::<serde_json::Value>()
            .await
        else {
            panic!("it was read")
        };
        assert!(
            error.kind() == ErrorKind::InvalidResponse
                && error.to_string().contains("recursion limit exceeded"),
            "{error}"
        );
        assert!(error.to_string().len() < 1000);
    }
    // As an error response, it is handled like any other string.
    sandbox.respond_next(Response::text(400, "application/json", "[".repeat(200_000)));
    assert!(
        sandbox
            .quay()
            .request("GET", "/x")?
            .send_bytes()
            .await
            .is_err_and(|e| e.is_invalid_request())
    );
    Ok(())
}
