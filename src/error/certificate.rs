//! The rule that a certificate broke: the server's, or that of the client.
//!
//! TLS libraries say it in their own words only: rustls in the name of a variant, native libraries
//! in a sentence. The words are those of rustls, OpenSSL, Secure Transport and SChannel.

/// The rules by which servers end a handshake with an alert, with words in lower case.
const ALERTS: &[(&[&str], &str)] = &[
    (
        &["alert: certificaterequired", "alert certificate required"],
        "the server asks for a client certificate; `client_certificate` sets one",
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

/// The rules, the most specific first, with words in lower case by which a library names them.
const RULES: &[(&[&str], &str)] = &[
    (
        &["causedasendentity", "ca used as end entity"],
        "the server's certificate is that of an authority (CA:TRUE), which can't be a server's \
         own; the guide `self_hosted` has the way out",
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
        "the server's certificate is for another name than that in the base URL",
    ),
    (&["revoked"], "the server's certificate was revoked"),
    (
        &[
            "invalidpurpose",
            // What the verifier for the roots of the system calls it.
            "ekuerror",
            "unsuitable certificate purpose",
            "extended key usage",
        ],
        "the server's certificate is not meant for servers",
    ),
    (
        &[
            "unknownissuer",
            // The name of the signer is known, and its key is another.
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
        "the server's certificate is signed by no trusted root; `root_certificate` adds one, \
         or an intermediate certificate that the server does not send",
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
        // Before TLS 1.3, that is also the alert for a client certificate that is missing.
        &["alert: handshakefailure", "alert handshake failure"],
        "the server refused the handshake: it has no version or cipher of TLS in common with the \
         client, or asks for a client certificate (`client_certificate`)",
    ),
    (
        &[
            "peer is incompatible",
            "protocol version",
            "protocolversion",
            "handshake failure",
            "handshakefailure",
        ],
        "the server and the client have no version or cipher of TLS in common",
    ),
];

/// Returns the message of a TLS error, by what the library says of it.
pub(super) fn broken_rule(reason: &str) -> &'static str {
    refused_client(reason)
        .or_else(|| find(RULES, reason))
        .unwrap_or("could not agree with the server on a secure connection")
}

/// Returns the message of an error by which the server refused the client's certificate, or that it
/// has none. With TLS 1.3 it comes after the handshake, when the request is on its way.
pub(super) fn refused_client(reason: &str) -> Option<&'static str> {
    find(ALERTS, reason)
}

fn find(rules: &[(&[&str], &'static str)], reason: &str) -> Option<&'static str> {
    let reason = reason.to_lowercase();
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
            ("invalid peer certificate: UnknownIssuer", "no trusted root"),
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
                "another name",
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
                "no trusted root",
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
                "another name",
            ),
            ("The certificate was not trusted.", "no trusted root"),
            (
                "received fatal alert: CertificateRequired",
                "asks for a client certificate",
            ),
            (
                "sslv3 alert certificate expired: SSL alert number 45",
                "does not accept the client certificate",
            ),
            (
                "received fatal alert: HandshakeFailure",
                "or asks for a client certificate",
            ),
            ("certificate: something new", "secure connection"),
        ] {
            let found = broken_rule(reason);
            assert!(found.contains(rule), "{reason}: {found}");
        }
    }
}
