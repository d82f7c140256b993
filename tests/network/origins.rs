//! The token is sent only to the origin of the base URL: redirects, proxies, addresses.

use crate::support::process::{is_alone, run_alone};
use crate::support::server::{Request, Server, ServerAction, response, response_with_headers};
use crate::support::tls::Identity;
use quay_api::testing::Sandbox;
use quay_api::types::RobotAccount;
use quay_api::{Delivery, ErrorKind, Quay, QuayBuilder, Result};
use std::time::Duration;

const NEW_TOKEN: &str = r#"{"name": "acme+ci", "token": "a-new-token"}"#;

fn good() -> ServerAction {
    ServerAction::Send(response(200, "application/json", NEW_TOKEN))
}

fn redirect(status: u16, location: &str) -> ServerAction {
    let body = "<html></html>";
    ServerAction::Send(response_with_headers(
        status,
        &[("location", location)],
        body,
    ))
}

fn client(url: &str) -> QuayBuilder {
    Quay::builder().base_url(url).token("hunter2").no_retries()
}

/// A write that is not idempotent.
async fn write(quay: &Quay) -> Result<RobotAccount> {
    quay.organization("acme")?.robot("ci")?.regenerate().await
}

fn request_lines(requests: &[Request]) -> Vec<String> {
    requests
        .iter()
        .map(|request| format!("{} {}", request.method, request.target))
        .collect()
}

