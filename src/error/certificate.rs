//! The rule that the certificate of the server or of the client broke.
//!
//! TLS libraries report it in their own words: rustls as the name of a variant, native libraries as
//! a sentence. This module knows the words of rustls, OpenSSL, Secure Transport and SChannel.

/// The rules for which a server ends the handshake with an alert, with words in lower case.
const ALERTS: &[(&[&str], &str)] = &[
    (
        &["alert: certificaterequired", "alert certificate required"],
        "the server requires a client certificate: set it with `client_certificate`",
    ),
    (
        &[
            "alert: unknownca",
            "alert: badcertificate",
            "alert: certificateunknown",
            "alert: certificateexpired",
            "alert: certificaterevoked",
            "alert: unsupportedcertificate",
            "alert: decrypterror",
            "alert: accessdenied",
            "alert unknown ca",
            "alert bad certificate",
            "alert certificate unknown",
            "alert certificate expired",
            "alert certificate revoked",
            "alert unsupported certificate",
            "alert decrypt error",
            "alert access denied",
        ],
        "the server does not accept the client certificate",
    ),
];

/// The rules, the most specific one first, with a library's words for them in lower case.
const RULES: &[(&[&str], &str)] = &[
    (
        &["causedasendentity", "ca used as end entity"],
        "the server's certificate is that of a certificate authority (CA:TRUE), which a server \
         must not use itself: see the guide `self_hosted`",
    ),
    (
        &["expired", "outside its validity", "not within its validity"],
        "the server's certificate has expired",
    ),
    (
        &["not valid yet", "notvalidyet", "not yet valid"],
        "the server's certificate is not valid yet",
    ),
    (
        &[
            "not valid for name",
            "notvalidforname",
            "hostname mismatch",
            "ip address mismatch",
            "name mismatch",
            "host name",
            "cn name does not match",
        ],
        "the server's certificate is not valid for the host in the base URL",
    ),
    (&["revoked"], "the server's certificate was revoked"),
    (
        &[
            "invalidpurpose",
            // The name of the rule in the verifier of the operating system's roots.
            "ekuerror",
            "unsuitable certificate purpose",
            "extended key usage",
        ],
        "the server's certificate is not meant for servers",
    ),
    (
        &[
            "unknownissuer",
            // The name of the signer is known, but its key differs.
            "badsignature",
            "unknown issuer",
            "self-signed",
            "self signed",
            "unable to get local issuer",
            "unable to get issuer",
            "unable to verify the first",
            "not trusted",
            "untrusted",
        ],
        "the server's certificate is not signed by a trusted root: add the root, or an \
         intermediate certificate that the server does not send, with `root_certificate`",
    ),
    (
        &["noapplicationprotocol", "no application protocol"],
        "the server supports none of the HTTP versions that the client may use (`http_version`)",
    ),
    (
        &[
            "corrupt message",
            "invalidcontenttype",
            "wrong version number",
        ],
        "the server does not speak TLS on this port",
    ),
    (
        // Before TLS 1.3, this is also the alert for a missing client certificate.
        &["alert: handshakefailure", "alert handshake failure"],
        "the server rejected the TLS handshake: it has no TLS version or cipher in common with \
         the client, or requires a client certificate (`client_certificate`)",
    ),
    (
        &[
            "peer is incompatible",
            "protocol version",
            "protocolversion",
            "handshake failure",
            "handshakefailure",
        ],
        "the server and the client have no TLS version or cipher in common",
    ),
];

/// Returns the message of a TLS error that a library reports with these words.
pub(super) fn broken_rule(reason: &str) -> &'static str {
    refused_client(reason)
        .or_else(|| find(RULES, reason))
        .unwrap_or("could not establish a secure connection to the server")
}

/// Returns the message of an alert about a missing or rejected client certificate.
///
/// With TLS 1.3, the alert arrives after the handshake, when the client already sends the request.
pub(super) fn refused_client(reason: &str) -> Option<&'static str> {
    find(ALERTS, reason)
}

fn find(rules: &[(&[&str], &'static str)], reason: &str) -> Option<&'static str> {
    let reason = reason.to_ascii_lowercase();
    rules
        .iter()
        .find(|(words, _)| words.iter().any(|word| reason.contains(word)))
        .map(|(_, rule)| *rule)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_words_of_several_libraries() {
        for (reason, rule) in [
            (
                "invalid peer certificate: UnknownIssuer",
                "not signed by a trusted root",
            ),
            (
                "invalid peer certificate: certificate expired: verification time 1795640000 (UNIX)",
                "has expired",
            ),
            (
                "invalid peer certificate: certificate not valid yet: verification time 1 (UNIX)",
                "not valid yet",
            ),
            (
                "invalid peer certificate: certificate not valid for name \"quay.example.com\"",
                "not valid for the host",
            ),
            (
                "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
                "CA:TRUE",
            ),
            ("invalid peer certificate: Revoked", "revoked"),
            (
                "invalid peer certificate: Other(OtherError(EkuError))",
                "not meant for servers",
            ),
            (
                "received corrupt message of type InvalidContentType",
                "does not speak TLS",
            ),
            (
                "certificate verify failed: (self-signed certificate)",
                "not signed by a trusted root",
            ),
            (
                "certificate verify failed: (certificate has expired)",
                "has expired",
            ),
            (
                "certificate verify failed: (certificate is not yet valid)",
                "not valid yet",
            ),
            (
                "certificate verify failed: (hostname mismatch)",
                "not valid for the host",
            ),
            (
                "The certificate was not trusted.",
                "not signed by a trusted root",
            ),
            (
                "received fatal alert: CertificateRequired",
                "requires a client certificate",
            ),
            (
                "sslv3 alert certificate expired: SSL alert number 45",
                "does not accept the client certificate",
            ),
            (
                "received fatal alert: HandshakeFailure",
                "or requires a client certificate",
            ),
            ("certificate: something new", "secure connection"),
        ] {
            let found = broken_rule(reason);
            assert!(found.contains(rule), "{reason}: {found}");
        }
    }
}
