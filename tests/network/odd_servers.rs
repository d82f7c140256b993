//! Servers that do not behave as a Quay server: the error says what to check.

use crate::call;
use crate::support::leaky_bucket::simulate_in_steps;
use crate::support::server::{Server, ServerAction, response, response_with_headers};
use crate::support::tls::Identity;
use quay_api::{Error, ErrorKind, HttpVersion, Quay, QuayBuilder};
use std::time::Duration;
use tokio::time::Instant;

const GOOD: &str = r#"{"name": "acme+ci", "description": ""}"#;
/// `{}`, compressed with gzip.
const COMPRESSED: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00\x43\xbf\xa6\xa3\x02\x00\x00\x00";

fn client(url: &str) -> QuayBuilder {
    Quay::builder().base_url(url).token("hunter2").no_retries()
}

async fn error_of(builder: QuayBuilder) -> Error {
    let quay = builder.build().expect("a client");
    call(&quay).await.expect_err("an odd server")
}

#[tokio::test]
async fn error_states_that_a_response_is_compressed() {
    let headers = [("content-encoding", "gzip")];
    let compressed = response_with_headers(200, &headers, COMPRESSED);
    let server = Server::start([ServerAction::Send(compressed)]).await;
    let error = error_of(client(&server.url())).await;
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    let message = error.to_string();
    assert!(message.contains("the response is compressed"), "{message}");
}

#[tokio::test]
async fn error_states_that_a_server_does_not_speak_http() {
    for banner in ["SSH-2.0-OpenSSH_9.9\r\n", "220 mail.example.com ESMTP\r\n"] {
        let server = Server::start([ServerAction::Close(banner.into())]).await;
        let error = error_of(client(&server.url())).await;
        assert_eq!(error.kind(), ErrorKind::Connection);
        let message = error.to_string();
        assert!(message.contains("not valid HTTP"), "{message}");
    }
}

#[tokio::test]
async fn error_states_that_a_server_lacks_the_http_version() {
    let identity = Identity::of("127.0.0.1");
    let good = || [ServerAction::Send(response(200, "application/json", GOOD))];
    let (tls, plain) = (
        Server::start_tls(good(), &identity).await,
        Server::start(good()).await,
    );
    for (server, kind, reason) in [
        (&tls, ErrorKind::Tls, "none of the HTTP versions"),
        (&plain, ErrorKind::Connection, "does not speak HTTP/2"),
    ] {
        let builder = client(&server.url())
            .root_certificate(identity.root.as_str())
            .http_version(HttpVersion::Http2);
        let error = error_of(builder).await;
        let message = error.to_string();
        assert!(
            error.kind() == kind && message.contains(reason) && message.contains("http_version"),
            "{message}"
        );
    }
}

#[test]
fn no_call_waits_for_a_pause_that_ends_after_its_deadline() {
    simulate_in_steps(Duration::from_millis(50), async {
        let headers = [("content-type", "text/html"), ("retry-after", "20")];
        let refusal = response_with_headers(429, &headers, "<html>");
        let good = response(200, "application/json", GOOD);
        let server = Server::start([ServerAction::Send(refusal), ServerAction::Send(good)]).await;
        let quay = Quay::builder()
            .base_url(server.url())
            .token("hunter2")
            .build()
            .expect("a client");
        let hurried = quay.with(|call| call.operation_timeout(Duration::from_secs(10)));
        let start = Instant::now();
        for (attempts, reason) in [
            (1, "it requests a wait that ends after the deadline"),
            (
                0,
                "the server requested a pause that ends after the deadline",
            ),
        ] {
            let error = call(&hurried).await.expect_err("a pause");
            assert_eq!(
                (error.kind(), error.attempts()),
                (ErrorKind::RateLimited, attempts)
            );
            let message = error.to_string();
            assert!(message.contains(reason), "{message}");
        }
        assert!(start.elapsed() < Duration::from_secs(1));
        // A call with enough time waits.
        call(&quay).await.expect("a pause that ends");
        assert!(start.elapsed() >= Duration::from_secs(20));
    });
}
