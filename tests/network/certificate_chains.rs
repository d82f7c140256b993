//! Errors for certificates of an intermediate authority, and for client certificates.

use crate::support::server::response;
use crate::support::tls::{ClientIdentity, Identity};
use quay_api::{Delivery, Error, ErrorKind, Quay, QuayBuilder, Result};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

const GOOD: &str = r#"{"name": "acme+ci", "description": ""}"#;

/// Serves each connection behind TLS with one response. It reads what a client sends that it
/// refuses, so that its alert arrives.
async fn serve(acceptor: TlsAcceptor) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve_connection(stream, acceptor.clone()));
        }
    });
    address
}

async fn serve_connection(stream: TcpStream, acceptor: TlsAcceptor) -> std::io::Result<()> {
    match acceptor.accept(stream).into_fallible().await {
        Ok(mut stream) => {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(stream.read_u8().await?);
            }
            let good = response(200, "application/json", GOOD);
            stream.write_all(&good).await?;
            stream.shutdown().await
        }
        Err((_, mut stream)) => {
            stream.read_to_end(&mut Vec::new()).await?;
            Ok(())
        }
    }
}

fn client(address: SocketAddr, roots: &[&str]) -> QuayBuilder {
    let client = Quay::builder()
        .base_url(format!("https://{address}"))
        .token("hunter2");
    roots
        .iter()
        .fold(client, |client, root| client.root_certificate(*root))
}

async fn call(builder: QuayBuilder) -> Result<()> {
    let quay = builder.build()?;
    let robot = quay.organization("acme")?.robot("ci")?;
    robot.get().await.map(drop)
}

/// Returns the error of a call that reached no server and is not retried.
async fn error_of(builder: QuayBuilder) -> Error {
    let error = call(builder).await.expect_err("an error of TLS");
    assert_eq!(
        (error.kind(), error.delivery(), error.attempts()),
        (ErrorKind::Tls, Delivery::NotSent, 1),
        "{error:?}"
    );
    error
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn authority(name: &str) -> CertificateParams {
    let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, name);
    authority
}

/// A server's certificate that an intermediate authority signed.
struct Chain {
    root: String,
    intermediate: String,
    intermediate_certificate: CertificateDer<'static>,
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Chain {
    fn new(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let root = CertifiedIssuer::self_signed(authority("A root"), key()).expect("a root");
        let intermediate = CertifiedIssuer::signed_by(authority("Between"), key(), &root)
            .expect("an intermediate certificate");
        let mut server = CertificateParams::new(vec!["127.0.0.1".to_owned()]).expect("parameters");
        change(&mut server);
        let key = key();
        let certificate = server
            .signed_by(&key, &intermediate)
            .expect("a certificate");
        Self {
            root: root.pem(),
            intermediate: intermediate.pem(),
            intermediate_certificate: intermediate.der().clone(),
            certificate: certificate.der().clone(),
            key: key.into(),
        }
    }

    fn acceptor(&self, sends_intermediate: bool) -> TlsAcceptor {
        let mut certificates = vec![self.certificate.clone()];
        if sends_intermediate {
            certificates.push(self.intermediate_certificate.clone());
        }
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(certificates, self.key.clone_key())
            .expect("a certificate with its key");
        TlsAcceptor::from(Arc::new(config))
    }
}

#[tokio::test]
async fn an_intermediate_certificate_that_the_server_does_not_send_can_be_added() -> Result<()> {
    let chain = Chain::new(|_| {});
    let whole = serve(chain.acceptor(true)).await;
    call(client(whole, &[&chain.root])).await?;
    let broken = serve(chain.acceptor(false)).await;
    let error = error_of(client(broken, &[&chain.root])).await;
    assert_eq!(
        error.to_string(),
        "getOrgRobot acme+ci: the server's certificate is not signed by a trusted root: add \
         the root, or an intermediate certificate that the server does not send, with \
         `root_certificate`"
    );
    // The remedy that the message names.
    call(client(broken, &[&chain.root, &chain.intermediate])).await
}

#[tokio::test]
async fn error_names_a_certificate_that_is_not_for_servers() {
    let chain = Chain::new(|certificate| {
        certificate.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    });
    let server = serve(chain.acceptor(true)).await;
    let error = error_of(client(server, &[&chain.root])).await;
    assert_eq!(
        error.to_string(),
        "getOrgRobot acme+ci: the server's certificate is not meant for servers"
    );
}

#[tokio::test]
async fn error_states_that_a_client_certificate_is_missing_or_rejected() -> Result<()> {
    let (identity, visitor) = (Identity::of("127.0.0.1"), ClientIdentity::new());
    let server = serve(identity.acceptor_for(&visitor)).await;
    let trusting = || client(server, &[&identity.root]);
    call(trusting().client_certificate(visitor.pem.as_str())).await?;
    let error = error_of(trusting()).await;
    assert_eq!(
        error.to_string(),
        "getOrgRobot acme+ci: the server requires a client certificate: set it with \
         `client_certificate`"
    );
    let stranger = ClientIdentity::new();
    let error = error_of(trusting().client_certificate(stranger.pem)).await;
    assert_eq!(
        error.to_string(),
        "getOrgRobot acme+ci: the server does not accept the client certificate"
    );
    Ok(())
}
