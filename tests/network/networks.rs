//! Networks in use: client certificates, proxies with credentials, roots, HTTP versions and IPv6.

use crate::support::http2::GoAwayServer;
use crate::support::server::{Server, ServerAction, response};
use crate::support::tls::{ClientIdentity, Identity};
use quay_api::{ErrorKind, HttpVersion, Quay, QuayBuilder, Result};
use std::net::Ipv6Addr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// The result of tests that open sockets.
type TestResult = std::result::Result<(), Box<dyn std::error::Error>>;

const GOOD: &str = r#"{"name": "acme+ci", "description": ""}"#;

fn good() -> ServerAction {
    ServerAction::Send(response(200, "application/json", GOOD))
}

fn client(url: &str) -> QuayBuilder {
    Quay::builder().base_url(url).token("hunter2").no_retries()
}

async fn call(builder: QuayBuilder) -> Result<()> {
    crate::call(&builder.build()?).await
}

#[tokio::test]
async fn a_server_that_requires_a_client_certificate_accepts_it() -> Result<()> {
    let (identity, visitor) = (Identity::of("127.0.0.1"), ClientIdentity::new());
    let acceptor = identity.acceptor_for(&visitor);
    let server = Server::start_with_acceptor([good()], acceptor).await;
    let trusting = || client(&server.url()).root_certificate(identity.root.as_str());
    call(trusting().client_certificate(visitor.pem.as_str())).await?;
    assert_eq!(server.requests().len(), 1);
    // Without it, or with another client's, the connection ends.
    assert!(call(trusting()).await.is_err());
    let stranger = ClientIdentity::new();
    assert!(
        call(trusting().client_certificate(stranger.pem))
            .await
            .is_err()
    );
    assert_eq!(server.requests().len(), 1);
    // The error does not show the invalid value.
    let broken = trusting().client_certificate("hunter2-key");
    let error = broken.build().expect_err("no certificate");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let shown = format!("{error} {error:?}");
    assert!(
        shown.contains("client certificate") && !shown.contains("hunter2"),
        "{shown}"
    );
    Ok(())
}

#[tokio::test]
async fn several_roots_are_trusted_with_and_without_those_of_the_system() -> Result<()> {
    let identities = [(); 3].map(|()| Identity::of("127.0.0.1"));
    let mut servers = Vec::new();
    for identity in &identities {
        servers.push(Server::start_tls([good()], identity).await);
    }
    let bundle = format!("{}{}", identities[0].root, identities[1].root);
    for is_system_trusted in [true, false] {
        let client = |server: &Server| {
            client(&server.url())
                .root_certificate(bundle.as_str())
                .root_certificate(identities[1].root.as_str())
                .system_root_certificates(is_system_trusted)
        };
        call(client(&servers[0])).await?;
        call(client(&servers[1])).await?;
        let error = call(client(&servers[2]))
            .await
            .expect_err("an unknown root");
        assert_eq!(error.kind(), ErrorKind::Tls);
    }
    let error = Quay::builder().system_root_certificates(false).build();
    assert!(error.is_err_and(|e| e.to_string().contains("root_certificate")));
    Ok(())
}

#[tokio::test]
async fn http2_is_negotiated_required_or_disabled() -> Result<()> {
    let identity = Identity::of("127.0.0.1");
    // Both support one version only.
    let http2 = GoAwayServer::start(&identity, GOOD, 100).await;
    let http1 = Server::start_tls([good()], &identity).await;
    let (http2_url, http1_url) = (format!("https://{}", http2.address()), http1.url());
    let of = |url: &str, version| {
        client(url)
            .root_certificate(identity.root.as_str())
            .http_version(version)
    };
    for (url, version, succeeds) in [
        (&http2_url, HttpVersion::Negotiated, true),
        (&http2_url, HttpVersion::Http2, true),
        (&http2_url, HttpVersion::Http1, false),
        (&http1_url, HttpVersion::Negotiated, true),
        (&http1_url, HttpVersion::Http2, false),
        (&http1_url, HttpVersion::Http1, true),
    ] {
        let result = call(of(url, version)).await;
        assert_eq!(result.is_ok(), succeeds, "{url} {version:?}: {result:?}");
    }
    let ready = reqwest::Client::new();
    let both = client(&http1_url)
        .http_client(ready)
        .http_version(HttpVersion::Http1);
    assert!(both.build().is_err());
    Ok(())
}

#[tokio::test]
async fn a_proxy_receives_its_credentials_and_never_the_token() -> TestResult {
    let identity = Identity::of("127.0.0.1");
    let server = Server::start_tls([good()], &identity).await;
    let proxy = TcpListener::bind("127.0.0.1:0").await?;
    let address = proxy.local_addr()?;
    let tunnel = tokio::spawn(async move {
        let (mut from, _) = proxy.accept().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(from.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        let target = head.split(' ').nth(1).unwrap_or_default();
        let mut to = TcpStream::connect(target).await?;
        from.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        tokio::spawn(async move { tokio::io::copy_bidirectional(&mut from, &mut to).await });
        Ok::<_, std::io::Error>(head)
    });
    let through = client(&server.url())
        .root_certificate(identity.root.as_str())
        .proxy(format!("http://alice:p%40ss@{address}"));
    call(through).await?;
    let head = tunnel.await.expect("no panic")?;
    assert!(head.starts_with("CONNECT 127.0.0.1:"), "{head}");
    // alice:p@ss
    let credentials = "proxy-authorization: basic ywxpy2u6cebzcw==";
    assert!(head.to_lowercase().contains(credentials), "{head}");
    assert!(
        !head.contains("hunter2") && !head.contains("Bearer"),
        "{head}"
    );
    Ok(())
}

#[tokio::test]
async fn calls_a_server_by_ipv6_address_with_a_path_prefix() -> TestResult {
    let Ok(listener) = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).await else {
        // A machine without IPv6.
        return Ok(());
    };
    let port = listener.local_addr()?.port();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        stream
            .write_all(&response(200, "application/json", GOOD))
            .await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&head).into_owned())
    });
    call(client(&format!("http://[::1]:{port}/registry/"))).await?;
    let head = served.await.expect("no panic")?;
    assert!(
        head.starts_with("GET /registry/api/v1/organization/acme/robots/ci HTTP/1.1\r\n"),
        "{head}"
    );
    assert!(head.contains(&format!("host: [::1]:{port}")), "{head}");
    Ok(())
}
