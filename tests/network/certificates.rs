//! Errors for certificates that are not accepted, and the settings that help.

use crate::support::server::{Server, ServerAction, response};
use crate::support::tls::Identity;
use quay_api::{Delivery, ErrorKind, Quay, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

async fn error_of(identity: &Identity, root: Option<&str>) -> Result<Option<String>> {
    let server = Server::start_tls(
        [ServerAction::Send(response(200, "application/json", "{}"))],
        identity,
    )
    .await;
    let mut builder = Quay::builder().base_url(server.url()).token("hunter2");
    if let Some(root) = root {
        builder = builder.root_certificate(root);
    }
    let quay = builder.build()?;
    match quay.repository("acme/web")?.tag("v1")?.delete().await {
        Ok(()) => Ok(None),
        Err(error) => {
            assert_eq!(
                (error.kind(), error.delivery(), error.attempts()),
                (ErrorKind::Tls, Delivery::NotSent, 1),
                "{error:?}"
            );
            assert!(server.requests().is_empty());
            Ok(Some(error.to_string()))
        }
    }
}

#[tokio::test]
async fn error_states_the_rule_that_a_certificate_broke() -> Result<()> {
    let host = "127.0.0.1";
    let (good, other) = (Identity::of(host), Identity::of("quay.example.com"));
    let (expired, future) = (Identity::expired(host), Identity::not_yet_valid(host));
    let (authority, own) = (Identity::own_authority(host), Identity::self_signed(host));
    for (what, identity, root, expected) in [
        (
            "no root",
            &good,
            None,
            "is not signed by a trusted root: add the root",
        ),
        (
            "another root",
            &good,
            Some(&other.root),
            "is not signed by a trusted root",
        ),
        ("self-signed", &own, None, "is not signed by a trusted root"),
        (
            "another name",
            &other,
            Some(&other.root),
            "is not valid for the host in the base URL",
        ),
        ("expired", &expired, Some(&expired.root), "has expired"),
        (
            "not yet valid",
            &future,
            Some(&future.root),
            "is not valid yet",
        ),
        // As plain `openssl req -x509` makes it.
        (
            "authority",
            &authority,
            Some(&authority.root),
            "a certificate authority (CA:TRUE)",
        ),
        (
            "unknown authority",
            &authority,
            None,
            "a certificate authority (CA:TRUE)",
        ),
    ] {
        let error = error_of(identity, root.map(String::as_str))
            .await?
            .unwrap_or_default();
        assert!(
            error.starts_with("deleteFullTag acme/web:v1: the server's certificate ")
                && error.contains(expected),
            "{what}: {error}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_self_signed_server_certificate_is_accepted_as_a_root() -> Result<()> {
    // The remedy that the guide names.
    let own = Identity::self_signed("127.0.0.1");
    assert_eq!(error_of(&own, Some(&own.root)).await?, None);
    Ok(())
}

#[tokio::test]
async fn error_names_a_server_without_tls() -> Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let server = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 16 * 1024]).await;
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let quay = Quay::builder()
        .base_url(format!("https://{address}"))
        .build()?;
    let error = quay.me().get().await.expect_err("no TLS");
    assert_eq!(
        (error.kind(), error.attempts()),
        (ErrorKind::Tls, 1),
        "{error:?}"
    );
    assert_eq!(
        error.to_string(),
        "getLoggedInUser: the server does not speak TLS on this port"
    );
    server.abort();
    Ok(())
}
