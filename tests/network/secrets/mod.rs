//! No secret is in any output: debug output, errors, traces of this crate and of the libraries that
//! it uses, and panic messages.
//!
//! The test runs another one in a separate process, which calls every path with known secrets and
//! prints everything that can be printed. Then it searches that output. The other test sets the
//! subscriber of its whole process.

mod drive;
mod rows;
mod search;
mod settings;

use crate::support::process::run_alone;
use quay_api::types::*;
use search::found;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fmt::Display;

/// Secrets that look different when they are encoded.
const TOKEN: &str = "t0ken/of+the=caller%and&more~0001";

const PASSWORD: &str = "pa55word/in+a=request%and&more~02";

const PROXY: &str = "proxypa55word-of-the-proxy-000003";

const RESPONSE_SECRET: &str = "s3cret/in+an=answer%and&more~0004";

/// A string whose presence proves that the output is searched.
const CANARY: &str = "c4nary/that+is=printed%on&purpose";

/// Fields of responses that hold secrets, in the recordings.
const NAMES: [&str; 14] = [
    "token",
    "token_code",
    "password",
    "encrypted_password",
    "client_secret",
    "private_key",
    "access_token",
    "external_registry_password",
    "archive_url",
    "auth_url",
    "code",
    "flow_api_token",
    "logs_url",
    "notification_token",
];

#[test]
fn no_output_contains_a_secret() {
    let output = run_alone(
        "secrets::drive::prints_everything_of_every_path",
        &[("RUST_BACKTRACE", "full"), ("RUST_LOG", "trace")],
    );
    assert!(output.contains("every path was driven"));
    assert_eq!(
        found(&output, &[CANARY.to_owned()]).len(),
        1,
        "the output is not what was printed"
    );
    // The libraries below were traced, too.
    assert!(
        ["TRACE", "DEBUG", "hyper", "h2::"]
            .iter()
            .all(|word| output.contains(word)),
        "nothing was traced"
    );
    let mut secrets = [TOKEN, PASSWORD, PROXY, RESPONSE_SECRET]
        .map(str::to_owned)
        .to_vec();
    secrets.extend(recorded_secrets());
    assert!(secrets.len() > 40, "{}", secrets.len());
    let leaks = found(&output, &secrets);
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
}

/// Returns the secrets in the recorded responses.
fn recorded_secrets() -> BTreeSet<String> {
    fn collect(value: &Value, secrets: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value.as_str() {
                        // Elsewhere, a token is called by a short name.
                        Some(text) if NAMES.contains(&name.as_str()) && text.len() >= 16 => {
                            secrets.insert(text.to_owned());
                        }
                        _ => collect(value, secrets),
                    }
                }
            }
            Value::Array(rows) => rows.iter().for_each(|row| collect(row, secrets)),
            _ => {}
        }
    }
    let mut secrets = BTreeSet::new();
    for line in include_str!("../../../src/testing/recordings/exchanges.jsonl").lines() {
        let exchange: Value = serde_json::from_str(line).expect("JSON");
        // An error response may show the requested name.
        if exchange["status"]
            .as_u64()
            .is_some_and(|status| status < 300)
        {
            collect(&exchange["response_body"], &mut secrets);
        }
    }
    secrets
}

/// `Display` of a secret would be a way out.
#[test]
fn secrets_have_no_display() {
    struct Probe<T>(std::marker::PhantomData<T>);
    trait Fallback {
        const IS_DISPLAY: bool = false;
    }
    impl<T> Fallback for Probe<T> {}
    impl<T: Display> Probe<T> {
        const IS_DISPLAY: bool = true;
    }
    const { assert!(Probe::<String>::IS_DISPLAY && !Probe::<Secret>::IS_DISPLAY) };
}
