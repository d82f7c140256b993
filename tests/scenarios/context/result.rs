//! The result of a scenario, and the assertion of an error response.

use quay_api::{Error, ErrorKind, Result};
use std::fmt::Debug;
use std::io::Write;
use std::panic::Location;

/// The result of a scenario.
pub type TestResult<T = ()> = std::result::Result<T, TestError>;

/// The reason why a scenario did not run to its end.
#[derive(Debug)]
pub enum TestError {
    /// A call failed unexpectedly, at this place.
    Failed(Error, &'static Location<'static>),
    /// The server can't run the scenario, for this reason.
    Skipped(String),
}

impl From<Error> for TestError {
    #[track_caller]
    fn from(error: Error) -> Self {
        Self::Failed(error, Location::caller())
    }
}

impl TestError {
    /// Panics, unless the scenario was skipped.
    pub fn end(self) {
        match self {
            Self::Skipped(why) => print_skipped(&why),
            Self::Failed(error, at) => {
                let body = error
                    .body()
                    .map(|b| String::from_utf8_lossy(b).into_owned())
                    .unwrap_or_default();
                panic!("{at}: {error}\n{:?}\nresponse: {body}", error.kind());
            }
        }
    }
}

/// Skips a scenario that this server can't run.
pub fn skip<T>(why: impl Into<String>) -> TestResult<T> {
    Err(TestError::Skipped(why.into()))
}

fn print_skipped(why: &str) {
    print_line(&format!(
        "SKIPPED {}: {why}",
        std::thread::current().name().unwrap_or_default()
    ));
}

/// Writes a line that the test runner does not capture.
pub fn print_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Checks the status and the kind of an error response, and a part of its message.
#[track_caller]
pub fn assert_error<T: Debug>(result: Result<T>, status: u16, kind: ErrorKind, text: &str) {
    let error = result.expect_err("an error response");
    assert!(
        error.status() == Some(status) && error.kind() == kind && error.message().contains(text),
        "expected {status}, {kind:?}, {text:?}; got {:?}, {:?}, {:?}",
        error.status(),
        error.kind(),
        error.message()
    );
}
