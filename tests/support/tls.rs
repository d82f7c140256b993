//! Certificates that a client should trust, and others.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// The certificate and key of a server.
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
    /// The certificate of the authority that signed it, as PEM.
    pub root: String,
}

impl Identity {
    /// Returns the identity of a host, signed by a new authority.
    pub fn of(host: &str) -> Self {
        Self::new(host, |_| {})
    }

    /// Returns the identity of a host whose certificate expired at the end of 2020.
    pub fn expired(host: &str) -> Self {
        Self::new(host, |certificate| {
            certificate.not_before = date_time_ymd(2020, 1, 1);
            certificate.not_after = date_time_ymd(2020, 12, 31);
        })
    }

    /// Returns the identity of a host whose certificate is not valid before the year 4000.
    pub fn not_yet_valid(host: &str) -> Self {
        Self::new(host, |certificate| {
            certificate.not_before = date_time_ymd(4000, 1, 1);
            certificate.not_after = date_time_ymd(4001, 1, 1);
        })
    }

    /// Returns the identity of a host with a certificate that it signed itself.
    pub fn self_signed(host: &str) -> Self {
        Self::signed_by_itself(host, IsCa::ExplicitNoCa)
    }

    /// Returns the identity of a host whose certificate is that of an authority, as `openssl req
    /// -x509` makes it.
    pub fn own_authority(host: &str) -> Self {
        Self::signed_by_itself(host, IsCa::Ca(BasicConstraints::Unconstrained))
    }

    fn signed_by_itself(host: &str, is_ca: IsCa) -> Self {
        let mut certificate = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        certificate.is_ca = is_ca;
        let key = KeyPair::generate().expect("a key");
        let certificate = certificate.self_signed(&key).expect("a certificate");
        Self {
            certificate: certificate.der().clone(),
            root: certificate.pem(),
            key: key.into(),
        }
    }

    fn new(host: &str, change: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority
            .distinguished_name
            .push(rcgen::DnType::CommonName, "An authority of the tests");
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"))
                .expect("a certificate");
        let mut certificate = CertificateParams::new(vec![host.to_owned()]).expect("parameters");
        change(&mut certificate);
        let key = KeyPair::generate().expect("a key");
        let certificate = certificate
            .signed_by(&key, &authority)
            .expect("a certificate");
        Self {
            certificate: certificate.der().clone(),
            key: key.into(),
            root: authority.pem(),
        }
    }

    pub fn acceptor(&self, protocols: &[&[u8]]) -> TlsAcceptor {
        let mut config =
            ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_no_client_auth()
                .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
                .expect("a certificate with its key");
        config.alpn_protocols = protocols.iter().map(|p| p.to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }

    /// Returns the acceptor of an HTTP/1.1 server that accepts only this client.
    pub fn acceptor_for(&self, client: &ClientIdentity) -> TlsAcceptor {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(client.root.clone()).expect("a root");
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .expect("a verifier");
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![self.certificate.clone()], self.key.clone_key())
            .expect("a certificate with its key");
        TlsAcceptor::from(Arc::new(config))
    }
}

/// The certificate and key of a client.
pub struct ClientIdentity {
    /// The key and the certificate.
    pub pem: String,
    root: CertificateDer<'static>,
}

impl ClientIdentity {
    /// Returns an identity that is signed by a new authority.
    pub fn new() -> Self {
        let mut authority = CertificateParams::new(Vec::new()).expect("parameters");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority
            .distinguished_name
            .push(rcgen::DnType::CommonName, "An authority of clients");
        let authority =
            CertifiedIssuer::self_signed(authority, KeyPair::generate().expect("a key"))
                .expect("a certificate");
        let key = KeyPair::generate().expect("a key");
        let mut certificate = CertificateParams::new(Vec::new()).expect("parameters");
        certificate.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let certificate = certificate
            .signed_by(&key, &authority)
            .expect("a certificate");
        Self {
            pem: format!("{}{}", key.serialize_pem(), certificate.pem()),
            root: authority.der().clone(),
        }
    }
}
