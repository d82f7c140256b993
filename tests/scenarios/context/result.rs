//! How a scenario ends, and how it says what it expects of an error response.

use quay_api::{Error, ErrorKind, Result};
use std::fmt::Debug;
use std::io::Write;
use std::panic::Location;

/// What a scenario gives.
pub type TestResult<T = ()> = std::result::Result<T, TestError>;

/// Why a scenario did not run to its end.
#[derive(Debug)]
pub enum TestError {
    /// A call failed that should not have, and where it was made.
    Failed(Error, &'static Location<'static>),
    /// The server can't do this; why.
    Skipped(String),
}

impl From<Error> for TestError {
    #[track_caller]
    fn from(error: Error) -> Self {
        Self::Failed(error, Location::caller())
    }
}

impl TestError {
    /// A feature that a real server has turned off is no failure; the sandbox has them all.
    pub fn end(self, is_real: bool) {
        match self {
            Self::Skipped(why) => print_skipped(&why),
            Self::Failed(error, at) if is_real && error.is_feature_disabled() => {
                print_skipped(&format!("{error} ({at})"))
            }
            Self::Failed(error, at) => {
                let body = error
                    .body()
                    .map(|b| String::from_utf8_lossy(b).into_owned())
                    .unwrap_or_default();
                panic!("{at}: {error}\n{:?}\nthe answer: {body}", error.kind());
            }
        }
    }
}

/// Ends a scenario that this server can't play.
pub fn skip<T>(why: impl Into<String>) -> TestResult<T> {
    Err(TestError::Skipped(why.into()))
}

fn print_skipped(why: &str) {
    print_line(&format!(
        "SKIPPED {}: {why}",
        std::thread::current().name().unwrap_or_default()
    ));
}

/// Writes a line past the test runner, which swallows what is printed.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Expects an error response: its status, its kind, and a part of its text.
#[track_caller]
pub fn assert_error<T: Debug>(result: Result<T>, status: u16, kind: ErrorKind, text: &str) {
    let error = result.expect_err("it should have been refused");
    assert!(
        error.status() == Some(status) && error.kind() == kind && error.message().contains(text),
        "expected {status}, {kind:?}, {text:?}; got {:?}, {:?}, {:?}",
        error.status(),
        error.kind(),
        error.message()
    );
}
