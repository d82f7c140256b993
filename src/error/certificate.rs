//! The rule that a server's certificate broke.
//!
//! TLS libraries say it in their own words only: rustls in the name of a variant, native libraries
//! in a sentence. The words are those of rustls, OpenSSL, Secure Transport and SChannel.

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
        "the server's certificate is signed by no trusted root; `root_certificate` adds one",
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
    let reason = reason.to_lowercase();
    RULES
        .iter()
        .find(|(words, _)| words.iter().any(|word| reason.contains(word)))
        .map_or(
            "could not agree with the server on a secure connection",
            |(_, rule)| rule,
        )
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
            ("certificate: something new", "secure connection"),
        ] {
            let found = broken_rule(reason);
            assert!(found.contains(rule), "{reason}: {found}");
        }
    }
}
