//! Searches an output for secrets in all encodings.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The forms of one secret.
pub fn forms(secret: &str) -> Vec<(&'static str, String)> {
    let upper = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let bytes = secret.as_bytes();
    let hex: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let mut forms = vec![
        ("plain", secret.to_owned()),
        (
            "escaped",
            format!("{secret:?}").trim_matches('"').to_owned(),
        ),
        ("percent-encoded", upper.clone()),
        ("percent-encoded in lower case", upper.to_lowercase()),
        (
            "as in a form",
            url::form_urlencoded::byte_serialize(bytes).collect(),
        ),
        (
            "as in a URL",
            url::Url::parse("x:/")
                .map(|mut url| {
                    url.set_path(secret);
                    url.path().trim_start_matches('/').to_owned()
                })
                .unwrap_or_default(),
        ),
        ("in hexadecimal", hex.clone()),
        ("in hexadecimal, upper case", hex.to_uppercase()),
        (
            "as bytes",
            format!("{bytes:?}").trim_matches(['[', ']']).to_owned(),
        ),
    ];
    // Within a longer text, base64 begins at any of three places in a group: the characters that
    // depend on the neighbours are left out.
    for before in 0..3_usize {
        let padded = [&b"xx"[..before], bytes].concat();
        for engine in [&STANDARD_NO_PAD, &URL_SAFE_NO_PAD] {
            let encoded = engine.encode(&padded);
            let (start, whole) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            forms.push(("in base64", encoded[start..whole].to_owned()));
        }
    }
    forms
}

/// Returns the secrets that an output contains, with their form.
pub fn found(output: &str, secrets: &[String]) -> Vec<String> {
    let found = |secret: &String| {
        forms(secret)
            .into_iter()
            .find(|(_, form)| output.contains(form.as_str()))
    };
    secrets
        .iter()
        .filter_map(|secret| {
            found(secret)
                .map(|(form, text)| format!("{secret} {form}: …{}…", around(output, &text)))
        })
        .collect()
}

/// Returns the context of a match.
fn around(output: &str, text: &str) -> String {
    let at = output.find(text).unwrap_or_default();
    let before: String = output[..at].chars().rev().take(200).collect();
    before
        .chars()
        .rev()
        .chain(output[at..].chars().take(text.len() + 60))
        .collect()
}

#[test]
fn finds_every_form_of_a_secret() {
    let secret = "s3cret/with+odd=%characters&more".to_owned();
    for (name, form) in forms(&secret) {
        assert!(form.len() > 20, "{name}: {form}");
        assert_eq!(
            found(
                &format!("before {form} after"),
                std::slice::from_ref(&secret)
            )
            .len(),
            1,
            "{name}"
        );
    }
    for before in ["", "u", "us", "use", "someone:"] {
        let header = STANDARD_NO_PAD.encode(format!("{before}{secret}:x"));
        assert_eq!(
            found(&header, std::slice::from_ref(&secret)).len(),
            1,
            "{before}"
        );
    }
    assert!(found("nothing of it", &[secret]).is_empty());
}