#[tokio::test]
async fn follows_a_redirect_with_a_fragment() -> Result<()> {
    for location in [
        "#",
        "#part",
        "/registry/moved#a?b=c",
        "/registry/moved?#",
        "?x=%23#y",
    ] {
        for status in [307, 308] {
            let server = Server::start([redirect(status, location), good()]).await;
            let quay = client(&format!("{}/registry", server.url())).build()?;
            let robot = write(&quay).await?;
            let token = robot.token.as_ref().map(|token| token.expose());
            assert_eq!(token, Some("a-new-token"), "{location}");
            let requests = server.requests();
            assert_eq!(requests.len(), 2, "{location}");
            assert!(
                requests.iter().all(|r| {
                    r.method == "POST"
                        && !r.target.contains('#')
                        && r.header("authorization") == Some(b"Bearer hunter2")
                }),
                "{location}: {:?}",
                request_lines(&requests)
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn states_whether_a_redirected_write_may_have_been_done() -> Result<()> {
    let long = format!("/{}", "x".repeat(100_000));
    for (status, location, expected) in [
        // 307 and 308: the request was not done here.
        (307, "https://elsewhere.example/x", false),
        (308, "https://elsewhere.example/x", false),
        (308, "/outside-of-the-prefix/", false),
        (308, "", false),
        (308, long.as_str(), false),
        (308, "/registry/x/", false),
        // 303 may be the response to a write that was done.
        (301, "/registry/x/", true),
        (302, "/registry/x/", true),
        (303, "/registry/x/", true),
    ] {
        let server = Server::start([redirect(status, location)]).await;
        let quay = client(&format!("{}/registry", server.url())).build()?;
        let error = write(&quay).await.expect_err("a redirect");
        assert_eq!(
            (error.kind(), error.delivery(), error.may_have_been_done()),
            (ErrorKind::Redirected, Delivery::Responded, expected),
            "{status} {location:.100}"
        );
        let error = quay.me().get().await.expect_err("a redirect");
        assert!(!error.may_have_been_done(), "a read does nothing");
    }
    Ok(())
}

#[tokio::test]
async fn a_write_may_be_done_if_the_given_client_follows_redirects() -> Result<()> {
    let stranger = Server::start([good()]).await;
    let elsewhere = format!("{}/x", stranger.url());
    for location in [
        "/x",
        "/circle",
        elsewhere.as_str(),
        "ftp://quay.example.com/",
        "http://a b/",
    ] {
        let then = match location {
            "/circle" => redirect(303, location),
            _ => good(),
        };
        for policy in [
            reqwest::redirect::Policy::default(),
            reqwest::redirect::Policy::limited(1),
            reqwest::redirect::Policy::limited(0),
        ] {
            let server = Server::start([redirect(303, location), then.clone()]).await;
            let following = reqwest::Client::builder()
                .no_proxy()
                .redirect(policy)
                .build();
            let quay = client(&server.url())
                .http_client(following.expect("a client"))
                .build()?;
            let error = write(&quay).await.expect_err("the request was redirected");
            assert!(
                error.kind() == ErrorKind::Redirected && error.may_have_been_done(),
                "{location}: {error:?}"
            );
        }
    }
    assert!(
        stranger
            .requests()
            .iter()
            .all(|request| request.header("authorization").is_none())
    );
    Ok(())
}

#[tokio::test]
async fn redirects_from_https_stay_within_the_origin() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    let server = Server::start_tls([good()], &identity).await;
    let quay = client(&server.url())
        .root_certificate(identity.root.as_str())
        .build()?;
    let port = server.address().port();
    let own = [
        format!("HTTPS://127.0.0.1:{port}/x#y"),
        format!("//127.0.0.1:{port}/x"),
    ];
    for location in &own {
        server.set_actions([redirect(308, location), good()]);
        assert!(write(&quay).await.is_ok(), "{location}");
    }
    for location in [
        format!("http://127.0.0.1:{port}/x"),
        format!("https://localhost:{port}/x"),
        format!("https://127.0.0.1.:{port}/x"),
        format!("https://someone@127.0.0.1:{port}/x"),
        format!("https://127.0.0.1:{port}@localhost/x"),
        "https://127.0.0.1/x".to_owned(),
    ] {
        server.set_actions([redirect(308, &location), good()]);
        // `127.0.0.1.` is the same address, written in another way.
        let is_same = location.contains("127.0.0.1.:");
        assert_eq!(write(&quay).await.is_ok(), is_same, "{location}");
    }
    Ok(())
}

/// An address on which nothing listens.
const NOWHERE: &str = "http://127.0.0.1:9";

#[test]
fn plain_http_uses_no_proxy_of_the_environment() {
    for (name, proxy) in [
        ("HTTP_PROXY", NOWHERE),
        ("http_proxy", NOWHERE),
        ("ALL_PROXY", NOWHERE),
        ("HTTP_PROXY", "ftp://nowhere.example"),
        ("all_proxy", "no URL at all"),
    ] {
        run_alone(
            "origins::calls_servers_with_plain_http",
            &[(name, proxy), ("NO_PROXY", ""), ("no_proxy", "")],
        );
    }
}

#[tokio::test]
#[ignore = "run by the other test, which sets variables"]
async fn calls_servers_with_plain_http() -> Result<()> {
    assert!(is_alone());
    let server = Server::start([good()]).await;
    write(&client(&server.url()).build()?).await?;
    let localhost = format!("http://localhost:{}", server.address().port());
    write(&client(&localhost).build()?).await?;
    write(&client(&localhost).allow_http(true).build()?).await?;
    let sandbox = Sandbox::demo().await?;
    sandbox.quay().me().get().await?;
    sandbox.anonymous()?.discovery().get().await?;
    let alice = sandbox.token("alice").quay()?;
    assert_eq!(alice.me().get().await?.username, "alice");
    Ok(())
}

#[tokio::test]
async fn an_explicit_proxy_is_used_for_plain_http() -> Result<()> {
    let (server, proxy) = (Server::start([good()]).await, Server::start([good()]).await);
    let quay = client(&server.url()).proxy(proxy.url()).build()?;
    assert!(write(&quay).await.is_ok());
    assert_eq!((server.connections(), proxy.requests().len()), (0, 1));
    // Beyond this machine, the proxy would see the token.
    let remote = || client(&server.url()).proxy("http://proxy.example.com:3128");
    let error = remote()
        .build()
        .expect_err("a proxy that would see the token");
    assert!(error.to_string().contains("allow_http"), "{error}");
    assert!(remote().allow_http(true).build().is_ok());
    Ok(())
}

#[test]
fn https_uses_the_proxy_of_the_environment_or_fails() {
    let alone = |variables: &[(&str, &str)], expected: &str| {
        let mut all: Vec<_> = [
            "HTTPS_PROXY",
            "https_proxy",
            "ALL_PROXY",
            "all_proxy",
            "NO_PROXY",
        ]
        .map(|name| (name, ""))
        .to_vec();
        all.extend_from_slice(variables);
        all.push(("QUAY_API_TEST_EXPECTED", expected));
        run_alone("origins::calls_a_server_with_https", &all);
    };
    for name in ["HTTPS_PROXY", "all_proxy"] {
        alone(&[(name, NOWHERE)], "could not connect to the server");
        alone(&[(name, NOWHERE), ("NO_PROXY", "127.0.0.1")], "");
    }
    // A CGI program, where reqwest would use no proxy.
    let cgi = [("https_proxy", NOWHERE), ("REQUEST_METHOD", "GET")];
    alone(&cgi, "could not connect to the server");
    let wrong = [
        ("HTTPS_PROXY", "ftp://x:hunter2@proxy"),
        ("https_proxy", "htps://hunter2"),
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("all_proxy", "a b"),
    ];
    for (name, value) in wrong {
        let expected = format!("environment variable {name}: the proxy's URL is not valid: ");
        alone(&[(name, value)], &expected);
    }
    alone(&[wrong[2], ("NO_PROXY", "127.0.0.0/8")], "");
    alone(&[], "");
}

#[tokio::test]
#[ignore = "run by the other test, which sets variables"]
async fn calls_a_server_with_https() {
    let expected = std::env::var("QUAY_API_TEST_EXPECTED").unwrap_or_default();
    let identity = Identity::of("127.0.0.1");
    let server = Server::start_tls([good()], &identity).await;
    let quay = client(&server.url())
        .root_certificate(identity.root.as_str())
        .build();
    let result = match quay {
        Ok(quay) => write(&quay).await,
        Err(error) => Err(error),
    };
    let shown = result.map(drop).map_err(|e| format!("{e} {e:?}"));
    match shown {
        Ok(()) => assert_eq!(expected, ""),
        Err(error) => {
            assert!(!expected.is_empty() && error.contains(&expected), "{error}");
            assert!(!error.contains("hunter2"), "{error}");
            assert_eq!(server.connections(), 0, "nothing went there directly");
        }
    }
}

#[test]
fn refuses_proxies_that_would_be_ignored() {
    for proxy in [
        "ftp://proxy:3128",
        "htps://proxy:3128",
        "http:/proxy:3128",
        "http:proxy",
        "//proxy",
        "socks5://proxy:1080",
        "socks4a://proxy",
        "unix:///run/proxy",
        "",
        " ",
        "proxy:",
        "proxy:0",
        "proxy:99999",
        "http://proxy/path",
        "http://me:hunt/er2@proxy",
    ] {
        for url in ["https://quay.io", "http://127.0.0.1:1"] {
            let error = client(url).proxy(proxy).build().err();
            let error = error.map(|e| format!("{e} {e:?}")).unwrap_or_default();
            assert!(
                error.starts_with("the proxy's URL is not valid: ") && !error.contains("er2"),
                "{proxy:?}: {error}"
            );
        }
    }
    for proxy in [
        "proxy:3128",
        "http://me:p%2Fw@proxy",
        "https://10.0.0.1:8443/",
        "[::1]:8080",
    ] {
        assert!(
            client("https://quay.io").proxy(proxy).build().is_ok(),
            "{proxy}"
        );
    }
}

#[test]
fn refuses_addresses_that_a_browser_would_repair() {
    for url in [
        "https:/quay.io",
        "https:quay.io",
        "https:///quay.io",
        "//quay.io",
        "https://https://quay.io",
        "https:\\\\quay.io",
        "https://quay.io\t.evil.example",
        "https://quay.io:",
        "https://quay.io:0",
        "https://qu\u{430}y.io",
        "http://quay.localhost",
        "http://127.1",
        "http://0x7f.1",
    ] {
        assert!(
            client(url).build().is_err_and(|e| e.is_invalid_request()),
            "{url}"
        );
    }
    for url in [
        "quay.io:443",
        "http://[::1]",
        "http://[::ffff:127.0.0.1]",
        "http://localhost:80",
    ] {
        assert!(client(url).build().is_ok(), "{url}");
    }
}

#[tokio::test]
async fn refuses_settings_that_prevent_every_request() -> Result<()> {
    let rates = [0.0, -0.0, -1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    for rate in rates {
        let error = client("quay.io").requests_per_second(rate).build().err();
        let error = error.map(|e| e.to_string()).unwrap_or_default();
        let expected = format!("must be between 0.001 and 10000, got {rate}");
        assert!(error.ends_with(&expected), "{error}");
    }
    for rate in [1e-19, f64::MIN_POSITIVE, 9.9e-4, 10_001.0, f64::MAX] {
        let error = client("quay.io").requests_per_second(rate).build().err();
        let error = error.map(|e| e.to_string()).unwrap_or_default();
        let expected = format!("must be between 0.001 and 10000, got {rate}");
        assert!(error.ends_with(&expected), "{error}");
    }
    for rate in [0.001, 1.0, 10_000.0] {
        assert!(client("quay.io").requests_per_second(rate).build().is_ok());
    }
    let none = Duration::ZERO;
    for (builder, expected) in [
        (
            client("quay.io").connect_timeout(none),
            "`connect_timeout` must be greater than 0, got 0",
        ),
        (
            client("quay.io").read_timeout(none),
            "`read_timeout` must be greater than 0, got 0",
        ),
        (
            client("quay.io").attempt_timeout(none),
            "`attempt_timeout` must be greater than 0, got 0",
        ),
        (
            client("quay.io").operation_timeout(none),
            "`operation_timeout` must be greater than 0, got 0",
        ),
    ] {
        let error = builder.build().err().map(|e| e.to_string());
        assert_eq!(error.as_deref(), Some(expected));
    }
    // The maximum duration is no limit.
    let server = Server::start([good()]).await;
    let most = Duration::MAX;
    let patient = client(&server.url())
        .connect_timeout(most)
        .read_timeout(most)
        .attempt_timeout(most)
        .operation_timeout(most)
        .max_in_flight(usize::MAX)
        .build()?;
    assert!(write(&patient).await.is_ok());
    // The settings of some calls return no error: the calls do.
    server.take_requests();
    for quay in [
        patient.with(|call| call.operation_timeout(none)),
        patient.with(|call| call.attempt_timeout(none)),
    ] {
        let error = write(&quay).await.expect_err("the deadline has passed");
        assert_eq!(
            (error.kind(), error.delivery(), error.attempts()),
            (ErrorKind::Timeout, Delivery::NotSent, 0)
        );
        assert!(!error.may_have_been_done() && server.requests().is_empty());
    }
    Ok(())
}
